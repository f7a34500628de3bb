"""Which looks each design condition is judged by, and by what rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mock_ctrader.conformance import design_languages, design_pages
from mock_ctrader.conformance.design_languages import Fault
from mock_ctrader.conformance.design_seen import Seen
from mock_ctrader.conformance.design_visits import ENGLISH, UNKNOWN, Visit
from mock_ctrader.platform.device import Platform

Wants = Callable[[Visit], bool]
Faults = Callable[[Sequence[Seen]], Iterator[Fault]]
"""Finds what is wrong with the looks at one screen."""


@dataclass(frozen=True, slots=True)
class Check:
    """How one condition is judged."""

    wants: Wants
    faults: Faults
    of_unopened: bool = False
    """Looks that came to no page count as well."""


def _each(rule: Callable[[Seen], str], wants: Wants, *, of_unopened: bool = False) -> Check:
    """Judge every look by itself."""

    def faults(looks: Sequence[Seen]) -> Iterator[Fault]:
        yield from ((seen, what) for seen in looks if (what := rule(seen)))

    return Check(wants, faults, of_unopened)


def _any(_: Visit) -> bool:
    return True


def _in_english(visit: Visit) -> bool:
    return visit.language == ENGLISH


def _is_login(visit: Visit) -> bool:
    return not visit.subject.is_in_app


def _is_in_app(visit: Visit) -> bool:
    return visit.subject.is_in_app and _in_english(visit)


def _is_fast(visit: Visit) -> bool:
    return not visit.is_slow


def _is_framed(visit: Visit) -> bool:
    """Tell where the application is a page itself, which shows the screen in a frame of its own."""
    return visit.size.platform is Platform.WEB


def _both(seen: Sequence[Seen]) -> Iterator[Fault]:
    yield from design_languages.other(seen)
    yield from ((one, what) for one in seen if one.visit.language != ENGLISH and (what := design_pages.dark(one)))


def checks(origin: str) -> Mapping[str, Check]:
    """Return how the conditions are judged, by id; ``origin`` is where the applications live that frame the pages."""
    return {
        **_CHECKS,
        "design.browsers.framing": _each(lambda seen: design_pages.framed(seen, origin), _is_framed),
    }


_CHECKS: Final[Mapping[str, Check]] = {
    "design.browsers.chromium": _each(design_pages.unopened, _any, of_unopened=True),
    "design.browsers.ctrader-id": _each(design_pages.ctrader_id, _any),
    "design.browsers.other-platforms": _each(design_pages.other_platforms, _any),
    "design.browsers.chat": _each(design_pages.chat, lambda visit: _is_login(visit) and _in_english(visit)),
    "design.browsers.dialogs": _each(design_pages.dialogs, _any),
    "design.browsers.windows": _each(design_pages.windows, _any),
    "design.browsers.links": _each(design_pages.links, _in_english),
    "design.browsers.in-time": _each(design_pages.in_time, _is_fast, of_unopened=True),
    "design.browsers.in-time-3g": _each(design_pages.in_time, lambda visit: visit.is_slow, of_unopened=True),
    "design.browsers.way-back": _each(design_pages.way_back, _is_in_app),
    "design.sizes.responsive": _each(design_pages.sideways, _any),
    "design.sizes.whole": _each(design_pages.cut, _any),
    "design.sizes.tap-targets": _each(design_pages.tap_targets, _in_english),
    "design.language.english": Check(_in_english, design_languages.english),
    "design.language.other": Check(lambda visit: visit.language != UNKNOWN, design_languages.other),
    "design.language.fallback": Check(_any, design_languages.fallback),
    "design.language.kept": Check(_any, design_languages.kept),
    "design.language.declared": _each(design_pages.declared, _any),
    "design.theme.light": _each(design_pages.light, lambda visit: visit.theme == "light"),
    "design.theme.dark": _each(design_pages.dark, lambda visit: visit.theme == "dark"),
    "design.theme.contrast": _each(design_pages.contrast, _in_english),
    "design.first-login.new-user": _each(design_pages.new_user, lambda visit: visit.subject.first_login),
    "design.first-login.returning-user": _each(
        design_pages.returning_user, lambda visit: _is_login(visit) and not visit.subject.first_login
    ),
    "design.language-and-theme.both": Check(
        lambda visit: _in_english(visit) or (visit.language != UNKNOWN and visit.theme == "dark"), _both
    ),
}
