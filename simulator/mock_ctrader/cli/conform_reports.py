"""What ``mock-ctrader conform`` leaves: reports in a folder, or everything in an evidence pack."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from mock_ctrader.conformance.model import Report
from mock_ctrader.errors import StartError
from mock_ctrader.journal import har, leaks, recording
from mock_ctrader.journal.format import document as journal_document
from mock_ctrader.journal.journal import Journal
from mock_ctrader.reports import conformance, lines
from mock_ctrader.reports.junit import junit
from mock_ctrader.runtime.conformance_html import CONTACT_SHEET, REPORT, contact_sheet, html_report
from mock_ctrader.runtime.files import save
from mock_ctrader.runtime.packs import RESULT
from mock_ctrader.runtime.versions import PROGRAM

_WIDTH = 100
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def write(report: Report, folder: Path, journal: Journal) -> None:
    """Write the result as text, JSON, JUnit XML and pages, and the journal that its evidence points to, secrets masked.

    Raises:
        StartError: a file cannot be written.
    """
    for name, text in _texts(report, journal, _contents(_named(report))).items():
        save(folder / name, text)
    save(folder / CONTACT_SHEET, contact_sheet(report, journal, folder))
    save(folder / "journal.json", _json(journal_document(journal, journal.secrets, plant=journal.plant)))


def members(report: Report, journal: Journal, secrets: Iterable[str]) -> dict[str, bytes]:
    """Return the same for an evidence pack, the journal as a recording and as a HAR, and every picture.

    Raises:
        StartError: a secret of the settings would be in it.
    """
    taken = _contents([*_named(report), *_in_journal(journal)])
    places = _places(taken)
    findings = [
        replace(one, screenshots=tuple(places[path] for path in one.screenshots if path in places))
        for one in report.findings
    ]
    own = replace(report, findings=tuple(findings))
    held = _recorded(journal, places)
    spoken = {"journal.jsonl": recording.to_lines(held), "journal.har": har.to_har(held)}
    # A picture in a page is a long text without words: what is looked for cannot stand in it.
    _check(_texts(own, journal, {}) | spoken, list(secrets))
    named = {places[path]: taken[path] for path in _named(report) if path in taken}
    texts = _texts(own, journal, named) | spoken
    pictures = {places[path]: content for path, content in taken.items()}
    return {name: text.encode("utf-8", "replace") for name, text in texts.items()} | pictures


def _texts(report: Report, journal: Journal, pictures: Mapping[str, bytes]) -> dict[str, str]:
    laid_out = conformance.lines(report, width=_WIDTH, unicode=True)
    return {
        "conformance.txt": lines.plain(laid_out),
        RESULT: _json(conformance.document(report)),
        "junit.xml": junit(report),
        REPORT: html_report(report, journal, pictures),
    }


def _named(report: Report) -> list[str]:
    """Return the pictures that findings name, each once."""
    return list(dict.fromkeys(path for one in report.findings for path in one.screenshots))


def _in_journal(journal: Journal) -> list[str]:
    return [value for entry in journal.entries for name, value in entry.facts if name == "screenshot"]


def _contents(paths: Iterable[str]) -> dict[str, bytes]:
    """Read pictures; one that somebody has taken away since is left out."""
    return {path: Path(path).read_bytes() for path in dict.fromkeys(paths) if Path(path).is_file()}


def _places(paths: Iterable[str]) -> dict[str, str]:
    """Give each picture a name in the pack; pictures of the same name are numbered."""
    places: dict[str, str] = {}
    for path in paths:
        name = f"screens/{_STRANGE.sub('-', Path(path).name).lstrip('.-_') or 'picture'}"
        places[path] = f"{name}-{len(places)}" if name in places.values() else name
    return places


def _recorded(journal: Journal, places: Mapping[str, str]) -> recording.Recording:
    document = journal_document(journal, journal.secrets, plant=journal.plant)
    held = recording.of_journal(document, program=PROGRAM)
    exchanges = [
        msgspec.structs.replace(one, facts=[(name, places.get(value, value)) for name, value in one.facts])
        for one in held.exchanges
    ]
    return recording.Recording(header=held.header, exchanges=tuple(exchanges))


def _check(texts: Mapping[str, str], secrets: list[str]) -> None:
    for name, text in texts.items():
        if any(one.what.startswith("given secret") for one in leaks.leaks(text, secrets)):
            cure = "Look at it in the files of --report, and tell who maintains this program."
            raise StartError(f"a secret of the settings would be in the pack, in {name}: none is made.", cure=cure)


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
