"""The faults that are armed on one plant: fed with each call, it says which fault strikes."""

from collections.abc import Collection
from dataclasses import dataclass

from mock_ctrader.chance import Chance
from mock_ctrader.errors import RequestError
from mock_ctrader.faults.catalogue import Fault, Side
from mock_ctrader.faults.rule import Rule
from mock_ctrader.timing import Moment

FACT = "fault"
"""Name of the fact that the journal keeps of an exchange that was struck."""
_FINE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call, or a form on a screen, that a fault may strike."""

    side: Side
    endpoint: str
    """Id of the endpoint, or kind of the screen."""
    journey: str = ""
    """Blank where it belongs to none, or is every one's, like the call for the manager's token."""
    step: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A fault that strikes now."""

    fault: Fault
    seconds: float
    """How long the delay is, or what is left of the window."""

    @property
    def fact(self) -> tuple[str, str]:
        """What the journal keeps of it."""
        return FACT, self.fault.name


@dataclass(slots=True)
class Armed:
    """A rule that waits for its calls."""

    number: int
    """From 1, in the order of arming."""
    rule: Rule
    journey: str = ""
    """The journey whose calls it is for; blank: everybody's."""
    seen: int = 0
    """Calls that it might have struck."""
    struck: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.rule.times is not None and self.struck >= self.rule.times

    def is_of(self, called: Called) -> bool:
        """Tell whether a call belongs to the journey that it is armed for, or to everybody."""
        return not self.journey or called.journey in ("", self.journey)

    def is_for(self, called: Called) -> bool:
        """Tell whether a call is one of those that it counts."""
        if not self.is_of(called):
            return False
        if self.rule.step and self.rule.step not in (str(called.step), called.title):
            return False
        return self.rule.strikes(called.side, called.endpoint)


class Faults:
    """What is to go wrong on one plant."""

    def __init__(self, chance: Chance, plant: str = "") -> None:
        """``chance`` decides where a rule says how probable it is; ``plant`` is the name of the plant."""
        self._chance = chance
        self._plant = plant
        self._count = 0
        self._armed: list[Armed] = []
        self._window: tuple[Armed, Moment] | None = None
        """The maintenance that is on, and when it ends."""

    @property
    def armed(self) -> tuple[Armed, ...]:
        """The rules that have not struck as often as they are to, the oldest first."""
        return tuple(self._armed)

    @property
    def idle(self) -> tuple[Armed, ...]:
        """The rules that have not struck, those aside that may never strike by chance."""
        return tuple(one for one in self._armed if not one.struck and one.rule.chance == 1.0)

    @property
    def is_busy(self) -> bool:
        """Whether anything can go wrong now."""
        return bool(self._armed or self._window)

    def arm(self, rule: Rule, *, journey: str = "", known: Collection[str] | None = None) -> Armed:
        """Arm a rule; with ``journey`` for its calls alone. ``known`` are the broker's calls in the plant's edition.

        Raises:
            RequestError: it can never strike on this plant.
        """
        if rule.plant and rule.plant != self._plant:
            raise RequestError(f"'{rule}' can never strike: this is plant '{self._plant}'.")
        if known is not None and rule.endpoint not in ("", *known) and rule.fault.side is Side.ANSWER:
            raise RequestError(f"'{rule}' can never strike: the plant's edition has no call '{rule.endpoint}'.")
        self._count += 1
        armed = Armed(self._count, rule, journey)
        self._armed.append(armed)
        return armed

    def disarm(self, number: int) -> bool:
        """Take one rule back, with the maintenance that it began; tell whether it was there."""
        return bool(self._drop([one for one in self._with_window() if one.number == number]))

    def leave(self, journey: str) -> None:
        """Take back what was armed for a journey that is over."""
        self._drop([one for one in self._with_window() if one.journey == journey])

    def clear(self) -> int:
        """Take back all rules; return how many there were."""
        return self._drop(self._with_window())

    def strike(self, called: Called, now: Moment) -> Effect | None:
        """Count a call, and say which fault strikes it; the oldest rule goes first."""
        shut = self._shut(called, now)
        if shut is not None:
            return shut
        waiting = [one for one in self._armed if one.is_for(called)]
        for one in waiting:  # each counts by itself, whichever of them strikes
            one.seen += 1
        hit = next((one for one in waiting if self._hits(one)), None)
        return None if hit is None else self._struck(hit, now)

    def _hits(self, armed: Armed) -> bool:
        rule = armed.rule
        if armed.seen < rule.nth:
            return False
        return rule.chance == 1.0 or self._chance.integer(1, _FINE) <= rule.chance * _FINE

    def _struck(self, armed: Armed, now: Moment) -> Effect:
        armed.struck += 1
        rule = armed.rule
        if rule.fault.name == "maintenance":
            self._window = (armed, now + round(rule.seconds * 1000))
        if armed.is_spent:
            self._armed.remove(armed)
        return Effect(rule.fault, rule.seconds)

    def _shut(self, called: Called, now: Moment) -> Effect | None:
        """Return the maintenance that is on; it is over once its time is up."""
        if self._window is None:
            return None
        armed, until = self._window
        if now >= until:
            self._window = None
        elif called.side is Side.ANSWER and armed.is_of(called):
            return Effect(armed.rule.fault, (until - now) / 1000)
        return None

    def _with_window(self) -> list[Armed]:
        spent = [self._window[0]] if self._window and self._window[0] not in self._armed else []
        return [*self._armed, *spent]

    def _drop(self, dropped: list[Armed]) -> int:
        numbers = [one.number for one in dropped]
        self._armed = [one for one in self._armed if one.number not in numbers]
        if self._window and self._window[0].number in numbers:
            self._window = None
        return len(dropped)
