"""A run of journeys: once, or again whenever its files change."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from mock_ctrader.cli.playing import play
from mock_ctrader.cli.recording import recorded
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.cli.venue import Venue, sample_venue, venue
from mock_ctrader.cli.watching import Look, look, until_changed
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.runtime import library, matrix
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.matrix import Cell, Choice
from mock_ctrader.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked for on the command line, settings apart."""

    names: Sequence[str]
    choice: Choice
    server: str | None = None
    jobs: int = 1
    sample: bool = False
    """Against the sample CRM, started for the journeys."""
    record: Path | None = None
    """File that the exchanges of the journeys are written to."""
    everything: bool = False
    """The names are all that ship: nobody asked for one that takes days."""

    async def once(self, chosen: Settings) -> int:
        """Play everything and return the exit code.

        Raises:
            MockCTraderError: a scenario, a setting or the simulator cannot be used.
        """
        described = chosen.plants.get(chosen.plant, PlantDescription())
        self._cells(described.edition, chosen)  # a mistake in the last file is told before a simulator is started
        terminal = Terminal()
        async with self._venue(chosen, terminal) as place:
            if place.welcome:
                terminal.line(place.welcome, "dim")
            return await self._play(place, chosen, terminal)

    def _venue(self, chosen: Settings, terminal: Terminal) -> AbstractAsyncContextManager[Venue]:
        return sample_venue(chosen, terminal) if self.sample else venue(self.server, chosen, terminal)

    async def watch(self, file: Path, read: Callable[[], Settings]) -> int:
        """Play now, and again whenever a scenario's files or the settings' ``file`` change; only Ctrl-C ends it.

        One simulator serves until the settings change: who signed up at the CRM is known to it.

        Raises:
            MockCTraderError: the settings cannot be used at the start, or no simulator can be had with them.
        """
        terminal, seen = Terminal(), look([file])
        chosen = read()
        while True:
            async with self._venue(chosen, terminal) as place:
                if place.welcome:
                    terminal.line(place.welcome, "dim")
                watched = seen
                while look(seen) == seen:
                    watched = await self._round(place, chosen, terminal, watched)
            chosen, seen = await _mended(read, file, terminal)

    async def _round(self, place: Venue, chosen: Settings, terminal: Terminal, watched: Look) -> Look:
        """Play once and wait for a change; what changes while it is played counts."""
        before = look([*watched, *(file for name in self.names for file in library.files(name))])
        try:
            await self._play(place, chosen, terminal)
        except MockCTraderError as error:
            terminal.problem(error)
        await _change(terminal, before)
        return before

    async def _play(self, place: Venue, chosen: Settings, terminal: Terminal) -> int:
        cells = self._cells(place.edition, chosen)
        if self._waits(chosen):
            for journey, (seconds, times) in matrix.waiting(cells).items():
                often = f" ({times} times)" if times > 1 else ""
                terminal.line(f"let pass: {matrix.in_words(seconds)} in {journey}{often}", "dim")
        async with recorded(self.record, place, cells, chosen.seed):
            return await play(cells, place, terminal, jobs=self.jobs, as_table=self.choice.every)

    def _cells(self, edition: EditionName, chosen: Settings) -> list[Cell]:
        journeys = [(name, library.find(name)) for name in self.names]
        cells = matrix.plan(journeys, self.choice, edition, chosen.crm.modules)
        return matrix.without_long_waits(cells) if self.everything and self._waits(chosen) else cells

    def _waits(self, chosen: Settings) -> bool:
        return chosen.clock == "real" and not self.sample


async def _mended(read: Callable[[], Settings], file: Path, terminal: Terminal) -> tuple[Settings, Look]:
    """Read the settings, as often as it takes until they can be used."""
    while True:
        seen = look([file])
        try:
            return read(), seen
        except MockCTraderError as error:
            terminal.problem(error)
        await _change(terminal, seen)


async def _change(terminal: Terminal, before: Look) -> None:
    terminal.rule(f"watching {', '.join(file.name for file in before)}; Ctrl-C ends")
    found = await until_changed(before)
    terminal.rule(f"{', '.join(file.name for file in found)} changed")
