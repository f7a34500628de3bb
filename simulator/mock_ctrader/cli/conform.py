"""``mock-ctrader conform``."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
import msgspec
from click.core import ParameterSource

from mock_ctrader.cli import conform_attest
from mock_ctrader.cli.conform_files import Beside, beside, today
from mock_ctrader.cli.conform_pack import Wish, evidence, save_bytes, wish_of
from mock_ctrader.cli.conform_places import own_place, sample_place
from mock_ctrader.cli.conform_reports import folder_for, write
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.sections import SectionedGroup
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.conformance import attestations, baseline
from mock_ctrader.conformance.model import Group, Report, Severity, Test
from mock_ctrader.conformance.plan import select
from mock_ctrader.contract.variant import EDITIONS, LATEST, EditionName
from mock_ctrader.reports.changes import changes_lines
from mock_ctrader.reports.conformance import BEYOND, lines, totals
from mock_ctrader.reports.conformance_summary import summary
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.packs import ATTESTATIONS, BASELINE
from mock_ctrader.runtime.simulator import Simulator

SECTIONS = {
    "What is run": ("--list", "--only", "--edition", "--strict", "--beyond", "--from"),
    "What is known": ("--baseline", "--attestations"),
    "What is told": ("--all", "--report", "--pack"),
    "How": ("--screens", "--browser", "--seed"),
    "The CRM": ("--profile", "--sample", "--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--host", "--port", "--tls", "--tls-ca", "--config"),
}
_SETTINGS = (*("seed", "screens", "browser", "crm.url", "crm.password", "crm.ca"), *("host", "port", "tls", "tls_ca"))
_FILE = click.Path(path_type=Path)


@click.group(cls=SectionedGroup, sections=SECTIONS)
@click.option("--list", "as_list", is_flag=True, help="Print the list and run nothing.")
@click.option("--only", metavar="TEST", multiple=True, help="6.1, 6.1.3, api, api.verify ...; may be given again.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Of the vendor's list.  [default: as the plant has it]")
@click.option("--strict", is_flag=True, help="Fail on what no source states, too.")
@click.option("--beyond", is_flag=True, help="Count what goes beyond the vendor's list.")
@click.option("--from", "again", type=_FILE, metavar="PACK", help="Run again what a pack holds, and tell what changed.")
@click.option(
    "--baseline",
    "baseline_file",
    type=_FILE,
    metavar="FILE",
    help=f"Failures that are accepted for a while.  [default: {BASELINE}, beside the profile]",
)
@click.option(
    "--attestations",
    "attestations_file",
    type=_FILE,
    metavar="FILE",
    help=f"What persons judged.  [default: {ATTESTATIONS}, beside the profile]",
)
@click.option("--all", "everything", is_flag=True, help="Tell every condition, not only what did not pass.")
@click.option("--report", type=_FILE, metavar="FOLDER", help="Write reports for people and programs there.")
@click.option("--pack", type=_FILE, metavar="FILE.zip", help="Write all evidence into one file.")
@click.option("--profile", type=_FILE, metavar="FILE", help="The same as --config.")
@click.option("--sample", is_flag=True, help="Start the sample CRM and run against it; no time passes for real.")
@flags(*_SETTINGS)
def command(
    as_list: bool,
    only: tuple[str, ...],
    edition: str | None,
    strict: bool,
    beyond: bool,
    again: Path | None,
    baseline_file: Path | None,
    attestations_file: Path | None,
    everything: bool,
    report: Path | None,
    pack: Path | None,
    profile: Path | None,
    sample: bool,
    config: Path | None,
    **given: object,
) -> int:
    """Run the vendor's conformance list against a CRM.

    The simulator listens at --host and --port meanwhile: the CRM has to call it there. The list takes about a minute,
    because one-time tokens have to expire; a CRM that takes its time from a test clock (crm.test_clock) is not waited
    for. Exit codes: 0 the CRM conforms, 1 it does not, 2 the list could not be run.

    \b
    Examples:
      mock-ctrader conform --sample
      mock-ctrader conform --profile crm.toml --report reports --pack evidence.zip
      mock-ctrader conform --only 6.1 --edition 2025
      mock-ctrader conform --from evidence.zip
      mock-ctrader conform attest 6.2.1 --by Ann --note "seen on two phones"
    """
    context = click.get_current_context()
    if context.invoked_subcommand:
        _none_before_the_command(context)
        return 0
    if sample and given["crm_url"]:
        raise click.UsageError("--sample starts a CRM: it does not go with --crm.")
    if profile and config:
        raise click.UsageError("--profile and --config are the same: give one.")
    if again and (only or edition or strict or beyond or sample):
        raise click.UsageError("--from runs what the pack says: it goes with no other choice of what is run.")
    terminal, spoken, own = Terminal(), cast(EditionName | None, edition), profile or config
    if as_list:
        _list(terminal, select(only), spoken or LATEST)
        return 0
    if again:
        wish = wish_of(again, own, given)
    else:
        chosen = settings(own, **given)
        wish = Wish(only=only, edition=spoken, strict=strict, beyond=beyond, sample=sample, settings=chosen)
    tests, named = select(wish.only), {BASELINE: baseline_file, ATTESTATIONS: attestations_file}
    known = beside(given=named, profile=own, packed=wish.packed, source=wish.source, quiet=wish.sample or bool(again))
    return asyncio.run(_Conforming(wish, tests, known, terminal, report, pack, everything).run())


command.add_command(conform_attest.command)


def _none_before_the_command(context: click.Context) -> None:
    """Refuse what is meant for the run and would go unheard.

    Raises:
        click.UsageError: an option stands before the name of another command.
    """
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            what = f"options of the run do not go with '{context.invoked_subcommand}': give its own behind it."
            raise click.UsageError(what)


@dataclass(frozen=True, slots=True)
class _Conforming:
    """One run, and what is told and left of it."""

    wish: Wish
    tests: Sequence[Test]
    known: Beside
    terminal: Terminal
    folder: Path | None
    pack: Path | None
    everything: bool

    async def run(self) -> int:
        """Run the list; return the exit code."""
        if self.folder:
            folder_for(self.folder)
        if self.pack:
            save_bytes(self.pack, b"")  # what cannot be written is told before anything is run
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
            save_bytes(self.pack, made)

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


def _list(terminal: Terminal, tests: Sequence[Test], edition: EditionName) -> None:
    apart = [one for one in tests if one.group is Group.BEYOND]
    for heading, part in (("", [one for one in tests if one not in apart]), (f"{BEYOND}: ", apart)):
        if not part:
            continue
        rows = [(one.number(edition) or "-", one.id, str(len(one.conditions)), one.title) for one in part]
        terminal.table(rows, ("No.", "Test", "Conditions", "What is to be so"))
        conditions = [condition for test in part for condition in test.conditions]
        weights = ", ".join(f"{sum(one.severity is each for one in conditions)} {each}" for each in Severity)
        terminal.line()
        terminal.line(f"{heading}{len(part)} tests, {len(conditions)} conditions: {weights}.", "bold")
