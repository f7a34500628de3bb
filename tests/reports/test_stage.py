"""A played journey as an audience is shown it."""

import json

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.journal.entry import Step
from mock_ctrader.reports.stage import DOTS, SUCCESS, Performance, Standing, stops
from mock_ctrader.scenario import load
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.scenario.script import Piece
from mock_ctrader.wire import Direction, Request, Response

SCENARIO = """
scenario: sign-up
purpose: A trader registers.
follows: edition 2025, flow 5.3
actors: {trader: }
steps:
  - do: launch
  - do: sign up
  - do: close
"""
MARKUP = "<script>alert(1)</script>"
FACTS = {"platform": "iOS", "language": "en", "theme": "light", "identity": "sso", "path": "/", "accounts": ["8"]}
LAUNCH, SIGN_UP = Step("sign-up", 1, "launch", "trader"), Step("sign-up", 2, "sign up", "trader")


def standing(**changes):
    return Standing("trader", Observation(**{"application": FACTS, "session": "login screen", **changes}))


@pytest.fixture
def visit(make_entry):
    """Makes a visit to a page."""

    def make(number, step, method="GET", status=200, facts=(), endpoint="login", path="/signup"):
        request = Request(method, path, host="crm.example.com")
        response = None if status is None else Response(status)
        direction = Direction.SCREEN
        given = {"request": request, "response": response, "facts": facts, "endpoint": endpoint, "step": step}
        return make_entry(number, direction=direction, **given)

    return make


@pytest.fixture
def perform(secrets):
    """Tells the stops of a journey."""

    def make(entries, standings, picture=str, **changes):
        scenario = load(SCENARIO, source="sign-up.yaml", endpoints=ENDPOINTS)
        piece = Piece(scenario="sign-up", title="Signing up", begin="Now.", end="Done.", line=1, points=("this",))
        standard = {"remarks": {1: "It opens."}, "entries": entries, "standings": standings}
        return stops(Performance(piece=piece, scenario=scenario, **{**standard, **changes}), secrets, picture)

    return make


def test_a_journey_has_a_beginning_its_steps_and_an_end(perform, visit, make_entry):
    """Steps that were not reached are left out; every exchange stands at its step, with all that is known of it."""
    entries = [visit(1, LAUNCH), make_entry(2, step=LAUNCH)]
    begun, launch, ended = perform(entries, {1: standing()})
    assert (begun["kind"], begun["heading"], begun["say"]) == ("begin", "Signing up", "Now.")
    assert begun["about"] == ["A trader registers.", "edition 2025, flow 5.3"]
    assert (launch["heading"], launch["say"], launch["actor"], launch["platform"]) == (
        "launch",
        "It opens.",
        "trader",
        "iOS",
    )
    assert [row["number"] for row in launch["rows"]] == [1, 2]
    assert launch["details"]["2"]["call"]["id"] == "create_trader"
    assert (ended["kind"], ended["say"], ended["points"], ended["failure"]) == ("end", "Done.", ["this"], "")


def test_the_application_is_told(perform, secrets):
    """Account, ribbons and link stand as texts, secrets masked; without an account there is none."""
    secrets.learn("accessToken", "abcdefgh")
    facts = {**FACTS, "ribbons": [MARKUP], "link": "http://a.example/?t=abcdefgh", "partner_id": "P"}
    account = {"login": 8, "balance": "1.00", "currency": "EUR"}
    seen = {1: standing(application=facts, account=account, session="open", stored_token=True), 2: standing()}
    _, launch, sign_up, _ = perform([], seen)
    assert launch["app"]["account"] == {"login": "8", "balance": "1.00", "currency": "EUR"}
    assert (launch["app"]["ribbons"], launch["app"]["accounts"]) == ([MARKUP], ["8"])
    assert launch["app"]["link"] == "http://a.example/?t=[accessToken-1]"
    assert (launch["app"]["session"], launch["app"]["stored_token"]) == ("open", True)
    assert (sign_up["app"]["account"], sign_up["app"]["ribbons"], sign_up["say"]) == (None, [], "")


def test_pages_are_told_with_what_was_filled_in(perform, visit, secrets):
    """A form is shown on the page that had it, passwords as dots, hidden fields not at all; the way on is said."""
    filled = (("csrf", "abcdefgh"), ("email", "ann@example.com"), ("password", "s3cret-Word"))
    entries = [
        visit(1, LAUNCH, facts=(("opened", "true"), ("title", "Join us"))),
        visit(2, SIGN_UP, "POST", 303, filled),
        visit(3, SIGN_UP, facts=(("title", "Account"), ("screenshot", "/pictures/3.png")), path="/account"),
        visit(4, SIGN_UP, "POST", 303, (("succeeded", "true"), ("title", "Mrs")), path="/account"),
    ]
    _, launch, sign_up, _ = perform(entries, {1: standing(), 2: standing()}, picture=lambda path: f"data:{path}")
    assert launch["screens"][0]["fields"] == [["email", ""], ["password", ""]]
    sent, account, last = sign_up["screens"]
    assert sent["fields"] == [["email", "ann@example.com"], ["password", DOTS]]
    assert (sent["title"], sent["leads"], sent["picture"]) == ("Join us", "/account", "")
    assert (account["title"], account["leads"], account["picture"]) == ("Account", "", "data:/pictures/3.png")
    assert (last["title"], last["leads"], last["fields"]) == ("Account", SUCCESS, [["title", "Mrs"]])
    assert "s3cret-Word" not in json.dumps(sign_up)


def test_windows_are_told_apart(perform, visit):
    """The device's own browser does not go on from the application's page."""
    entries = [
        visit(1, LAUNCH, facts=(("title", "Join us"),)),
        visit(2, LAUNCH, "POST", 303, endpoint="client_area", path="/login"),
        visit(3, LAUNCH, status=None),
    ]
    _, launch, _ = perform(entries, {1: standing()})
    page, own, broken = launch["screens"]
    assert (page["in_browser"], own["in_browser"], own["title"], own["leads"]) == (False, True, "", "")
    assert (broken["status"], broken["title"]) == (None, "Join us")


def test_what_went_wrong_is_told(perform, visit):
    """A page that refused says why; a journey that failed says it at the step, and at the end."""
    entries = [visit(1, LAUNCH), visit(2, LAUNCH, "POST", 422)]
    told = perform(entries, {1: standing(refused="Too little money.")}, failure="it broke", failed_at=1)
    _, launch, ended = told
    assert [page["said"] for page in launch["screens"]] == ["", "Too little money."]
    assert (launch["failure"], ended["failure"]) == ("it broke", "it broke")
