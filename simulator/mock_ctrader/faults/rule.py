"""When a fault strikes: one line of text, and what it means.

``lost-answer:create_trader@2 times=3``: the name of a fault; the endpoint, any that it can strike if left out; which
call of it is the first to be struck; then, in any order, ``times``, ``chance``, ``step``, ``plant`` and ``for``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import RequestError, nearest
from mock_ctrader.faults.catalogue import FAULTS, SCREENS, Fault, Side

ALWAYS = "always"
KEYS = ("times", "chance", "step", "plant", "for")
LONGEST = 86400.0
"""Seconds."""
_FORM = re.compile(r"(?P<fault>[^:@\s]+)(:(?P<endpoint>[^:@\s]+))?(@(?P<nth>\S+))?")
_TIME = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)")
_UNITS: Mapping[str, float] = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_CURE = "As in 'lost-answer:create_trader@2', and behind it, if wanted, times=3 chance=0.1 step=4 plant=acme for=5s."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A fault, and when it strikes."""

    fault: Fault
    endpoint: str = ""
    """Blank: any that the fault can strike."""
    nth: int = 1
    """Which call is the first to be struck, counted from when the rule was armed."""
    times: int | None = 1
    """How many calls are struck; ``None``: every one."""
    chance: float = 1.0
    """How probable it is that a call is struck, from the plant's seed."""
    step: str = ""
    """Number or name of the journey's step; blank: any, and outside of journeys."""
    plant: str = ""
    """Blank: the plant that it is armed on."""
    seconds: float = 0.0
    """How long the delay is, or the window."""

    def strikes(self, side: Side, endpoint: str) -> bool:
        """Tell whether this endpoint, or kind of screen, can be struck."""
        if side is not self.fault.side:
            return False
        return endpoint == self.endpoint if self.endpoint else endpoint in self.fault.strikes

    def __str__(self) -> str:
        place = f":{self.endpoint}" if self.endpoint else ""
        nth = f"@{self.nth}" if self.nth > 1 else ""
        usual = 1 if self.chance == 1.0 else None
        said = {
            "times": "" if self.times == usual else str(self.times or ALWAYS),
            "chance": "" if self.chance == 1.0 else f"{self.chance:.9g}",
            "step": _quoted(self.step),
            "plant": _quoted(self.plant),
            "for": "" if self.seconds == self.fault.seconds else f"{self.seconds:.15g}s",
        }
        words = [f"{key}={value}" for key, value in said.items() if value]
        return " ".join([f"{self.fault.name}{place}{nth}", *words])


def _quoted(value: str) -> str:
    """Write a value so that it is read as one: anything that counts as a blank parts words."""
    return f'"{value}"' if len(value.split()) > 1 or value != value.strip() else value


def parse(text: str) -> Rule:
    """Read a rule.

    Raises:
        RequestError: it is none, or names something unknown, or can never strike.
    """
    head, _, rest = text.strip().partition(" ")
    found = _FORM.fullmatch(head)
    if found is None:
        raise RequestError(f"'{text}' is no rule for a fault.", cure=_CURE)
    fault = _fault(found["fault"])
    endpoint = _endpoint(fault, found["endpoint"] or "")
    said = _words(text, rest)
    if "for" in said and not fault.seconds:
        raise RequestError(f"the fault '{fault.name}' takes no time: 'for' means nothing to it.")
    chance = _chance(said.get("chance", "1"))
    return Rule(
        fault=fault,
        endpoint=endpoint,
        nth=_count("the call behind '@'", found["nth"] or "1"),
        times=_times(said.get("times", "1" if chance == 1.0 else ALWAYS)),
        chance=chance,
        step=said.get("step", ""),
        plant=said.get("plant", ""),
        seconds=_seconds(said["for"]) if "for" in said else fault.seconds,
    )


def _fault(name: str) -> Fault:
    if name not in FAULTS:
        raise RequestError(f"there is no fault '{name}'.", cure=nearest(name, list(FAULTS)))
    return FAULTS[name]


def _endpoint(fault: Fault, name: str) -> str:
    if not name or name in fault.strikes:
        return name
    if name in SCREENS and name not in ENDPOINTS:
        raise RequestError(f"'{fault.name}' can never strike '{name}': that is {Side.SCREEN}, not {fault.side}.")
    if name not in ENDPOINTS:
        raise RequestError(f"there is no endpoint '{name}'.", cure=nearest(name, list(fault.strikes)))
    can = f"It strikes {', '.join(fault.strikes)}." if len(fault.strikes) < len(SCREENS) else f"It is for {fault.side}."
    raise RequestError(f"'{fault.name}' can never strike '{name}'.", cure=can)


def _words(text: str, rest: str) -> dict[str, str]:
    """Read what stands behind the head: words of the form key=value, a value with blanks in quotes."""
    said: dict[str, str] = {}
    for word in re.findall(r'[^\s="]+="[^"]*"|\S+', rest):
        key, sign, value = word.partition("=")
        if not sign or not value.strip('"'):
            raise RequestError(f"'{word}' in '{text}' is no key=value.", cure=_CURE)
        if key not in KEYS:
            raise RequestError(f"a rule for a fault has no key '{key}'.", cure=nearest(key, list(KEYS)))
        if key in said:
            raise RequestError(f"'{key}' stands twice in '{text}'.")
        said[key] = value.strip('"')
    return said


def _count(what: str, written: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", written) and int(written) > 0:
        return int(written)
    raise RequestError(f"{what} must be a whole number from 1, not '{written}'.")


def _times(written: str) -> int | None:
    return None if written == ALWAYS else _count(f"'times', where it is not '{ALWAYS}',", written)


def _chance(written: str) -> float:
    if re.fullmatch(r"(0?\.\d{1,9}|[01](\.0*)?)", written) and 0 < float(written) <= 1:
        return float(written)
    raise RequestError(f"'chance' must be above 0 and up to 1, not '{written}': else it can never strike.")


def _seconds(written: str) -> float:
    found = _TIME.fullmatch(written)
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST:
        raise RequestError(f"'for' must be a time up to {LONGEST / 3600:g}h, not '{written}'.", cure="As in for=500ms.")
    return seconds
