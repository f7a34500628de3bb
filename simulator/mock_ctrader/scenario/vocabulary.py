"""The words of a scenario file: loader, schema and interpreter read these tables and no others."""

from collections.abc import Mapping
from enum import StrEnum


class Verb(StrEnum):
    """What an actor can do: with the application, with the browser of the same device, with time."""

    LAUNCH = "launch"
    OPEN_LINK = "open link"
    SIGN_UP = "sign up"
    LOG_IN = "log in"
    OPEN_ACCOUNT = "open account"
    SKIP_ACCOUNT = "skip account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    PASS_KYC = "pass kyc"
    TAKE_ACTION = "take action"
    CHAT = "chat"
    CHANGE_PASSWORD = "change password"
    CHANGE_EMAIL = "change email"
    FORGET_PASSWORD = "forget password"
    RESET_PASSWORD = "reset password"
    SWITCH_ACCOUNT = "switch account"
    USE_RIBBON = "use ribbon"
    CLOSE_RIBBON = "close ribbon"
    GO_BACK = "go back"
    LOOK = "look"
    """Nothing is done; the step is there for what it expects."""
    SHARE_LINK = "share link"
    LOG_OUT = "log out"
    CLOSE = "close"
    ENTER_CLIENT_AREA = "enter client area"
    LEAVE_CLIENT_AREA = "leave client area"
    VISIT = "visit"
    FILL_IN = "fill in"
    OPEN_EMBEDDED = "open embedded"
    LET_PASS = "let pass"


class Value(StrEnum):
    """What kind of value an argument takes."""

    TEXT = "text"
    FLAG = "true or false"
    TIME = "length of time"


def _texts(*names: str) -> Mapping[str, Value]:
    return dict.fromkeys(names, Value.TEXT)


_PERSON: Mapping[str, Value] = {
    "keep_logged_in": Value.FLAG,
    **_texts("email", "password", "first_name", "last_name", "phone", "country"),
}
_MONEY = _texts("amount", "account")

ARGUMENTS: Mapping[Verb, Mapping[str, Value]] = {
    Verb.LAUNCH: {},
    Verb.OPEN_LINK: _texts("link"),
    Verb.SIGN_UP: {**_PERSON, "agreement": Value.FLAG},
    Verb.LOG_IN: _PERSON,
    Verb.OPEN_ACCOUNT: _texts("environment", "currency", "leverage"),
    Verb.SKIP_ACCOUNT: {},
    Verb.DEPOSIT: _MONEY,
    Verb.WITHDRAW: _MONEY,
    Verb.PASS_KYC: {},
    Verb.TAKE_ACTION: {},
    Verb.CHAT: _texts("message"),
    Verb.CHANGE_PASSWORD: _texts("new_password", "password"),
    Verb.CHANGE_EMAIL: _texts("new_email", "password"),
    Verb.FORGET_PASSWORD: _texts("email"),
    Verb.RESET_PASSWORD: _texts("new_password", "page"),
    Verb.SWITCH_ACCOUNT: _texts("account"),
    Verb.USE_RIBBON: _texts("title"),
    Verb.CLOSE_RIBBON: _texts("title"),
    Verb.GO_BACK: {},
    Verb.LOOK: {},
    Verb.SHARE_LINK: _texts("kind"),
    Verb.LOG_OUT: {},
    Verb.CLOSE: {},
    Verb.ENTER_CLIENT_AREA: _texts("email", "password"),
    Verb.LEAVE_CLIENT_AREA: {},
    Verb.VISIT: _texts("page", "link"),
    Verb.FILL_IN: _texts("button"),
    Verb.OPEN_EMBEDDED: _texts("page", "as"),
    Verb.LET_PASS: {"time": Value.TIME},
}
"""Which arguments a verb takes under ``with``."""

REQUIRED_ARGUMENTS: Mapping[Verb, tuple[str, ...]] = {
    Verb.OPEN_LINK: ("link",),
    Verb.DEPOSIT: ("amount",),
    Verb.WITHDRAW: ("amount",),
    Verb.CHANGE_PASSWORD: ("new_password",),
    Verb.CHANGE_EMAIL: ("new_email",),
    Verb.RESET_PASSWORD: ("new_password",),
    Verb.SWITCH_ACCOUNT: ("account",),
    Verb.USE_RIBBON: ("title",),
    Verb.CLOSE_RIBBON: ("title",),
    Verb.LET_PASS: ("time",),
}
"""Which of them cannot be left out; a verb that is not named here needs none."""

CHOICES: Mapping[Verb, tuple[str, ...]] = {Verb.VISIT: ("page", "link")}
"""Of these arguments one is given at most."""

FREE_VERBS = frozenset(
    {Verb.PASS_KYC, Verb.TAKE_ACTION, Verb.CHAT, Verb.CHANGE_PASSWORD, Verb.CHANGE_EMAIL, Verb.FILL_IN}
)
"""Verbs that take any further argument: it is named like a control of the page, or like the control's label."""

MODULES = (
    *("sso", "handoff", "agreement", "open_account", "deposit", "withdraw", "kyc", "action", "chat"),
    *("change_password", "change_email", "reset_password", "embedded_web", "copy", "ribbons", "attribution", "invite"),
    *("client_area", "back_office", "white_labels", "firebase"),
)
"""What a CRM may have or lack; a scenario is played against the CRMs that have all that it needs."""

MODULE_OF: Mapping[Verb, str] = {
    Verb.OPEN_ACCOUNT: "open_account",
    Verb.SKIP_ACCOUNT: "open_account",
    Verb.DEPOSIT: "deposit",
    Verb.WITHDRAW: "withdraw",
    Verb.PASS_KYC: "kyc",
    Verb.TAKE_ACTION: "action",
    Verb.CHAT: "chat",
    Verb.CHANGE_PASSWORD: "change_password",
    Verb.CHANGE_EMAIL: "change_email",
    Verb.FORGET_PASSWORD: "reset_password",
    Verb.RESET_PASSWORD: "reset_password",
    Verb.USE_RIBBON: "ribbons",
    Verb.CLOSE_RIBBON: "ribbons",
    Verb.ENTER_CLIENT_AREA: "client_area",
    Verb.LEAVE_CLIENT_AREA: "client_area",
    Verb.VISIT: "client_area",
    Verb.FILL_IN: "client_area",
    Verb.OPEN_EMBEDDED: "embedded_web",
}
"""The module that a verb needs; a verb that is not named here needs none of its own."""

PLATFORMS = ("Web", "Android", "iOS", "MacOS", "Desktop")
"""The cTrader applications, as they name themselves in ``source`` (contract, section 7)."""
EDITIONS = ("2023", "2025", "2026")
"""The editions of the vendor's documentation."""
THEMES = ("light", "dark")
LANGUAGE = "[a-z]{2}"
"""ISO 639-1."""
SESSIONS = ("open", "login screen", "none")
"""How an application can stand at the end of a step."""
IDENTITIES = ("sso", "handoff")
"""Who keeps the login: the CRM, or cTrader with a one-time token for the CRM (edition 2026)."""
CAMPAIGN_KEYS = ("source", "medium", "campaign", "term", "gclid")
"""What may be known of the advertisement that brought the person (contract, section 7)."""
SCREENS = (
    *("login", "account", "deposit", "withdraw", "kyc", "action", "chat", "change_password", "change_email"),
    "ribbon",
)
"""The kinds of screen that an application opens."""
NO_SCREEN = "none"
"""In place of a screen: that none was opened."""
CALL_PARTS = ("request", "query", "answer")
"""The parts of a call that hold named values."""
MATCHERS = ("any", "absent", "matches", "one of", "not")
"""A mapping with one of these keys is a rule for one value; every other mapping describes an object."""

PERSONA_FACTS = (
    *("email", "password", "first_name", "last_name", "phone", "country"),
    *("address", "city", "state", "postal_code", "birth_date"),
)
"""What is known of the person behind an actor: ``${trader.email}``."""
ACTOR_FACTS = ("platform", "keep_logged_in", "language", "theme", "identity")
"""What a file may say of an actor; each is known as ``${trader.platform}`` too."""
ACCOUNT = "account"
"""``${account.login}``: the current trading account of the step's actor. No actor can have this name."""
APPLICATION = "application"
PAGE = "page"
APPLICATION_FACTS = (
    *("ribbons", "path", "language", "accounts", "identity", "events", "link", "partner_id", "embedded"),
    *("platform", "theme"),
)
"""What can be expected of the actor's application."""
PAGE_FACTS = ("url", "title", "text", "links")
"""What can be expected of the page in the actor's browser."""
SCREEN = "screen"
REFUSED = "refused"
"""Expected of an action: that the CRM's page does not take the form."""
INVARIANTS = (
    *("one-account-per-order", "paid-once", "money-as-told", "account-has-link", "one-time-token-taken-once"),
    *("tokens-issued-once", "secrets-are-personal", "session-is-its-users", "logged-out-stays-out"),
    *("webhook-has-one-effect", "no-crash"),
)
"""What can be asked to hold over all that a journey leads to; ``storm.INVARIANTS`` says what each means."""

Keys = Mapping[str, bool]
"""The keys that a mapping may have, and whether it must."""

FILE_KEYS: Keys = {
    "scenario": True,
    "purpose": True,
    "follows": False,
    "begins with": False,
    "needs": False,
    "platforms": False,
    "editions": False,
    "faults": False,
    "invariants": False,
    "variables": False,
    "actors": False,
    "steps": True,
}
ACTOR_KEYS: Keys = dict.fromkeys((*ACTOR_FACTS, "person", "campaign"), False)
_STEP_KEYS: Keys = dict.fromkeys(("actor", "name", "expect", "eventually", "within", "capture"), False)
ACT_KEYS: Keys = {"do": True, "with": False, "may fail": False, **_STEP_KEYS}
WAIT_KEYS: Keys = {"wait for": True, **_STEP_KEYS}
REPEAT_KEYS: Keys = {"repeat": True, "steps": True}
EXPECT_KEYS: Keys = dict.fromkeys(
    ("calls", "never", "screen", "session", "stored_token", REFUSED, ACCOUNT, APPLICATION, PAGE), False
)
CALL_KEYS: Keys = {"call": True, "status": False} | dict.fromkeys(CALL_PARTS, False)
SCREEN_KEYS: Keys = {"kind": True, "query": False}

NAME = "[A-Za-z_][A-Za-z0-9_]*"
"""How variables, captures and actors are named."""
WITHIN = 10.0
"""Seconds that a step waits unless it says otherwise."""
LONGEST_WAIT = 3600.0
"""Seconds."""
MOST_ROUNDS = 1000
"""How often steps are repeated at most."""
MOST_STEPS = 2000
"""Steps of a journey, with its opening and every round."""
DEEPEST_REPEAT = 3
MOST_OPENINGS = 8
"""Files that begin one with another."""
LARGEST_FILE = 256 * 1024
"""Bytes of UTF-8."""
DEEPEST = 16
"""Mappings and lists inside one another; the format itself needs fifteen."""
