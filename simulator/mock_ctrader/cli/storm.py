"""``mock-ctrader storm``."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

import mock_ctrader_scenarios
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.sections import SectionedCommand
from mock_ctrader.cli.storming import Wanted
from mock_ctrader.errors import SettingsError, StepFailed, nearest
from mock_ctrader.faults import FAULTS
from mock_ctrader.runtime import library, matrix
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.storming import is_waiting
from mock_ctrader.scenario import Scenario, seconds_of
from mock_ctrader.storm import Drawing

SECTIONS = {
    "What is played": ("--journeys", "--time", "--seed", "--only", "--fault"),
    "How": ("--jobs", "--write", "--report"),
    "The CRM": ("--sample", "--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--host", "--port", "--tls", "--tls-ca", "--config"),
}
_SETTINGS = ("seed", "crm.url", "crm.password", "crm.ca", "host", "port", "tls", "tls_ca")


@click.command(cls=SectionedCommand, sections=SECTIONS)
@click.option("--journeys", type=click.IntRange(1), default=200, show_default=True, help="How many are played.")
@click.option("--time", "within", default="60s", show_default=True, help="No journey begins after that: 90s, 5m, 1h.")
@click.option("--only", metavar="SCENARIO", multiple=True, help="Draw from these journeys; may be given again.")
@click.option("--fault", "faults", metavar="NAME", multiple=True, help="Draw from these faults; may be given again.")
@click.option(
    "--jobs", type=click.IntRange(1), default=4, show_default=True, help="How many journeys are played side by side."
)
@click.option(
    "--write", type=click.Path(path_type=Path), metavar="FILE", help="Where the smallest failing scenario is written."
)
@click.option("--report", type=click.Path(path_type=Path), metavar="FOLDER", help="Write reports for programs there.")
@click.option("--sample", is_flag=True, help="Start the sample CRM and storm that; no time passes for real.")
@flags(*_SETTINGS)
def command(
    journeys: int,
    within: str,
    only: tuple[str, ...],
    faults: tuple[str, ...],
    jobs: int,
    write: Path | None,
    report: Path | None,
    sample: bool,
    config: Path | None,
    **given: object,
) -> int:
    """Play many journeys while things go wrong, and judge from the journal what holds.

    Journeys and faults are drawn from the seed. A journey that is struck may fail; an invariant may not be broken, and
    a journey that nothing happened to may not fail. What breaks an invariant is made as small as it goes and written
    as a scenario, which `mock-ctrader run FILE` plays again. Exit codes: 0 all holds, 1 it does not, 2 it could not be
    played.

    \b
    Examples:
      mock-ctrader storm --sample
      mock-ctrader storm --journeys 1000 --time 10m --write broken.yaml
      mock-ctrader storm --sample --fault lost-answer --only deposit --seed 7
    """
    if sample and given["crm_url"]:
        raise click.UsageError("--sample starts a CRM: it does not go with --crm.")
    chosen = settings(config, **given)
    seed = chosen.seed if chosen.seed is not None else SystemClock().now() % 1_000_000_007
    known = _journeys(only, chosen, takes_no_time=sample or bool(chosen.crm.test_clock) or chosen.clock == "virtual")
    wanted = Wanted(
        drawing=_drawing(known, seed, faults),
        journeys=journeys,
        within=within,
        seconds=_seconds(within),
        seed=seed,
        jobs=jobs,
        crm="" if sample else chosen.crm.url,
        narrowed=[*(f"--only {name}" for name in only), *(f"--fault {name}" for name in faults)],
        write=write,
        report=report,
    )
    return asyncio.run(wanted.play(chosen))


def _journeys(only: Sequence[str], chosen: Settings, *, takes_no_time: bool) -> list[tuple[str, Scenario]]:
    """Return the journeys to draw from: those that apply to the CRM, and that nobody has to wait for."""
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


def _drawing(journeys: Sequence[tuple[str, Scenario]], seed: int, faults: Sequence[str]) -> Drawing:
    for name in faults:
        if name not in FAULTS:
            raise SettingsError(f"there is no fault '{name}'.", where="--fault", cure=nearest(name, list(FAULTS)))
    drawing = Drawing(journeys, seed, faults)
    idle = [name for name in faults if name not in [fault.name for fault in drawing.faults]]
    if idle:
        what = f"'{idle[0]}' can strike none of the journeys."
        raise SettingsError(what, where="--fault", cure=f"It strikes {', '.join(FAULTS[idle[0]].strikes)}.")
    return drawing


def _seconds(written: str) -> float:
    try:
        return seconds_of(written)
    except StepFailed as wrong:
        raise SettingsError(wrong.what, where="--time", cure=wrong.cure) from None
