"""Fifty hostile inputs and more at every entrance: each gets a clear error, nothing is lost, and all goes on."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from hostile.conftest import Serving, Tell
from hostile.files import CAPTURES, RECORDINGS, SCENARIOS, SETTINGS
from hostile.over_http import ADMIN, HTTP
from hostile.pages import PAGES
from mock_ctrader.errors import (
    RecordingError,
    ScenarioError,
    ScreenError,
    SettingsError,
    TransportError,
)
from mock_ctrader.journal.captured import Surroundings, from_har
from mock_ctrader.journal.recording import from_lines
from mock_ctrader.platform.forms import Form, PageVisit, ScreenProfile, Task
from mock_ctrader.runtime import library, settings
from mock_ctrader.screens import FormBrowser
from mock_ctrader.transports.aiohttp_client import AiohttpWay
from mock_ctrader.transports.outbound import Outbound

LEAST = 50
PATIENCE = 20
"""Seconds; nobody waits as long."""


def named(inputs: tuple[tuple[str, bytes], ...]) -> list[object]:
    return [pytest.param(words, id=name) for name, words in inputs]


def say(port: int, words: bytes) -> bytes:
    """Send, and return what is answered until the connection ends or is reset."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        answer = bytearray()
        with contextlib.suppress(ConnectionError):
            connection.sendall(words)
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65536):
                answer += part
        return bytes(answer)


def check_error(message: str, *, most: int = 20_000) -> None:
    """An error is some words, no traceback, and not the whole input."""
    assert message.strip()
    assert "Traceback" not in message
    assert 'File "' not in message
    assert len(message) < most


def refused(serving: Serving, words: bytes) -> tuple[int, str]:
    """Send something hostile, then something sound; return how the first was refused."""
    before = serving.holds()
    answer = say(serving.port, words)
    serving.call()
    assert serving.process.poll() is None
    assert serving.holds() == before
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")


@pytest.mark.parametrize("words", named(HTTP))
def test_backend(serving: Serving, tell: Tell, words: bytes) -> None:
    """The backend answers with a status of the caller's fault and an error of its kind; a sound call is served next."""
    status, body = refused(serving, words)
    assert 400 <= status < 500, body
    check_error(body)
    tell("HTTP", str(status))


@pytest.mark.parametrize("words", named(ADMIN))
def test_admin(serving: Serving, tell: Tell, words: bytes) -> None:
    """The admin API says in JSON what is wrong, and changes nothing."""
    status, body = refused(serving, words)
    assert 400 <= status < 500, body
    assert isinstance(json.loads(body)["error"], str) if body.startswith("{") else body.startswith("INVALID_REQUEST: ")
    check_error(body)
    tell("admin", str(status))


@pytest.mark.parametrize("content", named(SETTINGS))
def test_settings(tmp_path: Path, tell: Tell, content: bytes) -> None:
    """A settings file that cannot be used is one error that names the file."""
    file = tmp_path / "mock-ctrader.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as error:
        settings.load(file=file, environment={})
    check_error(str(error.value))
    assert str(file) in str(error.value)
    tell("settings", "SettingsError")


@pytest.mark.parametrize("content", named(SCENARIOS))
def test_scenario(tmp_path: Path, tell: Tell, content: bytes) -> None:
    """A scenario that cannot be played is an error that names the file."""
    file = tmp_path / "hostile.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as error:
        library.find(str(file))
    check_error(str(error.value))
    assert "hostile.yaml" in str(error.value)
    tell("scenario", type(error.value).__name__)


def capture(content: bytes) -> object:
    return from_har(content, "hostile.har", Surroundings())


@pytest.mark.parametrize(
    ("read", "content"),
    [
        *(pytest.param(lambda data: from_lines(data, "hostile.jsonl"), data, id=name) for name, data in RECORDINGS),
        *(pytest.param(capture, data, id=f"captured, {name}") for name, data in CAPTURES),
    ],
)
def test_recording(tell: Tell, read: Callable[[bytes], object], content: bytes) -> None:
    """A recording, and captured traffic, that cannot be read is an error that names the file."""
    with pytest.raises(RecordingError) as error:
        read(content)
    check_error(str(error.value))
    assert "hostile." in str(error.value)
    tell("recording", "RecordingError")


async def log_in(browser: FormBrowser, url: str) -> None:
    await browser.open(f"{url}/")
    await browser.submit(Form(Task.LOG_IN, {"email": "ann@example.com", "password": "s3cret-Word"}))


@pytest.mark.parametrize("answer", named(PAGES))
async def test_screens(tell: Tell, answer: bytes) -> None:
    """Whatever a CRM answers, there is one of two errors, and nobody but the CRM was asked."""
    said, stalls = answer.removesuffix(b"<STALL>"), answer.endswith(b"<STALL>")
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(said)
            await writer.drain()
            if stalls:
                await over.wait()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with aiohttp.ClientSession(connector=Outbound([url]).connector()) as client:
            visits: list[PageVisit] = []

            @contextlib.contextmanager
            def visiting(visit: PageVisit):
                visits.append(visit)
                yield visit

            profile = ScreenProfile("http://crm.example.com/done")
            browser = FormBrowser(AiohttpWay(client), profile, visiting, timeout=0.2 if stalls else PATIENCE)
            with pytest.raises((ScreenError, TransportError)) as error:
                await log_in(browser, url)
        over.set()
    check_error(str(error.value))
    assert "s3cret-Word" not in str(error.value)
    assert all(visit.status is None for visit in visits if not visit.url.startswith(url))
    tell("screens", type(error.value).__name__)


def test_there_are_enough() -> None:
    """Each entrance has its fifty, no two of them the same."""
    for entrance in (HTTP, ADMIN, SETTINGS, SCENARIOS, RECORDINGS, PAGES):
        assert len({words for _, words in entrance}) == len(entrance) >= LEAST
