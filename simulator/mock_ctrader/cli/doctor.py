"""``mock-ctrader doctor``."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.checkup import Checked, check_up
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.profile_judging import Finding, Outcome
from mock_ctrader.runtime.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@flags("crm.url", "crm.password", "crm.ca", "host", "port", "tls", "tls_ca", "screens")
def command(config: Path | None, as_json: bool, **given: object) -> int:
    """Try a profile's addresses from both sides, before journeys are played.

    Prints what each side must be given, and what is wrong. Everything sent is made up: a sound CRM refuses it, and
    keeps nothing but the crmApiToken that it issues. Only what stands in crm.modules is tried. Exit code 1: something
    is wrong.
    """
    chosen = settings(config, **given)
    checked = asyncio.run(check_up(chosen, SystemClock()))
    click.echo(json.dumps(_document(chosen, checked), indent=2)) if as_json else _show(chosen, checked)
    return 0 if checked.is_sound else 1


def _document(chosen: Settings, checked: Checked) -> dict[str, object]:
    return {
        "sound": checked.is_sound,
        "giveTheCrm": [{"name": name, "value": value} for name, value in profile.for_the_crm(chosen)],
        "giveCTrader": [{"name": name, "value": value} for name, value in profile.for_ctrader(chosen)],
        "crm": [asdict(finding) for finding in checked.crm],
        "ctrader": [asdict(finding) for finding in checked.ctrader],
    }


def _show(chosen: Settings, checked: Checked) -> None:
    terminal = Terminal()
    terminal.line("What the CRM must be given", "bold")
    terminal.table(list(profile.for_the_crm(chosen)))
    terminal.line()
    terminal.line("What cTrader must be given: here by the settings, later by telling Spotware", "bold")
    terminal.table(list(profile.for_ctrader(chosen)))
    terminal.line()
    terminal.line("The CRM, as cTrader finds it", "bold")
    _findings(terminal, checked.crm)
    terminal.line()
    terminal.line("The simulated cTrader, as the CRM finds it", "bold")
    _findings(terminal, checked.ctrader)
    terminal.line()
    _closing(terminal, [*checked.crm, *checked.ctrader])


def _findings(terminal: Terminal, findings: Sequence[Finding]) -> None:
    tried = [one for one in findings if one.outcome is not Outcome.SKIPPED]
    rows = [(one.outcome.value, one.subject, f"{one.said} {one.cure}".strip()) for one in tried]
    terminal.table([*rows, *_skipped(findings)])


def _skipped(findings: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    """Put what was skipped for one reason in one row."""
    reasons: dict[str, list[str]] = {}
    for one in findings:
        if one.outcome is Outcome.SKIPPED:
            reasons.setdefault(one.said, []).append(one.subject)
    for said, subjects in reasons.items():
        first, *others = subjects
        yield "skipped", f"{len(subjects)} of these" if others else first, _listed(said, subjects) if others else said


def _listed(said: str, subjects: Sequence[str]) -> str:
    return f"{said.rstrip('.')}: {'; '.join(subjects)}"


def _closing(terminal: Terminal, findings: Sequence[Finding]) -> None:
    counts = {outcome: sum(one.outcome is outcome for one in findings) for outcome in Outcome}
    style = "bold red" if counts[Outcome.WRONG] else "bold green"
    terminal.line(", ".join(f"{count} {outcome.value}" for outcome, count in counts.items()) + ".", style)
