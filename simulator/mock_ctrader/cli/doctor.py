"""``mock-ctrader doctor``."""

import json
from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@flags("crm.url", "crm.password", "crm.ca", "host", "port", "tls", "tls_ca", "screens")
def command(config: Path | None, as_json: bool, **given: object) -> int:
    """Try a profile's addresses from both sides, before journeys are played.

    Prints what each side must be given, and what is wrong. Everything sent is made up: a sound CRM refuses it, and
    keeps nothing but the crmApiToken that it issues. Only what stands in crm.modules is tried. Exit code 1: something
    is wrong.
    """
    import asyncio

    from mock_ctrader.cli.diagnosis import document, show
    from mock_ctrader.runtime.checkup import check_up
    from mock_ctrader.runtime.clock import SystemClock

    chosen = settings(config, **given)
    checked = asyncio.run(check_up(chosen, SystemClock()))
    if as_json:
        click.echo(json.dumps(document(chosen, checked), indent=2))
    else:
        show(chosen, checked)
    return 0 if checked.is_sound else 1
