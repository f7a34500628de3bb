"""One run of the conformance list: what all of its parts share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mock_ctrader.conformance.model import Condition, Finding, Test, Verdict
from mock_ctrader.conformance.plan import RULES_BY_CONDITION, applies, obstacle
from mock_ctrader.conformance.said import Attempt, Judgement, Tried
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World


@dataclass(frozen=True, slots=True)
class Run:
    """One run against one CRM."""

    simulator: Simulator
    world: World
    equipment: Equipment
    edition: EditionName
    strict: bool
    """What is only inferred counts, too."""
    tell: Callable[[str], None]
    """Told what is being done, for a person who waits."""
    stopwatch: SystemClock
    """Measures what takes time for real, whatever the simulator's clock says."""
    counts_beyond: bool = False
    """What goes beyond the vendor's list counts, too."""

    @property
    def settings(self) -> Settings:
        """The settings of the simulator, the CRM's among them."""
        return self.simulator.settings

    @property
    def crm(self) -> CrmSettings:
        """The CRM under test."""
        return self.settings.crm

    @property
    def address(self) -> CrmAddress:
        """How calls to the CRM are spelled in this edition."""
        crm = self.crm
        return self.world.variant.crm_address(crm.url, crm.prefix, crm.token_parameter)

    def obstacle(self, test: Test) -> str:
        """Tell why a test is not for this CRM; blank where it is."""
        return obstacle(test, self.edition, self.crm.modules)

    def finding(self, condition: Condition, judged: Judgement, attempts: Sequence[Attempt] = ()) -> Finding:
        """Return what a judgement means for a condition, with its evidence; secrets are masked."""
        numbers = judged.evidence or tuple(dict.fromkeys(number for one in attempts for number in one.entries))
        return Finding(
            condition=condition.id,
            verdict=judged.verdict(condition, strict=self.strict, beyond=self.counts_beyond),
            detail=" ".join(self.world.journal.secrets.mask(judged.detail).split()),
            evidence=numbers,
            screenshots=self._pictures(numbers),
            seconds=max((one.seconds for one in attempts), default=0.0),
        )

    def findings(self, tests: Sequence[Test], tried: Tried) -> list[Finding]:
        """Judge the conditions of tests by what was tried."""
        found: list[Finding] = []
        for test in tests:
            for condition in test.conditions:
                judged, attempts = RULES_BY_CONDITION[condition.id].judged(tried)
                found.append(self.finding(condition, judged, attempts))
        return found

    def not_for_it(self, test: Test) -> list[Finding]:
        """Return the findings of a test, or of those of its conditions, that are not for this CRM."""
        why = self.obstacle(test)
        return [
            Finding(
                condition=one.id,
                verdict=Verdict.NOT_APPLICABLE,
                detail=why or f"edition {self.edition} does not ask for it",
            )
            for one in test.conditions
            if why or not applies(one, self.edition)
        ]

    def _pictures(self, numbers: Sequence[int]) -> tuple[str, ...]:
        shown = [entry for entry in self.world.journal.entries if entry.number in numbers]
        return tuple(value for entry in shown for name, value in entry.facts if name == "screenshot")
