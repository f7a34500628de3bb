"""Links between the documents lead somewhere."""

import re
from pathlib import Path

import pytest

from mock_ctrader.screens.purposes import NAMES

ROOT = Path(__file__).parents[2]
FOLDERS = (".", "simulator", "fixtures", "scenarios", "tests/bench", "tests/bench/results")
DOCUMENTS = sorted(file for folder in FOLDERS for file in (ROOT / folder).glob("*.md"))


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """Return what the headings of a document can be linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Each names a file that is there, and a heading that it has."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_purpose_of_a_field_is_named() -> None:
    """Who has to name a field can look up what the purposes are called."""
    text = (ROOT / "simulator" / "README.md").read_text(encoding="utf-8")
    told = text.partition("### `crm.fields`")[2].partition("\n### ")[0]
    assert set(re.findall(r"`(\w+)`", told)) == NAMES
