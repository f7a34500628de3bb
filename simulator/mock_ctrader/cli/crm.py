"""``mock-ctrader crm``."""

from contextlib import AbstractAsyncContextManager

import click

from mock_ctrader.cli.defaults import STAFF_PASSWORD


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--ctrader", default="http://127.0.0.1:8765", show_default=True, help="Base URL of the cTrader backend.")
@click.option("--ctrader-ca", default="", metavar="FILE", help="Certificate authority of a cTrader that speaks https.")
@click.option("--web-url", default="", metavar="URL", help="Base URL of cTrader Web.  [default: --ctrader, then /app]")
@click.option("--staff-password", default=STAFF_PASSWORD, show_default=True, help="Opens the back office, /staff.")
@click.option("--database", default=":memory:", show_default=True, help="SQLite file that keeps users and accounts.")
@click.option("--test-clock", is_flag=True, help="Let a test set the clock: PUT /test/clock. On this machine only.")
@click.option("--kyc-review", is_flag=True, help="Have documents wait until they are approved at /staff/kyc.")
def command(
    host: str,
    port: int,
    ctrader: str,
    ctrader_ca: str,
    web_url: str,
    staff_password: str,
    database: str,
    test_clock: bool,
    kyc_review: bool,
) -> None:
    """Run the sample CRM: a small broker client area, wired to cTrader in full.

    It is something to play journeys against, and an example of the integration to read.
    """
    import asyncio

    from mock_ctrader.cli.sample import sample_crm
    from mock_ctrader.runtime.settings import is_web_address

    for option, address in (("--ctrader", ctrader), ("--web-url", web_url or ctrader)):
        if not is_web_address(address):
            wrong = f"'{address}' is no web address: give one as in http://127.0.0.1:8765"
            raise click.BadParameter(wrong, param_hint=option)
    crm = sample_crm(
        ctrader,
        ctrader_ca=ctrader_ca,
        host=host,
        port=port,
        database=database,
        test_clock=test_clock,
        kyc_review=kyc_review,
        web_url=web_url,
        staff_password=staff_password,
    )
    asyncio.run(_serve(crm, ctrader, staff_password))


async def _serve(crm: AbstractAsyncContextManager[str], ctrader: str, staff_password: str) -> None:
    from mock_ctrader.cli.process import stop_signal

    stop = stop_signal()
    async with crm as url:
        click.echo(f"The sample CRM is ready at {url}; it calls cTrader at {ctrader}.")
        click.echo(f"Try: mock-ctrader run sign-up --crm {url}")
        if staff_password:
            click.echo(f"The back office is at {url}/staff; its password is {staff_password}")
        click.echo("Stop with Ctrl-C.")
        await stop.wait()
