"""`mock-ctrader demo`: sessions are listed, presented and exported."""

import asyncio
import http.cookiejar
import json
import re
import signal
import urllib.request

import pytest

import mock_ctrader_scenarios
from mock_ctrader.cli import presenting
from mock_ctrader.cli.terminal import Terminal

SCRIPT = """
session: mine
title: Mine
for: Me.
introduction: It begins.
end: It ends.
journeys:
  - {play: sign-up, title: Signing up, begin: Now., end: Done.}
"""


def test_sessions_are_listed(command):
    """Each with its name, its title and for whom it is."""
    result = command("demo", "--list", columns=200)
    assert result.returncode == 0
    for name in mock_ctrader_scenarios.sessions():
        assert name in result.stdout
    assert "Money in and money out" in result.stdout


def test_a_session_is_exported_once(command, tmp_path):
    """The page is written; a file that is there is left alone, unless it is to be overwritten."""
    (tmp_path / "mine.yaml").write_text(SCRIPT, encoding="utf-8")
    wanted = ("demo", "--export", "mine.html", "mine.yaml", "--screens", "form", "--seed", "7")
    result = command(*wanted, columns=200)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Written: mine.html" in result.stdout
    assert "--seed 7" in result.stdout
    page = (tmp_path / "mine.html").read_text(encoding="utf-8")
    assert "<title>Mine</title>" in page
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    again = command(*wanted, columns=200)
    assert again.returncode == 2
    assert "mine.html: is there already. --force overwrites it." in again.stderr
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "mine"
    assert command(*wanted, "--force").returncode == 0
    missing = command("demo", "--export", "nowhere/mine.html", "mine.yaml", "--screens", "form", columns=200)
    assert missing.returncode == 2
    assert "cannot be written" in missing.stderr


def test_a_session_is_presented(start, tmp_path):
    """Its link opens the page and its data; the sessions' page is served until it is told to stop."""
    (tmp_path / "mine.yaml").write_text(SCRIPT, encoding="utf-8")
    process = start("demo", "--present", "mine.yaml", "--screens", "form", "--port", "0", "--speed", "2")
    assert process.stdout is not None
    link = next(found[1] for line in process.stdout if (found := re.match(r"Open (http://\S+)", line)))
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(link, timeout=60) as page:
        assert "present.js" in page.read().decode()
        base = page.url
    with browser.open(f"{base}/sessions.json", timeout=60) as held:
        data = json.load(held)
    assert (data["speed"], data["sessions"][0]["title"], data["sessions"][0]["passed"]) == (2.0, "Mine", True)


def test_ones_own_crm_is_played_against(command, start, tmp_path):
    """A CRM that is not there is told; nothing is written."""
    (tmp_path / "mine.yaml").write_text(SCRIPT, encoding="utf-8")
    result = command(
        "demo", "--export", "mine.html", "mine.yaml", "--crm", "http://127.0.0.1:9", "--port", "0", "--screens", "form"
    )
    assert result.returncode == 2
    assert "the CRM cannot be reached" in result.stderr
    assert not (tmp_path / "mine.html").exists()


def test_what_makes_no_sense_is_refused(command):
    """A session or a CRM without a way to show it, both ways at once, settings of no CRM, and an unknown session."""
    assert "wants --present or --export" in command("demo", "cashier", columns=200).stderr
    assert "Either --present or --export" in command("demo", "--present", "--export", "x.html", columns=200).stderr
    assert "name it with --crm" in command("demo", "--present", "--config", "x.toml", columns=200).stderr
    assert "--crm wants --present or --export" in command("demo", "--crm", "http://127.0.0.1:9", columns=200).stderr
    unknown = command("demo", "--present", "cashir", columns=200)
    assert unknown.returncode == 2
    assert "Did you mean 'cashier'?" in unknown.stderr


def test_the_demo_says_where_it_can_be_looked_at(command):
    """Its last line names the command and the address."""
    result = command("demo", "--seed", "7", columns=100)
    assert result.returncode == 0
    last = result.stdout.splitlines()[-1].rstrip()
    assert last == "In a browser: make demo PRESENT=1, at http://127.0.0.1:8766/_mock/present"


def test_what_is_being_played_can_be_broken_off(monkeypatch):
    """Until the page is served Ctrl-C is nobody's to catch: it ends the program, however long the playing takes."""
    caught = []

    async def played(*_):
        loop = asyncio.get_running_loop()
        caught.extend(loop.remove_signal_handler(number) for number in (signal.SIGINT, signal.SIGTERM))
        raise LookupError

    monkeypatch.setattr(presenting, "_recorded", played)
    chosen = presenting.Chosen.of((), screens="form", seed=7, speed=1.0, crm=None, config=None, port=0)
    with pytest.raises(LookupError):
        asyncio.run(presenting.present(Terminal(), chosen))
    assert caught == [False, False]
