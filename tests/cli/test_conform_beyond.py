"""``mock-ctrader conform``, where it goes beyond the vendor's list."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree


def test_what_goes_beyond_the_list_is_reported_apart(command: Callable[..., Any], tmp_path: Path) -> None:
    """It is counted apart in the summary, the page and the document, and has a suite of its own."""
    arguments = ("--only", "6.1.1", "--only", "beyond.answers", "--beyond", "--report", "out")
    result = command("conform", "--sample", *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "conforms: 4 pass" in result.stdout
    assert "Beyond the vendor's list: 2 pass" in result.stdout
    held = json.loads((tmp_path / "out" / "conformance.json").read_text())
    assert (held["counts"]["pass"], held["beyond"]["pass"]) == (4, 2)
    assert "Beyond the vendor's list" in (tmp_path / "out" / "conformance.txt").read_text()
    assert "<h2>Beyond the vendor's list</h2>" in (tmp_path / "out" / "conformance.html").read_text()
    suites = ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()
    assert [suite.get("name") for suite in suites] == ["api", "beyond"]


def test_what_goes_beyond_the_list_has_a_table_of_its_own(command: Callable[..., Any]) -> None:
    """Chosen alone, it stands alone."""
    printed = command("conform", "--list", "--only", "beyond.race", "--only", "beyond.login").stdout
    assert "Beyond the vendor's list: 2 tests, 7 conditions: 4 must, 2 should, 1 note." in printed
    assert "api." not in printed
