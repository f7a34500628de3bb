"""What tests do where no real browser or nginx is to be had, and what CI makes of it."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support import (
    REQUIRE_BROWSER,
    REQUIRE_NGINX,
    need_browser,
    need_nginx,
    needs_locust,
    told_of_browser,
    told_of_locust,
    told_of_nginx,
)

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


def test_without_nginx_a_test_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without a browser: nothing fails, and a line says how to have it."""
    monkeypatch.delenv(REQUIRE_NGINX, raising=False)
    with pytest.raises(pytest.skip.Exception) as left_out:
        need_nginx("/nowhere")
    skipped: list[Any] = [SimpleNamespace(longrepr=("x.py", 1, text)) for text in (str(left_out.value), "no git here")]
    assert told_of_nginx(skipped).startswith("1 tests with nginx were left out. On Debian: apt-get install nginx")
    assert told_of_nginx(skipped[1:]) == told_of_browser(skipped) == ""


def test_without_locust_a_line_says_how_to_have_it() -> None:
    """Tests that were left out for another reason are not counted."""
    reason = needs_locust.mark.kwargs["reason"]
    skipped: list[Any] = [SimpleNamespace(longrepr=("x.py", 1, text)) for text in (reason, "no git here")]
    assert told_of_locust(skipped).startswith("1 tests on Locust were left out. To have it: pip install")
    assert told_of_locust(skipped[1:]) == ""


def test_where_nginx_is_required_its_lack_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI leaves it out no more than the browser."""
    monkeypatch.setenv(REQUIRE_NGINX, "1")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE_NGINX_TESTS is set"):
        need_nginx("/nowhere")


_INSTALLS = """for name do case $name in chromium|nginx) ln -s /bin/true "$(dirname "$0")/$name";; esac; done"""
_LEFT_OUT = """\
chromium is not here, and could not be installed: tests in a real browser are left out.
nginx is not here, and could not be installed: tests with nginx are left out.
required="""


@pytest.mark.parametrize(
    ("here", "apt", "said"),
    [(True, "exit 1", "required=11"), (False, _INSTALLS, "required=11"), (False, "exit 100", _LEFT_OUT)],
)
def test_ci_requires_programs_where_they_can_be_had(here: bool, apt: str, said: str, tmp_path: Path) -> None:
    """Chromium and nginx are there, or are installed, and their tests must run; else CI says so, and goes on."""
    tools, place = tmp_path / "bin", tmp_path / "checkout" / ".ci"
    tools.mkdir()
    place.mkdir(parents=True)
    shutil.copy(RUN, place / "run")
    required = 'echo "required=${REQUIRE_BROWSER_TESTS:-}${REQUIRE_NGINX_TESTS:-}"'
    scripts = {"make": required, "apt-get": apt, "id": "echo 0"}
    for name, script in {**scripts, **({"chromium": "true", "nginx": "true"} if here else {})}.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    for name in ("bash", "sh", "dirname", "env", "ln"):
        (tools / name).symlink_to(str(shutil.which(name)))
    variables = {name: value for name, value in os.environ.items() if name not in (REQUIRE_BROWSER, REQUIRE_NGINX)}
    ran = subprocess.run(
        [place / "run"], env={**variables, "PATH": str(tools)}, capture_output=True, text=True, check=False, timeout=250
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.strip() == said
