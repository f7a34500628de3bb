from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.models.body import Body
from mock_ctrader.contract.spelling import keys_of, respell, respelled


class Item(Body, frozen=True, kw_only=True):
    item_id: int
    names: tuple[str, ...] = ()


class Holder(Body, frozen=True, kw_only=True):
    deal_from: str | None = None
    items: Annotated[tuple[Item, ...], Meta(max_length=2)]
    first: Item | None = None
    notes: list[str] = msgspec.field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.items)


NAMES = {"dealFrom": "lastDealFrom", "itemId": "number", "notes": "remarks"}


def test_all_keys_are_known_however_deep():
    """Keys of the objects in lists and options count too."""
    assert keys_of(Holder) == {"dealFrom", "items", "first", "notes", "itemId", "names"}


def test_a_respelled_model_reads_the_new_names_and_not_the_old():
    """At any depth; what is not renamed keeps its name, its default and its limits."""
    model = respelled(Holder, NAMES)
    found = msgspec.json.decode(b'{"lastDealFrom": "x", "dealFrom": "old", "items": [{"number": 5}]}', type=model)
    assert (found.deal_from, found.items[0].item_id, found.size, found.notes) == ("x", 5, 1, [])
    assert isinstance(found, Holder)
    assert isinstance(found.items[0], Item)
    with pytest.raises(msgspec.ValidationError, match="number"):
        msgspec.json.decode(b'{"items": [{"itemId": 5}]}', type=model)
    with pytest.raises(msgspec.ValidationError, match="length"):
        msgspec.json.decode(b'{"items": [{"number": 5}, {"number": 6}, {"number": 7}]}', type=model)


def test_two_readings_of_a_respelled_model_share_nothing():
    """A default that is made anew each time still is."""
    model = respelled(Holder, NAMES)
    one, two = (msgspec.json.decode(b'{"items": []}', type=model) for _ in range(2))
    assert one.notes is not two.notes


def test_data_is_respelled_at_any_depth():
    """Objects in lists and in objects; values stay."""
    data = {"dealFrom": "dealFrom", "items": [{"itemId": 5, "names": ("itemId",)}], "first": {"itemId": 1}}
    assert respell(data, NAMES) == {
        "lastDealFrom": "dealFrom",
        "items": [{"number": 5, "names": ["itemId"]}],
        "first": {"number": 1},
    }


@pytest.mark.parametrize("endpoint", BROKER_CALLS, ids=lambda endpoint: endpoint.id)
def test_every_body_of_the_contract_can_be_respelled(endpoint):
    """No model has a type that gets lost on the way."""
    bodies: list[type[Struct]] = [body for body in (endpoint.request, endpoint.query, endpoint.answer) if body]
    for body in bodies:
        changed = respelled(body, {key: f"{key}2" for key in keys_of(body)})
        assert keys_of(changed) == {f"{key}2" for key in keys_of(body)}
        fields = zip(msgspec.structs.fields(body), msgspec.structs.fields(changed), strict=True)
        assert all((old.name, old.required) == (new.name, new.required) for old, new in fields)
