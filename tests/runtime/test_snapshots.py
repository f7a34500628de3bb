"""A plant as a document: what goes out comes in, and nothing else does."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from mock_ctrader.errors import RequestError
from mock_ctrader.plant import attributes, managers, positions, tokens, traders, users
from mock_ctrader.plant.bulk import OPERATOR
from mock_ctrader.plant.plant import REGISTERS
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.plants import Plants
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.snapshots import FORMAT, VERSION, from_json, to_json
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock

DESCRIPTION = {
    "edition": "2025",
    "webservErrors": "object",
    "calls": {"find_user": {"path": "/cid/who"}},
    "options": {"closedPositionsOrder": "documented"},
}


@pytest.fixture
def plants(clock: VirtualClock) -> Plants:
    return Simulator(Settings(port=0, seed=5), clock=clock).plants


@pytest.fixture
def busy(plants: Plants, clock: VirtualClock) -> World:
    """A plant on which much happened."""
    world = plants.add("busy", read(PlantDescription, DESCRIPTION, Source()))
    now, plant = clock.now(), world.plant
    users.create_user(plant, OPERATOR, users.Registration("BESTBROKERCRM", "ann@example.com", language="en"), now)
    plant.traders[8673590].balance = 1_000_000
    positions.open_position(plant, 8673590, "EURUSD", "BUY", Decimal(1000), None, now)
    positions.close_position(plant, next(iter(plant.positions)), Decimal(400), Decimal("1.1"), now)
    tokens.issue(plant, 10333, None, now)
    managers.change_password(plant, 2309, "another")
    managers.revoke_token(plant, 9017800)
    world.next_person()
    return world


def written(world: World) -> bytes:
    return to_json(world.plant, world.description, world.people)


def test_a_restored_plant_is_the_same(plants: Plants, busy: World) -> None:
    """All that it knows, what it speaks, its options, and who comes next; its journal goes on."""
    document = written(busy)
    restored = plants.restore("busy", document)
    assert written(restored) == document
    assert restored.journal is busy.journal
    for name in vars(busy.plant).keys() - {"chance", "ids"}:
        assert getattr(restored.plant, name) == getattr(busy.plant, name), name
    assert restored.variant == busy.variant or restored.variant.endpoints == busy.variant.endpoints
    assert restored.next_person().number() == busy.next_person().number()


def test_a_restored_plant_goes_on_alike(plants: Plants, busy: World, clock: VirtualClock) -> None:
    """The same steps give the same ids, tokens and nicknames."""
    restored = plants.restore("busy", written(busy))
    assert restored is not busy

    def go_on(world: World) -> list[object]:
        plant, now = world.plant, clock.now()
        wanted = traders.Opening(
            environment="demo",
            group="Default",
            currency="EUR",
            password_hash="h",
            account_type="HEDGED",
            leverage_in_cents=100,
        )
        return [
            users.create_user(plant, OPERATOR, users.Registration("BESTBROKERCRM", "bob@example.com"), now),
            traders.create_trader(plant, OPERATOR, wanted, now),
            positions.open_position(plant, 8673590, "EURUSD", "SELL", Decimal(10), None, now),
            tokens.issue(plant, 10333, None, now),
            managers.revoke_token(plant, 2309),
            plant.ids.history(),
        ]

    assert go_on(restored) == go_on(busy)


def test_a_snapshot_can_be_restored_under_another_name(plants: Plants, busy: World) -> None:
    """A full plant, prepared once, serves any number of tests."""
    plants.add("copy", PlantDescription())
    copy = plants.restore("copy", written(busy))
    assert (copy.plant.name, copy.plant.users.keys()) == ("copy", busy.plant.users.keys())
    assert copy.journal is not busy.journal
    assert copy.plant.users is not busy.plant.users


def test_a_snapshot_says_what_it_is(busy: World) -> None:
    """Format and version are in it, and every register."""
    document = json.loads(written(busy))
    assert (document["format"], document["version"]) == ("mock-ctrader plant", 1)
    assert list(document["registers"]) == list(REGISTERS)
    assert document["plant"]["edition"] == "2025"


def spoiled(change: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    def spoil(body: bytes) -> bytes:
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda body: body[:-100], "this is no snapshot of a plant: Input data was truncated"),
        (lambda _: b"", "this is no snapshot of a plant"),
        (lambda _: b"\xff", "this is no snapshot of a plant"),
        (lambda _: b"[" * 100_000, "this is no snapshot of a plant"),
        (lambda _: b"[]", "this is no snapshot of a plant: Expected `object`, got `array`"),
        (lambda _: b'{"format": "har"}', "this is no snapshot of a plant: Object missing required field `version`"),
        (
            lambda _: b'{"format": "mock-ctrader journal", "version": 1}',
            "this is a 'mock-ctrader journal', not a 'mock-ctrader plant'.",
        ),
        (spoiled(lambda d: d.update(version=2)), "the snapshot has version 2; this release reads 1."),
        (spoiled(lambda d: d.pop("people")), "the snapshot is torn: Object missing required field `people`"),
        (spoiled(lambda d: d.update(more=1)), "the snapshot is torn: Object contains unknown field `more`"),
        (spoiled(lambda d: d["registers"].pop("deals")), "the snapshot is torn: it lacks, or should not have, deals."),
        (spoiled(lambda d: d["registers"].update(x=1)), "the snapshot is torn: it lacks, or should not have, x."),
        (spoiled(lambda d: d["registers"].update(users=[])), "the snapshot is torn, in 'users': Expected `object`"),
        (
            spoiled(lambda d: d["registers"]["traders"]["8673590"].pop("broker")),
            "the snapshot is torn, in 'traders': Object missing required field `broker`",
        ),
        (
            spoiled(lambda d: d["registers"]["traders"]["8673590"].update(broker="GONE")),
            "the snapshot is inconsistent: trader 8673590 has the broker 'GONE', which is not there.",
        ),
        (spoiled(lambda d: d.update(following={})), "the snapshot is inconsistent: following has []"),
        (spoiled(lambda d: d["plant"].update(edtion=1)), "the snapshot is inconsistent: there is no key 'edtion'."),
        (spoiled(lambda d: d["plant"].update(brokers=[])), "the snapshot is inconsistent: brokers: there must be one"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(
    plants: Plants, busy: World, spoil: Callable[[bytes], bytes], message: str
) -> None:
    """Torn, foreign, newer and inconsistent documents are told apart."""
    before = written(busy)
    with pytest.raises(RequestError) as caught:
        plants.restore("busy", spoil(before))
    assert message in str(caught.value)
    assert plants["busy"] is busy
    assert written(busy) == before


def test_a_snapshot_is_read_once_and_used_often(busy: World) -> None:
    """Plants that are made of it share nothing."""
    snapshot = from_json(written(busy))
    one, two = snapshot.plant("one"), snapshot.plant("two")
    one.users.clear()
    assert two.users.keys() == busy.plant.users.keys()
    assert (FORMAT, VERSION) == ("mock-ctrader plant", 1)


def test_labels_and_counted_hours_come_along(plants: Plants, busy: World, clock: VirtualClock) -> None:
    """What hangs on accounts and managers is state as well."""
    busy.plant.attributes["traders"] = {8673590: {"vip": attributes.Attribute("yes", clock.now())}}
    restored = plants.restore("busy", written(busy))
    assert restored.plant.attributes == busy.plant.attributes
