"""``mock-ctrader crm``."""

import asyncio

import click

from mock_ctrader.cli.process import stop_signal
from mock_ctrader.runtime.settings import is_web_address


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--ctrader", default="http://127.0.0.1:8765", show_default=True, help="Base URL of the cTrader backend.")
@click.option("--ctrader-ca", default="", metavar="FILE", help="Certificate authority of a cTrader that speaks https.")
@click.option("--database", default=":memory:", show_default=True, help="SQLite file that keeps users and accounts.")
def command(host: str, port: int, ctrader: str, ctrader_ca: str, database: str) -> None:
    """Run the sample CRM: a small broker client area, wired to cTrader in full.

    It is something to play journeys against, and an example of the integration to read.
    """
    if not is_web_address(ctrader):
        raise click.BadParameter(
            f"'{ctrader}' is no web address: give one as in http://127.0.0.1:8765", param_hint="--ctrader"
        )
    asyncio.run(_run(host, port, ctrader, ctrader_ca, database))


async def _run(host: str, port: int, ctrader: str, ctrader_ca: str, database: str) -> None:
    from mock_ctrader.cli.sample import sample_crm

    stop = stop_signal()
    async with sample_crm(ctrader, ctrader_ca=ctrader_ca, host=host, port=port, database=database) as url:
        click.echo(f"The sample CRM is ready at {url}; it calls cTrader at {ctrader}.")
        click.echo(f"Try: mock-ctrader run sign-up --crm {url}")
        click.echo("Stop with Ctrl-C.")
        await stop.wait()
