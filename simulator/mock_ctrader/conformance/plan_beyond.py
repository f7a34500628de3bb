"""What goes beyond the vendor's list: what a careful broker wants to know of a CRM, too.

Little of it is documented: that an OT token is good once, that an inappToken is to be checked, that broken JSON is
refused. The rest is our judgement of what is safe, and says so: ``assumed``.
"""

from collections.abc import Mapping
from typing import Final

from mock_ctrader.conformance.beyond_judges import (
    alike,
    changes_nothing,
    each_answered,
    each_borne,
    each_keeps_back,
    each_refused,
    each_taken,
    each_turned_away,
    each_uncached,
    each_without_trace,
    not_both,
    not_neither,
    one_account,
    own_users,
    same_status,
    same_time,
    same_words,
    shows_nothing,
)
from mock_ctrader.conformance.beyond_pages import (
    bears,
    escapes,
    keeps_referrer,
    leads_nowhere_else,
    opens_once,
    uncached,
    without_trace,
)
from mock_ctrader.conformance.journeys import passes
from mock_ctrader.conformance.judges import Judge
from mock_ctrader.conformance.model import Condition, Group, Severity, Test
from mock_ctrader.conformance.plan_functional import Playing
from mock_ctrader.conformance.rules import Rule
from mock_ctrader.contract.variant import EDITIONS, EditionName
from mock_ctrader.wire import Provenance

OURS: Final = "no source; our judgement"
_TOKENS = "edition 2025, 5.6 (token rules)"
_CASHIER = "edition 2025, 5.7; no source says what becomes of another's account"
_ERRORS = "edition 2025, section 9 (errors): 400"
_SINCE_2025: tuple[EditionName, ...] = ("2025", "2026")
_MUST, _SHOULD, _NOTE = Severity.MUST, Severity.SHOULD, Severity.NOTE
_Row = tuple[str, str, str, Judge, Severity, str]
"""Word, title, attempt, judge, severity, and the section that states it: :data:`OURS` where none does."""
_KEPT = ("no-store", "no-cache", "private")

_ACCOUNT_LOST = """\
scenario: conformance-account-lost
purpose: The answer to the call for an account is lost; the user tries again and has one account.
actors:
  trader: {platform: Android, keep_logged_in: true}
faults: ["lost-answer:create_trader"]
steps:
  - do: launch
  - do: sign up
  - {do: open account, expect: {refused: {any: true}, session: login screen}}
  - name: open account again
    do: open account
    expect: {calls: [create_trader, link_trader, exchange_ot_token], session: open}
"""
BEYOND_JOURNEYS: Mapping[str, Playing] = {
    "logout-late": Playing("fault-reordered"),
    "two-devices": Playing("fault-two-devices-at-once"),
    "duplicate": Playing("fault-duplicate"),
    "account-lost": Playing(_ACCOUNT_LOST),
    "user-lost": Playing("fault-garbled-json"),
    "deposit-lost": Playing("fault-lost-answer"),
    "withdrawal-cut": Playing("fault-half-body"),
    "deposit-late": Playing("fault-late-answer"),
    "account-error": Playing("fault-server-error"),
    "sign-up-closed": Playing("fault-unavailable"),
    "webhook-twice": Playing("fault-webhook-repeated"),
}
"""Journeys that these conditions are judged by, by the name that rules know them by."""
_RULES: list[Rule] = []


def _test(word: str, title: str, modules: str, *rows: _Row, editions: tuple[EditionName, ...] = EDITIONS) -> Test:
    identity = f"{Group.BEYOND}.{word}"
    rules = [_rule(identity, row, editions) for row in rows]
    _RULES.extend(rules)
    return Test(
        id=identity,
        numbers={},
        group=Group.BEYOND,
        title=title,
        conditions=tuple(rule.condition for rule in rules),
        modules=frozenset(modules.split()),
    )


def _rule(test: str, row: _Row, editions: tuple[EditionName, ...]) -> Rule:
    word, title, attempt, judge, severity, section = row
    is_ours = section in (OURS, _CASHIER)
    condition = Condition(
        id=f"{test}.{word}",
        title=title,
        severity=severity,
        provenance=Provenance.ASSUMED if is_ours else Provenance.DOCUMENTED,
        section=section,
        editions=editions,
    )
    return Rule(condition, (attempt,), judge)


PROBED: tuple[Test, ...] = (
    _test(
        *("race", "one OT token, exchanged twice at the same instant", "sso"),
        ("not-both", "never both exchanges succeed", "race.token", not_both, _MUST, _TOKENS),
        ("not-neither", "one of them does", "race.token", not_neither, _MUST, _TOKENS),
        ("answered", "and the other is refused in good order", "race.token", each_answered, _SHOULD, OURS),
        ("own-user", "at the same instant each user's token names that user", "race.users", own_users, _MUST, _TOKENS),
    ),
    _test(
        *("inapp-token", "an inappToken that the CRM gave is checked", "sso"),
        ("missing", "without it no OT token is made", "inapp.missing", each_refused, _MUST, "edition 2025, 4.4"),
        ("wrong", "nor with a wrong one", "inapp.wrong", each_refused, _MUST, "edition 2025, 4.4"),
        ("other-user", "nor with another user's", "inapp.other", each_refused, _MUST, "edition 2025, 4.4"),
        ("nothing", "no refusal brings a token", "inapp.all", each_keeps_back("token"), _MUST, "edition 2025, 4.4"),
    ),
    _test(
        *("logout", "who logged out stays out", "sso"),
        ("old-token", "the accessToken is refused from then on", "logout.old", each_refused, _MUST, OURS),
        ("other-session", "the user's other session stays open", "logout.other", each_taken, _SHOULD, OURS),
        ("again", "a session that is gone can be ended again", "logout.again", each_borne, _MUST, OURS),
        editions=_SINCE_2025,
    ),
    _test(
        *("bodies", "broken, mislabelled and huge bodies", "sso"),
        (
            "malformed",
            "what is no JSON object, or lacks the field, is refused",
            "bodies.malformed",
            each_refused,
            _MUST,
            _ERRORS,
        ),
        ("other-type", "so is what is called or is something else", "bodies.other", each_refused, _MUST, OURS),
        ("huge", "ten megabytes are turned away", "bodies.huge", each_turned_away, _MUST, OURS),
        ("huge-form", "a form of ten megabytes brings down nothing", "bodies.form", each_borne, _SHOULD, OURS),
        ("alive", "the right call is answered afterwards", "bodies.alive", each_taken, _MUST, OURS),
        (
            "no-internals",
            "no refusal shows a stack, or what a database said",
            "bodies.all",
            each_without_trace,
            _MUST,
            OURS,
        ),
    ),
    _test(
        *("webhooks", "webhooks that nobody sent, or somebody sent twice", "invite"),
        ("wrong-authorization", "a wrong Authorization is refused", "hooks.wrong", each_refused, _MUST, OURS),
        ("no-authorization", "so is none", "hooks.none", each_refused, _MUST, OURS),
        ("malformed", "broken JSON is refused", "hooks.malformed", each_refused, _MUST, OURS),
        ("attribution-again", "an attribution is taken again", "hooks.attribution", each_taken, _MUST, OURS),
        ("same-partner", "and names the same partner", "hooks.attribution", alike("brokerPartnerId"), _MUST, OURS),
        ("new-user-again", "a new user is taken again", "hooks.new-user", each_taken, _MUST, OURS),
        editions=("2026",),
    ),
    _test(
        *("redirect", "no parameter leads a user to another host", "sso"),
        ("parameters", "not the known ones", "pages.known-lures", leads_nowhere_else, _MUST, OURS),
        (
            "usual-names",
            "nor any of the names such things usually have",
            "pages.lures",
            leads_nowhere_else,
            _MUST,
            OURS,
        ),
        ("login", "nor do these after a login", "pages.login-lures", leads_nowhere_else, _MUST, OURS),
    ),
    _test(
        *("reflection", "what comes in an address is never part of a page", "sso"),
        ("common", "lang, source, theme", "pages.marked-common", escapes, _MUST, OURS),
        ("partner", "partnerId, firstLogin", "pages.marked-partner", escapes, _MUST, OURS),
        ("campaign", "utm_..., eventName", "pages.marked-campaign", escapes, _MUST, OURS),
        ("account", "token, account", "pages.marked-account", escapes, _MUST, OURS),
    ),
    _test(
        *("screens", "screens that were opened with a token keep it", "sso"),
        ("referrer", "no other host is told the address", "pages.in-app", keeps_referrer, _MUST, OURS),
        ("cache", "no shared cache may keep the page", "pages.in-app", uncached(*_KEPT), _MUST, OURS),
        ("no-store", "nor may any other", "pages.in-app", uncached("no-store"), _SHOULD, OURS),
        ("once", "a link opens nothing the second time", "pages.twice", opens_once, _MUST, OURS),
        ("wrong-links", "wrong tokens and accounts are answered in good order", "pages.wrong", bears, _MUST, OURS),
        ("no-internals", "and show no stack, nor what a database said", "pages.wrong", without_trace, _MUST, OURS),
    ),
    _test(
        *("answers", "answers with tokens are not kept", "sso"),
        ("cache", "no shared cache may keep them", "tokens.calls", each_uncached(*_KEPT), _SHOULD, OURS),
        ("no-store", "nor may any other", "tokens.calls", each_uncached("no-store"), _SHOULD, OURS),
    ),
    *(
        _test(
            *(action, f"the {action} screen with one user's token and another's account", f"sso open_account {module}"),
            ("shows-nothing", "shows nothing of the other's", f"cross.{action}", shows_nothing, _MUST, _CASHIER),
            ("changes-nothing", "moves nothing of the other's", f"cross.{action}", changes_nothing, _MUST, _CASHIER),
            (
                "form",
                "nor does a form in which the account was changed",
                f"forge.{action}",
                changes_nothing,
                _MUST,
                _CASHIER,
            ),
        )
        for action, module in (("deposit", "deposit"), ("withdraw", "withdraw"))
    ),
    _test(
        *("login", "the login form does not tell who is a client", "sso"),
        ("words", "the same words for an unknown user and a wrong password", "doors.login", same_words, _MUST, OURS),
        ("status", "and the same status", "doors.login", same_status, _SHOULD, OURS),
        ("time", "in about the same time", "doors.login", same_time, _NOTE, OURS),
    ),
    _test(
        *("forgotten", "nor does the form for a forgotten password", "sso reset_password"),
        ("words", "the same words for everybody", "doors.forgotten", same_words, _MUST, OURS),
        ("status", "and the same status", "doors.forgotten", same_status, _SHOULD, OURS),
    ),
)
"""Tests that are judged by calls and visits of their own."""
PLAYED: tuple[Test, ...] = (
    _test(
        *("late-logout", "a logout comes behind the next login", "sso open_account"),
        ("session", "it ends the old session alone", "logout-late", passes, _MUST, OURS),
        editions=_SINCE_2025,
    ),
    _test(
        *("twice", "calls that come twice at once", "sso open_account"),
        ("two-devices", "two devices at once are both served", "two-devices", passes, _MUST, OURS),
        ("duplicate", "a doubled call for an OT token brings two", "duplicate", passes, _MUST, _TOKENS),
    ),
    _test(
        *("webhook-twice", "a webhook that comes twice has one effect", "sso open_account invite"),
        ("passes", "the partner has one new client", "webhook-twice", passes, _MUST, "edition 2026, 10.1"),
        editions=("2026",),
    ),
    _test(
        *("lost-account", "the answer to the call for an account is lost", "sso open_account"),
        ("finishes", "the user can finish", "account-lost", passes, _MUST, OURS),
        ("one", "with one trading account", "account-lost", one_account, _MUST, OURS),
    ),
    _test(
        *("lost-user", "the answer to the call for a user is lost", "sso open_account"),
        ("not-given", "who claims the e-mail next is not given that user", "user-lost", passes, _MUST, OURS),
    ),
    _test(
        *("lost-money", "the answer to a payment is lost or cut", "sso open_account deposit withdraw"),
        ("deposit", "a deposit is made once", "deposit-lost", passes, _MUST, OURS),
        ("withdrawal", "a withdrawal is made once", "withdrawal-cut", passes, _MUST, OURS),
    ),
    _test(
        *("slow", "cTrader is slow, fails, or is not there", "sso open_account deposit"),
        ("late", "a late answer is waited for", "deposit-late", passes, _MUST, OURS),
        ("error", "an error is told, and the next try succeeds", "account-error", passes, _MUST, OURS),
        ("closed", "so is that cTrader is not there", "sign-up-closed", passes, _MUST, OURS),
    ),
)
"""Tests that are judged by journeys in which something goes wrong."""
BEYOND: tuple[Test, ...] = (*PROBED, *PLAYED)
BEYOND_RULES: tuple[Rule, ...] = tuple(_RULES)
