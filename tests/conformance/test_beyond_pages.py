"""Judging pages: where they lead, what of an address they hold, and who is told of it."""

from typing import Any

import pytest

from mock_ctrader.conformance import beyond_pages as pages
from mock_ctrader.conformance.beyond_judges import HUNG
from mock_ctrader.conformance.beyond_seen import Pages, Shown
from mock_ctrader.conformance.said import Held
from mock_ctrader.wire import Response

URL = "http://crm.test/inapp/deposit?token=secret"


def answer(html: str = "", status: int = 200, **headers: str) -> Response:
    held = {"Content-Type": "text/html; charset=utf-8"} | {name.replace("_", "-"): headers[name] for name in headers}
    return Response(status, tuple(held.items()), html.encode())


def shown(*answers: Response, url: str = URL, **changes: Any) -> Shown:
    return Shown("the page", tuple((url, one) for one in answers), entries=(7,), seconds=0.5, **changes)


def one(*answers: Response, url: str = URL) -> Pages:
    return Pages((shown(*answers, url=url),))


LURE = pages.LURES[0]


@pytest.mark.parametrize("lure", pages.LURES)
@pytest.mark.parametrize(
    "html",
    [
        '<a href="{}">on</a>',
        "<form action='{}'></form>",
        '<meta http-equiv="refresh" content="0; url={}">',
        "<iframe src='{}'></iframe>",
        '<base href="{}">',
    ],
)
def test_a_page_that_leads_elsewhere(html: str, lure: str) -> None:
    """Links, forms, frames, refreshes and bases are all ways to somewhere, however it is written."""
    found = pages.leads_nowhere_else(one(answer(html.format(lure))))
    assert (found.held, found.evidence) == (Held.NO, (7,))
    assert "evil.example" in found.detail


def test_answers_that_lead_elsewhere() -> None:
    """A redirect and a refresh are told by their headers."""
    assert "Location" in pages.leads_nowhere_else(one(answer(status=302, Location=LURE))).detail
    assert "Refresh" in pages.leads_nowhere_else(one(answer(Refresh=f"0; url='{LURE}'"))).detail


def test_pages_that_lead_nowhere_else() -> None:
    """One's own addresses, those that only mention another, and those that make no sense are no way there."""
    own = '<a href="/back?next=https://evil.example/">x</a><a href="">y</a>'
    html = f'{own}<a href="//[x">z</a><a href="mailto:a@evil.example">'
    assert (
        pages.leads_nowhere_else(one(answer(html), answer(status=303, Location="/home", Refresh="5"))).held is Held.YES
    )


@pytest.mark.parametrize(
    "html",
    ["<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<input value={}>", "<script>go('{}')</script>"],
)
def test_a_parameter_that_becomes_a_part_of_the_page(html: str) -> None:
    """Tags, attributes and scripts that came in the address are told."""
    assert pages.escapes(one(answer(html.format(pages.MARKER)))).held is Held.NO


def test_brackets_alone_are_not_enough_to_escape() -> None:
    """A quote that ends an attribute's value makes attributes of what follows."""
    half = pages.MARKER.replace("<", "&lt;").replace(">", "&gt;")
    assert pages.escapes(one(answer(f'<input value="{half}">'))).held is Held.NO


def test_what_is_escaped_or_no_page_is_text() -> None:
    """Escaped it harms nobody; what is no HTML page is not read as one."""
    safe = pages.MARKER.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#39;")
    html = f'<p>{safe}</p><input value="{safe}"><script>let a = 1</script><p>b</p>'
    plain = Response(400, (("Content-Type", "text/plain"),), pages.MARKER.encode())
    assert pages.escapes(one(answer(html), plain, Response(204))).held is Held.YES


STRANGER = '<script src="https://cdn.example/a.js"></script>'


@pytest.mark.parametrize(
    "told",
    [
        answer(STRANGER, Referrer_Policy="no-referrer"),
        answer(STRANGER, Referrer_Policy="unsafe-url, same-origin"),
        answer(f'<meta name="Referrer" content="origin">{STRANGER}'),
        answer('<a href="https://cdn.example/" rel="noopener noreferrer">x</a>'),
        answer('<a href="/back">x</a><img src="data:,">'),
    ],
)
def test_a_page_that_keeps_its_address(told: Response) -> None:
    """A policy does it, in the header or on the page; so does leading nowhere, or a link that tells nothing."""
    assert pages.keeps_referrer(one(told)).held is Held.YES


def test_a_page_that_tells_its_address() -> None:
    """Without a policy that keeps it, another host is told the address; without a token in it that is nothing."""
    found = pages.keeps_referrer(one(answer(STRANGER)))
    assert found.detail == "the page: there is no Referrer-Policy, and the page leads to cdn.example"
    unsafe = pages.keeps_referrer(one(answer(STRANGER, Referrer_Policy="unsafe-url")))
    assert unsafe.detail == "the page: Referrer-Policy is unsafe-url, and the page leads to cdn.example"
    assert pages.keeps_referrer(one(answer(STRANGER), url="http://crm.test/inapp/deposit")).held is Held.YES


def test_pages_say_that_they_are_not_kept() -> None:
    """The page counts, not the redirects before it; without a page nothing is judged."""
    judge = pages.uncached("no-store")
    assert judge(one(answer(), answer(Cache_Control="no-cache, no-store"))).held is Held.YES
    assert judge(one(answer(Cache_Control="public"))).detail == "the page: Cache-Control says public"
    assert judge(one(answer())).detail == "the page: Cache-Control says nothing"
    assert judge(Pages((shown(error="broken"),))).held is Held.UNKNOWN


def test_wrong_addresses_are_borne() -> None:
    """A fault of the CRM's own and no answer in time are told; a refusal is right, a broken connection is let pass."""
    assert pages.bears(Pages((shown(answer(status=404)), shown(error="the connection broke.")))).held is Held.YES
    assert pages.bears(one(answer(status=500))).detail == "the page: answered 500"
    assert pages.bears(Pages((shown(error=f"{HUNG} 10 seconds."),))).detail == f"the page: {HUNG} 10 seconds."


def test_pages_show_no_stack() -> None:
    """What was meant for a developer is told of pages, too."""
    assert pages.without_trace(one(answer("<p>Not found</p>"))).held is Held.YES
    assert "Traceback" in pages.without_trace(one(answer("Traceback (most recent call last):"))).detail


def test_a_link_opens_once() -> None:
    """Refused, or sent elsewhere, the second time: what was not opened the first time shows nothing."""
    first, refused = shown(answer("form")), shown(answer(status=404))
    elsewhere = shown(answer("log in"), url="http://crm.test/auth/login")
    assert pages.opens_once(Pages((first, refused, first, elsewhere, first, shown(error="broken")))).detail == "3 links"
    assert pages.opens_once(Pages((first, first))).detail == "the page: answered 200 again"
    never = pages.opens_once(Pages((refused, first, shown(error="broken"), first)))
    assert never.held is Held.UNKNOWN


def test_visits_tell_their_entries_and_how_long_they_took() -> None:
    """Evidence is every page that was asked for; the time is the slowest visit's."""
    seen = Pages((shown(answer()), shown(answer())))
    assert (seen.entries, seen.seconds, Pages(()).seconds) == ((7, 7), 0.5, 0.0)
