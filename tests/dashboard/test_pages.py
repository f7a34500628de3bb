"""How pages are made."""

import re
from importlib.resources import files

import pytest

from mock_ctrader.dashboard.pages import STATIC, as_json, data, page, policy, static

FOLDER = files("mock_ctrader.dashboard")
TEMPLATES = [one for one in FOLDER.joinpath("templates").iterdir() if "{% extends" in one.read_text(encoding="utf-8")]


def test_values_are_text() -> None:
    """Markup in a value is shown, and not obeyed."""
    made = page("locked.html", why="<script>alert(1)</script>", enter="/_mock/enter").body.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert "<script>alert" not in made


def test_pages_let_nothing_foreign_in() -> None:
    """No other host, no inline script or style, no frame around."""
    headers = dict(page("dashboard.html").headers)
    assert headers["Content-Security-Policy"] == policy()
    assert "unsafe" not in policy()
    assert "default-src 'none'" in policy()
    assert "frame-ancestors 'none'" in policy()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "frame-src 'self'" in dict(page("dashboard.html", frames="'self'").headers)["Content-Security-Policy"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_no_template_has_script_or_style_of_its_own(template) -> None:
    """What the policy would block is not written in the first place."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(
        r"<script(?![^>]*\ssrc=|[^>]*type=.application/json)|\sstyle=|<style|\son[a-z]+=|javascript:", text
    )


@pytest.mark.parametrize("name", ["base.css", "diagram.js", "theme.js"])
def test_static_files_are_given_by_name(name: str) -> None:
    """With their kind, so that browsers need not guess."""
    given = static(f"{STATIC}{name}")
    assert given.status == 200
    assert given.body == FOLDER.joinpath("static", name).read_bytes()
    assert (given.header("Content-Type") or "").startswith("text/css" if name.endswith("css") else "text/javascript")


@pytest.mark.parametrize("name", ["", "nothing.js", "../pages.py", "../templates/base.html", "..%2fpages.py", "base"])
def test_nothing_else_is_given(name: str) -> None:
    """No path leads out of the folder."""
    assert static(f"{STATIC}{name}").status == 404


def test_scripts_fetch_from_nobody_else() -> None:
    """No file names an address elsewhere, and none writes markup."""
    for file in FOLDER.joinpath("static").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//[a-z]+\.", text.replace("http://www.w3.org/", "")), file.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text), (
            file.name
        )


def test_data_is_json_whatever_a_peer_sent() -> None:
    """Half of a character pair cannot be written, and does not break the page."""
    assert as_json({"a": "\ud800é"}) == '{"a": "?é"}'.encode()
    assert data({}, 404).status == 404
