"""What the pages of a CRM say about its profile."""

import pytest

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.runtime.profile_judging import Outcome
from mock_ctrader.runtime.profile_screens import (
    Seen,
    frame_rule,
    judge_frame,
    judge_login,
    judge_page,
    judge_screen,
    judge_success,
)
from mock_ctrader.wire import Response

BASE = "http://crm.example.com"
HTML = (("Content-Type", "text/html"),)
PROFILE = ScreenProfile(f"{BASE}/callback/success")
LOGIN = (
    "<title>In</title><form method=post><input name=email type=email><input name=password type=password>"
    "<button>Log in</button></form>"
)
DEPOSIT = "<title>Pay</title><form method=post><label>Amount <input name=amount></label><button>Deposit</button></form>"
LOOSE = "<title>App</title><input name=email type=email><input type=password name=password>"
OTHER = "<title>News</title><form><input type=search name=q><button>Search</button></form>"


def seen(body: str = "", status: int = 200, path: str = "/page", **headers: str) -> Seen:
    extra = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Seen.of(f"{BASE}{path}", Response(status, extra or HTML, body.encode()))


def json_seen(status: int = 200) -> Seen:
    return seen("{}", status, Content_Type="application/json")


@pytest.mark.parametrize(
    ("page", "scripts", "outcome", "said"),
    [
        (seen(LOGIN), False, Outcome.OK, "'In' has a form to log in"),
        (seen("<title>Hi</title><a href=/in>Log in</a>"), False, Outcome.OK, "'Hi' has a form to log in"),
        (seen(LOOSE), False, Outcome.WRONG, "'App' has no form that works without scripts."),
        (seen("<title>App</title>"), False, Outcome.WRONG, "'App' has no form that works without scripts."),
        (seen("<title>App</title>"), True, Outcome.OK, "'App' shows no form without scripts; the browser runs them"),
        (seen(OTHER), False, Outcome.WRONG, "'News' has forms, and none to log in or sign up."),
        (seen(status=404), False, Outcome.WRONG, "answered 404 instead of a page."),
        (json_seen(), False, Outcome.WRONG, "this is no HTML page."),
        (Seen(PROFILE.success_url), False, Outcome.WRONG, "the success URL comes up before anybody has logged in."),
    ],
)
def test_the_login_screen_must_show_its_form(page: Seen, scripts: bool, outcome: Outcome, said: str) -> None:
    """Nobody is logged in: a person must find how to."""
    finding = judge_login(page, PROFILE, scripts=scripts)
    assert finding.outcome is outcome
    assert finding.said.startswith(said)


NOT_FOUND = seen("<p>No /none here", 404, "/none")
SPA = seen("<title>App</title>", 200, "/none")


@pytest.mark.parametrize(
    ("page", "nothing", "outcome", "said"),
    [
        (seen("<p>No /page here", 404), NOT_FOUND, Outcome.WRONG, "answered 404, as for an address that is not there."),
        (seen("<p>Your link has expired", 404), NOT_FOUND, Outcome.OK, "a made-up token is refused with 404"),
        (seen(status=403), None, Outcome.OK, "a made-up token is refused with 403"),
        (seen("<title>App</title>"), SPA, Outcome.NOTE, "the CRM answers every address alike"),
        (seen(status=502), NOT_FOUND, Outcome.WRONG, "answered 502: a fault of the CRM."),
        (seen(DEPOSIT), NOT_FOUND, Outcome.NOTE, "shows its form for a made-up token"),
        (seen("<title>Sorry</title>"), NOT_FOUND, Outcome.OK, "'Sorry', without a form for a made-up token"),
        (seen(LOGIN, path="/in?next=1"), NOT_FOUND, Outcome.OK, "a made-up token leads back to the login screen"),
        (json_seen(), NOT_FOUND, Outcome.WRONG, "this is no HTML page."),
        (Seen(PROFILE.success_url), NOT_FOUND, Outcome.WRONG, "a made-up token leads to the success URL."),
    ],
)
def test_another_screen_must_not_take_a_made_up_token(
    page: Seen, nothing: Seen | None, outcome: Outcome, said: str
) -> None:
    """A refusal is told from an address that is not there by what the CRM answers to one that surely is not."""
    found = judge_screen("deposit screen", "crm.screens.deposit", Task.DEPOSIT, page, PROFILE, f"{BASE}/in", nothing)
    assert found.outcome is outcome
    assert found.said.startswith(said)


@pytest.mark.parametrize(
    ("page", "outcome", "said"),
    [
        (seen("<p>Hello"), Outcome.OK, "opens"),
        (seen(LOGIN, path="/in?next=/page"), Outcome.OK, f"leads to {BASE}/in?next=/page"),
        (Seen(PROFILE.success_url), Outcome.OK, f"leads to {PROFILE.success_url}"),
        (seen(status=403), Outcome.OK, "closed to strangers (403)"),
        (seen(status=404), Outcome.NOTE, "answered 404: nothing is there."),
        (seen(status=500), Outcome.WRONG, "answered 500: a fault of the CRM."),
    ],
)
def test_a_page_of_the_client_area_may_be_closed(page: Seen, outcome: Outcome, said: str) -> None:
    """Nobody is logged in; one that is not there matters to who visits it only."""
    finding = judge_page("page 'home'", "crm.pages.home", f"{BASE}/page", page, NOT_FOUND)
    assert (finding.outcome, finding.said) == (outcome, said)


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, ""),
        ({"X_Frame_Options": "deny"}, "X-Frame-Options: deny"),
        ({"X_Frame_Options": "SAMEORIGIN"}, "X-Frame-Options: SAMEORIGIN"),
        ({"X_Frame_Options": "ALLOW-FROM x"}, ""),
        ({"Content_Security_Policy": "default-src 'none'; frame-ancestors 'self'"}, "frame-ancestors 'self'"),
        ({"Content_Security_Policy": "frame-ancestors 'self' https://app.example.com"}, ""),
        ({"Content_Security_Policy": "frame-ancestors *", "X_Frame_Options": "DENY"}, ""),
        ({"Content_Security_Policy": "default-src 'self'", "X_Frame_Options": "DENY"}, "X-Frame-Options: DENY"),
    ],
)
def test_what_keeps_a_page_out_of_a_frame(headers: dict[str, str], rule: str) -> None:
    """The newer header counts before the older one."""
    page = seen("<p>", **headers)
    assert page.response is not None
    assert frame_rule(page.response) == rule
    assert [finding.outcome for finding in judge_frame("login screen", page)] == ([Outcome.NOTE] if rule else [])


def test_the_success_url_is_in_no_frame() -> None:
    """It is never fetched, so nothing forbids anything."""
    assert list(judge_frame("login screen", Seen(PROFILE.success_url))) == []


def test_the_success_url_must_be_a_place_of_its_own() -> None:
    """A screen at the same address would be closed as soon as it is opened."""
    others = {"login": f"{BASE}/in", "deposit": f"{BASE}/pay"}
    assert judge_success(PROFILE.success_url, others).outcome is Outcome.OK
    finding = judge_success(f"{BASE}/pay", others)
    assert finding.outcome is Outcome.WRONG
    assert "the address of the deposit screen too" in finding.said
