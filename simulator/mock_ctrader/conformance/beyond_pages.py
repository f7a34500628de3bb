"""Judging the CRM's pages for what a stranger could make of them: by their addresses, or by what they tell others."""

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from mock_ctrader.conformance.beyond_judges import HUNG, directives, trace_in
from mock_ctrader.conformance.beyond_markup import Markup, host_of, markup_of
from mock_ctrader.conformance.beyond_seen import Pages, Shown
from mock_ctrader.conformance.judges import Judge
from mock_ctrader.conformance.said import Held, Judgement, kept, untried
from mock_ctrader.wire import Response, parse_query

ELSEWHERE: Final = "evil.example"
"""Where no page may lead. Nobody can have this name, and nothing is ever sent there."""
LURES: Final = (f"https://{ELSEWHERE}/", f"//{ELSEWHERE}/", f"/\\{ELSEWHERE}/")
"""Ways of writing it that browsers take for an address of another host."""
MARK: Final = "qx7"
MARKER: Final = f"{MARK}\"'><{MARK} on{MARK}=1>"
"""Becomes a tag of any page that does not escape it, or an attribute where only brackets are; it harms nobody."""
_KEEPING: Final = (
    *("no-referrer", "same-origin", "origin", "strict-origin"),
    *("origin-when-cross-origin", "strict-origin-when-cross-origin"),
)
"""Referrer policies that tell no other origin more than the host."""


def leads_nowhere_else(pages: Pages) -> Judgement:
    """Judge that nothing which a page does or offers leads to the host that its address named."""
    return _first(pages, _lure)


def escapes(pages: Pages) -> Judgement:
    """Judge that what came in the address is text on the page, never a part of it."""
    return _first(pages, _reflection)


def keeps_referrer(pages: Pages) -> Judgement:
    """Judge that the address of a page, with its token, is told to no other host."""
    return _first(pages, _referrer)


def uncached(*words: str) -> Judge:
    """Return a judge: ``Cache-Control`` of every page says one of these words."""

    def told(shown: Shown) -> str:
        says = _page(shown)[1].header("Cache-Control") or ""
        return "" if set(words) & directives(says) else f"Cache-Control says {says or 'nothing'}"

    def judge(pages: Pages) -> Judgement:
        return _first(pages, told)

    return judge


def bears(pages: Pages) -> Judgement:
    """Judge that no address makes the CRM fail."""

    def told(shown: Shown) -> str:
        failed = next((answer.status for _, answer in shown.answers if answer.status >= 500), 0)
        return f"answered {failed}" if failed else (shown.error if shown.error.startswith(HUNG) else "")

    return _first(pages, told, or_broken_off=True)


def without_trace(pages: Pages) -> Judgement:
    """Judge that no page tells what the CRM is made of."""

    def told(shown: Shown) -> str:
        return next((trace for _, answer in shown.answers if (trace := trace_in(_text(answer)))), "")

    return _first(pages, told)


def opens_once(pages: Pages) -> Judgement:
    """Judge that a link which was opened opens nothing for another browser: visits come in pairs, first and second."""
    for first, second in zip(pages.of[::2], pages.of[1::2], strict=True):
        if not first.answers or not second.answers or _page(first)[1].status >= 400:
            continue
        at_first, later = _page(first), _page(second)
        if later[1].status < 400 and urlsplit(later[0]).path == urlsplit(at_first[0]).path:
            return Judgement(Held.NO, f"{second.what}: answered {later[1].status} again", second.entries)
    opened = [one for one in pages.of[::2] if one.answers and _page(one)[1].status < 400]
    return kept(f"{len(opened)} links") if opened else untried("no screen could be opened")


def _first(pages: Pages, check: Callable[[Shown], str], *, or_broken_off: bool = False) -> Judgement:
    seen = [shown for shown in pages.of if shown.answers or or_broken_off]
    for shown in seen:
        if told := check(shown):
            return Judgement(Held.NO, f"{shown.what}: {told}", shown.entries)
    return kept(f"{len(seen)} pages") if seen else untried("no page could be opened")


def _page(shown: Shown) -> tuple[str, Response]:
    return shown.answers[-1]


def _text(answer: Response) -> str:
    return answer.body.decode(errors="replace")


def _lure(shown: Shown) -> str:
    for url, answer in shown.answers:
        for where, address in _ways(answer, markup_of(answer)):
            if host_of(address, url) == ELSEWHERE:
                return f"{where} leads to {ELSEWHERE}"
    return ""


def _ways(answer: Response, markup: Markup) -> Iterator[tuple[str, str]]:
    yield "Location", answer.header("Location") or ""
    yield "Refresh", _target(answer.header("Refresh") or "")
    yield "a refresh in the page", _target(markup.meta("refresh"))
    yield from (("the page", address) for address, _ in markup.addresses())


def _target(refresh: str) -> str:
    """Return the address of a refresh: what stands behind ``url=``, without quotes."""
    _, sign, address = refresh.partition("=")
    return address.strip().strip("'\"") if sign else ""


def _reflection(shown: Shown) -> str:
    for _, answer in shown.answers:
        markup = markup_of(answer)
        if any(tag.startswith(MARK) or any(MARK in name for name in held) for tag, held in markup.tags):
            return "a parameter became markup"
        if any(MARKER in script for script in markup.scripts):
            return "a parameter stands in a script as it came"
    return ""


def _referrer(shown: Shown) -> str:
    url, answer = _page(shown)
    if "token" not in dict(parse_query(urlsplit(url).query)):
        return ""
    markup = markup_of(answer)
    says = answer.header("Referrer-Policy") or markup.meta("referrer")
    named = [word.strip().lower() for word in says.split(",") if word.strip()]
    if named and named[-1] in _KEEPING:
        return ""
    own = urlsplit(url).hostname
    strangers = [
        host
        for address, held in markup.addresses()
        if (host := host_of(address, url)) not in ("", own) and "noreferrer" not in held.get("rel", "").lower().split()
    ]
    said = f"Referrer-Policy is {named[-1]}" if named else "there is no Referrer-Policy"
    return f"{said}, and the page leads to {strangers[0]}" if strangers else ""
