"""What joins a condition to the attempts that it is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mock_ctrader.conformance.judges import Judge
from mock_ctrader.conformance.model import Condition
from mock_ctrader.conformance.said import Attempt, Held, Judgement, Tried, broken, untried


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition and how it is judged."""

    condition: Condition
    attempts: tuple[str, ...]
    """Names of the attempts that the judge is given, in this order."""
    judge: Judge
    is_first: bool = False
    """Others build on it: where its attempt could not even be made, the CRM is at fault."""

    def judged(self, tried: Tried) -> tuple[Judgement, Sequence[Attempt]]:
        """Judge, and return what it was judged by."""
        missing = next((name for name in self.attempts if name not in tried.made), None)
        if missing is not None:
            why = tried.why.get(missing, untried("what comes before it did not succeed"))
            return (broken(why.detail) if self.is_first and why.held is Held.UNKNOWN else why), ()
        seen = [tried.made[name] for name in self.attempts]
        return self.judge(*seen), seen


def by_condition(rules: Sequence[Rule]) -> Mapping[str, Rule]:
    """Return rules by the ids of their conditions."""
    return {rule.condition.id: rule for rule in rules}
