"""``mock-ctrader serve``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings

_SETTINGS = (
    *("host", "port", "tls", "tls_ca", "admin_token", "seed", "clock", "environment", "data"),
    *("crm.url", "crm.password", "crm.ca", "log_format", "log_level"),
)


@click.command()
@flags(*_SETTINGS)
def command(config: Path | None, **given: object) -> None:
    """Run the simulated cTrader backend until it is stopped.

    Prints the addresses that the CRM must be given. `mock-ctrader run` finds a running simulator by itself and
    plays its journeys there. GET /_mock/health answers when it is ready.
    """
    from mock_ctrader.cli.starting import importing

    with importing():
        import asyncio

        from mock_ctrader.cli.serving import serve

    asyncio.run(serve(settings(config, **given)))
