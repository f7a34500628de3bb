"""Compressed bodies, by themselves and over real sockets."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from mock_ctrader.transports.aiohttp_server import MAX_BODY, Server
from mock_ctrader.transports.compression import WORTH_IT, Unusable, takes_gzip, unpack
from mock_ctrader.wire import Request, Response

TEXT = b"a body " * 100


def raw_deflate(body: bytes) -> bytes:
    """Compress as clients do that leave out the wrapping which RFC 9110 demands."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def bomb(size: int) -> bytes:
    """Return a small gzip file of many zeros."""
    packer = zlib.compressobj(9, wbits=31)
    chunk = bytes(2**20)
    return b"".join(packer.compress(chunk) for _ in range(size // 2**20)) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        (" x-gzip ", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
    ],
    ids=["gzip", "capitals", "x-gzip", "deflate", "raw deflate", "identity", "nothing"],
)
def test_a_body_is_unpacked(coding: str, body: bytes) -> None:
    """Every form that clients send comes out as it was, up to the last byte that is allowed."""
    assert unpack(body, coding, len(TEXT)) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_no_body_needs_no_unpacking(coding: str) -> None:
    """A header without a body means nothing."""
    assert unpack(b"", coding, 10) == b""


@pytest.mark.parametrize(
    ("coding", "body", "status", "reason"),
    [
        ("gzip", b"no gzip at all", 400, "the body is not gzip"),
        ("deflate", b"\x01no deflate", 400, "the body is not deflate"),
        ("gzip", gzip.compress(TEXT)[:-9], 400, "the gzip of the body is cut off"),
        ("gzip", gzip.compress(TEXT) + b"more", 400, "or something follows it"),
        ("gzip", gzip.compress(TEXT + b"!"), 413, f"a body has at most {len(TEXT)} bytes"),
        ("br", b"anything", 415, "Content-Encoding 'br' is not known here"),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT)), 415, "Content-Encoding 'gzip, gzip'"),
    ],
    ids=["no gzip", "no deflate", "cut off", "more behind it", "too large", "unknown", "twice"],
)
def test_a_body_that_cannot_be_used_says_why(coding: str, body: bytes, status: int, reason: str) -> None:
    """Nothing half-read ever reaches a handler."""
    found = unpack(body, coding, len(TEXT))
    assert isinstance(found, Unusable)
    assert found.status == status
    assert reason in found.reason


def test_a_bomb_is_not_unpacked() -> None:
    """A hundred mebibytes of zeros cost no more memory than the limit and a little."""
    packed = bomb(100 * 2**20)
    tracemalloc.start()
    try:
        assert unpack(packed, "gzip", 1000) == Unusable(413, "a body has at most 1000 bytes")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * len(packed)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        (None, False),
        ("", False),
        ("*", False),
        ("identity", False),
        ("br, deflate", False),
        ("gzip", True),
        ("GZip", True),
        ("br, x-gzip;q=0.5", True),
        ("gzip ; q=1.0, br", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
    ],
)
def test_who_takes_gzip(accepted: str | None, wanted: bool) -> None:
    """Only who names it, and does not rule it out."""
    assert takes_gzip(accepted) is wanted


@pytest.fixture
def seen() -> list[Request]:
    return []


@pytest.fixture
async def server(seen: list[Request]) -> AsyncIterator[Server]:
    """A server whose answers are as long as the path says."""

    async def handler(request: Request) -> Response:
        seen.append(request)
        size = request.path.strip("/") or "0"
        coded = (("Content-Encoding", "br"),) if request.query == "coded" else ()
        return Response(200, (("Content-Type", "text/plain"), *coded), b"x" * int(size))

    running = Server(handler)
    await running.start("127.0.0.1", 0)
    yield running
    await running.stop()


@pytest.mark.parametrize(
    ("target", "accepted", "coding"),
    [
        (f"/{WORTH_IT}", "gzip", "gzip"),
        (f"/{WORTH_IT}", "deflate, gzip", "gzip"),
        (f"/{WORTH_IT}", "identity", None),
        (f"/{WORTH_IT}", "gzip;q=0", None),
        (f"/{WORTH_IT - 1}", "gzip", None),
        (f"/{WORTH_IT}?coded", "gzip", "br"),
    ],
)
async def test_long_answers_are_compressed_for_those_who_ask(
    server: Server, target: str, accepted: str, coding: str | None
) -> None:
    """Short ones are not worth it, and what has a coding already is left alone."""
    async with aiohttp.ClientSession(auto_decompress=False) as client:
        answer = await client.get(server.url + target, headers={"Accept-Encoding": accepted})
        body = await answer.read()
    length = int(target.strip("/").partition("?")[0])
    assert answer.headers.get("Content-Encoding") == coding
    assert (gzip.decompress(body) if coding == "gzip" else body) == b"x" * length
    assert answer.headers.get("Vary") == ("Accept-Encoding" if length >= WORTH_IT and coding != "br" else None)


async def test_a_compressed_answer_to_head_has_no_body(server: Server) -> None:
    """HEAD is answered as GET is, less the body."""
    async with aiohttp.ClientSession() as client:
        answer = await client.head(f"{server.url}/5000", headers={"Accept-Encoding": "gzip"})
        assert (answer.status, await answer.read()) == (200, b"")


async def test_a_compressed_request_arrives_unpacked(server: Server, seen: list[Request]) -> None:
    """The handler, and so the journal, sees the body alone, and no header that says it is packed."""
    async with aiohttp.ClientSession() as client:
        answer = await client.post(server.url, data=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"})
        assert answer.status == 200
    assert seen[0].body == TEXT
    assert seen[0].header("Content-Encoding") is None


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (gzip.compress(TEXT)[:20], "gzip", 400),
        (b"x", "br", 415),
        (bomb(64 * 2**20), "gzip", 413),
        (bytes(MAX_BODY + 1), "gzip", 413),
    ],
    ids=["cut off", "unknown coding", "bomb", "too large as it is"],
)
async def test_what_cannot_be_unpacked_never_reaches_the_handler(
    server: Server, seen: list[Request], body: bytes, coding: str, status: int
) -> None:
    """The caller is told what is wrong; the next request on the server is answered as ever."""
    async with aiohttp.ClientSession() as client:
        answer = await client.post(server.url, data=BytesIO(body), headers={"Content-Encoding": coding})
        assert answer.status == status
        assert (await answer.text()).startswith("INVALID_REQUEST: ")
        assert seen == []
        assert (await client.get(server.url)).status == 200
