"""The plan past one machine: the page says what the program reckons."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench import costs, nginx, plan
from bench.plan import BLOCK, README, UNITS, Costs, Goal, a_plant, needs, written

ONE = Costs(
    read=100, create=200, asked=100, read_kept=150, nginx=50, login=2000, crm=500, plant=1000, trader=2,
    process_memory=50e6, worker_memory=70e6, plant_memory=30e3, trader_memory=400, entry_memory=2000, entry_disk=1500,
)  # fmt: skip
SMALL = Goal(traders=1_000_000, logins=1000, plants=10, calls=2, busy=0.5, cores=4, kept=10_000)


def test_the_page_says_what_the_kept_costs_lead_to() -> None:
    """Whoever measures anew writes the page anew."""
    found = BLOCK.search(README.read_text(encoding="utf-8"))
    assert found
    assert found[0] == written(plan.kept(), Goal()) + "\n"


def test_a_part_needs_processors_for_what_it_does() -> None:
    """How many a second, times what one costs; processes are never busy all the time."""
    found = needs(ONE, SMALL)
    assert [need.what for need in found] == ["`serve`", "nginx", "workers of `load`", "the CRM, at the very least"]
    assert [need.processors for need in found] == pytest.approx([0.3, 0.1, 2.0, 0.5])
    assert [need.processes for need in found] == [1, 1, 4, 1]


def test_memory_is_that_of_processes_plants_and_traders() -> None:
    """A plant's journal is most of what a plant holds."""
    serving, _, workers, _ = needs(ONE, SMALL)
    assert serving.memory == pytest.approx(50e6 + 10 * (30e3 + 10_000 * 2000) + 400e6)
    assert workers.memory == pytest.approx(4 * 70e6)


def test_a_plant_is_never_in_two_processes() -> None:
    """What one bears follows from one processor; more logins need more plants, and the plan says so."""
    assert a_plant(ONE, SMALL) == pytest.approx(5000 / 3)
    crowded = replace(SMALL, plants=2, logins=20_000)
    assert needs(ONE, crowded)[0].processes == 2
    assert "the least number of plants is 12." in written(ONE, crowded)


def test_every_cost_is_told_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cost that nobody measures, or that the table leaves out, is not believed."""
    parts = {
        "_calls": ("read", "create", "process_memory"),
        "_kept": ("read_kept", "entry_disk"),
        "_front": ("nginx",),
        "_journal": ("entry_memory",),
        "_logins": ("login", "asked", "crm", "worker_memory"),
        "_plants": ("plant", "plant_memory"),
        "_traders": ("trader", "trader_memory"),
    }
    for part, names in parts.items():
        monkeypatch.setattr(costs, part, lambda names=names: dict.fromkeys(names, 1.0))
    assert set(costs.measure()) == set(UNITS) == set(Costs.__annotations__)


def test_measuring_writes_costs_and_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The medians count, and nothing of the page but the tables changes."""
    page = tmp_path / "README.md"
    page.write_text(BLOCK.sub("", README.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(nginx, "program", lambda: "nginx")
    monkeypatch.setattr(plan, "README", page)
    monkeypatch.setattr(plan, "RESULTS", tmp_path)
    monkeypatch.setattr(costs, "measure", lambda: {name: [3.0, 1.0, 2.0] for name in UNITS})
    plan.main()
    assert plan.kept() == Costs(**dict.fromkeys(UNITS, 2.0))
    assert json.loads((tmp_path / "plan.json").read_text())["figures"]["read"] == [3.0, 1.0, 2.0]
    text = page.read_text(encoding="utf-8")
    assert written(plan.kept(), Goal()) in text
    assert BLOCK.sub("", text) == BLOCK.sub("", README.read_text(encoding="utf-8"))


def test_without_nginx_the_plan_stays(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One cost that is not known makes the whole wrong."""
    monkeypatch.setattr(nginx, "program", lambda: None)
    monkeypatch.setattr(costs, "measure", lambda: pytest.fail("it was measured all the same"))
    plan.main()
    assert "the plan stays as it is" in capsys.readouterr().out
