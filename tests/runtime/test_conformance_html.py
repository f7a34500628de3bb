"""The pages of a conformance report."""

import re
from pathlib import Path

import pytest

from mock_ctrader.conformance.design_plan import DESIGN
from mock_ctrader.conformance.model import Finding, Report, Verdict
from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.conformance_html import contact_sheet, html_report
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Request, Response

TEST = DESIGN[0]
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
    facts = (("screenshot", "out/screens/login-phone.jpg"),)
    asked = Request.to("GET", "http://crm.example.com/auth/login?lang=es&theme=dark")
    with made.record(Direction.SCREEN, Draft("login", asked, step=Step(device="phone"))) as draft:
        draft.facts, draft.response = facts, Response(200)
    with made.record(Direction.SCREEN, Draft("chat")) as draft:
        draft.facts = (("screenshot", "out/screens/chat phone.jpg"),)
    return made


def report(*findings: Finding, **more: object) -> Report:
    given = {"profile": "http://crm.example.com", "edition": "2026", "started": 0, "seconds": 61.2, **more}
    return Report(findings=findings, tests=(TEST,), **given)


def finding(place: int = 0, verdict: Verdict = Verdict.FAIL, **more: object) -> Finding:
    return Finding(condition=TEST.conditions[place].id, verdict=verdict, **more)


def test_failure_is_told_with_its_evidence(world):
    """The condition, the command that asks again, the answer and the pictures stand there; secrets do not."""
    numbers = tuple(entry.number for entry in world.journal.entries)
    shown = ("out/screens/login-phone.jpg",)
    page = html_report(report(finding(evidence=numbers, screenshots=shown)), world.journal, Path("out"))
    assert "does not conform" in page
    assert "<details open>" in page
    assert "curl --globoff" in page
    assert "connection refused" in page
    assert 'src="screens/login-phone.jpg"' in page
    assert 'href="screens.html"' in page
    assert "s3cret-password" not in page
    assert "a-very-long-secret-token" not in page
    assert f"{'x' * 20}..." in page


def test_what_passes_is_folded_and_what_is_for_people_is_not(world):
    """A reader sees at once what there is to do."""
    accepted = finding(1, accepted="until the next release")
    page = html_report(
        report(finding(0, Verdict.PASS, evidence=(1, 2)), accepted, finding(5, Verdict.NEEDS_A_PERSON)),
        world.journal,
        Path("out"),
    )
    assert page.count("<details open>") == 1
    assert page.count("<details>") == 2
    assert "Accepted for a while: until the next release" in page
    assert page.count("<pre>") == 1
    assert "conforms" in page
    assert "All pictures" not in page


def test_all_text_is_escaped(world):
    """What a CRM says is shown as text, wherever it stands."""
    hostile = report(finding(detail=HOSTILE), profile=HOSTILE, problems=(HOSTILE,))
    for page in (html_report(hostile, world.journal, Path("out")), contact_sheet(hostile, world.journal, Path("out"))):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_pages_ask_nobody_for_anything(world):
    """Their policy lets nothing in but their own style and pictures; there is no address in them but the CRM's."""
    seen = report(finding(screenshots=("out/screens/login-phone.jpg",)))
    for page in (html_report(seen, world.journal, Path("out")), contact_sheet(seen, world.journal, Path("out"))):
        assert "default-src &#39;none&#39;" in page
        sources = re.findall(r'(?:src|href)="([^"#]+)', page)
        assert [one for one in sources if ":" in one and one != "data:,"] == []


def test_contact_sheet_shows_each_screen_with_its_looks(world):
    """Pictures stand under their screen and say how it was looked at; without any, the page says so."""
    page = contact_sheet(report(), world.journal, Path("out"))
    assert "<h2>login</h2>" in page
    assert "phone, dark, es" in page
    assert "chat%20phone.jpg" in page
    assert "crm_logout" not in page
    assert "No picture was taken." in contact_sheet(report(), Simulator(Settings()).world().journal, Path())
