"""A run of the conformance list as the command line does it: what is told of it, and what it leaves."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from mock_ctrader.cli.conform_files import Beside, beside, today
from mock_ctrader.cli.conform_pack import Wish, evidence
from mock_ctrader.cli.conform_reports import write
from mock_ctrader.cli.places import own_place, sample_place
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.conformance import attestations, baseline
from mock_ctrader.conformance.model import Group, Report, Severity
from mock_ctrader.conformance.plan import select
from mock_ctrader.contract.variant import LATEST, EditionName
from mock_ctrader.reports.changes import changes_lines
from mock_ctrader.reports.conformance import BEYOND, lines, totals
from mock_ctrader.reports.conformance_summary import summary
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.files import can_be_written, make_folder, save
from mock_ctrader.runtime.packs import ATTESTATIONS, BASELINE
from mock_ctrader.runtime.simulator import Simulator


def known_beside(
    wish: Wish, profile: Path | None, baseline_file: Path | None, attestations_file: Path | None
) -> Beside:
    """Read the baseline and the attestations of a run: those that are given, of its pack, or beside the profile.

    Raises:
        MockCTraderError: a file cannot be read or used; an entry of the baseline is over.
    """
    given = {BASELINE: baseline_file, ATTESTATIONS: attestations_file}
    is_quiet = wish.sample or bool(wish.source)
    return beside(given=given, profile=profile, packed=wish.packed, source=wish.source, quiet=is_quiet)


class Conforming:
    """One run, and what is told and left of it."""

    def __init__(self, wish: Wish, known: Beside, folder: Path | None, pack: Path | None, *, everything: bool) -> None:
        """``folder`` is for reports, and ``pack`` is the file for all evidence.

        Raises:
            SettingsError: a test is wished that there is not.
        """
        self.tests = select(wish.only)
        self.wish = wish
        self.known = known
        self.terminal = Terminal()
        self.folder = folder
        self.pack = pack
        self.everything = everything

    async def run(self) -> int:
        """Run the list; return the exit code."""
        if self.folder:
            make_folder(self.folder)
        if self.pack:
            can_be_written(self.pack)  # what cannot be written is told before anything is run
        with TemporaryDirectory(prefix="mock-ctrader-") as spare:
            pictures = (self.folder or Path(spare)) / "screens" if self.folder or self.pack else None
            async with self._place() as simulator:
                report = await self._report(simulator, pictures)
                await self._leave(report, simulator)
        self._show(report)
        return 0 if report.conforms else 1

    def _place(self) -> AbstractAsyncContextManager[Simulator]:
        return (sample_place if self.wish.sample else own_place)(self.wish.settings)

    async def _report(self, simulator: Simulator, pictures: Path | None) -> Report:
        held = simulator.settings
        if pictures and not held.screenshots:
            simulator.settings = msgspec.structs.replace(held, screenshots=str(pictures / "journeys"))
        self.terminal.line(f"The list is run against {held.crm.shown_url}; cTrader is at {simulator.url}.", "dim")
        for told in self.known.told:
            self.terminal.line(told, "dim")

        def tell(doing: str) -> None:
            self.terminal.line(f"{doing} ...", "dim")

        wish = self.wish
        found = await conform(
            simulator,
            self.tests,
            edition=wish.edition,
            strict=wish.strict,
            counts_beyond=wish.beyond,
            tell=tell,
            pictures=pictures,
        )
        judged = attestations.apply(
            found.findings, found.tests, self.known.attested, crm=found.profile, today=today(), strict=wish.strict
        )
        findings, problems = baseline.apply(judged, self.known.accepted)
        return replace(found, findings=findings, problems=problems)

    async def _leave(self, report: Report, simulator: Simulator) -> None:
        if self.folder:
            write(report, self.folder, simulator.world().journal)
        if self.pack:
            made = await evidence(report, simulator, self.wish, self.known.files, self.wish.settings)
            save(self.pack, made)

    def _show(self, report: Report) -> None:
        terminal, width = self.terminal, self.terminal.width
        terminal.line()
        laid_out = (lines if self.everything else summary)(report, width=width, unicode=terminal.unicode)
        terminal.spans([(span.text, span.role) for span in line] for line in laid_out)
        if self.wish.before is not None:
            changed = changes_lines(
                self.wish.before, report, source=self.wish.source, width=width, unicode=terminal.unicode
            )
            terminal.line()
            terminal.spans([(span.text, span.role) for span in line] for line in changed)
        verdict = "conforms" if report.conforms else "does not conform"
        found = totals(report.listed or report.beyond)
        told = f"{report.profile} {verdict}: {found} in {report.seconds:.0f} s, edition {report.edition}."
        terminal.line()
        terminal.line(told, "bold green" if report.conforms else "bold red")
        for what, where in (("Reports", self.folder), ("Evidence", self.pack)):
            if where:
                terminal.line(f"{what}: {where}", "dim")


def list_tests(only: Sequence[str], edition: EditionName | None) -> None:
    """Print the tests of these names, as an edition numbers them.

    Raises:
        SettingsError: there is no such test.
    """
    terminal, tests = Terminal(), select(only)
    apart = [one for one in tests if one.group is Group.BEYOND]
    for heading, part in (("", [one for one in tests if one not in apart]), (f"{BEYOND}: ", apart)):
        if not part:
            continue
        rows = [(one.number(edition or LATEST) or "-", one.id, str(len(one.conditions)), one.title) for one in part]
        terminal.table(rows, ("No.", "Test", "Conditions", "What is to be so"))
        conditions = [condition for test in part for condition in test.conditions]
        weights = ", ".join(f"{sum(one.severity is each for one in conditions)} {each}" for each in Severity)
        terminal.line()
        terminal.line(f"{heading}{len(part)} tests, {len(conditions)} conditions: {weights}.", "bold")
