"""``mock-ctrader load``."""

from importlib.util import find_spec
from pathlib import Path

import click
from click.core import ParameterSource

from mock_ctrader.cli.options import flags, length_of_time, settings
from mock_ctrader.cli.run import pairs
from mock_ctrader.cli.sections import SectionedCommand
from mock_ctrader.errors import SettingsError, StartError
from mock_ctrader.load.arrivals import CURVES
from mock_ctrader.scenario.vocabulary import PLATFORMS

SECTIONS = {
    "What is played": ("--scenario", "--platform", "--set", "--seed"),
    "How many, and when": ("--users", "--spawn-rate", "--time", "--arrivals", "--think"),
    "What is kept": ("--sample", "--record", "--report", "--csv"),
    "Locust": (
        *("--web-port", "--processes", "--master", "--worker", "--expect-workers", "--master-host", "--master-port"),
    ),
    "The CRM": ("--crm", "--crm-password", "--crm-ca"),
    "The simulator": ("--server", "--host", "--port", "--tls", "--tls-ca", "--admin-token", "--config"),
}
_OF_MASTER = {
    *("--scenario", "--platform", "--set", "--seed", "--web-port", "--expect-workers"),
    *SECTIONS["How many, and when"],
    *SECTIONS["What is kept"],
}
"""Flags that mean nothing to a worker."""
_SETTINGS = ("seed", "crm.url", "crm.password", "crm.ca", "host", "port", "tls", "tls_ca", "admin_token")


@click.command(cls=SectionedCommand, sections=SECTIONS)
@click.option(
    "--scenario", "shares", metavar="NAME[=WEIGHT]", multiple=True, help="A journey and its weight; may come again."
)
@click.option(
    "--platform", type=click.Choice(PLATFORMS), help="Application of everybody.  [default: as the scenarios have it]"
)
@click.option("--set", "overrides", metavar="KEY=VALUE", multiple=True, help="amount=20, currency=USD ...")
@click.option("--users", type=click.IntRange(1), default=1, show_default=True, help="The most who are there at a time.")
@click.option(
    "--spawn-rate",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="How many come in a second at most.",
)
@click.option("--time", "within", default="60s", show_default=True, help="How long people come: 90s, 10m, 1h.")
@click.option(
    "--arrivals", type=click.Choice(list(CURVES)), default="steady", show_default=True, help="When how many are there."
)
@click.option(
    "--think", metavar="TIME", default="1s..5s", show_default=True, help="Between two steps or journeys: 2s..10s, 0s."
)
@click.option(
    "--sample", metavar="PERCENT", default="1%", show_default=True, help="Journeys that are kept whole and judged."
)
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Write the kept journeys as a recording, masked."
)
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FOLDER", help="Write load.json and failures.txt there."
)
@click.option("--csv", metavar="PREFIX", help="Write Locust's own files of statistics.")
@click.option("--web-port", type=click.IntRange(1, 65535), help="Show Locust's own page there, until Ctrl-C.")
@click.option("--processes", type=click.IntRange(1), help="Play on so many workers of this machine.")
@click.option("--master", is_flag=True, help="Put together what workers elsewhere play.")
@click.option("--worker", is_flag=True, help="Play for a master elsewhere, which says what and when.")
@click.option(
    "--expect-workers", type=click.IntRange(1), default=1, show_default=True, help="The master waits for them."
)
@click.option("--master-host", default="127.0.0.1", show_default=True, help="Where the master is, or listens.")
@click.option("--master-port", type=click.IntRange(1, 65535), help="The master's port.  [default: 5557]")
@click.option("--server", metavar="URL", help="The simulator that the CRM calls.  [default: the one that is found]")
@flags(*_SETTINGS)
def command(
    shares: tuple[str, ...],
    platform: str | None,
    overrides: tuple[str, ...],
    users: int,
    spawn_rate: float,
    within: str,
    arrivals: str,
    think: str,
    sample: str,
    record: Path | None,
    report: Path | None,
    csv: str | None,
    web_port: int | None,
    processes: int | None,
    master: bool,
    worker: bool,
    expect_workers: int,
    master_host: str,
    master_port: int | None,
    server: str | None,
    config: Path | None,
    **given: object,
) -> int:
    """Play a population at a CRM, on Locust.

    Everybody plays journey after journey of the mix, as somebody else each time. The CRM calls the simulator that runs
    already (`mock-ctrader serve`), or one that is started for as long as it takes. Needs the extra `load`. Exit codes:
    0 all journeys passed, 1 some failed, 2 it could not be played.

    \b
    Examples:
      mock-ctrader load --scenario automatic-relogin --users 500 --time 10m
      mock-ctrader load --scenario sign-up=1 --scenario deposit=3 \\
        --arrivals opening-bell --think 2s..10s
      mock-ctrader load --scenario sign-up --users 2000 --processes 4
      mock-ctrader load --worker --master-host 192.0.2.7 --crm URL \\
        --server http://192.0.2.7:8765
    """
    if master and (worker or processes):
        raise click.UsageError("--master goes with neither --worker nor --processes, which has a master of its own.")
    _check_spread(master=master, worker=worker, is_spread=bool(master or worker or processes))
    if not shares and not worker:
        raise click.UsageError("Missing option '--scenario': what is to be played?")
    if find_spec("locust") is None:
        raise StartError("Locust is not installed.", cure="Install it with: pip install 'mock-ctrader[load]'")
    from mock_ctrader.cli.loading import Load, Spread
    from mock_ctrader.cli.process import run
    from mock_ctrader.load.mix import read_share
    from mock_ctrader.load.thinking import Think
    from mock_ctrader.runtime.matrix import Choice

    chosen = settings(config, **given)
    on_platform = (platform,) if platform else ()
    load = Load(
        shares=tuple(map(read_share, shares)),
        choice=Choice(platforms=on_platform, overrides=pairs(overrides)),
        users=users,
        rate=spawn_rate,
        seconds=length_of_time(within),
        curve=arrivals,
        think=Think.read(think),
        sample=_share(sample),
        record=record,
        report=report,
        server=server,
        config=config,
        spread=Spread(
            csv=csv,
            web_port=web_port,
            processes=processes,
            is_master=master,
            is_worker=worker,
            expected=expect_workers,
            host=master_host,
            port=master_port,
        ),
    )
    return run(load.play(chosen))


def _check_spread(*, master: bool, worker: bool, is_spread: bool) -> None:
    """Refuse what would be of no effect: it was meant to have one."""
    context = click.get_current_context()
    named = {option.name: option.opts[0] for option in context.command.params if isinstance(option, click.Option)}
    sources = {flag: context.get_parameter_source(name) for name, flag in named.items() if name}
    given = [flag for flag, source in sources.items() if source is ParameterSource.COMMANDLINE]
    if worker and (idle := [flag for flag in given if flag in _OF_MASTER]):
        raise click.UsageError(f"A worker plays what its master says. Give these to the master: {', '.join(idle)}.")
    if not master and "--expect-workers" in given:
        raise click.UsageError("--expect-workers is for --master.")
    if not is_spread and (idle := [flag for flag in given if flag in ("--master-host", "--master-port")]):
        raise click.UsageError(f"{' and '.join(idle)}: give --master or --worker as well.")


def _share(written: str) -> float:
    try:
        share = float(written.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SettingsError(f"'{written}' is no share of the journeys.", where="--sample", cure="As in --sample 1%.")
    return share
