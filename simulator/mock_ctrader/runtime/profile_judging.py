"""What an answer says about a profile: pure decisions, from responses to findings.

A sound CRM refuses what is made up. So a refusal with the right status is what proves an address, and a success is
a finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

from mock_ctrader.contract.calls.crm import CRM_API_TOKEN
from mock_ctrader.contract.crm_calls import read_answer
from mock_ctrader.contract.models.crm import CrmApiToken
from mock_ctrader.contract.reading import Problem, read_json
from mock_ctrader.platform.json_api import said
from mock_ctrader.reports.lines import Letters
from mock_ctrader.screens.addresses import mask
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Response

_LETTERS = Letters(unicode=True)
_LONGEST = 80
SOON = 14
"""Days before the end of a certificate at which it is time to renew it."""
_SKEW_NOTED, _SKEW_WRONG = 5, 60
"""Seconds between two clocks; a one-time token is good for sixty."""
WRONG_PATH = "Check crm.url and crm.prefix, and that the CRM serves it."


class Outcome(StrEnum):
    """How an attempt went."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up."""

    subject: str
    """What was tried."""
    outcome: Outcome
    said: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that a sound CRM refuses."""

    subject: str
    expected: tuple[int, ...]
    """Statuses that prove the address; those that a source states, where one does."""
    if_taken: str
    """What a success means."""
    taken_is: Outcome = Outcome.WRONG
    cure: str = WRONG_PATH
    """Where nothing is at the address."""


def judge_refusal(attempt: Attempt, response: Response) -> Finding:
    """Judge the answer to something made up."""
    status, told = response.status, f"answered {response.status}{words_of(response)}"
    if 200 <= status < 300 and _shows_page(response):
        return Finding(attempt.subject, Outcome.WRONG, f"{told}: nothing here answers calls.", attempt.cure)
    if 200 <= status < 300:
        return Finding(attempt.subject, attempt.taken_is, f"{told}: {attempt.if_taken}")
    if is_lost(response) or (status == 404 and 404 not in attempt.expected):
        return Finding(attempt.subject, Outcome.WRONG, f"{told}: nothing is at this path.", attempt.cure)
    if status in attempt.expected:
        return Finding(attempt.subject, Outcome.OK, f"refused with {status}")
    if 400 <= status < 500:
        numbers = " or ".join(map(str, attempt.expected))
        return Finding(attempt.subject, Outcome.NOTE, f"{told}; {numbers} is expected.")
    if 300 <= status < 400:
        where = _LETTERS.shorten(mask(response.header("Location") or "nowhere"), _LONGEST)
        return Finding(attempt.subject, Outcome.WRONG, f"redirected with {status} to {where}.", attempt.cure)
    return Finding(attempt.subject, Outcome.WRONG, f"{told}: a fault of the CRM.", "Its log tells more.")


def judge_password(response: Response) -> tuple[Finding, str | None]:
    """Judge the answer to the agreed password; return the crmApiToken too, if there is one."""
    subject = f"{CRM_API_TOKEN.id}, the password"
    answer = read_answer(CRM_API_TOKEN, response)
    if isinstance(answer.value, CrmApiToken):
        return _keeping(subject, response), answer.value.crm_api_token
    if answer.succeeded and not _shows_page(response):
        breach = answer.violations[0]
        what = f"answered {response.status}, but {breach.clause}: expected {breach.expected}, got {breach.found}."
        return Finding(subject, Outcome.WRONG, what, 'The answer is {"crmApiToken": "..."}.'), None
    if response.status in (401, 403) and not is_lost(response):
        what = f"answered {response.status}{words_of(response)}: the password is refused."
        return Finding(subject, Outcome.WRONG, what, "Make crm.password and the CRM's own setting one."), None
    return judge_refusal(Attempt(subject, (), "", cure=WRONG_PATH), response), None


def judge_webhook(subject: str, setting: str, response: Response) -> Finding:
    """Judge the answer to a report with a wrong ``Authorization``; that it is refused is assumed, so never failed."""
    taken = "anybody can report to it; crm.webhooks.authorization is not looked at."
    attempt = Attempt(subject, (401, 403), taken, Outcome.NOTE, f"Correct {setting}, or leave it blank.")
    return judge_refusal(attempt, response)


def judge_certificate(ends: Moment, now: Moment) -> Finding:
    """Judge how long a certificate is good for."""
    days = (ends - now) // 86_400_000
    what = f"trusted; good for another {days} days"
    return Finding(
        "certificate", Outcome.OK if days >= SOON else Outcome.NOTE, what, "" if days >= SOON else "Renew it."
    )


def judge_clock(date: str | None, now: Moment) -> Finding:
    """Judge the clock of the CRM by the ``Date`` of an answer."""
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return Finding("clock", Outcome.NOTE, "the CRM sends no Date that can be read; its clock is not known.")
    seconds = round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now / 1000)
    away = f"{abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} this machine's clock"
    if abs(seconds) < _SKEW_NOTED:
        return Finding("clock", Outcome.OK, "agrees with this machine's")
    outcome = Outcome.NOTE if abs(seconds) < _SKEW_WRONG else Outcome.WRONG
    return Finding("clock", outcome, f"{away}.", "Set both by a time server: times on the wire are compared.")


def judge_brokers(wanted: str | None, known: Sequence[str]) -> Finding:
    """Judge whether the CRM's broker is one of the plant's."""
    if wanted is None or wanted in known:
        return Finding("broker", Outcome.OK, f"brokerName {wanted or known[0]} is on the plant")
    cure = f"Set crm.broker to {' or '.join(known)}, or add it to [plants]."
    return Finding("broker", Outcome.WRONG, f"brokerName {wanted} is not on the plant.", cure)


def is_lost(response: Response) -> bool:
    """Tell an answer that means that nothing is served at a path: a page that says so, or a wrong method."""
    return response.status == 405 or (response.status == 404 and _shows_page(response))


def is_page(response: Response) -> bool:
    """Tell a page for people from an answer for programs."""
    return "html" in (response.header("Content-Type") or "").lower()


def _shows_page(response: Response) -> bool:
    """Tell whether there is a page: many frameworks call an answer without a body HTML, too."""
    return is_page(response) and bool(response.body.strip())


def words_of(response: Response) -> str:
    """Return what an answer says in words, in parentheses; what is no JSON by its kind only."""
    if _shows_page(response):
        return " (a page in HTML)"
    read = read_json(response.body)
    words = "" if isinstance(read, Problem) else said(read)
    return f" ({_LETTERS.shorten(words, _LONGEST)})" if words else ""


def _keeping(subject: str, response: Response) -> Finding:
    """Judge a crmApiToken that can be read: it may still break the contract."""
    breaches = read_answer(CRM_API_TOKEN, response).violations
    if not breaches:
        return Finding(subject, Outcome.OK, "taken; the CRM gave a crmApiToken")
    first = next((one for one in breaches if not one.is_note), breaches[0])
    outcome = Outcome.NOTE if first.is_note else Outcome.WRONG
    return Finding(subject, outcome, f"{first.clause}: expected {first.expected}, got {first.found}.")
