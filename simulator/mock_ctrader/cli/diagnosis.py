"""What ``mock-ctrader doctor`` tells."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.checkup import Checked
from mock_ctrader.runtime.profile_judging import Finding, Outcome
from mock_ctrader.runtime.settings import Settings


def document(chosen: Settings, checked: Checked) -> dict[str, object]:
    """Return what was found, for programs."""
    return {
        "sound": checked.is_sound,
        "giveTheCrm": [{"name": name, "value": value} for name, value in profile.for_the_crm(chosen)],
        "giveCTrader": [{"name": name, "value": value} for name, value in profile.for_ctrader(chosen)],
        "crm": [asdict(finding) for finding in checked.crm],
        "ctrader": [asdict(finding) for finding in checked.ctrader],
    }


def show(chosen: Settings, checked: Checked) -> None:
    """Print what each side must be given, and what was found."""
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
