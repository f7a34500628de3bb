"""Which journeys are played on which applications and in which editions, and which of them do not apply."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from mock_ctrader.contract.variant import EDITIONS, EditionName
from mock_ctrader.scenario import PLATFORMS, Scenario, with_overrides
from mock_ctrader.scenario.selecting import with_faults, with_steps

WORTH_TELLING = 1.0
"""Seconds. Who waits no longer than that is not told beforehand."""
PATIENCE = 600.0
"""Seconds. Who asks for everything does not mean journeys that let more than that pass for real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was asked for, for every journey alike."""

    every: bool = False
    """On each platform; else as the scenario and the plant have it."""
    platforms: tuple[str, ...] = ()
    editions: tuple[EditionName, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    skip: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """What is to go wrong, beside what the scenarios say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One journey on one platform in one edition."""

    journey: str
    """The scenario's name, or its file, as it was asked for."""
    number: int
    """Of the journey in the list that was asked for, from 1: one may be there twice."""
    platform: str = ""
    """Of every actor; blank: as the scenario has it."""
    edition: EditionName
    overrides: Mapping[str, str]
    skip: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    scenario: Scenario
    """Ready to be played: with its overrides and faults, and without the steps that are left out."""
    obstacle: str = ""
    """Why the journey does not apply here; blank where it does."""

    @property
    def row(self) -> tuple[EditionName, int]:
        """What the cells of one row of the matrix have in common."""
        return self.edition, self.number


def plan(
    journeys: Iterable[tuple[str, Scenario]], choice: Choice, edition: EditionName, modules: Collection[str]
) -> list[Cell]:
    """Lay out what is to be played: edition by edition, journey by journey, platform by platform.

    ``journeys`` are scenarios by what they were asked for, ``edition`` is the plant's own, ``modules`` are the CRM's.
    Without ``choice.editions`` the plant's own is played: a CRM is written for one.

    Raises:
        SettingsError: an override fits one of the scenarios not.
        ScenarioError: a step to be left out is not there.
    """
    known = list(journeys)
    platforms = choice.platforms or (PLATFORMS if choice.every else ("",))
    editions: list[EditionName] = [one for one in EDITIONS if one in choice.editions] or [edition]
    return [
        _cell(number, journey, scenario, platform, spoken, choice, modules)
        for spoken in editions
        for number, (journey, scenario) in enumerate(known, 1)
        for platform in platforms
    ]


def _cell(
    number: int,
    journey: str,
    scenario: Scenario,
    platform: str,
    edition: EditionName,
    choice: Choice,
    modules: Collection[str],
) -> Cell:
    on_platform = {f"{actor}.platform": platform for actor in scenario.actors} if platform else {}
    overrides = {**on_platform, **choice.overrides}
    played = with_steps(with_overrides(scenario, overrides), skip=choice.skip, only=choice.only)
    played = with_faults(played, choice.faults)
    return Cell(
        journey=journey,
        number=number,
        platform=platform,
        edition=edition,
        overrides=overrides,
        skip=choice.skip,
        only=choice.only,
        faults=choice.faults,
        scenario=played,
        obstacle=obstacle(played, platform, edition, modules),
    )


def obstacle(scenario: Scenario, platform: str, edition: str, modules: Collection[str]) -> str:
    """Tell why a journey does not apply; blank where it does."""
    missing = sorted(scenario.needs.difference(modules))
    if missing:
        return f"the CRM has no {', '.join(missing)}"
    if platform and platform not in scenario.platforms:
        return f"it is for {', '.join(scenario.platforms)} only"
    if edition not in scenario.editions:
        return f"it is for edition {', '.join(scenario.editions)} only"
    return ""


def without_long_waits(cells: Iterable[Cell]) -> list[Cell]:
    """Leave out what lets more time pass than anybody waits for who did not ask for it by name."""
    return [cell if cell.obstacle else replace(cell, obstacle=_wait(cell.scenario.waiting)) for cell in cells]


def _wait(seconds: float) -> str:
    too_long = f"it lets {in_words(seconds)} pass; name it to wait so long, or see --clock"
    return too_long if seconds > PATIENCE else ""


def rows(cells: Iterable[Cell]) -> list[tuple[Cell, ...]]:
    """Return the rows of the matrix, in their order."""
    return [tuple(row) for _, row in groupby(cells, key=lambda cell: cell.row)]


def by_edition(cells: Iterable[Cell]) -> list[tuple[Cell, ...]]:
    """Return what can be played side by side: a plant speaks one edition at a time."""
    return [tuple(group) for _, group in groupby(cells, key=lambda cell: cell.edition)]


def not_applicable(cells: Sequence[Cell]) -> dict[tuple[str, str], list[Cell]]:
    """Return the cells that are not played, by journey and reason."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell.obstacle:
            found.setdefault((cell.journey, cell.obstacle), []).append(cell)
    return found


def waiting(cells: Iterable[Cell]) -> dict[str, tuple[float, int]]:
    """Return the journeys that let time pass: seconds each time, and how many times they are played."""
    found: dict[str, tuple[float, int]] = {}
    for cell in cells:
        if not cell.obstacle and cell.scenario.waiting > WORTH_TELLING:
            found[cell.journey] = (cell.scenario.waiting, found.get(cell.journey, (0.0, 0))[1] + 1)
    return found


def in_words(seconds: float) -> str:
    """Write a time as it is easily read: ``61 s``, ``5 min``, ``2 h``, ``30 d``."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many journeys went how."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0

    def in_words(self, seconds: float) -> str:
        """Write it as one line: ``175 passed, 0 failed, 12 not applicable in 41 s``."""
        took = f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
        return f"{self.passed} passed, {self.failed} failed, {self.not_applicable} not applicable in {took} s"
