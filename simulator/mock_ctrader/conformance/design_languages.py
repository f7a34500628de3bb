"""Whether the pages obey ``lang``: found out by comparing what one screen says in several languages."""

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from mock_ctrader.conformance.design_seen import Seen
from mock_ctrader.conformance.design_visits import ENGLISH, UNKNOWN

Fault = tuple[Seen, str]
"""A look at a screen, and what is wrong with it."""


def spoken_in(looks: Sequence[Seen]) -> tuple[str, ...]:
    """Return which languages, English aside, a screen was shown in.

    A language that the CRM does not speak looks like one that nobody speaks, unless it is the broker's own.
    """
    pages = {seen.visit.language: seen for seen in looks if not seen.problem}
    unknown = _words(pages[UNKNOWN]) if UNKNOWN in pages else ""
    others = (language for language in pages if language not in (ENGLISH, UNKNOWN))
    return tuple(one for one in others if _words(pages[one]) != unknown or _says(pages[one], one))


def english(looks: Sequence[Seen]) -> Iterator[Fault]:
    """Judge that ``lang=en`` shows English: no page that says it is in another language."""
    for seen in looks:
        if seen.page.language and not _says(seen, ENGLISH):
            yield seen, f"the page says that it is in '{seen.page.language}'"


def other(looks: Sequence[Seen]) -> Iterator[Fault]:
    """Judge that another language shows other words than English."""
    ours = _in_english(looks)
    for seen in looks:
        if seen.visit.language != ENGLISH:
            yield from _unlike(seen, ours)


def fallback(looks: Sequence[Seen]) -> Iterator[Fault]:
    """Judge that a language nobody speaks shows one that the CRM does: the broker's own."""
    known = {_words(seen) for seen in looks if seen.visit.language != UNKNOWN}
    for seen in looks:
        if seen.visit.language != UNKNOWN:
            continue
        if _says(seen, UNKNOWN):
            yield seen, f"the page says that it is in '{UNKNOWN}'"
        elif _words(seen) not in known:
            yield seen, "it is none of the languages that the other pages are in"


def kept(looks: Sequence[Seen]) -> Iterator[Fault]:
    """Judge that the address still has the language that was asked for."""
    for seen in looks:
        found = parse_qs(urlsplit(seen.url).query).get("lang", ["none"])
        if found != [seen.visit.language]:
            yield seen, f"the address has lang {found[0]}"


def _unlike(seen: Seen, ours: Sequence[str]) -> Iterator[Fault]:
    language = seen.visit.language
    if _words(seen) in ours:
        yield seen, "it says the same as in English"
    elif seen.page.language and not _says(seen, language):
        yield seen, f"the page says that it is in '{seen.page.language}'"


def _in_english(looks: Sequence[Seen]) -> list[str]:
    return [_words(seen) for seen in looks if seen.visit.language == ENGLISH]


def _words(seen: Seen) -> str:
    """Return what a page says, without the numbers that each visit may change."""
    return " ".join("".join(" " if sign.isdigit() else sign for sign in seen.page.text).split())


def _says(seen: Seen, language: str) -> bool:
    return seen.page.language.lower().replace("_", "-").split("-")[0] == language
