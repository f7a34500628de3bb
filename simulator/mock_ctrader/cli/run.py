"""``mock-ctrader run``."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

import mock_ctrader_scenarios
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.sections import SectionedCommand
from mock_ctrader.errors import SettingsError
from mock_ctrader.scenario.vocabulary import EDITIONS, PLATFORMS

if TYPE_CHECKING:
    from mock_ctrader.contract.variant import EditionName
    from mock_ctrader.runtime.settings import Settings

SECTIONS = {
    "What is played": ("--all", "--matrix", "--platform", "--edition", "--set", "--skip", "--only", "--fault"),
    "How": ("--jobs", "--watch", "--record", "--seed", "--clock", "--screens", "--browser", "--screenshots"),
    "The CRM": ("--sample", "--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--server", "--host", "--port", "--tls", "--tls-ca", "--admin-token", "--config"),
}
_SETTINGS = (
    *("seed", "clock", "screens", "browser", "screenshots", "crm.url", "crm.password", "crm.ca"),
    *("host", "port", "tls", "tls_ca", "admin_token"),
)


@click.command(cls=SectionedCommand, sections=SECTIONS)
@click.argument("names", metavar="[SCENARIO...]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Play every shipped journey.")
@click.option("--matrix", "as_matrix", is_flag=True, help="Play each journey on every platform; print a table.")
@click.option(
    "--platform",
    "platforms",
    type=click.Choice(PLATFORMS),
    multiple=True,
    help="Application of every actor; several with --matrix.  [default: as the scenarios have it]",
)
@click.option(
    "--edition",
    "editions",
    type=click.Choice(EDITIONS),
    multiple=True,
    help="What cTrader speaks meanwhile; several with --matrix.  [default: as the plant has it]",
)
@click.option(
    "--set", "overrides", metavar="KEY=VALUE", multiple=True, help="amount=20, trader.email=ann@example.com ..."
)
@click.option("--skip", metavar="STEP", multiple=True, help="Leave a step out: its number, name or title.")
@click.option("--only", metavar="STEP", multiple=True, help="Play these steps and no others.")
@click.option(
    "--fault", "faults", metavar="RULE", multiple=True, help="What goes wrong: lost-answer:create_trader@2 ..."
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many journeys are played side by side."
)
@click.option("--watch", is_flag=True, help="Play again whenever a scenario or the settings file changes.")
@click.option("--sample", is_flag=True, help="Start the sample CRM and play against it; no time passes for real.")
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Write all that is said to a file, masked."
)
@click.option("--server", metavar="URL", help="The running simulator to play on.  [default: the one that is found]")
@flags(*_SETTINGS)
def command(
    names: tuple[str, ...],
    every: bool,
    as_matrix: bool,
    platforms: tuple[str, ...],
    editions: tuple[str, ...],
    overrides: tuple[str, ...],
    skip: tuple[str, ...],
    only: tuple[str, ...],
    faults: tuple[str, ...],
    jobs: int,
    watch: bool,
    sample: bool,
    record: Path | None,
    server: str | None,
    config: Path | None,
    **given: object,
) -> int:
    """Play journeys against a CRM.

    SCENARIO is the name of a shipped journey (see `mock-ctrader scenarios list`) or a YAML file. Journeys are
    played on the simulator that `mock-ctrader serve` runs on this machine; if none runs, one is started at
    --host and --port for as long as the journeys take. What does not apply, as for a module that the CRM has
    not (setting crm.modules), is told and not played.

    \b
    Examples:
      mock-ctrader run sign-up deposit --crm http://127.0.0.1:8080
      mock-ctrader run deposit --set amount=20 --seed 7
      mock-ctrader run --all --matrix --sample
      mock-ctrader run my-journey.yaml --watch
    """
    if not as_matrix and max(len(platforms), len(editions)) > 1:
        raise click.UsageError("Several platforms or editions need --matrix.")
    if sample and (server or given["crm_url"]):
        raise click.UsageError("--sample starts a CRM and a simulator: it goes with neither --crm nor --server.")
    import asyncio

    from mock_ctrader.cli.recording import repeatable
    from mock_ctrader.cli.running import Run
    from mock_ctrader.runtime.matrix import Choice
    from mock_ctrader.runtime.settings import FILE

    run = Run(
        _names(names, every=every),
        Choice(
            every=as_matrix,
            platforms=platforms,
            editions=cast("tuple[EditionName, ...]", editions),
            overrides=pairs(overrides),
            skip=skip,
            only=only,
            faults=faults,
        ),
        server=server,
        jobs=jobs,
        sample=sample,
        record=record,
        everything=every,
    )

    def read() -> "Settings":
        chosen = settings(config, **given)
        return chosen if record is None else repeatable(chosen)

    return asyncio.run(run.watch(config or Path(FILE), read) if watch else run.once(read()))


def _names(given: Sequence[str], *, every: bool) -> Sequence[str]:
    if every and given:
        raise click.UsageError("Name scenarios or give --all, not both.")
    if not every and not given:
        raise click.UsageError("Missing argument 'SCENARIO...': name scenarios, or give --all.")
    return mock_ctrader_scenarios.names() if every else given


def pairs(written: Iterable[str]) -> dict[str, str]:
    """Read what is set from outside.

    Raises:
        SettingsError: one of the texts is no ``KEY=VALUE``.
    """
    found: dict[str, str] = {}
    for text in written:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise SettingsError(f"'{text}' is no KEY=VALUE.", where="--set", cure="As in --set amount=20.")
        found[key.strip()] = value
    return found
