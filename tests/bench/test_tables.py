import json
import math
from pathlib import Path

import pytest

from bench import tables
from bench.tables import keep, ratios, spread, table, with_spread


def test_a_spread_is_lowest_median_and_highest() -> None:
    """The order of the rounds does not matter."""
    assert spread([3.0, 1.0, 2.0]) == (1.0, 2.0, 3.0)


def test_ratios_are_of_one_round_each() -> None:
    """What was measured in a round is divided by what else was measured in it; by nothing, it is infinite."""
    assert ratios([2.0, 9.0, 5.0], [1.0, 3.0]) == [2.0, 3.0]
    assert ratios([1.0], [0.0]) == [math.inf]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], ""),
        ([1.0], "1"),
        ([1234.5, 1000.0, 2000.0], "1,234 (1,000-2,000)"),
        ([0.12345, 0.1, 0.2], "0.123 (0.1-0.2)"),
    ],
)
def test_a_median_is_written_with_its_spread(values: list[float], said: str) -> None:
    """Three digits count; one round has no spread, and none has nothing."""
    assert with_spread(values) == said


def test_rows_become_a_table_of_markdown() -> None:
    """The head is followed by as many marks as it has columns."""
    assert table(("a", "b"), [["1", "2"]]) == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_a_result_is_kept_in_three_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part leaves Markdown, JSON with its figures and the machine, and a plot of the figures if it draws no other."""
    monkeypatch.setattr(tables, "RESULTS", tmp_path / "results")
    keep("part", "| x |", {"taken (s)": [1.0, 2.0, 3.0]})
    folder = tmp_path / "results"
    assert (folder / "part.md").read_text() == "| x |\n"
    held = json.loads((folder / "part.json").read_text())
    assert held["figures"] == {"taken (s)": [1.0, 2.0, 3.0]}
    assert {"date", "cores", "Python", "rounds"} <= held["machine"].keys()
    assert "taken (s)" in (folder / "part.svg").read_text()
    assert "| x |" in capsys.readouterr().out
