"""Visits to the CRM's screens with addresses that nobody ought to send: lures, markup, tokens that are none."""

from collections.abc import Iterable, Mapping
from typing import Final

from mock_ctrader.conformance.beyond_pages import LURES, MARKER
from mock_ctrader.conformance.beyond_seen import Pages, Shown
from mock_ctrader.conformance.said import Attempt, Judgement
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.platform.application import NAMES_ACCOUNT
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime.conforming_guests import Guests, with_parameters
from mock_ctrader.runtime.profile_attempts import MADE_UP
from mock_ctrader.wire import Response

Found = Mapping[str, Attempt | Judgement]
KNOWN: Final = (
    *("lang", "source", "theme", "partnerId", "eventName"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_gclid"),
)
"""Parameters of screens (contract, section 7)."""
USUAL: Final = (
    *("redirect", "redirect_uri", "redirect_url", "redirectUrl", "return", "returnUrl", "return_to", "returnTo"),
    *("next", "url", "goto", "continue", "callback", "success", "success_url", "target", "dest", "back", "ReturnUrl"),
)
"""Names by which addresses to go on to are often given."""
MARKED: Final[Mapping[str, tuple[str, ...]]] = {
    "common": ("lang", "source", "theme"),
    "partner": ("partnerId", "firstLogin"),
    "campaign": ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_gclid", "eventName"),
}


async def lures(guests: Guests) -> Found:
    """Open each screen with addresses of another host in its parameters, and log in with them."""
    found: dict[str, Attempt | Judgement] = {}
    for name, parameters in (("pages.known-lures", KNOWN), ("pages.lures", USUAL)):
        visits: list[Shown] = []
        for lure in LURES:
            visits += await _each(guests, guests.screens(), dict.fromkeys(parameters, lure))
        found[name] = Pages(tuple(visits))
    return {**found, "pages.login-lures": Pages(tuple([await _log_in(guests, lure) for lure in LURES]))}


async def marks(guests: Guests) -> Found:
    """Open each screen with something in its parameters that becomes markup where it is not escaped."""
    found: dict[str, Attempt | Judgement] = {
        f"pages.marked-{name}": Pages(tuple(await _each(guests, guests.screens(), dict.fromkeys(parameters, MARKER))))
        for name, parameters in MARKED.items()
    }
    in_app = [one for one in guests.screens() if one is not Screen.LOGIN]
    visits = await _each(guests, in_app, {"token": MARKER, "account": MARKER})
    visits += await _each(guests, [one for one in in_app if one in NAMES_ACCOUNT], {"account": MARKER})
    return {**found, "pages.marked-account": Pages(tuple(visits))}


async def screens(guests: Guests) -> Found:
    """Open each in-app screen with a token, each link twice, and with tokens and accounts that are none."""
    in_app = [one for one in guests.screens() if one is not Screen.LOGIN]
    pairs: list[Shown] = []
    for screen in in_app:
        url = await guests.address(screen)
        pairs += [await guests.visit(_name(screen), url, kind=screen.value) for _ in range(2)]
    wrong = await _each(guests, in_app, {"token": MADE_UP})
    wrong += await _each(guests, in_app, {"token": ""})
    named = [one for one in in_app if one in NAMES_ACCOUNT]
    for account in ("", "0", "-1", "abc", "9" * 400):
        wrong += await _each(guests, named, {"account": account})
    return {
        "pages.in-app": Pages(tuple(pairs[::2])),
        "pages.twice": Pages(tuple(pairs)),
        "pages.wrong": Pages(tuple(wrong)),
    }


async def _each(guests: Guests, screens: Iterable[Screen], added: Mapping[str, str]) -> list[Shown]:
    return [
        await guests.visit(_name(screen), await guests.address(screen, **added), kind=screen.value)
        for screen in screens
    ]


async def _log_in(guests: Guests, lure: str) -> Shown:
    """Log in at an address with a lure under every usual name; return what was on the way, as redirects."""
    first, number = await guests.first(), guests.run.world.journal.last_number
    url = with_parameters(guests.people.login_url(), dict.fromkeys(USUAL, lure))
    error = ""
    try:
        async with guests.people.window("pages.login-lures") as window:
            await window.open(url)
            await window.submit(Form(Task.LOG_IN, dict(first.facts)))
    except MockCTraderError as failure:  # such as an address that nobody is let go to
        error = failure.what
    entries = [one for one in guests.people.entries_after(number) if one.request]
    ways = [one.request.url for one in entries if one.request]
    answers = tuple((url, Response(302, (("Location", way),))) for way in ways)
    return Shown("the login", answers, error, tuple(one.number for one in entries))


def _name(screen: Screen) -> str:
    return f"the {screen.value.replace('_', ' ')} screen"
