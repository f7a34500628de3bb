"""That a rebuilding finds what is not as it was."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import msgspec
import pytest
from msgspec.structs import replace

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.errors import RecordingError, StoreError
from mock_ctrader.journal import recording
from mock_ctrader.runtime import library, store_reading
from mock_ctrader.runtime.ledger import AnyRecord, Called, Done, Gone, Ordered, pack, unpack
from mock_ctrader.runtime.rebuilding import rebuild
from mock_ctrader.runtime.recovery import Kept, difference, state_of
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.store_schema import NAME
from mock_ctrader.runtime.stored_journal import stored_journal
from mock_ctrader.wire import Delivery, Part, Request, Response

Change = Callable[[list[AnyRecord]], list[AnyRecord]]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a user, an account that the operator opened, and a state."""
    settings = Settings(port=0, seed=5, admin_token="T")
    async with Simulator(settings, data=tmp_path) as simulator:
        token = simulator.world().plant.managers[2309].token
        for number in range(3):
            body = f'{{"email": "a{number}@example.com", "brokerName": "BESTBROKER"}}'.encode()
            path = "/cid/ctid/create"
            assert (await simulator.answer(Request("POST", path, f"token={token}", body=body))).status == 200
        headers = (("Authorization", "Bearer T"),)
        order = Request("POST", "/_mock/plants/sandbox/traders", "", headers, b"{}", host="localhost")
        assert (await simulator.answer(order)).status == 201
        simulator.world().next_person()
    return tmp_path


def change(folder: Path, how: Change) -> None:
    """Change the records as if they had been written so."""
    with sqlite3.connect(folder / NAME) as connection:
        rows = list(connection.execute("SELECT page, checksum, records FROM page"))
        for page, checksum, records in rows:
            data = pack(how(unpack(records, checksum, "")))
            connection.execute("UPDATE page SET records = ?, checksum = ? WHERE page = ?", (data, crc32(data), page))
    connection.close()


def _other_answer(records: list[AnyRecord]) -> list[AnyRecord]:
    for record in records:
        if isinstance(record, Called) and record.entry.number == 2:
            assert record.entry.response is not None
            record.entry = replace(record.entry, response=replace(record.entry.response, body=b"{}"))
    return records


def _without(kind: type[AnyRecord]) -> Change:
    return lambda records: [record for record in records if not isinstance(record, kind)]


def _impossible(records: list[AnyRecord]) -> list[AnyRecord]:
    return [replace_order(record) if isinstance(record, Ordered) else record for record in records]


def replace_order(order: Ordered) -> Ordered:
    return msgspec.structs.replace(order, body=b'{"environment": "moon"}')


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (_other_answer, r"plant 'sandbox', exchange 2 \(create_ctid\): body b'{}', again b'"),
        (_without(Ordered), "plant 'sandbox', state behind page .*: following.login: kept .*, made anew"),
        (_without(Done), "plant 'sandbox', state behind page .*: people: kept 1, made anew 0"),
        (_impossible, r"plant 'sandbox', page \d+, ordered \['traders'\]: cannot happen again: .*moon"),
        (lambda records: [*records, Gone()], "plant 'sandbox' is kept as there; made anew, it is gone"),
    ],
)
def test_the_first_difference_is_named(folder: Path, how: Change, said: str) -> None:
    """Which exchange or state it is, what is kept of it, and what comes out anew."""
    assert rebuild(folder).difference == ""
    change(folder, how)
    found = rebuild(folder).difference
    assert re.search(said, found), found


def test_an_older_state_is_known_by_its_digest(folder: Path) -> None:
    """That it differs can be told; how, cannot."""
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute("UPDATE checkpoint SET state = NULL, digest = x'00'")
    connection.close()
    assert "only its digest is kept" in rebuild(folder).difference


@pytest.mark.parametrize(
    "how",
    [
        lambda records: [Done("fly", [])],
        lambda records: [Done("connect", [0, 0]), *records],
        lambda records: [Gone() for _ in records],
    ],
)
def test_records_that_make_no_sense_are_refused(folder: Path, how: Change) -> None:
    """They are no difference: nothing can be made of them."""
    change(folder, how)
    with pytest.raises(StoreError):
        rebuild(folder)


def test_a_record_of_an_unknown_kind_is_refused(folder: Path) -> None:
    """A later release may have written it."""
    with sqlite3.connect(folder / NAME) as connection:
        data = msgspec.msgpack.encode([["Dreamt", 1]])
        connection.execute("UPDATE page SET records = ?, checksum = ?", (data, crc32(data)))
    connection.close()
    with pytest.raises(StoreError, match="this release cannot read"):
        rebuild(folder)


def test_a_state_that_cannot_be_read_is_refused(folder: Path) -> None:
    """At the next start, before anything is written."""
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute("UPDATE checkpoint SET state = x'00', digest = ?", (store_reading.digest_of(b"\0"),))
    connection.close()
    for _ in range(2):  # the folder is free again
        with pytest.raises(StoreError, match="a state that cannot be read"):
            Simulator(Settings(port=0), data=folder)


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (Response(200, (("A", "b"),), b"c"), ""),
        (None, "answered 200, again nothing"),
        (Response(201), "status 200, again 201"),
        (Response(200, (("A", "x"),), b"c"), r"headers \[\('A', 'b'\)\], again"),
        (Response(200, (("A", "b"),), b"x"), "body b'c', again b'x'"),
        (Response(200, (("A", "b"),), b"c", Delivery(Part.HALF)), "delivered "),
    ],
)
def test_answers_are_compared_byte_for_byte(again: Response | None, said: str) -> None:
    """Status, headers, body, and how they were delivered."""
    assert re.match(said, difference(Response(200, (("A", "b"),), b"c"), again))
    assert difference(None, None) == ""


@pytest.mark.slow
async def test_journeys_can_be_told_again(tmp_path: Path) -> None:
    """What applications do to a plant is in its records too: sign-ups, handoffs, invitations, and calls with faults."""
    settings = Settings(port=0, admin_token="T", clock="virtual")
    names = ("sign-up", "handoff-deposit", "invite", "copy-widget", "fault-lost-answer", "fault-half-body")
    async with Simulator(settings, data=tmp_path) as simulator, sample_crm(simulator.url, test_clock=True) as url:
        crm = CrmSettings(url=url, test_clock="/test/clock")
        for name in names:
            scenario = library.find(name)
            await simulator.play(scenario, crm=crm, edition=(scenario.editions or ("2026",))[-1])
        before = state_of(simulator.world())
        said = await asyncio.to_thread(rebuild, tmp_path)
        assert (said.difference, said.deeds > 0, said.calls > 0) == ("", True, True)
    async with Simulator(settings, data=tmp_path) as again:
        assert state_of(again.world()) == before
    document = stored_journal(tmp_path, "sandbox", [("password", "a secret of ours")])
    assert recording.of_journal(document).exchanges
    with pytest.raises(RecordingError):
        recording.of_journal({})
    assert msgspec.msgpack.decode(before, type=Kept).played["sign-up"] == 1
