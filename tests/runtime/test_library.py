"""Scenarios by name and by file."""

from pathlib import Path

import pytest

from mock_ctrader.errors import ScenarioError
from mock_ctrader.runtime import library


def test_a_shipped_scenario_has_a_name() -> None:
    """What ships is found without a path."""
    assert library.find("deposit", {"amount": "20"}).variables["amount"] == "20"


def test_any_other_is_a_file(tmp_path: Path) -> None:
    """A file of one's own is named by its path."""
    path = tmp_path / "mine.yaml"
    path.write_text(library.read("sign-up")[1])
    assert library.find(str(path)).source == str(path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are told as such."""
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ScenarioError, match="is not a text file in UTF-8"):
        library.read(str(path))
