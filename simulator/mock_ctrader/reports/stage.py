"""A played journey as an audience is shown it: stop by stop, what was said, who called whom, how things then stood.

All of it is plain data, for pages; secrets are masked, and every text is a text, never markup.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_ctrader.faults import FACT
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.placeholders import PLACEHOLDER
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_facts, shown_target
from mock_ctrader.matching.rendering import is_list
from mock_ctrader.reports.exchange_details import details
from mock_ctrader.reports.exchanges import row
from mock_ctrader.scenario.model import ActionStep, Scenario, WaitStep
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.scenario.script import Piece
from mock_ctrader.wire import Direction, Pairs

Json = dict[str, Any]
CLIENT_AREA = "client_area"
"""What the journal calls the pages in a device's own browser."""
_OF_THE_VISIT = ("opened", FACT, "succeeded", "title", "screenshot", "withheld")
"""Facts of a visit, in the order in which they stand before the fields of its form."""
_HIDDEN = ("csrf",)
"""Fields that nobody fills in."""
DOTS = "••••••••"
SUCCESS = "the success address: the application closes the page"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a step's actor stood when the step was done."""

    actor: str
    seen: Observation


@dataclass(frozen=True, slots=True)
class Performance:
    """A piece of a session's playlist, played."""

    piece: Piece
    scenario: Scenario
    remarks: Mapping[int, str]
    """By the step's number."""
    entries: Sequence[Entry]
    standings: Mapping[int, Standing]
    failure: str = ""
    """Why it failed; blank if it passed."""
    failed_at: int = 0
    """The step that failed."""


def stops(played: Performance, secrets: Secrets, picture: Callable[[str], str]) -> list[Json]:
    """Return a journey's stops: its beginning, each step that was reached, its end.

    ``picture`` turns the path of a picture into an address that the page can show; a blank one shows none.
    """
    piece, mask = played.piece, secrets.mask
    screens = _screens(played.entries, secrets, picture)
    steps = [step for step in played.scenario.steps if step.number in played.standings]
    begun = _stop("begin", piece.title, piece.begin) | {"about": [played.scenario.purpose, played.scenario.follows]}
    told = [_step(played, step, secrets, screens) for step in steps]
    ended = _stop("end", "What it showed", piece.end)
    ended |= {"points": list(piece.points), "failure": mask(played.failure)}
    return [begun, *told, ended]


def _stop(kind: str, heading: str, say: str) -> Json:
    return {"kind": kind, "heading": heading, "say": say, "rows": [], "screens": [], "app": None}


def _step(played: Performance, step: ActionStep | WaitStep, secrets: Secrets, screens: Mapping[int, Json]) -> Json:
    own = [entry for entry in played.entries if entry.step.number == step.number]
    standing = played.standings[step.number]
    failed = played.failed_at == step.number
    shown = [screens[entry.number] for entry in own if entry.number in screens]
    if shown:
        shown[-1]["said"] = secrets.mask(standing.seen.refused or "")
    return _stop("step", step.title, played.remarks.get(step.number, "")) | {
        "step": step.number,
        "actor": standing.actor,
        "platform": str(standing.seen.application.get("platform", "")),
        "rows": [row(entry, secrets) for entry in own],
        "details": {str(entry.number): _details(entry, secrets) for entry in own},
        "screens": shown,
        "app": _application(standing, secrets),
        "failure": secrets.mask(played.failure) if failed else "",
    }


def _details(entry: Entry, secrets: Secrets) -> Json:
    """Return what the row of an exchange does not say."""
    known = row(entry, secrets)
    return {name: value for name, value in details(entry, secrets).items() if name not in known or name == "facts"}


def _application(standing: Standing, secrets: Secrets) -> Json:
    """Tell what a trader sees of the application."""
    seen, mask = standing.seen, secrets.mask
    known = {name: seen.application[name] for name in ("platform", "language", "theme", "identity", "path")}
    account = {name: mask(str(value)) for name, value in (seen.account or {}).items()}
    return {name: mask(str(value)) for name, value in known.items()} | {
        "actor": standing.actor,
        "session": seen.session,
        "stored_token": seen.stored_token,
        "refused": mask(seen.refused or ""),
        "account": account or None,
        "accounts": _texts(seen.application.get("accounts"), mask),
        "ribbons": _texts(seen.application.get("ribbons"), mask),
        "partner_id": mask(str(seen.application.get("partner_id", ""))),
        "link": mask(str(seen.application.get("link", ""))),
    }


def _texts(values: object, mask: Callable[[str], str]) -> list[str]:
    return [mask(str(one)) for one in values] if is_list(values) else []


def _screens(entries: Sequence[Entry], secrets: Secrets, picture: Callable[[str], str]) -> Mapping[int, Json]:
    """Tell which pages were visited, by the number of the exchange.

    Each window is told by itself: a form is sent from the page that was shown in it before.
    """
    found: dict[int, Json] = {}
    windows: dict[tuple[str, bool], list[Entry]] = {}
    for entry in entries:
        if entry.direction is Direction.SCREEN:
            windows.setdefault((entry.step.device, entry.endpoint == CLIENT_AREA), []).append(entry)
    for visits in windows.values():
        shown = [_screen(entry, secrets, picture) for entry in visits]
        for number, (entry, page) in enumerate(zip(visits, shown, strict=True)):
            following = number + 1 if number + 1 < len(visits) else None
            page["leads"] = _leads(entry, None if following is None else visits[following], secrets)
            if following is not None and shown[following]["fields"] and not page["fields"]:
                page["fields"] = [[name, ""] for name, _ in shown[following]["fields"]]
            if number and not page["title"]:
                page["title"] = shown[number - 1]["title"]
            found[entry.number] = page
    return found


def _screen(entry: Entry, secrets: Secrets, picture: Callable[[str], str]) -> Json:
    assert entry.request is not None, "pages are asked for"
    about, sent = _facts(entry)
    shown = shown_facts(sent, secrets, place_of(entry))
    fields = [[name, DOTS if PLACEHOLDER.fullmatch(value) else value] for name, value in shown if name not in _HIDDEN]
    return {
        "number": entry.number,
        "kind": entry.endpoint,
        "device": secrets.mask(entry.step.device),
        "in_browser": entry.endpoint == CLIENT_AREA,
        "method": entry.request.method,
        "address": shown_target(entry.request, secrets, place_of(entry)),
        "status": entry.status,
        "title": secrets.mask(about.get("title", "")),
        "fields": fields,
        "picture": picture(about["screenshot"]) if "screenshot" in about else "",
        "error": secrets.mask(entry.error),
        "said": "",
    }


def _facts(entry: Entry) -> tuple[Mapping[str, str], Pairs]:
    """Tell what is known of a visit from the fields of its form, which may have the same names."""
    about: dict[str, str] = {}
    rest = list(entry.facts)
    for name in _OF_THE_VISIT:
        has_title = name != "title" or not _is_redirect(entry)  # whoever is sent on sees no page
        if rest and rest[0][0] == name and has_title:
            about[name] = rest.pop(0)[1]
    return about, tuple(rest)


def _is_redirect(entry: Entry) -> bool:
    return 300 <= (entry.status or 0) < 400


def _leads(entry: Entry, following: Entry | None, secrets: Secrets) -> str:
    """Say where a page sent the browser; blank where it stayed."""
    if ("succeeded", "true") in entry.facts:
        return SUCCESS
    if not _is_redirect(entry) or following is None or following.request is None or following.step != entry.step:
        return ""
    return secrets.mask(following.request.path)
