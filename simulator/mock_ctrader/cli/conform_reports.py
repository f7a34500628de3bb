"""Writing the reports of ``mock-ctrader conform`` to a folder."""

import json
from pathlib import Path

from mock_ctrader.cli.recording import save
from mock_ctrader.conformance.model import Report
from mock_ctrader.errors import StartError
from mock_ctrader.journal.format import document as journal_document
from mock_ctrader.journal.journal import Journal
from mock_ctrader.reports import conformance, lines
from mock_ctrader.reports.junit import junit
from mock_ctrader.runtime.conformance_html import CONTACT_SHEET, REPORT, contact_sheet, html_report

_WIDTH = 100


def write(report: Report, folder: Path, journal: Journal) -> None:
    """Write the result as text, JSON, JUnit XML and pages, and the journal that its evidence points to, secrets masked.

    Raises:
        StartError: the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cure = "Name a folder that can be made."
        raise StartError(f"cannot be made: {error.strerror}.", where=str(folder), cure=cure) from None
    laid_out = conformance.lines(report, width=_WIDTH, unicode=True)
    save(folder / "conformance.txt", lines.plain(laid_out))
    save(folder / "conformance.json", _json(conformance.document(report)))
    save(folder / "junit.xml", junit(report))
    save(folder / REPORT, html_report(report, journal, folder))
    save(folder / CONTACT_SHEET, contact_sheet(report, journal, folder))
    save(folder / "journal.json", _json(journal_document(journal, journal.secrets, plant=journal.plant)))


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
