"""The pages of a conformance report."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mock_ctrader.conformance.design_plan import DESIGN
from mock_ctrader.conformance.model import Finding, Report, Verdict
from mock_ctrader.conformance.plan import PLAN
from mock_ctrader.conformance.requirements import requirement
from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.conformance_html import contact_sheet, html_report
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Request, Response

TEST, LATER = DESIGN[0], DESIGN[4]
PHONE = "out/screens/login-phone.jpg"
FACTS = {"profile": "http://crm.example.com", "edition": "2026", "started": 0, "seconds": 61.2}
HOSTILE = '<script>alert(1)</script> & "more"'


@pytest.fixture
def world() -> World:
    """A plant whose journal has a call, a call without an answer, and a screen with a picture."""
    made = Simulator(Settings(port=0, seed=1)).world()
    made.journal.secrets.learn("password", "s3cret-password")
    json = (("Content-Type", "application/json"),)
    body = b'{"password": "s3cret-password"}'
    with made.record(Direction.TO_CRM, Draft("crm_api_token")) as draft:
        draft.request = Request.to("POST", "http://crm.example.com/oauth2/crmApiToken", headers=json, body=body)
        draft.response = Response(
            200, json, b'{"crmApiToken": "a-very-long-secret-token", "more": "%s"}' % (b"x" * 900)
        )
    with made.record(Direction.TO_CRM, Draft("crm_logout")) as draft:
        draft.error = "connection refused"
    facts = (("screenshot", PHONE),)
    asked = Request.to("GET", "http://crm.example.com/auth/login?lang=es&theme=dark")
    with made.record(Direction.SCREEN, Draft("login", asked, step=Step(device="phone"))) as draft:
        draft.facts, draft.response = facts, Response(200)
    with made.record(Direction.SCREEN, Draft("chat")) as draft:
        draft.facts = (("screenshot", "out/screens/chat phone.jpg"),)
    return made


def report(*findings: Finding, **more: object) -> Report:
    return Report(findings=findings, tests=(TEST,), **{**FACTS, **more})


def finding(place: int = 0, verdict: Verdict = Verdict.FAIL, **more: object) -> Finding:
    return Finding(condition=TEST.conditions[place].id, verdict=verdict, **more)


def test_failure_is_told_with_its_evidence(world):
    """The condition, the command that asks again, the answer and the pictures stand there; secrets do not."""
    numbers = tuple(entry.number for entry in world.journal.entries)
    page = html_report(report(finding(evidence=numbers, screenshots=(PHONE,))), world.journal, {PHONE: b"held"})
    assert "does not conform" in page
    assert "<details" in page
    assert f'<details id="{TEST.conditions[0].id}" open>' in page
    assert f'<a href="#{TEST.conditions[0].id}">' in page
    assert "curl --globoff" in page
    assert "connection refused" in page
    assert 'src="data:image/jpeg;base64,aGVsZA=="' in page
    assert page.count('"#picture-1"') == 1 + 1  # where the condition names it, and on the picture itself
    assert "s3cret-password" not in page
    assert "a-very-long-secret-token" not in page


def test_what_passes_is_folded_and_what_is_for_people_is_not(world):
    """A reader sees at once what there is to do."""
    accepted = finding(1, accepted="until the next release")
    page = html_report(
        report(finding(0, Verdict.PASS, evidence=(1, 2)), accepted, finding(5, Verdict.NEEDS_A_PERSON)),
        world.journal,
        {},
    )
    assert page.count(" open>") == 1
    assert page.count("<details ") == 3
    assert "Accepted for a while: until the next release" in page
    assert "What does not hold" not in page
    assert "<h2>Screens</h2>" not in page


def test_each_edition_has_a_column(world):
    """A test has its number in each edition, or is said not to be in it; the edition that was run has the verdict."""
    page = html_report(Report(findings=(), tests=(LATER,), **FACTS), world.journal, {})
    cells = re.findall(r'<td data-edition="(\d+)"(.*?)</td>', page, re.DOTALL)
    assert [edition for edition, _ in cells] == ["2023", "2025", "2026"]
    assert "not in this edition" in cells[0][1]
    assert "badge" not in cells[0][1] + cells[1][1]
    assert 'class="run"' in cells[2][1]
    assert LATER.numbers["2026"] in cells[2][1]
    unlisted = replace(LATER, numbers={}, id="beyond.x")
    assert page.count("not on the list") == 0
    assert html_report(Report(findings=(), tests=(unlisted,), **FACTS), world.journal, {}).count("not on the list") == 3


def test_what_a_test_asks_is_told_in_our_words(world):
    """A reader need not have the vendor's list."""
    page = html_report(report(finding()), world.journal, {})
    assert requirement(TEST) in html.unescape(page)


def test_every_test_of_the_vendors_list_has_a_requirement():
    """Titles are short; what is asked is said for each test of the list, and for no other."""
    assert [one.id for one in PLAN if one.numbers and not requirement(one)] == []


def test_all_text_is_escaped(world):
    """What a CRM says is shown as text, wherever it stands."""
    hostile = report(finding(detail=HOSTILE), profile=HOSTILE, problems=(HOSTILE,))
    for page in (html_report(hostile, world.journal, {}), contact_sheet(hostile, world.journal, Path("out"))):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_pages_ask_nobody_for_anything(world):
    """Their policy lets nothing in but their own style and pictures; there is no address in them but the CRM's."""
    seen = report(finding(screenshots=(PHONE,)))
    for page in (html_report(seen, world.journal, {PHONE: b"held"}), contact_sheet(seen, world.journal, Path("out"))):
        assert "default-src &#39;none&#39;" in page
        sources = re.findall(r'(?:src|href)="([^"#]+)', page)
        assert [one for one in sources if ":" in one and not one.startswith("data:")] == []


def test_contact_sheet_shows_each_screen_with_its_looks(world):
    """Pictures stand under their screen and say how it was looked at; without any, the page says so."""
    page = contact_sheet(report(), world.journal, Path("out"))
    assert "<h2>login</h2>" in page
    assert "phone, dark, es" in page
    assert "chat%20phone.jpg" in page
    assert "crm_logout" not in page
    assert "No picture was taken." in contact_sheet(report(), Simulator(Settings()).world().journal, Path())
