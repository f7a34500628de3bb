"""What a CRM said when it was tried, and what is found about one condition: the words of the judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

import msgspec

from mock_ctrader.conformance.model import Condition, Verdict
from mock_ctrader.contract.crm_calls import CrmAnswer, read_answer
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.wire import Response


class Held(Enum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """It could not be tried."""
    ASK = "ask"
    """Only a person can tell."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge found about one condition."""

    held: Held
    detail: str = ""
    evidence: tuple[int, ...] = ()
    """Numbers of the journal entries that show it; where there are none, those of the attempts do."""

    def verdict(self, condition: Condition, *, strict: bool = False, beyond: bool = False) -> Verdict:
        """Return what it means for a condition; ``strict`` and ``beyond`` as ``Condition.unmet`` has them."""
        if self.held is Held.NO:
            return condition.unmet(strict=strict, beyond=beyond)
        return _VERDICTS[self.held]


_VERDICTS = {Held.YES: Verdict.PASS, Held.UNKNOWN: Verdict.SKIPPED, Held.ASK: Verdict.NEEDS_A_PERSON}


def kept(detail: str = "") -> Judgement:
    """Judge that a condition holds."""
    return Judgement(Held.YES, detail)


def broken(detail: str) -> Judgement:
    """Judge that a condition does not hold."""
    return Judgement(Held.NO, detail)


def untried(detail: str) -> Judgement:
    """Judge nothing: it could not be tried."""
    return Judgement(Held.UNKNOWN, detail)


@dataclass(frozen=True, slots=True)
class Said:
    """One attempt, and what came of it: a call, or a login on the CRM's pages."""

    endpoint: Endpoint | None = None
    """Nothing for a login on pages."""
    response: Response | None = None
    error: str = ""
    """Why there is no answer, or why the login failed."""
    user_id: int | None = None
    """Whom the attempt was made for."""
    token: str = ""
    """The token that the login brought."""
    entries: tuple[int, ...] = ()
    """Numbers in the journal."""
    seconds: float = 0.0

    @property
    def answer(self) -> CrmAnswer | None:
        """The answer as the contract reads it; nothing where none came."""
        if self.endpoint is None or self.response is None:
            return None
        return read_answer(self.endpoint, self.response)

    def value(self, key: str) -> object:
        """Return a value of the answer by its name in the contract; nothing where it was not given."""
        answer = self.answer
        if answer is None or answer.value is None:
            return None
        held: dict[str, object] = msgspec.to_builtins(answer.value)
        return held.get(key)

    def issued(self, key: str) -> str:
        """Return the token that came: the login's, or the one that a call was answered with."""
        return self.token or str(self.value(key) or "")


class Attempt(Protocol):
    """Something that was tried."""

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers in the journal."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...


@dataclass(frozen=True, slots=True)
class Tried:
    """All attempts of one run, by name, and why others were not made."""

    made: Mapping[str, Attempt]
    why: Mapping[str, Judgement] = field(default_factory=dict[str, Judgement])
    """Name of an attempt that was not made to what that means."""
