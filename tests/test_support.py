"""What tests do where no real browser is to be had, and what CI makes of it."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support import REQUIRE_BROWSER, need_browser, told_of_browser

RUN = Path(__file__).parents[1] / ".ci" / "run"


def test_without_a_browser_a_test_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine of a developer who has none, nothing fails."""
    monkeypatch.delenv(REQUIRE_BROWSER, raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no /nowhere/chromium"):
        need_browser("/nowhere/chromium")


def test_where_a_browser_is_required_its_lack_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI nothing is left out silently."""
    monkeypatch.setenv(REQUIRE_BROWSER, "1")
    with pytest.raises(pytest.fail.Exception, match="there is no /nowhere/chromium; REQUIRE_BROWSER_TESTS is set"):
        need_browser("/nowhere/chromium")


def test_what_was_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line counts the tests and says how to have them; other tests that were left out are not its matter."""
    monkeypatch.delenv(REQUIRE_BROWSER, raising=False)
    with pytest.raises(pytest.skip.Exception) as left_out:
        need_browser("/nowhere/chromium")
    skipped: list[Any] = [SimpleNamespace(longrepr=("x.py", 1, text)) for text in (str(left_out.value), "no git here")]
    assert told_of_browser(skipped).startswith("1 tests in a real browser were left out")
    assert "apt-get install chromium" in told_of_browser(skipped)
    assert told_of_browser(skipped[1:]) == ""


@pytest.mark.parametrize(
    ("here", "apt", "said"),
    [
        (True, "exit 1", "required=1"),
        (False, 'ln -s /bin/true "$(dirname "$0")/chromium"', "required=1"),
        (False, "exit 100", "could not be installed: tests in a real browser are left out.\nrequired="),
    ],
)
def test_ci_requires_the_browser_where_it_can_be_had(here: bool, apt: str, said: str, tmp_path: Path) -> None:
    """Chromium is there, or is installed, and its tests must run; else CI says that they do not, and goes on."""
    tools, place = tmp_path / "bin", tmp_path / "checkout" / ".ci"
    tools.mkdir()
    place.mkdir(parents=True)
    shutil.copy(RUN, place / "run")
    scripts = {"make": 'echo "required=${REQUIRE_BROWSER_TESTS:-}"', "apt-get": apt, "id": "echo 0"}
    for name, script in {**scripts, **({"chromium": "true"} if here else {})}.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    for name in ("bash", "sh", "dirname", "env", "ln"):
        (tools / name).symlink_to(str(shutil.which(name)))
    variables = {name: value for name, value in os.environ.items() if name != REQUIRE_BROWSER}
    ran = subprocess.run(
        [place / "run"], env={**variables, "PATH": str(tools)}, capture_output=True, text=True, check=False, timeout=30
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.strip().endswith(said)
