"""The API tests of the list, 6.1: every condition, and the attempts that it is judged by.

Of the numbers of refusals the list's public copies keep one, the 403 of a wrong password. The others are those of the
vendor's table of errors: an unknown token or user 404 (or 417, a token that does not exist), an expired token 410.
"""

from collections.abc import Mapping
from functools import partial

from mock_ctrader.conformance.judges import (
    Judge,
    brings_token,
    differ,
    in_time,
    is_number,
    is_refused,
    keeps_back,
    names_user,
    refuses,
    succeeds,
)
from mock_ctrader.conformance.model import Condition, Group, Severity, Test
from mock_ctrader.conformance.rules import Rule
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.wire import Provenance

ENDPOINTS = "sso"
"""The module that the five endpoints belong to."""
UNKNOWN_TOKEN = (404, 417)
_SINCE_2025: tuple[EditionName, ...] = ("2025", "2026")
_TOKENS = "edition 2025, 5.6 (token rules)"


def _rule(
    test: str,
    word: str,
    title: str,
    attempts: str | tuple[str, ...],
    judge: Judge,
    *,
    section: str,
    severity: Severity = Severity.MUST,
    provenance: Provenance = Provenance.DOCUMENTED,
    editions: tuple[EditionName, ...] = ("2023", "2025", "2026"),
    is_first: bool = False,
) -> Rule:
    condition = Condition(
        id=f"{test}.{word}", title=title, severity=severity, provenance=provenance, section=section, editions=editions
    )
    return Rule(condition, (attempts,) if isinstance(attempts, str) else attempts, judge, is_first)


_must = partial(_rule, "api.crm-api-token", section="edition 2025, 6.1.1")
_PASSWORD = (
    _must(
        *("valid-password", "the agreed password brings a crmApiToken"),
        *("password.valid", succeeds("crmApiToken")),
        is_first=True,
    ),
    _must(
        *("wrong-password", "a wrong password is refused with 403"),
        *("password.wrong", refuses(403, inferred=False)),
    ),
    _must("wrong-password-no-token", "and brings no crmApiToken", "password.wrong", keeps_back("crmApiToken")),
    _must(
        *("unique", "each issue is another crmApiToken"),
        *(("password.valid", "password.again"), differ("crmApiToken")),
        section=_TOKENS,
    ),
)

_must = partial(_rule, "api.exchange", section="edition 2025, 6.1.2")
_EXCHANGE = (
    _must(
        *("valid", "an OT token brings userId and accessToken"),
        *("exchange.valid", succeeds("userId", "accessToken")),
        is_first=True,
    ),
    _must("user", "of the user who logged in", "exchange.valid", names_user),
    _must(
        *("user-number", "userId is a number", "exchange.valid", is_number),
        section="edition 2025, 4.2",
        editions=_SINCE_2025,
    ),
    _must("unknown-code", "an unknown OT token is refused", "exchange.unknown", is_refused),
    _must("unknown-code-status", "with 404 or 417", "exchange.unknown", refuses(*UNKNOWN_TOKEN)),
    _must(
        *("unknown-code-nothing", "and tells nobody's userId or accessToken"),
        *("exchange.unknown", keeps_back("userId", "accessToken")),
    ),
    _must("wrong-caller", "a wrong crmApiToken is refused with 403", "exchange.stranger", refuses(403)),
    _must(
        *("wrong-caller-nothing", "and is told no userId or accessToken"),
        *("exchange.stranger", keeps_back("userId", "accessToken")),
    ),
    _must("single-use", "an OT token is good for one exchange", "exchange.again", is_refused, section=_TOKENS),
)

_must = partial(_rule, "api.verify", section="edition 2025, 6.1.3")
_VERIFY = (
    _must("valid", "an accessToken brings userId", "verify.valid", succeeds("userId"), is_first=True),
    _must("user", "of the user whom it was made for", "verify.valid", names_user),
    _must(
        *("user-number", "userId is a number", "verify.valid", is_number),
        section="edition 2025, 4.3",
        editions=_SINCE_2025,
    ),
    _must(
        *("again", "and brings it as often as it is shown", "verify.again", succeeds("userId")),
        section="edition 2025, 5.5 (automatic re-login)",
        provenance=Provenance.OBSERVED,
    ),
    _must("unknown-token", "an unknown accessToken is refused", "verify.unknown", is_refused),
    _must("unknown-token-status", "with 404 or 417", "verify.unknown", refuses(*UNKNOWN_TOKEN)),
    _must("unknown-token-nothing", "and tells nobody's userId", "verify.unknown", keeps_back("userId")),
    _must("wrong-caller", "a wrong crmApiToken is refused with 403", "verify.stranger", refuses(403)),
    _must("wrong-caller-nothing", "and is told no userId", "verify.stranger", keeps_back("userId")),
)

_must = partial(_rule, "api.generate", section="edition 2025, 6.1.4")
_GENERATE = (
    _must("valid", "a userId brings an OT token", "generate.first", succeeds("token"), is_first=True),
    _must("unknown-user", "an unknown userId is refused", "generate.unknown", is_refused),
    _must("unknown-user-status", "with 404", "generate.unknown", refuses(404)),
    _must("unknown-user-nothing", "and brings no OT token", "generate.unknown", keeps_back("token")),
    _must("wrong-caller", "a wrong crmApiToken is refused with 403", "generate.stranger", refuses(403)),
    _must("wrong-caller-nothing", "and is given no OT token", "generate.stranger", keeps_back("token")),
)

_must = partial(_rule, "api.new-token", section="edition 2025, 6.1.5")
_NEW = (
    _must("first-login", "a login ends on the success page", "login.first", brings_token, is_first=True),
    _must("second-login", "so does a second one, incognito", "login.second", brings_token, is_first=True),
    _must("logins-differ", "their OT tokens differ", ("login.first", "login.second"), differ("token")),
    _must(
        *("calls-differ", "and so do those of two calls for one user"),
        *(("generate.first", "generate.again"), differ("token")),
        section=_TOKENS,
    ),
)

_must = partial(_rule, "api.users", section="edition 2025, 6.1.6")
_USERS = (
    _must("differ", "two users have different OT tokens", ("generate.again", "generate.other"), differ("token")),
    _must("first", "the first user's is good", "exchange.of-first", succeeds("userId"), is_first=True),
    _must("second", "the second user's is good", "exchange.of-second", succeeds("userId"), is_first=True),
    _must("first-own", "the first user's names that user", "exchange.of-first", names_user),
    _must("second-own", "the second user's names that user", "exchange.of-second", names_user),
)

_must = partial(_rule, "api.expiry", section="edition 2025, 6.1.7")
_EXPIRY = (
    _must("login", "an OT token of a login is refused after a minute", "expired.login", is_refused),
    _must("in-app", "so is one that was made for a screen", "expired.in-app", is_refused),
    _must("status", "with 410", "expired.in-app", refuses(410)),
    _must("nothing", "and brings nothing", "expired.in-app", keeps_back("userId", "accessToken")),
)

_may = partial(_rule, "api.calls", severity=Severity.NOTE, section="edition 2025, 4.5")
_CALLS = (
    _may(
        *("log-out", "a logout is taken", "log-out.valid", succeeds()),
        severity=Severity.SHOULD,
        editions=_SINCE_2025,
    ),
    _may(
        *("log-out-wrong-caller", "a logout with a wrong crmApiToken is refused", "log-out.stranger", is_refused),
        provenance=Provenance.ASSUMED,
        editions=_SINCE_2025,
    ),
    _may(
        *("in-time", "each call is answered in three seconds"),
        *(("password.valid", "exchange.valid", "verify.valid", "generate.first"), in_time),
        provenance=Provenance.ASSUMED,
        section="no source; the list's limit for screens",
    ),
)


def _test(number: int, title: str, rules: tuple[Rule, ...], in_2023: str = "") -> Test:
    identity = rules[0].condition.id.rpartition(".")[0]
    numbers: Mapping[EditionName, str] = {"2025": f"6.1.{number}", "2026": f"6.1.{number}"} if number else {}
    return Test(
        id=identity,
        numbers={**numbers, **({"2023": in_2023} if in_2023 else {})},
        group=Group.API,
        title=title,
        conditions=tuple(rule.condition for rule in rules),
        modules=frozenset({ENDPOINTS}),
    )


CALL_TESTS: tuple[Test, ...] = (
    _test(1, "cTrader is authenticated", _PASSWORD, "6.1"),
    _test(2, "an OT token is exchanged", _EXCHANGE, "6.2"),
    _test(3, "an accessToken is verified", _VERIFY),
    _test(4, "an OT token is made for a screen", _GENERATE, "6.2"),
    _test(5, "each request brings a new OT token", _NEW),
    _test(6, "each user has another OT token", _USERS),
    _test(7, "an OT token expires after a minute", _EXPIRY, "6.2"),
    _test(0, "the other calls (not on the vendor's list)", _CALLS),
)
RULES: tuple[Rule, ...] = (*_PASSWORD, *_EXCHANGE, *_VERIFY, *_GENERATE, *_NEW, *_USERS, *_EXPIRY, *_CALLS)
"""Of the calls; how the CRM is connected to is judged in ``connections``."""
