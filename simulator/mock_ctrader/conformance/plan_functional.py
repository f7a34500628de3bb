"""The functional tests of the list, 6.3: every condition, and the journey that it is judged by.

The journeys are the shipped ones where there is one; :data:`JOURNEYS` writes the others down, each beginning with a
shipped one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_ctrader.conformance.journeys import calls, either_passes, opens, passes, same_user
from mock_ctrader.conformance.judges import Judge
from mock_ctrader.conformance.model import Condition, Group, Test
from mock_ctrader.conformance.rules import Rule


@dataclass(frozen=True, slots=True)
class Playing:
    """A journey, as it is played for a test."""

    scenario: str
    """Name of a shipped scenario; else the text of one."""
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    skip: tuple[str, ...] = ()
    """Steps that the test does not ask for."""

    @property
    def is_text(self) -> bool:
        """Whether the scenario stands here, and not among those that ship."""
        return "\n" in self.scenario


_LOG_IN_AGAIN = """\
scenario: conformance-log-in
purpose: A trader logs in with the password, and comes back without it.
begins with: password-login
actors:
  trader: {platform: Android}
steps:
  - do: close
  - do: launch
    expect:
      calls: [{call: verify_access_token, status: 200, answer: {userId: "${user}"}}]
      screen: none
      session: open
"""
_TO_SIGN_UP = """\
scenario: conformance-to-sign-up
purpose: The form to log in leads to the one to sign up.
begins with: sign-up
actors:
  trader: {platform: Web}
  newcomer: {platform: Web}
steps:
  - {actor: trader, do: log out, expect: {screen: {kind: login, query: {firstLogin: "false"}}}}
  - actor: trader
    do: sign up
    with: {email: "${newcomer.email}", password: "${newcomer.password}"}
    expect: {calls: [create_user]}
"""
_TO_LOG_IN = """\
scenario: conformance-to-log-in
purpose: The form to sign up leads to the one to log in.
begins with: sign-up
actors:
  trader: {platform: Web}
  desk: {person: trader, platform: Desktop}
steps:
  - {actor: desk, do: launch, expect: {screen: {kind: login, query: {firstLogin: "true"}}}}
  - {actor: desk, do: log in, expect: {calls: [exchange_ot_token], session: open}}
"""

JOURNEYS: Mapping[str, Playing] = {
    "new-user": Playing("automatic-relogin", {"environment": "live"}),
    "log-in": Playing(_LOG_IN_AGAIN),
    "attribution": Playing("attribution-of-a-user"),
    "deposit": Playing("deposit"),
    "withdrawal": Playing("withdrawal"),
    "new-account": Playing("another-account"),
    "to-sign-up": Playing(_TO_SIGN_UP),
    "to-log-in": Playing(_TO_LOG_IN),
    "embedded-frame": Playing("embedded-web-frame"),
    "embedded-tab": Playing("embedded-web-tab", skip=("deposit",)),
    "reset-password": Playing("reset-password"),
}
"""By the name that rules know them by."""
MAILED = ("reset-password",)
"""Journeys that need somebody to read a mail."""


def _test(
    number: int, word: str, title: str, modules: str, *rows: tuple[str, str, str | tuple[str, ...], Judge]
) -> Test:
    identity = f"functional.{word}"
    conditions: list[Condition] = []
    for name, says, journeys, judge in rows:
        condition = Condition(id=f"{identity}.{name}", title=says, section=f"edition 2025, 6.3.{number}")
        conditions.append(condition)
        _RULES.append(Rule(condition, (journeys,) if isinstance(journeys, str) else journeys, judge))
    return Test(
        id=identity,
        numbers={"2025": f"6.3.{number}", "2026": f"6.3.{number}"},
        group=Group.FUNCTIONAL,
        title=title,
        conditions=tuple(conditions),
        modules=frozenset(modules.split()),
    )


_RULES: list[Rule] = []
FUNCTIONAL: tuple[Test, ...] = (
    _test(
        *(1, "new-user", "a new user signs up and comes back", "sso open_account"),
        ("user", "the CRM has cTrader create a user", "new-user", calls("create_user", "userId")),
        ("account", "and a trading account", "new-user", calls("create_trader", "login")),
        (
            *("link", "which it links on the live environment", "new-user"),
            calls("link_trader", "ctidTraderAccountId", environmentName="live"),
        ),
        (
            *("token", "the success page's OT token brings userId and accessToken", "new-user"),
            calls("exchange_ot_token", "userId", "accessToken"),
        ),
        ("relogin", "the kept accessToken brings the same user", "new-user", same_user("verify_access_token")),
        ("session", "and the application is logged in without a screen", "new-user", passes),
    ),
    _test(
        *(2, "log-in", "a user logs in and comes back", "sso open_account"),
        ("token", "the success page's OT token brings the user", "log-in", same_user("exchange_ot_token", at_least=2)),
        ("access-token", "and an accessToken", "log-in", calls("exchange_ot_token", "accessToken")),
        ("relogin", "which brings the same user later", "log-in", same_user("verify_access_token")),
        ("session", "the application is logged in both times", "log-in", passes),
    ),
    _test(
        *(
            3,
            "attribution",
            "who comes by a partner's link is the partner's",
            "sso open_account attribution client_area",
        ),
        ("partner", "the CRM tells cTrader of the partner", "attribution", calls("set_partner")),
        ("screen", "the screen is opened with the partner's number", "attribution", opens("login", "partnerId")),
        ("user", "the new user is created", "attribution", calls("create_user", "userId", at_least=2)),
        ("listed", "the partner sees the new user", "attribution", passes),
    ),
    _test(
        *(4, "deposit", "a deposit in the application", "sso open_account deposit"),
        ("token", "the CRM makes an OT token for the screen", "deposit", calls("generate_ot_token", "token")),
        ("screen", "the screen is opened with it", "deposit", opens("deposit", "token")),
        (
            *("money", "the CRM has cTrader change the balance", "deposit"),
            calls("change_balance", "balanceHistoryId", type="DEPOSIT"),
        ),
        ("success", "the user ends on the success page", "deposit", passes),
    ),
    _test(
        *(5, "withdrawal", "a withdrawal in the application", "sso open_account deposit withdraw"),
        ("token", "the CRM makes an OT token for the screen", "withdrawal", calls("generate_ot_token", "token")),
        ("screen", "the screen is opened with it", "withdrawal", opens("withdraw", "token")),
        (
            *("money", "the CRM has cTrader change the balance", "withdrawal"),
            calls("change_balance", "balanceHistoryId", type="WITHDRAW"),
        ),
        ("success", "the user ends on the success page", "withdrawal", passes),
    ),
    _test(
        *(6, "new-account", "another account from inside the application", "sso open_account"),
        ("screen", "the screen is opened with an OT token", "new-account", opens("account", "token")),
        (
            "account",
            "the CRM has cTrader create the account",
            "new-account",
            calls("create_trader", "login", at_least=2),
        ),
        ("link", "and link it", "new-account", calls("link_trader", "ctidTraderAccountId", at_least=2)),
        ("switch", "the application shows the new account", "new-account", passes),
    ),
    _test(
        *(7, "forms", "the forms to log in and to sign up lead to each other", "sso open_account"),
        ("to-sign-up", "from logging in to signing up", "to-sign-up", passes),
        ("to-log-in", "from signing up to logging in", "to-log-in", passes),
    ),
    _test(
        *(8, "embedded", "cTrader Web opens from the client area", "sso open_account embedded_web client_area"),
        (
            "opens",
            "in a frame or by a link, with the user logged in",
            ("embedded-frame", "embedded-tab"),
            either_passes,
        ),
    ),
    _test(
        *(9, "reset-password", "a forgotten password is reset by a mailed link", "sso open_account reset_password"),
        ("token", "the user ends on the success page", "reset-password", same_user("exchange_ot_token", at_least=2)),
        ("session", "is logged in, and so is the new password's owner", "reset-password", passes),
    ),
)
FUNCTIONAL_RULES: tuple[Rule, ...] = tuple(_RULES)
