import sys
from types import SimpleNamespace

import pytest

from bench import __main__ as bench


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Parts that ran, which only note that they did; ``crowd`` fails."""
    names: list[str] = []

    def imported(name: str) -> SimpleNamespace:
        def main() -> None:
            names.append(name.removeprefix("bench."))
            if name == "bench.crowd":
                raise RuntimeError("no server")

        return SimpleNamespace(main=main)

    monkeypatch.setattr(bench, "import_module", imported)
    monkeypatch.delenv("PARTS", raising=False)
    return names


def _run(monkeypatch: pytest.MonkeyPatch, *names: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bench", *names])
    return bench.main()


def test_without_a_name_every_part_runs_and_the_page_is_written_last(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part that fails keeps none of the others from being measured, and the exit code tells of it."""
    assert _run(monkeypatch) == 1
    assert ran == [*bench.PARTS, "summary"]
    assert "failed: crowd" in capsys.readouterr().err


def test_parts_are_named_by_arguments_or_by_the_environment(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is named runs, and the page is written once."""
    assert _run(monkeypatch, "serving", "summary") == 0
    assert ran == ["serving", "summary"]
    ran.clear()
    monkeypatch.setenv("PARTS", "logins million")
    assert _run(monkeypatch) == 0
    assert ran == ["logins", "million", "summary"]


def test_an_unknown_part_is_refused(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured then."""
    assert _run(monkeypatch, "serving", "speed") == 2
    assert ran == []
