"""``mock-ctrader replay``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings

_SETTINGS = (
    *("clock", "screens", "browser", "crm.url", "crm.password", "crm.ca"),
    *("host", "port", "tls", "tls_ca", "admin_token"),
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep-people", is_flag=True, help="Keep the e-mail addresses; the CRM must not know them yet.")
@click.option("--record", type=click.Path(path_type=Path), metavar="OUT", help="Write what is said now to a file.")
@click.option("--server", metavar="URL", help="The running simulator to play on.  [default: the one that is found]")
@flags(*_SETTINGS)
def command(
    file: Path, keep_people: bool, record: Path | None, server: str | None, config: Path | None, **given: object
) -> int:
    """Play a recording's journeys again; list what the CRM does otherwise.

    FILE is what `mock-ctrader run --record` wrote: it holds the journeys. They are played as `run` plays them, with
    the same people at new e-mail addresses; what the CRM answers and calls is compared field by field. Exit code 1:
    something is otherwise, or a journey failed.
    """
    import asyncio

    import msgspec

    from mock_ctrader.cli.replaying import replay

    chosen = msgspec.structs.replace(settings(config, **given), seed=None)  # other ids: the CRM may know the old ones
    return asyncio.run(replay(file, chosen, server, record, keep_people=keep_people))
