"""``mock-ctrader conform``."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click

from mock_ctrader.cli import recording
from mock_ctrader.cli.conform_places import own_place, sample_place
from mock_ctrader.cli.conform_reports import write
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.sections import SectionedCommand
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.conformance import baseline as held
from mock_ctrader.conformance.baseline import Accepted
from mock_ctrader.conformance.model import Report, Severity, Test
from mock_ctrader.conformance.plan import CONDITIONS, select
from mock_ctrader.contract.variant import EDITIONS, LATEST, EditionName
from mock_ctrader.reports.conformance import lines, totals
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.simulator import Simulator

SECTIONS = {
    "What is run": ("--list", "--only", "--edition", "--strict", "--baseline"),
    "How": ("--screens", "--browser", "--seed", "--report"),
    "The CRM": ("--profile", "--sample", "--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--host", "--port", "--tls", "--tls-ca", "--config"),
}
_SETTINGS = (*("seed", "screens", "browser", "crm.url", "crm.password", "crm.ca"), *("host", "port", "tls", "tls_ca"))


@click.command(cls=SectionedCommand, sections=SECTIONS)
@click.option("--list", "as_list", is_flag=True, help="Print the list and run nothing.")
@click.option("--only", metavar="TEST", multiple=True, help="6.1, 6.1.3, api, api.verify ...; may be given again.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Of the vendor's list.  [default: as the plant has it]")
@click.option("--strict", is_flag=True, help="Fail on what no source states, too.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="TOML: failures that are accepted for a while."
)
@click.option("--report", type=click.Path(path_type=Path), metavar="FOLDER", help="Write reports for programs there.")
@click.option("--profile", type=click.Path(path_type=Path), metavar="FILE", help="The same as --config.")
@click.option("--sample", is_flag=True, help="Start the sample CRM and run against it; no time passes for real.")
@flags(*_SETTINGS)
def command(
    as_list: bool,
    only: tuple[str, ...],
    edition: str | None,
    strict: bool,
    baseline: Path | None,
    report: Path | None,
    sample: bool,
    profile: Path | None,
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
      mock-ctrader conform --profile crm.toml --report reports
      mock-ctrader conform --only 6.1 --edition 2025
    """
    if sample and given["crm_url"]:
        raise click.UsageError("--sample starts a CRM: it does not go with --crm.")
    if profile and config:
        raise click.UsageError("--profile and --config are the same: give one.")
    wanted, spoken, terminal = select(only), cast(EditionName | None, edition), Terminal()
    if as_list:
        _list(terminal, wanted, spoken or LATEST)
        return 0
    chosen = settings(profile or config, **given)
    accepted = _accepted(baseline)
    place = sample_place(chosen) if sample else own_place(chosen)
    return asyncio.run(_run(place, wanted, accepted, terminal, report, edition=spoken, strict=strict))


def _accepted(file: Path | None) -> tuple[Accepted, ...]:
    """Read the baseline, and make sure that it is still good today."""
    if file is None:
        return ()
    source = str(file)
    found = held.read(recording.bytes_of(file), source=source, known=CONDITIONS)
    held.check(found, datetime.fromtimestamp(SystemClock().now() / 1000, UTC).date(), source=source)
    return found


async def _run(
    place: AbstractAsyncContextManager[Simulator],
    tests: Sequence[Test],
    accepted: Sequence[Accepted],
    terminal: Terminal,
    folder: Path | None,
    *,
    edition: EditionName | None,
    strict: bool,
) -> int:
    async with place as simulator:
        terminal.line(f"The list is run against {simulator.settings.crm.url}; cTrader is at {simulator.url}.", "dim")

        def tell(doing: str) -> None:
            terminal.line(f"{doing} ...", "dim")

        pictures = folder / "screens" if folder else None
        report = await conform(simulator, tests, edition=edition, strict=strict, tell=tell, pictures=pictures)
        findings, problems = held.apply(report.findings, accepted)
        report = replace(report, findings=findings, problems=problems)
        if folder is not None:
            write(report, folder, simulator.world().journal)
    _show(terminal, report, folder)
    return 0 if report.conforms else 1


def _show(terminal: Terminal, report: Report, folder: Path | None) -> None:
    terminal.line()
    laid_out = lines(report, width=terminal.width, unicode=terminal.unicode)
    terminal.spans([(span.text, span.role) for span in line] for line in laid_out)
    verdict = "conforms" if report.conforms else "does not conform"
    told = f"{report.profile} {verdict}: {totals(report.findings)} in {report.seconds:.0f} s, edition {report.edition}."
    terminal.line(told, "bold green" if report.conforms else "bold red")
    if folder is not None:
        terminal.line(f"Reports: {folder}", "dim")


def _list(terminal: Terminal, tests: Sequence[Test], edition: EditionName) -> None:
    rows = [(one.number(edition) or "-", one.id, str(len(one.conditions)), one.title) for one in tests]
    terminal.table(rows, ("No.", "Test", "Conditions", "What is to be so"))
    conditions = [condition for test in tests for condition in test.conditions]
    weights = ", ".join(f"{sum(one.severity is each for one in conditions)} {each}" for each in Severity)
    terminal.line()
    terminal.line(f"{len(tests)} tests, {len(conditions)} conditions: {weights}.", "bold")
