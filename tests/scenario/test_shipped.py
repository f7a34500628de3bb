"""The journeys that ship, and the examples of their README."""

import re
from pathlib import Path

import pytest
import yaml

import mock_ctrader_scenarios
from mock_ctrader.scenario import (
    Act,
    Call,
    CouldNot,
    Finish,
    Interpreter,
    Observation,
    Performed,
    ScreenOpened,
    Verb,
    load,
    with_overrides,
)
from mock_ctrader.scenario import vocabulary as words
from mock_ctrader.scenario.schema import json_schema

NAMES = mock_ctrader_scenarios.names()
FAULTLESS = [
    *("another-account", "application-logout", "automatic-relogin", "deposit", "login-refused", "password-login"),
    *("sign-up", "withdrawal", "withdrawal-refused"),
]
README = Path(__file__).parents[2] / "scenarios" / "README.md"


def shipped(name):
    """Read a scenario that another begins with."""
    return f"{name}.yaml", mock_ctrader_scenarios.read(name)


def test_ships_its_journeys():
    """Their names are known, and a name that is not known is refused with them."""
    assert set(FAULTLESS) <= set(NAMES)
    with pytest.raises(LookupError, match=r"No scenario '../x' is shipped; there are: .*another-account, "):
        mock_ctrader_scenarios.read("../x")


@pytest.mark.parametrize("name", NAMES)
def test_every_journey_can_be_played(endpoints, fits, name):
    """Each file loads, keeps the schema, bears its own name, says what it follows, and is not long."""
    text = mock_ctrader_scenarios.read(name)
    scenario = load(text, source=f"{name}.yaml", endpoints=endpoints, read=shipped)
    assert scenario.name == name
    assert scenario.purpose.endswith(".")
    assert scenario.follows
    assert text.count("\n") < 120
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert fits(yaml.safe_load(text), json_schema(endpoints))


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL))
def test_the_examples_of_the_readme_can_be_played(endpoints, fits, example):
    """What the README shows is right."""
    load(example, source="README.md", endpoints=endpoints, read=shipped)
    assert fits(yaml.safe_load(example), json_schema(endpoints))


def test_the_readme_lists_every_journey():
    """With the purpose and the source that its file says."""
    for name in NAMES:
        told = yaml.safe_load(mock_ctrader_scenarios.read(name))
        assert f"| `{name}` | {told['purpose']} | {told['follows']} |" in README.read_text()


def test_the_readme_names_every_word():
    """Verbs, arguments, keys, rules and facts are all explained."""
    text = README.read_text()
    arguments = [name for known in words.ARGUMENTS.values() for name in known]
    keys = [*words.FILE_KEYS, *words.ACTOR_KEYS, *words.ACT_KEYS, *words.WAIT_KEYS, *words.EXPECT_KEYS]
    keys += [*words.REPEAT_KEYS, *words.CAMPAIGN_KEYS, *words.APPLICATION_FACTS, *words.PAGE_FACTS]
    choices = [*words.PLATFORMS, *words.THEMES, *words.SESSIONS, *words.SCREENS, *words.PERSONA_FACTS]
    choices += [*words.IDENTITIES, *words.MODULES, *words.EDITIONS]
    for word in [*Verb, *arguments, *keys, *choices]:
        assert f"`{word}`" in text, word
    for rule in words.MATCHERS:
        assert f"`{{{rule}: " in text, rule


PASSWORD = "s3cret"


class Broker:
    """A CRM and an application that do everything right, in a few lines."""

    def __init__(self, ticks):
        self.ticks = ticks
        self.balance = 0.0
        self.account = None
        self.kept = False
        self.known = False
        self.session = "none"
        self.logins = 0

    def answer(self, act):
        if act.arguments.get("password", PASSWORD) != PASSWORD:
            return CouldNot("refused", Observation(session=self.session, refused="Wrong password"))
        if act.verb is Verb.WITHDRAW and float(act.arguments["amount"]) > self.balance:
            calls, screens = (Call("generate_ot_token", 200),), (ScreenOpened("withdraw", {}),)
            seen = Observation(calls, screens, self.session, self.kept, self.shown, refused="Not enough money")
            return CouldNot("refused", seen)
        calls, screens = getattr(self, act.verb.replace(" ", "_"))(**act.arguments)
        return Performed(Observation(tuple(calls), tuple(screens), self.session, self.kept, self.shown))

    @property
    def shown(self):
        return self.account and {**self.account, "balance": f"{self.balance:.2f}"}

    def launch(self):
        if self.kept:
            self.session = "open"
            return [Call("verify_access_token", 200, answer={"userId": 7})], []
        self.session = "login screen"
        query = {"firstLogin": str(not self.known).lower(), "source": "iOS", "lang": "en", "theme": "light"}
        return [], [ScreenOpened("login", query)]

    def sign_up(self, keep_logged_in=None):
        self.keep = self.ticks if keep_logged_in is None else keep_logged_in
        return [Call("create_user", 201, request={"email": "ann@example.com"}, answer={"userId": 7})], []

    def open_account(self, environment, currency):
        login = 6 if self.account else 5
        self.account = {"login": login, "currency": currency, "environment": environment}
        created = Call("create_trader", 201, request={"depositCurrency": currency}, answer={"login": login})
        request = {"userId": 7, "traderLogin": login, "environmentName": environment}
        linked = Call("link_trader", 200, request=request)
        if self.session == "open":
            asked = Call("generate_ot_token", 200, request={"userId": 7}, answer={"token": "t"})
            return [asked, created, linked], [ScreenOpened("account", {"token": "t", "source": "MacOS"})]
        return [created, linked, *self.log_in(self.keep)[0]], []

    def log_in(self, keep_logged_in=None):
        keep_logged_in = self.keep if keep_logged_in is None else keep_logged_in
        self.session, self.kept, self.known = "open", keep_logged_in, True
        self.logins += 1
        token = {"accessToken": f"long{self.logins}"} if keep_logged_in else {}
        exchanged = Call("exchange_ot_token", 200, request={"code": "c"}, answer={"userId": 7, **token})
        return [Call("crm_api_token", 200), exchanged], []

    def deposit(self, amount, kind="deposit", sign=1):
        self.balance += sign * float(amount)
        token = Call("generate_ot_token", 200, request={"userId": 7}, answer={"token": "t"})
        request = {"type": kind.upper(), "preciseAmount": float(amount)}
        changed = Call("change_balance", 200, request=request, answer={"balanceHistoryId": 9})
        return [token, changed], [ScreenOpened(kind, {"token": "t", "account": "5"})]

    def withdraw(self, amount):
        return self.deposit(amount, "withdraw", -1)

    def log_out(self):
        told = Call("crm_logout", 200, query={"userId": "7", "accessToken": f"long{self.logins}"})
        self.kept = False
        return [told], self.launch()[1]

    def close(self):
        self.session = "none"
        return [], []


@pytest.mark.parametrize("name", FAULTLESS)
def test_the_basic_journeys_pass_against_a_faultless_broker(endpoints, name):
    """They ask for nothing that a correct CRM would not do."""
    scenario = load(mock_ctrader_scenarios.read(name), source=f"{name}.yaml", endpoints=endpoints, read=shipped)
    interpreter = Interpreter(scenario, {"trader.email": "ann@example.com", "trader.password": PASSWORD})
    broker, command = Broker(scenario.actors["trader"].keep_logged_in), interpreter.start()
    while isinstance(command, Act):
        command = interpreter.feed(broker.answer(command))
    assert isinstance(command, Finish)
    assert command.outcome.passed, "\n".join(map(str, command.outcome.steps))


def test_the_deposit_can_be_of_any_amount(endpoints):
    """Where a journey has variables, setting them changes what is done and what is expected."""
    text = mock_ctrader_scenarios.read("deposit")
    scenario = load(text, source="deposit.yaml", endpoints=endpoints, read=shipped)
    interpreter = Interpreter(
        with_overrides(scenario, {"amount": "20"}), {"trader.email": "ann@example.com", "trader.password": PASSWORD}
    )
    broker, command = Broker(scenario.actors["trader"].keep_logged_in), interpreter.start()
    while isinstance(command, Act):
        command = interpreter.feed(broker.answer(command))
    assert (broker.balance, command.outcome.passed) == (20.0, True)
