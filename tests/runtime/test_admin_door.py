"""The door of the admin API, over raw sockets: whatever a request looks like, without the token nothing is told."""

import asyncio
import itertools

import pytest

from mock_ctrader.runtime.admin import SAFE
from mock_ctrader.runtime.simulator import Simulator

PATHS = (
    "/_mock/plants",
    "/_mock/plants/",
    "/_mock//plants",
    "/_mock/plants/sandbox",
    "/_mock/plants/sandbox/journal",
    "/_mock/plants/sandbox/snapshot",
    "/_mock/plants/sandbox/reset",
    "/_mock/plants/sandbox/runs",
    "/_mock/plants/sandbox/faults",
    "/_mock/plants/sandbox/answers",
    "/_mock/plants/sandbox/users",
    "/_mock/./plants",
    "/_mock/../_mock/plants",
    "/_mock/health/../plants",
    "/_mock/health/plants",
    "/_mock/%70lants",
    "/_mock/plants%2fsandbox",
    "/_mock/plants;x=1",
    "/_mock/plants?token=open%20sesame",
    "/_mock/",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get")
OTHER_WAYS = (
    "//_mock/plants",
    "/%5fmock/plants",
    "/_MOCK/plants",
    "/_mock",
    "http://127.0.0.1/_mock/plants",
    "/x/../_mock/plants",
)


async def say(simulator: Simulator, words: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it is; return status, headers and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(simulator.url.rpartition(":")[2]))
    writer.write(words.encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


def request(method: str, target: str, *headers: str, host: str = "Host: 127.0.0.1") -> str:
    return "\r\n".join(
        [f"{method} {target} HTTP/1.1", *([host] if host else []), "Connection: close", *headers, "", ""]
    )


@pytest.mark.parametrize(("method", "path"), list(itertools.product(METHODS, PATHS)))
async def test_every_path_and_method_is_closed(simulator: Simulator, method: str, path: str) -> None:
    """Without the token the answer is 401 in every case, with headers that let no browser make use of it."""
    status, headers, body = await say(simulator, request(method, path))
    if method == "get":
        assert status in (400, 401)
        return
    assert status == 401
    assert b"sandbox" not in body
    assert {(name.lower(), value.lower()) for name, value in SAFE} <= set(headers.items())
    assert not any(name.startswith("access-control") for name in headers)


@pytest.mark.parametrize("target", OTHER_WAYS)
async def test_no_other_way_leads_there(simulator: Simulator, target: str) -> None:
    """Another writing of the path is no call of the backend's either, whoever has the token."""
    status, _, body = await say(simulator, request("GET", target, "Authorization: Bearer open sesame"))
    assert status in (400, 404)
    assert b"addresses" not in body


@pytest.mark.parametrize(
    "hosts",
    [
        ("evil.example.com",),
        ("127.0.0.1.evil.example.com",),
        ("localhost.evil.example.com:80",),
        ("127.0.0.1", "evil.example.com"),
        ("evil.example.com", "127.0.0.1"),
        ("evil.example.com, 127.0.0.1",),
        ("127.0.0.1@evil.example.com",),
        ("[",),
        ("[::1",),
    ],
)
async def test_no_other_name_is_known(simulator: Simulator, hosts: tuple[str, ...]) -> None:
    """A name that is not this machine's, or two of them, get nothing even with the token."""
    named = "\r\n".join(f"Host: {one}" for one in hosts)
    words = request("GET", "/_mock/plants", "Authorization: Bearer open sesame", host=named)
    status, _, body = await say(simulator, words)
    assert status in (400, 403)
    assert b"addresses" not in body


@pytest.mark.parametrize(
    "said",
    [
        "Authorization: Bearer open sesam",
        "Authorization: Bearer open sesamee",
        "Authorization: Bearer OPEN SESAME",
        "Authorization: Basic b3BlbiBzZXNhbWU=",
        "Authorization: open sesame",
        "Authorization:",
        "Proxy-Authorization: Bearer open sesame",
        "X-Admin-Token: open sesame",
        "Cookie: token=open sesame",
        "Authorization: Bearer \u00f6pen",
        "Authorization: Bearer x\r\nAuthorization: Bearer open sesame",
    ],
)
async def test_only_the_token_opens(simulator: Simulator, said: str) -> None:
    """The token is nothing but itself, and stands nowhere but in its header."""
    status, _, body = await say(simulator, request("GET", "/_mock/plants", said))
    assert status in (400, 401)
    assert b"addresses" not in body


async def test_the_token_opens(simulator: Simulator) -> None:
    """With the token, the same words are answered: the other tests fail for the right reason."""
    status, headers, body = await say(simulator, request("GET", "/_mock/plants", "Authorization: Bearer open sesame"))
    assert status == 200
    assert b"addresses" in body
    assert headers["x-content-type-options"] == "nosniff"
