"""The result of the conformance list as pages for people: a report, and a contact sheet of the screens.

The pages ask nobody for anything but the pictures beside them, and hold no script: their policy says so.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from os.path import relpath
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2

from mock_ctrader import __version__
from mock_ctrader.conformance.model import Condition, Finding, Report, Test, Verdict, counts, is_held_against, worst
from mock_ctrader.contract.variant import EDITIONS
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_body
from mock_ctrader.journal.sightings import Part
from mock_ctrader.reports.curl import curl
from mock_ctrader.timing import iso

REPORT: Final = "conformance.html"
CONTACT_SHEET: Final = "screens.html"
_STYLE: Final = files("mock_ctrader.runtime").joinpath("templates", "conformance.css").read_text(encoding="utf-8")
_MOST_ENTRIES: Final = 6
"""Of evidence under one condition."""
_MOST_LETTERS: Final = 800
"""Of an answer's body."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a screen, as pages lead to it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exchange, as the report tells it."""

    number: int
    what: str
    excerpt: str
    """The command that asks again, and what was answered; secrets are masked."""


@dataclass(frozen=True, slots=True)
class Told:
    """A condition with what was found."""

    condition: Condition
    finding: Finding
    evidence: tuple[Evidence, ...]
    pictures: tuple[Picture, ...]

    @property
    def is_open(self) -> bool:
        """Whether a reader is shown it at once: what is held against the CRM, or is for the reader to judge."""
        return is_held_against(self.finding) or self.finding.verdict is Verdict.NEEDS_A_PERSON


def html_report(report: Report, journal: Journal, folder: Path) -> str:
    """Return the report as a page that is to lie in ``folder``; its pictures lie there, or anywhere beside."""
    return _render(
        "conformance.html",
        title=f"Conformance of {report.profile}",
        report=report,
        version=__version__,
        started=iso(report.started),
        counts=[(verdict.value, count) for verdict, count in counts(report.findings).items() if count],
        editions=EDITIONS,
        tests=[_test(report, test, journal, folder) for test in report.tests],
        sheet=CONTACT_SHEET if any(one.screenshots for one in report.findings) else "",
    )


def contact_sheet(report: Report, journal: Journal, folder: Path) -> str:
    """Return a page with the pictures of all screens that the journal knows of, to lie in ``folder``."""
    screens: dict[str, list[Picture]] = {}
    for entry in journal.entries:
        screens.setdefault(entry.endpoint, []).extend(_pictures_of(entry, folder))
    return _render(
        "contact-sheet.html",
        title=f"Screens of {report.profile}",
        report=report,
        started=iso(report.started),
        screens=[(name, shown) for name, shown in screens.items() if shown],
        back=REPORT,
    )


def _render(template: str, **values: Any) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mock_ctrader.runtime"),
        autoescape=True,  # a CRM's titles and messages are text here, never markup
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(policy=_policy(), style=_STYLE, **values)


def _policy() -> str:
    known = b64encode(sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{known}'; img-src 'self' data:; base-uri 'none'; form-action 'none'"


def _test(report: Report, test: Test, journal: Journal, folder: Path) -> Mapping[str, object]:
    pairs = list(report.of(test))
    return {
        "id": test.id,
        "title": test.title,
        "number": test.number(report.edition),
        "numbers": [test.number(edition) for edition in EDITIONS],
        "verdict": worst([finding for _, finding in pairs]).value,
        "conditions": [_told(condition, finding, journal, folder) for condition, finding in pairs],
    }


def _told(condition: Condition, finding: Finding, journal: Journal, folder: Path) -> Told:
    wanted = finding.evidence[:_MOST_ENTRIES] if finding.verdict is not Verdict.PASS else finding.evidence[:1]
    entries = [entry for entry in journal.entries if entry.number in wanted]
    pictures = tuple(Picture(_url(path, folder), Path(path).stem) for path in finding.screenshots)
    return Told(condition, finding, tuple(_evidence(entry, journal.secrets) for entry in entries), pictures)


def _evidence(entry: Entry, secrets: Secrets) -> Evidence:
    status = "no answer" if entry.status is None else str(entry.status)
    what = f"{entry.endpoint or 'unmatched'}, {status}, {(entry.duration or 0) * 1000:.0f} ms"
    return Evidence(entry.number, what, "\n".join(_excerpt(entry, secrets)))


def _excerpt(entry: Entry, secrets: Secrets) -> Iterator[str]:
    place = place_of(entry)
    if entry.request:
        yield curl(entry.request, secrets, place)
    if entry.error:
        yield secrets.mask(entry.error)
    if entry.response and entry.response.body:
        shown = shown_body(entry.response.body, entry.response.headers, secrets, place.at(Part.ANSWER))
        text = json.dumps(shown.get("json", shown), ensure_ascii=False)
        yield text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."


def _pictures_of(entry: Entry, folder: Path) -> Sequence[Picture]:
    taken = [value for name, value in entry.facts if name == "screenshot"]
    asked = entry.request.parameters() if entry.request else dict[str, str]()
    look = (entry.step.device, asked.get("theme", ""), asked.get("lang", ""))
    title = ", ".join(part for part in look if part)
    return [Picture(_url(path, folder), title or Path(path).stem) for path in taken]


def _url(path: str, folder: Path) -> str:
    return quote(Path(relpath(path, folder)).as_posix())
