"""Which journeys a storm plays, and what goes wrong with them: drawn from a seed, the first hundred always the same."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from mock_ctrader.chance import Chance
from mock_ctrader.faults import FAULTS, Fault, Rule, Side, parse
from mock_ctrader.scenario import Scenario, Verb
from mock_ctrader.scenario.model import ActionStep
from mock_ctrader.storm.turns import Turn, going_on

_IN_APP = ("generate_ot_token", "redeem_inapp_token", "crm_api_token")
_MAY_LEAD_TO: Mapping[Verb, tuple[str, ...]] = {
    Verb.LAUNCH: ("verify_access_token",),
    Verb.SIGN_UP: (
        "login",
        "manager_token",
        "create_user",
        "accept_agreement",
        "new_user_webhook",
        "attribution_webhook",
    ),
    Verb.LOG_IN: ("login", "exchange_ot_token", "crm_api_token"),
    Verb.OPEN_ACCOUNT: ("login", "account", "create_trader", "link_trader", "exchange_ot_token", "generate_ot_token"),
    Verb.SKIP_ACCOUNT: ("login", "exchange_ot_token"),
    Verb.DEPOSIT: (*_IN_APP, "deposit", "read_trader", "change_balance"),
    Verb.WITHDRAW: (*_IN_APP, "withdraw", "read_trader", "change_balance"),
    Verb.PASS_KYC: (*_IN_APP, "kyc", "update_trader"),
    Verb.TAKE_ACTION: (*_IN_APP, "action"),
    Verb.CHAT: (*_IN_APP, "chat"),
    Verb.CHANGE_PASSWORD: (*_IN_APP, "change_password"),
    Verb.CHANGE_EMAIL: (*_IN_APP, "change_email"),
    Verb.RESET_PASSWORD: ("login", "exchange_ot_token"),
    Verb.USE_RIBBON: (*_IN_APP, "ribbon"),
    Verb.LOG_OUT: ("crm_logout",),
    Verb.ENTER_CLIENT_AREA: (),
    Verb.LEAVE_CLIENT_AREA: ("logout_user",),
    Verb.VISIT: ("create_copy_code", "invited_users", "registered_users"),
    Verb.FILL_IN: ("set_partner", "set_inapp_controls", "move_trader", "update_trader"),
    Verb.OPEN_EMBEDDED: ("exchange_ot_token", "create_copy_code"),
}
"""Calls and screens that a verb may lead to (contract, sections 4, 5 and 7). A rule for a call that is not made does
nothing: the table need not be exact for every CRM."""
_ONLY_WITH = {"new_user_webhook": "invite", "attribution_webhook": "invite", "redeem_inapp_token": "handoff"}
"""Calls that are made for some modules only."""
_AGAIN = frozenset(
    {Verb.SIGN_UP, Verb.LOG_IN, Verb.OPEN_ACCOUNT, Verb.DEPOSIT, Verb.WITHDRAW, Verb.PASS_KYC, Verb.CHANGE_EMAIL}
)
"""What somebody may do a second time because it does not seem to have worked."""
_TIMES = {"late-answer": ("50ms", "200ms"), "slow-reader": ("50ms",), "slow-page-reader": ("50ms",)}
_WEIGHTY = frozenset(
    {"create_user", "create_trader", "link_trader", "change_balance", "account", "deposit", "withdraw"}
)
"""Where something is made or moved: struck four times as often as the rest."""
_LONG = 20
"""Steps: of a longer journey there is one for four short ones."""
_MANY = 3
"""Faults of one journey at most."""


class Drawing:
    """Draws the turns of one storm."""

    def __init__(self, journeys: Sequence[tuple[str, Scenario]], seed: int, faults: Collection[str] = ()) -> None:
        """``faults`` are the names to draw from; all of them if none is given."""
        self._journeys = list(journeys)
        self._chance = Chance(f"storm/{seed}")
        able = (FAULTS[name] for name in faults or FAULTS)
        self.faults = [one for one in able if any(_rules(one, scenario) for _, scenario in self._bare)]
        """Those that can strike one of the journeys."""
        self._deck: list[Fault] = []
        self._rounds = 0

    def turns(self, count: int) -> Iterator[Turn]:
        """Yield so many turns, numbered from 1."""
        for number in range(1, count + 1):
            yield self._turn(number, self._chance.child(f"turn/{number}"))

    @property
    def _bare(self) -> list[tuple[str, Scenario]]:
        return [(name, scenario) for name, scenario in self._journeys if not scenario.faults]

    def _turn(self, number: int, chance: Chance) -> Turn:
        """Draw one: of five, four are struck by what is next in a deck of all faults, and by what else comes."""
        if not self.faults or chance.integer(1, 5) == 1:
            name, scenario = _pick(chance, self._journeys)
            return _make(number, name, scenario, is_calm=True)
        fault = self._next_fault()
        name, scenario = _pick(chance, [one for one in self._bare if _rules(fault, one[1])])
        rules = [_rule(chance, fault, scenario)]
        while len(rules) < _MANY and chance.integer(1, 3) == 1:
            other = self.faults[chance.integer(0, len(self.faults) - 1)]
            rules += [_rule(chance, other, scenario)] if _rules(other, scenario) else []
        again = [step.number for step in scenario.steps if _is_done_again(chance, step)]
        struck = replace(going_on(scenario, again), faults=tuple(rules))
        return _make(number, name, struck, is_calm=False)

    def _next_fault(self) -> Fault:
        if not self._deck:
            self._rounds += 1
            chance = self._chance.child(f"deck/{self._rounds}")
            rest = list(self.faults)
            self._deck = [rest.pop(chance.integer(0, len(rest) - 1)) for _ in self.faults]
        return self._deck.pop()


def _make(number: int, name: str, scenario: Scenario, *, is_calm: bool) -> Turn:
    unique = replace(scenario, name=f"{number}-{scenario.name}")
    return Turn(number=number, journey=name, scenario=unique, is_calm=is_calm)


def _pick(chance: Chance, journeys: Sequence[tuple[str, Scenario]]) -> tuple[str, Scenario]:
    weighted = [one for one in journeys for _ in range(1 if len(one[1].steps) > _LONG else 4)]
    return weighted[chance.integer(0, len(weighted) - 1)]


def _is_done_again(chance: Chance, step: object) -> bool:
    return isinstance(step, ActionStep) and step.verb in _AGAIN and chance.integer(1, 4) == 1


def _rules(fault: Fault, scenario: Scenario) -> list[tuple[str, int]]:
    """Return what a fault may strike in a journey, each with how many steps may lead to it."""
    steps = [step for step in scenario.steps if isinstance(step, ActionStep)]
    led_to = [endpoint for step in steps for endpoint in _MAY_LEAD_TO.get(step.verb, ())]
    needs = scenario.needs
    able = [one for one in fault.strikes if one in led_to and _ONLY_WITH.get(one) in (None, *needs)]
    if fault.side is Side.CALL and fault.strikes == ("crm_logout",):
        able = [one for one in able if any(actor.keep_logged_in for actor in scenario.actors.values())]
    return [(endpoint, led_to.count(endpoint)) for endpoint in able]


def _rule(chance: Chance, fault: Fault, scenario: Scenario) -> Rule:
    able = [one for one in _rules(fault, scenario) for _ in range(4 if one[0] in _WEIGHTY else 1)]
    endpoint, often = able[chance.integer(0, len(able) - 1)]
    nth = chance.integer(1, min(often, _MANY))
    times = _TIMES.get(fault.name, ("",))
    time = times[chance.integer(0, len(times) - 1)]
    return parse(f"{fault.name}:{endpoint}@{nth}{time and f' for={time}'}")
