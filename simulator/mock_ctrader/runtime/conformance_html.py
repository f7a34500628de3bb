"""The result of the conformance list as pages for people: a report, and a contact sheet of the screens.

The report is one file, pictures and all; the contact sheet leads to the pictures beside it. Both ask nobody for
anything and hold no script: their policy says so.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
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
from mock_ctrader.conformance.requirements import requirement
from mock_ctrader.contract.variant import EDITIONS
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.journal import Journal
from mock_ctrader.reports.evidence import Exchange, exchanges
from mock_ctrader.timing import iso

REPORT: Final = "conformance.html"
CONTACT_SHEET: Final = "screens.html"
_STYLE: Final = files("mock_ctrader.runtime").joinpath("templates", "conformance.css").read_text(encoding="utf-8")
_KINDS: Final = {".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a screen, as pages show it or lead to it."""

    url: str
    title: str
    link: str = ""
    """Where it is shown large; where a report shows a picture a second time, where it stands."""


@dataclass(frozen=True, slots=True)
class Told:
    """A condition with what was found."""

    condition: Condition
    finding: Finding
    exchanges: Sequence[Exchange]
    pictures: Sequence[Picture]

    @property
    def is_open(self) -> bool:
        """Whether a reader is shown it at once: what is held against the CRM, or is for the reader to judge."""
        return is_held_against(self.finding) or self.finding.verdict is Verdict.NEEDS_A_PERSON


class _Album:
    """Pictures that stand in the page itself, each once: below the screens, and conditions lead there."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._pictures = pictures
        self.ids = {path: f"picture-{number}" for number, path in enumerate(pictures, 1)}

    def links(self, paths: Sequence[str]) -> list[Picture]:
        """Return what leads to some pictures."""
        return [Picture("", Path(path).stem, f"#{self.ids[path]}") for path in paths if path in self.ids]

    @property
    def all(self) -> list[tuple[str, Picture]]:
        """Every picture with its id."""
        return [(self.ids[path], Picture(_data(path, held), Path(path).stem)) for path, held in self._pictures.items()]


def html_report(report: Report, journal: Journal, pictures: Mapping[str, bytes]) -> str:
    """Return the report as one page; ``pictures`` are what the files hold that findings name, by those names."""
    album = _Album(pictures)
    tests = [_test(report, test, journal, album) for test in report.tests]
    return _render(
        "conformance.html",
        title=f"Conformance of {report.profile}",
        report=report,
        version=__version__,
        started=iso(report.started),
        counts=[(verdict.value, count) for verdict, count in counts(report.listed).items() if count],
        beyond=[(verdict.value, count) for verdict, count in counts(report.beyond).items() if count],
        failures=[(test, one) for test in tests for one in test["conditions"] if is_held_against(one.finding)],
        editions=EDITIONS,
        tests=tests,
        pictures=album.all,
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


def _test(report: Report, test: Test, journal: Journal, album: _Album) -> dict[str, Any]:
    pairs = list(report.of(test))
    return {
        "id": test.id,
        "title": test.title,
        "asks": requirement(test),
        "number": test.number(report.edition),
        "numbers": [(edition, test.number(edition)) for edition in EDITIONS],
        "is_listed": bool(test.numbers),
        "group": test.group.value,
        "verdict": worst([finding for _, finding in pairs]).value,
        "conditions": [_told(condition, finding, journal, album) for condition, finding in pairs],
    }


def _told(condition: Condition, finding: Finding, journal: Journal, album: _Album) -> Told:
    shown = exchanges(finding, journal.entries, journal.secrets)
    return Told(condition, finding, shown, album.links(finding.screenshots))


def _pictures_of(entry: Entry, folder: Path) -> Sequence[Picture]:
    taken = [value for name, value in entry.facts if name == "screenshot"]
    asked = entry.request.parameters() if entry.request else dict[str, str]()
    look = (entry.step.device, asked.get("theme", ""), asked.get("lang", ""))
    title = ", ".join(part for part in look if part)
    return [Picture(_url(path, folder), title or Path(path).stem, _url(path, folder)) for path in taken]


def _url(path: str, folder: Path) -> str:
    return quote(Path(relpath(path, folder)).as_posix())


def _data(path: str, held: bytes) -> str:
    kind = _KINDS.get(Path(path).suffix, "application/octet-stream")
    return f"data:{kind};base64,{b64encode(held).decode()}"
