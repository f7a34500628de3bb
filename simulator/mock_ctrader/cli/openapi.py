"""``mock-ctrader openapi``."""

from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings


@click.command()
@click.option(
    "--side",
    type=click.Choice(["backend", "crm"]),
    default="backend",
    show_default=True,
    help="backend: what cTrader serves. crm: what your CRM must serve.",
)
@click.option("--output", type=click.Path(path_type=Path), help="File to write to.  [default: print]")
@flags("host", "port", "tls", "crm.url")
def command(side: str, output: Path | None, config: Path | None, **given: object) -> None:
    """Write the contract as an OpenAPI 3.1 document.

    The backend's document holds cTrader's calls to the CRM as webhooks; the CRM's is a specification of what a CRM
    serves. A running simulator gives the same at GET /_mock/openapi.json (and ?side=crm).
    """
    import msgspec

    from mock_ctrader.contract.openapi import Side
    from mock_ctrader.runtime.files import save
    from mock_ctrader.runtime.reference import openapi

    found = openapi(Side(side), settings(config, **given))
    text = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        save(output, text)
