"""What ran, as it names itself."""

from pathlib import Path

import pytest

from mock_ctrader.runtime import versions


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo Browser 1.2", "Browser 1.2"),
        ("echo broken; exit 1", ""),
        ("exec tail -f /dev/null", ""),
    ],
)
async def test_a_browser_names_itself(script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails, or says nothing in time, is as good as none."""
    monkeypatch.setattr(versions, "_PATIENCE", 10.0 if said else 0.2)
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert await versions.browser(str(program)) == said


async def test_a_browser_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    """A run without design tests needs no browser."""
    assert await versions.browser(str(tmp_path / "none")) == ""


def test_the_program_and_its_surroundings_are_named() -> None:
    """Version numbers, and no name of a machine."""
    assert versions.PROGRAM.startswith("mock-ctrader ")
    assert " 3." in versions.python()
    assert versions.system()
