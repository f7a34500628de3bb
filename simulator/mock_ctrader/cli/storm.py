"""``mock-ctrader storm``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, length_of_time, settings
from mock_ctrader.cli.sections import SectionedCommand

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
    import asyncio

    from mock_ctrader.cli.recording import repeatable
    from mock_ctrader.cli.storming import Wanted, drawing_of, journeys_of

    chosen = repeatable(settings(config, **given))
    assert chosen.seed is not None
    known = journeys_of(only, chosen, takes_no_time=sample or bool(chosen.crm.test_clock) or chosen.clock == "virtual")
    wanted = Wanted(
        drawing=drawing_of(known, chosen.seed, faults),
        journeys=journeys,
        within=within,
        seconds=length_of_time(within),
        seed=chosen.seed,
        jobs=jobs,
        crm="" if sample else chosen.crm.url,
        narrowed=[*(f"--only {name}" for name in only), *(f"--fault {name}" for name in faults)],
        write=write,
        report=report,
    )
    return asyncio.run(wanted.play(chosen))
