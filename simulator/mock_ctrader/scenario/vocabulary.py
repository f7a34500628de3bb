"""The words of a scenario file: loader, schema and interpreter read these tables and no others."""

from collections.abc import Mapping
from enum import StrEnum


class Verb(StrEnum):
    """What an actor can do."""

    LAUNCH = "launch"
    SIGN_UP = "sign up"
    LOG_IN = "log in"
    OPEN_ACCOUNT = "open account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    LOG_OUT = "log out"
    CLOSE = "close"


class Value(StrEnum):
    """What kind of value an argument takes."""

    TEXT = "text"
    FLAG = "true or false"


_PERSON: Mapping[str, Value] = {
    "keep_logged_in": Value.FLAG,
    "email": Value.TEXT,
    "password": Value.TEXT,
    "first_name": Value.TEXT,
    "last_name": Value.TEXT,
    "phone": Value.TEXT,
    "country": Value.TEXT,
}
_MONEY: Mapping[str, Value] = {"amount": Value.TEXT, "account": Value.TEXT}
_ACCOUNT: Mapping[str, Value] = {"environment": Value.TEXT, "currency": Value.TEXT, "leverage": Value.TEXT}

ARGUMENTS: Mapping[Verb, Mapping[str, Value]] = {
    Verb.LAUNCH: {},
    Verb.SIGN_UP: _PERSON,
    Verb.LOG_IN: _PERSON,
    Verb.OPEN_ACCOUNT: _ACCOUNT,
    Verb.DEPOSIT: _MONEY,
    Verb.WITHDRAW: _MONEY,
    Verb.LOG_OUT: {},
    Verb.CLOSE: {},
}
"""Which arguments a verb takes under ``with``."""

REQUIRED_ARGUMENTS: Mapping[Verb, tuple[str, ...]] = {Verb.DEPOSIT: ("amount",), Verb.WITHDRAW: ("amount",)}
"""Which of them cannot be left out; a verb that is not named here needs none."""

PLATFORMS = ("Web", "Android", "iOS", "MacOS", "Desktop")
"""The cTrader applications, as they name themselves in ``source`` (contract, section 7)."""
THEMES = ("light", "dark")
LANGUAGE = "[a-z]{2}"
"""ISO 639-1."""
SESSIONS = ("open", "login screen", "none")
"""How an application can stand at the end of a step."""
SCREENS = ("login", "account", "deposit", "withdraw")
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
ACTOR_FACTS = ("platform", "keep_logged_in", "language", "theme")
"""What a file may say of an actor; each is known as ``${trader.platform}`` too."""
ACCOUNT = "account"
"""``${account.login}``: the current trading account of the step's actor. No actor can have this name."""
SCREEN = "screen"
REFUSED = "refused"
"""Expected of an action: that the CRM's page does not take the form."""

Keys = Mapping[str, bool]
"""The keys that a mapping may have, and whether it must."""

FILE_KEYS: Keys = {
    "scenario": True,
    "purpose": True,
    "follows": False,
    "variables": False,
    "actors": True,
    "steps": True,
}
ACTOR_KEYS: Keys = dict.fromkeys(ACTOR_FACTS, False)
ACT_KEYS: Keys = {"do": True, "actor": False, "name": False, "with": False, "expect": False, "capture": False}
WAIT_KEYS: Keys = {
    "wait for": True,
    "within": False,
    "actor": False,
    "name": False,
    "expect": False,
    "capture": False,
}
EXPECT_KEYS: Keys = dict.fromkeys(("calls", "never", "screen", "session", "stored_token", REFUSED, ACCOUNT), False)
CALL_KEYS: Keys = {"call": True, "status": False} | dict.fromkeys(CALL_PARTS, False)
SCREEN_KEYS: Keys = {"kind": True, "query": False}

NAME = "[A-Za-z_][A-Za-z0-9_]*"
"""How variables, captures and actors are named."""
WITHIN = 10.0
"""Seconds that a step waits unless it says otherwise."""
LONGEST_WAIT = 3600.0
"""Seconds."""
LARGEST_FILE = 256 * 1024
"""Bytes of UTF-8."""
DEEPEST = 16
"""Mappings and lists inside one another; the format itself needs nine."""
