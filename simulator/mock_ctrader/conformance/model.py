"""Tests, their conditions, and what was found: the words that all of conformance speaks (contract, section 8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mock_ctrader.contract.variant import EDITIONS, EditionName
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Provenance


class Group(StrEnum):
    """The three parts of the vendor's list, and what is tried beyond it."""

    API = "api"
    """6.1: the calls that cTrader makes to the CRM."""
    DESIGN = "design"
    """6.2: the screens, as a browser shows them."""
    FUNCTIONAL = "functional"
    """6.3: journeys from one end to the other."""
    BEYOND = "beyond"
    """What a careful broker wants to know, too: reported apart, and not held against a CRM unless that is wanted."""


_BEYOND = f"{Group.BEYOND}."


class Severity(StrEnum):
    """How much a condition weighs."""

    MUST = "must"
    """A CRM that does not keep it does not conform."""
    SHOULD = "should"
    """The vendor calls it optional."""
    NOTE = "note"
    """Worth knowing, never held against a CRM."""


class Verdict(StrEnum):
    """What came of one condition."""

    PASS = "pass"
    FAIL = "fail"
    WARNING = "warning"
    """Not kept, and not held against the CRM."""
    SKIPPED = "skipped"
    """It could not be tried here; the detail says why."""
    NOT_APPLICABLE = "not applicable"
    """The profile lacks the module, or the edition has no such test."""
    NEEDS_A_PERSON = "needs a person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that is held against a CRM or not."""

    id: str
    """Stable words, unique in the plan: ``api.crm-api-token.wrong-password``."""
    title: str
    """What holds where it is kept, in a few words."""
    severity: Severity = Severity.MUST
    provenance: Provenance = Provenance.DOCUMENTED
    section: str = ""
    """Where it is stated: ``edition 2025, 6.1.1``."""
    editions: tuple[EditionName, ...] = EDITIONS
    """Where it applies."""

    @property
    def is_beyond(self) -> bool:
        """Whether the vendor's list does not ask for it."""
        return self.id.startswith(_BEYOND)

    def unmet(self, *, strict: bool = False, beyond: bool = False) -> Verdict:
        """Return what it means that this does not hold.

        ``strict`` counts what is only inferred, too. What goes beyond the vendor's list counts with ``beyond`` alone.
        """
        counts = beyond if self.is_beyond else strict or self.provenance is not Provenance.ASSUMED
        return Verdict.FAIL if counts and self.severity is Severity.MUST else Verdict.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One entry of the vendor's list."""

    id: str
    """Stable words, the group first: ``api.crm-api-token``."""
    numbers: Mapping[EditionName, str]
    """Its number in each edition that has it; the vendor's list has no such test where there is none."""
    group: Group
    title: str
    conditions: tuple[Condition, ...]
    modules: frozenset[str] = frozenset()
    """Modules that a profile needs for it (``scenario.vocabulary.MODULES``)."""

    def number(self, edition: EditionName) -> str:
        """Return its number in an edition, or nothing where that has none."""
        return self.numbers.get(edition, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one condition."""

    condition: str
    """The condition's id."""
    verdict: Verdict
    detail: str = ""
    """What was seen, or why nothing was; a sentence without secrets."""
    evidence: tuple[int, ...] = ()
    """Numbers of journal entries that show it."""
    screenshots: tuple[str, ...] = ()
    """Files that show it."""
    seconds: float = 0.0
    """How long it took."""
    accepted: str = ""
    """Why this failure is accepted for a while (the baseline's reason); blank: it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole result of one run."""

    findings: tuple[Finding, ...]
    tests: tuple[Test, ...]
    """Those that were to be run, in the plan's order."""
    profile: str
    """Which CRM: its base URL."""
    edition: EditionName
    started: Moment
    seconds: float
    problems: tuple[str, ...] = field(default=())
    """What is wrong with the baseline: an entry that no longer fails."""

    @property
    def conforms(self) -> bool:
        """Whether nothing failed that is not accepted, and the baseline is right."""
        return not self.problems and not any(is_held_against(finding) for finding in self.findings)

    @property
    def listed(self) -> tuple[Finding, ...]:
        """What came of the vendor's list."""
        return tuple(one for one in self.findings if not one.condition.startswith(_BEYOND))

    @property
    def beyond(self) -> tuple[Finding, ...]:
        """What came of what goes beyond the vendor's list."""
        return tuple(one for one in self.findings if one.condition.startswith(_BEYOND))

    def of(self, test: Test) -> Iterator[tuple[Condition, Finding]]:
        """Pair a test's conditions with what was found, in the plan's order."""
        found = {finding.condition: finding for finding in self.findings}
        for condition in test.conditions:
            if condition.id in found:
                yield condition, found[condition.id]


def is_held_against(finding: Finding) -> bool:
    """Tell a failure that is not accepted."""
    return finding.verdict is Verdict.FAIL and not finding.accepted


def counts(findings: Iterable[Finding]) -> Mapping[Verdict, int]:
    """Count the findings of each verdict."""
    verdicts = [finding.verdict for finding in findings]
    return {verdict: verdicts.count(verdict) for verdict in Verdict}


_WORST = (
    *(Verdict.FAIL, Verdict.NEEDS_A_PERSON, Verdict.WARNING, Verdict.SKIPPED, Verdict.PASS, Verdict.NOT_APPLICABLE),
)


def worst(findings: Sequence[Finding]) -> Verdict:
    """Return the one verdict of several findings: what a person has to look at first."""
    held = {finding.verdict for finding in findings}
    return next((verdict for verdict in _WORST if verdict in held), Verdict.SKIPPED)
