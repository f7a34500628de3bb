"""What is added around an answer where no server does it."""

import pytest

from mock_ctrader.transports.exchange import exchange
from mock_ctrader.wire import Headers, Request, Response


@pytest.mark.parametrize(
    ("method", "answer", "headers"),
    [
        ("GET", Response(200, (), b"hi"), {"Content-Type": "application/octet-stream", "Content-Length": "2"}),
        ("GET", Response(200), {"Content-Length": "0"}),
        ("GET", Response(204), {}),
        ("HEAD", Response(200, (), b"hi"), {"Content-Length": "2"}),
        ("HEAD", Response(200), {}),
        ("GET", Response(200, (("content-encoding", "br"), ("Content-Type", "x")), b"x" * 2000), None),
    ],
)
async def test_the_length_and_the_kind_are_told(method: str, answer: Response, headers: dict[str, str] | None) -> None:
    """As the HTTP server tells them; what is packed already stays as it is."""

    async def handler(_request: Request) -> Response:
        return answer

    accepting: Headers = (("Accept-Encoding", "gzip"),)
    shown = await exchange(Request(method, "/", headers=accepting), handler, lambda _: 10)
    assert shown.body == (b"" if method == "HEAD" else answer.body)
    assert dict(shown.headers) == (
        headers if headers is not None else {**dict(answer.headers), "Content-Length": "2000"}
    )


async def test_a_status_without_a_body_has_none() -> None:
    """Nothing follows the head, whatever the answer holds: over a socket nothing could."""

    async def handler(_request: Request) -> Response:
        return Response(304, (("ETag", "1"),), b"x")

    assert await exchange(Request("GET", "/"), handler, lambda _: 10) == Response(304, (("ETag", "1"),))
