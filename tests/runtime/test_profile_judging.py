"""What the answers of a CRM say about its profile."""

import json
from email.utils import formatdate

import pytest

from mock_ctrader.runtime.profile_judging import (
    Attempt,
    Outcome,
    judge_brokers,
    judge_certificate,
    judge_clock,
    judge_password,
    judge_refusal,
    judge_webhook,
)
from mock_ctrader.wire import Response

HTML = (("Content-Type", "text/html; charset=utf-8"),)
JSON = (("Content-Type", "application/json"),)
DAY = 86_400_000
NOW = 1_700_000_000_000
WRONG_TOKEN = Attempt("exchange_ot_token", (403,), "any crmApiToken is taken.")
MADE_UP = Attempt("exchange_ot_token", (404, 410), "anybody can log in with it.")


def answer(status: int, body: object = None, headers: tuple[tuple[str, str], ...] = JSON) -> Response:
    return Response(status, headers, b"" if body is None else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("attempt", "response", "outcome", "said"),
    [
        (WRONG_TOKEN, answer(403), Outcome.OK, "refused with 403"),
        (MADE_UP, answer(404, {}), Outcome.OK, "refused with 404"),
        (MADE_UP, answer(404, headers=()), Outcome.OK, "refused with 404"),
        (MADE_UP, answer(404, "<p>", HTML), Outcome.WRONG, "answered 404 (a page in HTML): nothing is at this path."),
        (WRONG_TOKEN, answer(404), Outcome.WRONG, "answered 404: nothing is at this path."),
        (MADE_UP, answer(405), Outcome.WRONG, "answered 405: nothing is at this path."),
        (MADE_UP, answer(200, {}), Outcome.WRONG, "answered 200: anybody can log in with it."),
        (MADE_UP, answer(200, "<p>", HTML), Outcome.WRONG, "answered 200 (a page in HTML): nothing here answers"),
        (MADE_UP, answer(200, headers=HTML), Outcome.WRONG, "answered 200: anybody can log in with it."),
        (MADE_UP, answer(404, headers=HTML), Outcome.OK, "refused with 404"),
        (WRONG_TOKEN, answer(401, {"message": "No"}), Outcome.NOTE, "answered 401 (No); 403 is expected."),
        (MADE_UP, answer(400, ["x"]), Outcome.NOTE, "answered 400; 404 or 410 is expected."),
        (MADE_UP, answer(500), Outcome.WRONG, "answered 500: a fault of the CRM."),
        (MADE_UP, answer(302), Outcome.WRONG, "redirected with 302 to nowhere."),
        (
            *(MADE_UP, Response(302, (("Location", "/login?token=secret"),)), Outcome.WRONG),
            "redirected with 302 to /login?token=***.",
        ),
    ],
)
def test_a_refusal_proves_the_address(attempt: Attempt, response: Response, outcome: Outcome, said: str) -> None:
    """The documented status is well, another refusal a note, a success or a page wrong."""
    finding = judge_refusal(attempt, response)
    assert (finding.subject, finding.outcome) == ("exchange_ot_token", outcome)
    assert finding.said.startswith(said)


@pytest.mark.parametrize(
    ("response", "outcome", "said", "token"),
    [
        (answer(200, {"crmApiToken": "t"}), Outcome.OK, "taken", "t"),
        (answer(201, {"crmApiToken": "t"}), Outcome.WRONG, "crm_api_token.response.status: expected 200, got 201", "t"),
        (answer(200, {"crmApiToken": "t"}, ()), Outcome.NOTE, "crm_api_token.response.Content-Type: expected", "t"),
        (answer(200, {"token": "t"}), Outcome.WRONG, "answered 200, but crm_api_token.response.crmApiToken:", None),
        (answer(200, "<p>", HTML), Outcome.WRONG, "answered 200 (a page in HTML): nothing here answers calls", None),
        (answer(403), Outcome.WRONG, "answered 403: the password is refused.", None),
        (answer(401, {"error": "No"}), Outcome.WRONG, "answered 401 (No): the password is refused.", None),
        (answer(404, "<p>", HTML), Outcome.WRONG, "answered 404 (a page in HTML): nothing is at this path.", None),
        (answer(503), Outcome.WRONG, "answered 503: a fault of the CRM.", None),
    ],
)
def test_the_password_brings_a_token(response: Response, outcome: Outcome, said: str, token: str | None) -> None:
    """A token that can be read is used, even where the answer breaks the contract otherwise."""
    finding, given = judge_password(response)
    assert (finding.outcome, given) == (outcome, token)
    assert finding.said.startswith(said)


@pytest.mark.parametrize(
    ("status", "outcome"), [(401, Outcome.OK), (403, Outcome.OK), (400, Outcome.NOTE), (200, Outcome.NOTE)]
)
def test_a_webhook_is_never_failed_for_taking_anybody(status: int, outcome: Outcome) -> None:
    """That a wrong Authorization is refused is assumed: what else comes is a note."""
    assert judge_webhook("attribution_webhook", "crm.webhooks.attribution", answer(status)).outcome is outcome


def test_a_webhook_that_is_not_there_is_wrong() -> None:
    """The cure names the setting."""
    finding = judge_webhook("attribution_webhook", "crm.webhooks.attribution", answer(404))
    assert (finding.outcome, "crm.webhooks.attribution" in finding.cure) == (Outcome.WRONG, True)


@pytest.mark.parametrize(("days", "outcome"), [(14, Outcome.OK), (13, Outcome.NOTE)])
def test_a_certificate_near_its_end_is_noted(days: int, outcome: Outcome) -> None:
    """Two weeks are enough to renew one."""
    finding = judge_certificate(NOW + days * DAY, NOW)
    assert (finding.outcome, finding.said) == (outcome, f"trusted; good for another {days} days")


@pytest.mark.parametrize(
    ("seconds", "outcome", "said"),
    [
        (2, Outcome.OK, "agrees with this machine's"),
        (30, Outcome.NOTE, "30 seconds ahead of this machine's clock."),
        (-90, Outcome.WRONG, "90 seconds behind this machine's clock."),
    ],
)
def test_clocks_are_compared(seconds: int, outcome: Outcome, said: str) -> None:
    """By the date of an answer, which has whole seconds."""
    finding = judge_clock(formatdate(NOW / 1000 + seconds, usegmt=True), NOW)
    assert (finding.outcome, finding.said) == (outcome, said)


@pytest.mark.parametrize("date", [None, "", "today"])
def test_a_clock_that_is_not_told_is_noted(date: str | None) -> None:
    """Servers need not send a date."""
    assert judge_clock(date, NOW).outcome is Outcome.NOTE


@pytest.mark.parametrize(("wanted", "outcome"), [(None, Outcome.OK), ("TWO", Outcome.OK), ("THREE", Outcome.WRONG)])
def test_the_broker_must_be_on_the_plant(wanted: str | None, outcome: Outcome) -> None:
    """Without one the plant's first is meant."""
    assert judge_brokers(wanted, ["ONE", "TWO"]).outcome is outcome
