"""Whatever a CRM sends, the caller sees a landing or one of the two errors meant for it."""

import asyncio
import contextlib

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens import FormBrowser
from mock_ctrader.transports.aiohttp_client import AiohttpWays

TAGS = (
    "form",
    "input",
    "select",
    "option",
    "textarea",
    "button",
    "label",
    "a",
    "base",
    "meta",
    "title",
    "h1",
    "legend",
)
PARTS = (
    *b"<>/=\"'&;#\0 \n",
    *(f"<{tag} " for tag in TAGS),
    *(f"</{tag}>" for tag in (*TAGS, "table", "div")),
    *("name=email ", "type=password ", "type=radio ", "type=checkbox ", "required ", "disabled ", "form=f ", "id=f "),
    *(
        "href=http://[ ",
        "action=//:x ",
        "http-equiv=refresh ",
        "content=0;url=?",
        "charset=utf-7 ",
        "class=error ",
        ">",
    ),
    *(
        "method=post ",
        "name=amount ",
        "enctype=multipart/form-data ",
        "value=\x80\udcff ",
        "Log in",
        "\N{GREEK SMALL LETTER FINAL SIGMA}",
    ),
)
HTML = st.lists(st.sampled_from(PARTS), max_size=60).map(
    lambda parts: "".join(chr(part) if isinstance(part, int) else part for part in parts).encode(errors="surrogatepass")
)
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html%b\r\n\r\n"
CHARSETS = st.sampled_from([b"", b"; charset=utf-8", b"; charset=utf-16", b"; charset=unicode_escape", b"; charset=hz"])


async def visit(answer: bytes, task: Task) -> None:
    answering = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        ways = AiohttpWays(aiohttp.TCPConnector())
        port = server.sockets[0].getsockname()[1]
        profile = ScreenProfile("http://crm.example.com/done", fields={"city": "email"})
        browser = FormBrowser(ways.way(has_cookies=True), profile, contextlib.nullcontext, timeout=5.0)
        with contextlib.suppress(ScreenError, TransportError):
            await browser.open(f"http://127.0.0.1:{port}/")
            await browser.submit(Form(task, {"email": "ann@example.com", "password": "x", "amount": "1"}))
        await ways.close()
        await asyncio.gather(*answering)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), HTML), CHARSETS, st.sampled_from(Task))
def test_any_bytes_as_a_page_give_a_landing_or_a_known_error(body, charset, task):
    """No page, however mad, raises anything but a ScreenError or a TransportError."""
    asyncio.run(visit(HEAD % charset + body, task))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 302 Found\r\nLocation: " + tail + b"\r\n\r\n"),
        st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\nContent-Type: " + tail + b"\r\n\r\n<p>"),
        st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\nRefresh: 0;url=" + tail + b"\r\n\r\n<p>"),
        st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + tail),
        st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\nSet-Cookie: " + tail + b"\r\n\r\n"),
    )
)
def test_any_bytes_as_an_answer_give_a_landing_or_a_known_error(answer):
    """The same holds for what is not even HTTP."""
    asyncio.run(visit(answer, Task.LOG_IN))
