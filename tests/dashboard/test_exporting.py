"""A session as one page: nothing is left outside, and nothing in it can be markup."""

import base64
import hashlib
import html
import json
import re

import pytest

from mock_ctrader.dashboard import bundling
from mock_ctrader.dashboard.exporting import export

MARKUP = "</script><img src=x onerror=alert(1)><!--"
RECORD = {
    "name": "mine",
    "title": MARKUP,
    "audience": MARKUP,
    "introduction": MARKUP,
    "end": "Thank you.",
    "seed": 7,
    "counts": {"exchanges": 0, "screens": 0, "violations": 0, "notes": 0},
    "passed": True,
    "journeys": [],
}


def test_nothing_is_left_outside():
    """No address is fetched from, no module imported, and no script but ours is allowed."""
    page = export([RECORD])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    allowed = html.unescape(policy[1])
    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page) == []
    assert re.search(r"^\s*import\b", page, re.MULTILINE) is None
    for script in re.findall(r'<script(?: type="module")?>(.*?)</script>', page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in allowed


def test_markup_in_a_record_stays_text():
    """Titles are escaped, and the data cannot end the element that holds it."""
    page = export([RECORD], speed=2)
    assert MARKUP not in page
    (held,) = re.findall(r'<script type="application/json" id="sessions-data">(.*?)</script>', page, re.DOTALL)
    assert "<" not in held
    assert json.loads(held) == {"sessions": [RECORD], "speed": 2}


def test_the_same_record_gives_the_same_bytes():
    """Nothing of the moment or the machine is in a page beside the record."""
    assert export([RECORD]) == export([RECORD])


def test_scripts_end_with_their_element():
    """Neither scripts nor styles hold what would end the element that they stand in."""
    assert "</script" not in bundling.script("present.js").lower()
    assert "</style" not in bundling.style("base.css", "diagram.css", "present.css").lower()


def test_a_module_that_cannot_be_bundled_is_noticed(monkeypatch):
    """An import of another kind is refused rather than left in the page."""
    monkeypatch.setattr(bundling, "read", lambda _: 'import thing from "./thing.js";\n')
    with pytest.raises(AssertionError, match="cannot be put into one page"):
        bundling.script("odd.js")


def test_modules_become_one(monkeypatch):
    """A module that two others import is there once; names are taken under the name that the importer wants."""
    files = {
        "a.js": 'import { one } from "./b.js";\nimport { two as deux } from "./c.js";\none(deux);\n',
        "b.js": 'import { two } from "./c.js";\nexport const one = () => two;\n',
        "c.js": "export const two = 2;\nconst hidden = 3;\n",
    }
    monkeypatch.setattr(bundling, "read", files.__getitem__)
    made = bundling.script("a.js")
    assert made.count("const two = 2;") == 1
    assert "const { two: deux } = module_c;" in made
    assert "return { one };" in made
    assert "import" not in made
