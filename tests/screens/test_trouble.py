"""What goes wrong below the pages: connections, sizes, kinds and characters."""

import asyncio
import gzip
import socket
import ssl

import aiohttp
import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.screens.browser import _broken


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


def test_untrusted_certificate_is_told_with_a_cure():
    """A certificate nobody trusts has a message and a cure of its own."""
    key = aiohttp.client_reqrep.ConnectionKey("crm.example.com", 443, True, True, None, None, None)
    wrong = aiohttp.ClientConnectorCertificateError(key, ssl.CertificateError("self-signed certificate"))
    told = _broken(wrong, "https://crm.example.com/?token=secret")
    assert "certificate is not trusted: " in str(told)
    assert "secret" not in str(told)


async def test_host_that_no_name_service_can_know_is_an_error(window):
    """A host name that is none is reported as a person would understand it."""
    with pytest.raises((ScreenError, TransportError)):
        await window().browser.open("http://..example.com/?token=secret")
