import json
from pathlib import Path

import pytest

from bench import summary
from bench.goals import GOALS

MACHINE = {"date": "2026-02-03", "cores": "2", "rounds": "5"}


def test_the_page_tells_every_goal_and_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goals met, missed and not measured are told as that, with where the figure is from and what is absent."""
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    serving = {"read at 32, against bare aiohttp": [0.9, 0.8, 0.7], "read at 32, against WireMock": [1.4]}
    held = {"part": "serving", "machine": MACHINE, "figures": serving, "data": {"absent": {"Prism": "no npm"}}}
    (tmp_path / "serving.json").write_text(json.dumps(held))
    few = {"part": "logins", "machine": {**MACHINE, "rounds": "1"}, "figures": {}, "data": {}}
    (tmp_path / "logins.json").write_text(json.dumps(few))
    summary.main()
    page = (tmp_path / "README.md").read_text()
    rows = [line for line in page.splitlines() if " | at " in line]
    assert len(rows) == len(GOALS)
    of_serving = [row for row in rows if "| [serving](serving.md): read at 32, against" in row]
    assert "0.8 (0.7-0.9) times | met |" in of_serving[0]
    assert "1.4 times | **missed** |" in of_serving[1]
    assert sum("| not measured |" in row for row in rows) == len(GOALS) - 2
    assert "Absent: Prism: no npm" in page
    assert page.count("A trial: too few rounds") == 1
    assert "| cores | 2 |" in page
    assert (tmp_path / "goals.svg").read_text().startswith("<svg")


def test_the_page_is_written_without_any_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no part has left a result, no goal is measured."""
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    summary.main()
    assert (tmp_path / "README.md").read_text().count("| not measured |") == len(GOALS)
