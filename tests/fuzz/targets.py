"""What is fuzzed: every reader of something that others wrote. Each takes bytes, and breaks only where we are wrong."""

import asyncio
import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from mock_ctrader import faults
from mock_ctrader.contract import xml
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.reading import is_deeper, read_json
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal import Secrets
from mock_ctrader.journal.captured import Surroundings, from_har
from mock_ctrader.journal.har import to_har
from mock_ctrader.journal.recording import from_lines, to_lines
from mock_ctrader.plant.sandbox import MANAGERS
from mock_ctrader.runtime import settings, snapshots
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import load
from mock_ctrader.screens.reading import read_page
from mock_ctrader.transports.exchange import exchange
from mock_ctrader.wire import Request, Response, parse_query

Target = Callable[[bytes], None]
TOKEN = "fuzz-token"
CANARY = 'c4n&ry/ "bird"\u00e9'


def read_xml(data: bytes) -> None:
    """A body in XML is read as an object, or what is wrong with it is said."""
    assert isinstance(xml.read(data), dict | str)


def read_body(data: bytes) -> None:
    """A body in JSON is read, and its depth is judged, in whatever state it is."""
    read_json(data)
    is_deeper(data, 5)


def read_settings(data: bytes) -> None:
    """A settings file gives settings, or one error that names it."""
    file = _file()
    file.write_bytes(data)
    try:
        settings.load(file=file, environment={})
    except MockCTraderError as error:
        if str(file) not in str(error):
            raise AssertionError("the message does not name the file") from error


def read_scenario(data: bytes) -> None:
    """A scenario can be played, or has its problems listed."""
    with suppress(MockCTraderError):
        load(data.decode("utf-8", "replace"), source="fuzz.yaml", endpoints=ENDPOINTS)


def read_recording(data: bytes) -> None:
    """A recording that can be read can be written, and then read as it was written, and shown as a HAR."""
    with suppress(MockCTraderError):
        recording = from_lines(data, "fuzz.jsonl")
        again = from_lines(to_lines(recording).encode(), "fuzz.jsonl")  # what no file can hold is gone now
        assert from_lines(to_lines(again).encode(), "fuzz.jsonl") == again
        to_har(recording)


def read_har(data: bytes) -> None:
    """Captured traffic makes a recording, or an error."""
    with suppress(MockCTraderError):
        to_lines(from_har(data, "fuzz.har", Surroundings(), keep_unknown=True).recording)


def read_snapshot(data: bytes) -> None:
    """A snapshot makes a plant, or an error."""
    with suppress(MockCTraderError):
        snapshots.from_json(data).plant("fuzz")


def read_rule(data: bytes) -> None:
    """A rule for a fault can be written as it was understood."""
    with suppress(MockCTraderError):
        rule = faults.parse(data.decode("utf-8", "replace"))
        assert faults.parse(str(rule)) == rule


def read_query(data: bytes) -> None:
    """A query is read as pairs, whatever it holds."""
    parse_query(data.decode("latin-1"))


def read_html(data: bytes) -> None:
    """A page is read, whatever it holds."""
    with suppress(MockCTraderError):
        read_page(data.decode("utf-8", "replace"), url="http://crm.example.com/login")


def mask(data: bytes) -> None:
    """A known secret is found wherever it stands, and what is masked stays as it is."""
    secrets = Secrets()
    secrets.learn("password", CANARY)
    once = secrets.mask(data.decode("utf-8", "replace"))
    assert CANARY not in once
    assert secrets.mask(once) == once


def call(data: bytes) -> None:
    """A call of the backend (method and path in the first line, a content type in the second) is never our fault."""
    line, _, rest = data.partition(b"\n")
    kind, _, body = rest.partition(b"\n")
    method, _, target = line.decode("latin-1").partition(" ")
    path, _, query = target.partition("?")
    token = simulator().world().plant.managers[MANAGERS[0]].token
    headers = (("Content-Type", kind.decode("latin-1")), ("Authorization", f"Bearer {token}"))
    answered = _answer(Request(method, path, query, headers, body, "http", "127.0.0.1", "127.0.0.1"))
    assert 200 <= answered.status < 500, answered.body


def order(data: bytes) -> None:
    """An order to the admin API (method and path in the first line) is carried out or refused in JSON."""
    line, _, body = data.partition(b"\n")
    method, _, target = line.decode("latin-1").partition(" ")
    path, _, query = target.partition("?")
    if path.endswith("runs"):  # what is played is another reader's
        return
    headers = (("Authorization", f"Bearer {TOKEN}"),)
    request = Request(method, f"/_mock/{path}", query, headers, body, "http", "127.0.0.1", "127.0.0.1")
    answered = _answer(request)
    assert 200 <= answered.status < 500, answered.body
    if answered.body:
        json.loads(answered.body)
    for name in set(simulator().plants) - {"sandbox"}:
        simulator().plants.remove(name)


@cache
def simulator() -> Simulator:
    """The simulator that is called; it has no socket."""
    return Simulator(settings.Settings(port=0, seed=1, admin_token=TOKEN, journal_capacity=10))


def _answer(request: Request) -> Response:
    made = simulator()
    return _loop().run_until_complete(exchange(request, made.answer, made.largest_body))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-")) / "mock-ctrader.toml"


TARGETS: dict[str, Target] = {
    "xml": read_xml,
    "json": read_body,
    "settings": read_settings,
    "scenario": read_scenario,
    "recording": read_recording,
    "har": read_har,
    "snapshot": read_snapshot,
    "rule": read_rule,
    "query": read_query,
    "page": read_html,
    "mask": mask,
    "call": call,
    "order": order,
}
