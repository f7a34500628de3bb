"""What goes wrong below the pages: connections, sizes, kinds and characters."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import tracemalloc
import zlib

import aiohttp
import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.screens.fetching import told
from mock_ctrader.screens.reading import read_page
from mock_ctrader.transports.aiohttp_client import failure
from mock_ctrader.wire import Request


async def test_error_status_when_opening_is_described(crm, window):
    """A page with an error status cannot be opened; its title and alert are told."""
    crm.page("/a", "<title>Oops</title><p role=alert>Session lost", status=500)
    browser = window()
    with pytest.raises(ScreenError, match=r"answered 500 instead of a page\. 'Session lost' The page is 'Oops'"):
        await browser.open("/a?token=secret")
    assert browser.visits[0].title == "Oops"


async def test_error_status_is_not_refreshed_away(crm, window):
    """An error page that sends the visitor home is an error all the same."""
    crm.page("/a", "<meta http-equiv=refresh content='0;url=/b'>", status=404)
    with pytest.raises(ScreenError, match="404"):
        await window().open("/a")


@pytest.mark.parametrize("compressed", [False, True])
async def test_huge_page_is_not_read_to_its_end(crm, window, compressed):
    """A page beyond the limit is refused, a small one that unpacks to a huge one too."""
    body = b"<p>" + b"x" * 5000
    if compressed:
        crm.page("/big", gzip.compress(body), Content_Encoding="gzip")
    else:
        crm.page("/big", body)
    browser = window(limit=1000)
    with pytest.raises(ScreenError, match="larger than 1,000 bytes"):
        await browser.open("/big")
    assert len(browser.visits) == 1


async def test_huge_error_page_counts_by_its_status(crm, window):
    """The status of an error page says enough, however much comes with it."""
    crm.page("/big", b"<p>" + b"x" * 5000, status=503)
    with pytest.raises(ScreenError, match="answered 503"):
        await window(limit=1000).open("/big")


@pytest.mark.parametrize("kind", ["application/json", "application/pdf", ""])
async def test_what_is_no_html_is_refused(crm, window, kind):
    """A page must be HTML; the message names what came instead."""
    crm.page("/a", b"{}", Content_Type=kind)
    browser = window()
    with pytest.raises(ScreenError, match="no HTML page") as caught:
        await browser.open("/a?token=secret")
    assert "secret" not in str(caught.value)
    assert browser.visits[0].status == 200


async def test_answer_without_a_content_type_is_looked_at(raw_server, window):
    """HTML that nobody calls so is taken for what it is."""
    url = await raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n<title>Bare</title><p>")
    assert (await window().browser.open(url)).title == "Bare"


async def test_xhtml_is_a_page(crm, window):
    """The other content type of pages is read as well."""
    crm.page(
        "/a",
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title></head></html>',
        Content_Type="application/xhtml+xml",
    )
    assert (await window().open("/a")).title == "X"


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [
        ("<title>Grüße</title>".encode("latin-1"), "text/html; charset=iso-8859-1", "Grüße"),
        ("<title>Вход</title>".encode("cp1251"), "text/html; charset=windows-1251", "Вход"),
        ("<meta charset=cp1251><title>Вход</title>".encode("cp1251"), "text/html", "Вход"),
        ("<meta charset=utf-16><title>Είσοδος</title>".encode(), "text/html", "Είσοδος"),
        ("<title>Grüße €</title>".encode("cp1252"), "text/html", "Grüße €"),
        ("<title>Grüße</title>".encode(), "text/html; charset=base64", "Grüße"),
        ("<title>Grüße</title>".encode(), "text/html; charset=punycode", "Grüße"),
        ("<title>Grüße</title>".encode(), "text/html; charset=nonsense", "Grüße"),
        ("\ufeff<title>Grüße</title>".encode("utf-16-le"), "text/html; charset=ascii", "Grüße"),
        ("\ufeff<title>Grüße</title>".encode(), "text/html; charset=ascii", "Grüße"),
    ],
)
async def test_characters_are_read_as_browsers_do(crm, window, body, kind, title):
    """Mark, header, meta element, UTF-8 and the Windows code page count in this order."""
    crm.page("/a", body, Content_Type=kind)
    assert (await window().open("/a")).title == title


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"<p>\xff\xfa", "text/html; charset=utf-8"), (b"\x81\x8d", "text/html"), (b"<p>\xe4", "text/html; charset=big5")],
)
async def test_bytes_without_characters_are_named(crm, window, body, kind):
    """Bytes that the page's character set does not have are an error that names it."""
    crm.page("/a", body, Content_Type=kind)
    with pytest.raises(ScreenError, match=r"character set .* does not have"):
        await window().open("/a")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "<",
        "<!-- only a comment -->",
        "<!DOCTYPE html>",
        "plain\0text",
        "<form><form><input name=a></form></form><table><form><tr><td><input name=b>",
        "<p" * 200,
        "<div>" * 5000,
        "</div></form></html><title>late",
        "<input form=nowhere><input type=radio><select><option>",
        "<base href='http://[bad'><a href=x>y",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><p>&e;",
    ],
)
async def test_broken_html_is_still_a_page(crm, window, html):
    """However broken, a page can be landed on."""
    crm.page("/a", html)
    assert not (await window().open("/a")).succeeded


async def test_unreachable_port_is_a_transport_error(window):
    """Where nobody listens the message says so, without secrets."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(TransportError, match="cannot be reached") as caught:
            await window().browser.open(f"http://127.0.0.1:{port}/a?token=secret&crmApiToken=secret")
    assert "secret" not in str(caught.value)
    assert "running" in caught.value.cure


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>cut",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"SSH-2.0-example\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_connection_cut_or_garbled_is_a_transport_error(raw_server, window, data):
    """What is not a whole HTTP answer is a transport error, and a visit that nobody answered."""
    url = await raw_server(data)
    browser = window()
    with pytest.raises(TransportError) as caught:
        await browser.browser.open(f"{url}?token=secret")
    assert "secret" not in str(caught.value)
    assert [visit.status for visit in browser.visits] == [None]


@pytest.mark.parametrize("in_body", [False, True])
async def test_silence_is_a_transport_error(crm, window, in_body):
    """A CRM that does not answer, or does not end its answer, is given up after the time-out."""
    gate = asyncio.Event()

    async def wait(request):
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        if in_body:
            await response.prepare(request)
            await response.write(b"<p>")
        await gate.wait()
        return response

    crm.handlers["/a"] = wait
    with pytest.raises(TransportError, match=r"did not answer within 0\.05 seconds") as caught:
        await window(timeout=0.05).open("/a?code=secret")
    gate.set()
    assert "secret" not in str(caught.value)


async def test_cancelled_visit_stays_cancelled(crm, window):
    """Whoever gives up waiting is not told of a broken CRM instead."""
    gate = asyncio.Event()
    arrived = asyncio.Event()

    async def wait(_):
        arrived.set()
        await gate.wait()
        return web.Response()

    crm.handlers["/a"] = wait
    async with asyncio.TaskGroup() as group:
        task = group.create_task(window().open("/a"))
        await arrived.wait()
        task.cancel()
    gate.set()
    assert task.cancelled()


async def test_page_without_an_end_is_not_read_on(crm, window):
    """However much is sent, and however fast, reading ends at the limit, and the connection with it."""
    gone = asyncio.Event()

    async def pour(request):
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"<p>more" * 10_000)
        except OSError:
            gone.set()
            raise

    crm.handlers["/a"] = pour
    with pytest.raises(ScreenError, match="larger than 2,000,000 bytes"):
        await window().open("/a")
    await gone.wait()


async def test_bomb_counts_by_what_it_unpacks_to(crm, window):
    """Half a gigabyte of noughts in half a megabyte is unpacked to the limit, and no further."""
    packer = zlib.compressobj(wbits=31)
    megabyte = bytes(2**20)
    bomb = b"".join([*(packer.compress(megabyte) for _ in range(512)), packer.flush()])
    crm.page("/bomb", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(ScreenError, match="larger than 2,000,000 bytes"):
            await window().open("/bomb")
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


async def test_page_drop_by_drop_is_given_up(crm, window):
    """A CRM that keeps sending a little at a time has no more time than one that sends nothing."""
    gate = asyncio.Event()

    async def drip(request):
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(gate.wait(), 0.01)
        return response

    crm.handlers["/a"] = drip
    with pytest.raises(TransportError, match=r"did not answer within 0\.1 seconds"):
        await window(timeout=0.1).open("/a")
    gate.set()


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<form>" + "<input name=a>" * 50_000, "50,001 form controls; at most 5,000 are read"),
        ("<form>" + "<input name=a>" * 100_000, "100,003 elements; at most 100,000 are read"),
        ("<form></form>" * 5_001, "5,001 form controls"),
        ("<b></b>" * 100_001, "100,003 elements; at most 100,000"),
        ("<i>" * 120_000, "120,002 elements"),
    ],
)
async def test_far_too_full_a_page_is_refused(crm, window, html, said):
    """What would keep everybody waiting is told with its number."""
    crm.page("/full", html)
    with pytest.raises(ScreenError, match=said):
        await window().open("/full")


@pytest.mark.parametrize(
    "html",
    [
        "<form><label>x" + "<input name=a>" * 4900,
        "<form>" + "<div><input name=a>" * 4900,
        "<form id=f>" + "<i></i>" * 60_000 + "<div><p><span>" + "<input name=a aria-labelledby='f f f f'>" * 4900,
        "<p class=error>" * 30_000 + "<b class=error>" * 30_000 + "<a href=x><b>" * 10_000,
    ],
)
async def test_full_page_is_read_in_one_go(crm, window, html):
    """Much, deep or cunning as it is, each thing on the page is looked at a few times only."""
    crm.page("/full", html)
    assert not (await window().open("/full")).succeeded


async def test_what_is_nested_too_deep_is_still_there():
    """A form below the deepest level keeps its fields and their labels, and what follows stays in its place."""
    inner = "<form><div><label>A<input name=a></label></div></form>"
    page = read_page("<div>" * 1000 + inner + "</div>" * 1000 + "<p>After", url="http://crm.example.com/")
    assert [(control.name, control.label) for form in page.forms for control in form.controls] == [("a", "A")]
    assert (page.loose, page.text) == ((), "A After")


def test_untrusted_certificate_is_told_with_a_cure():
    """A certificate nobody trusts has a message and a cure of its own."""
    key = aiohttp.client_reqrep.ConnectionKey("crm.example.com", 443, True, True, None, None, None)
    wrong = aiohttp.ClientConnectorCertificateError(key, ssl.CertificateError("self-signed certificate"))
    url = "https://crm.example.com/?token=secret"
    seen = str(told(failure(wrong, Request.to("GET", url), 1), url, 1))
    assert "certificate is not trusted: " in seen
    assert "secret" not in seen


async def test_host_that_no_name_service_can_know_is_an_error(window):
    """A host name that is none is reported as a person would understand it."""
    with pytest.raises((ScreenError, TransportError)):
        await window().browser.open("http://..example.com/?token=secret")
