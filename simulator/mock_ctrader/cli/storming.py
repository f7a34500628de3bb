"""A storm as the command line plays it: progress, verdict, the small scenarios and the reports."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import mock_ctrader_scenarios
from mock_ctrader.cli.storm_stages import own_stage, sample_stage
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.faults import FAULTS
from mock_ctrader.reports import storm as reports
from mock_ctrader.runtime import library, matrix
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.files import make_folder, save
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.storming import MOST_TRIES, ROUND, Stage, Storm, is_waiting
from mock_ctrader.scenario import Scenario
from mock_ctrader.storm import INVARIANTS, Drawing, written
from mock_ctrader.storm.result import Shrunk, Tally, by_invariant

_STYLES = {"failed": "bold red", "ok": "bold green"}
_TOLD = 10
"""How often the progress is told at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line, settings apart."""

    drawing: Drawing
    journeys: int
    within: str
    """As it was written."""
    seconds: float
    seed: int
    jobs: int
    crm: str
    """Blank: the sample CRM, started for the storm."""
    narrowed: Sequence[str] = ()
    """What else is to be given for the same storm again."""
    write: Path | None = None
    report: Path | None = None

    async def play(self, chosen: Settings) -> int:
        """Play the storm, tell of it, and return the exit code: 1 if something does not hold, else 0.

        Raises:
            MockCTraderError: the CRM or the simulator is not to be had, or a file cannot be written.
        """
        terminal, clock = Terminal(), SystemClock()
        if self.report is not None:
            make_folder(self.report)  # what cannot be made is told before anything is played
        start = clock.elapsed()
        terminal.line(f"{self.journeys} journeys are played against {self.crm or 'the sample CRM'} ...", "dim")
        async with self._stage(chosen) as stage:
            people = clock.now() if self.crm else self.seed  # a CRM that remembers is to see nobody twice
            storm = Storm(stage, people, self.jobs, tuple(INVARIANTS))
            turns = list(self.drawing.turns(self.journeys))
            tally = await storm.play(turns, clock, start + self.seconds, self._progress(terminal))
            seconds = clock.elapsed() - start
            self._tell(terminal, tally)
            small = [await storm.shrunk(cases[0]) for cases in by_invariant(tally.cases).values()]
        files = self._write(small, terminal)
        self._report(tally, seconds, files)
        return self._close(terminal, tally, seconds)

    @property
    def again(self) -> str:
        """The command for the same storm."""
        where = f"--crm {self.crm}" if self.crm else "--sample"
        narrowed = "".join(f" {one}" for one in self.narrowed)
        return (
            f"mock-ctrader storm {where} --journeys {self.journeys} --time {self.within} --seed {self.seed}{narrowed}"
        )

    @asynccontextmanager
    async def _stage(self, chosen: Settings) -> AsyncGenerator[Stage]:
        if not self.crm:
            yield sample_stage(chosen)
            return
        async with own_stage(chosen) as stage:
            yield stage

    def _progress(self, terminal: Terminal) -> Callable[[Tally], None]:
        every = max(ROUND, self.journeys // _TOLD)
        told = 0

        def tell(tally: Tally) -> None:
            nonlocal told
            if len(tally.played) >= told + every and len(tally.played) < self.journeys:
                told = len(tally.played)
                terminal.line(f"{told} of {self.journeys}, {len(tally.cases)} cases of a broken invariant ...", "dim")

        return tell

    def _tell(self, terminal: Terminal, tally: Tally) -> None:
        terminal.line()
        for text, role in reports.lines(tally, tuple(INVARIANTS)):
            terminal.line(text, _STYLES.get(role, role))

    def _write(self, small: Iterable[Shrunk], terminal: Terminal) -> list[str]:
        """Print or write the small scenarios; return the files. The first is the one that was named."""
        files: list[str] = []
        for number, shrunk in enumerate(small):
            name = shrunk.case.invariant.id
            terminal.line()
            if len(shrunk.turns) != 1:
                terminal.line(self._why_not(shrunk), "yellow")
                continue
            turn = shrunk.turns[0]
            text = written(turn.scenario, shrunk.case.invariant, f"The smallest that broke it in: {self.again}")
            told = f"{name}: {len(turn.scenario.steps)} steps are enough, found in {shrunk.tries} tries"
            if self.write is None:
                terminal.line(f"{told}. With --write FILE this is kept, for `mock-ctrader run FILE`:", "bold")
                terminal.line(text)
                continue
            file = self.write if not number else self.write.with_stem(f"{self.write.stem}-{name}")
            save(file, text)
            files.append(str(file))
            terminal.line(f"{told}; to play them: mock-ctrader run {file}", "bold")
        return files

    def _why_not(self, shrunk: Shrunk) -> str:
        name = shrunk.case.invariant.id
        if not shrunk.turns:
            return f"{name}: it was not broken again in {shrunk.tries} tries: it depends on what meets whom, and when."
        journeys = ", ".join(turn.scenario.name for turn in shrunk.turns)
        bound = "" if shrunk.tries < MOST_TRIES else f" after {shrunk.tries} tries"
        return f"{name}: it takes several journeys side by side{bound}, which no one scenario can say: {journeys}."

    def _report(self, tally: Tally, seconds: float, files: Sequence[str]) -> None:
        if self.report is None:
            return
        document = reports.document(tally, tuple(INVARIANTS), self.seed, seconds, files)
        save(self.report / "storm.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        save(self.report / "junit.xml", reports.junit(tally, tuple(INVARIANTS)))

    def _close(self, terminal: Terminal, tally: Tally, seconds: float) -> int:
        played, is_well = len(tally.played), not tally.cases and not any(tally.findings)
        terminal.line()
        if played < self.journeys:
            terminal.line(f"Ended by --time {self.within}, after {played} of {self.journeys} journeys.", "yellow")
        verdict = "the invariants hold" if is_well else "something does not hold"
        terminal.line(f"Storm of {matrix.in_words(seconds)}: {verdict}.", "bold green" if is_well else "bold red")
        terminal.line(f"The same again: {self.again}", "dim")
        return 0 if is_well else 1


def journeys_of(only: Sequence[str], chosen: Settings, *, takes_no_time: bool) -> list[tuple[str, Scenario]]:
    """Return the journeys to draw from: those that apply to the CRM, and that nobody has to wait for.

    Raises:
        SettingsError: one that is named does not.
    """
    edition = chosen.plants.get(chosen.plant, PlantDescription()).edition
    found: list[tuple[str, Scenario]] = []
    for name in only or mock_ctrader_scenarios.names():
        scenario = library.find(name)
        reason = matrix.obstacle(scenario, "", edition, chosen.crm.modules)
        if not reason and not takes_no_time and is_waiting(scenario):
            reason = "it lets time pass, and the CRM has no test clock (crm.test_clock)"
        if not reason:
            found.append((name, scenario))
        elif only:
            raise SettingsError(f"'{name}' cannot be played here: {reason}.", where="--only")
    return found


def drawing_of(journeys: Sequence[tuple[str, Scenario]], seed: int, faults: Sequence[str]) -> Drawing:
    """Return what draws journeys and faults; without names, from all faults.

    Raises:
        SettingsError: a fault is not known, or can strike none of the journeys.
    """
    for name in faults:
        if name not in FAULTS:
            raise SettingsError(f"there is no fault '{name}'.", where="--fault", cure=nearest(name, list(FAULTS)))
    drawing = Drawing(journeys, seed, faults)
    idle = [name for name in faults if name not in [fault.name for fault in drawing.faults]]
    if idle:
        what = f"'{idle[0]}' can strike none of the journeys."
        raise SettingsError(what, where="--fault", cure=f"It strikes {', '.join(FAULTS[idle[0]].strikes)}.")
    return drawing
