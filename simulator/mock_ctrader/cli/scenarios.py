"""``mock-ctrader scenarios``."""

import json

import click

import mock_ctrader_scenarios


@click.group(name="scenarios")
def command() -> None:
    """List, show and check scenarios.

    A scenario is a journey in a short YAML file: who plays, what they do, what must be seen.
    """


@command.command(name="list")
def list_() -> None:
    """List the journeys that ship with mock-ctrader."""
    from mock_ctrader.cli.terminal import Terminal
    from mock_ctrader.runtime import library

    terminal = Terminal()
    names = mock_ctrader_scenarios.names()
    for name in names:
        scenario = library.find(name)
        terminal.pair(name, f"{scenario.purpose} ({scenario.follows})", max(map(len, names)))


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """Print a scenario's file: a start for one of your own."""
    from mock_ctrader.runtime import library

    click.echo(library.read(name)[1].rstrip())


@command.command()
@click.argument("names", metavar="SCENARIO...", nargs=-1, required=True)
def validate(names: tuple[str, ...]) -> None:
    """Check scenario files without playing them."""
    from mock_ctrader.runtime import library

    for name in names:
        scenario = library.find(name)
        click.echo(f"{name}: a journey of {len(scenario.steps)} steps, ready to be played")


@command.command()
def schema() -> None:
    """Print the JSON Schema of the format: editors complete and check files with it."""
    from mock_ctrader.contract.catalogue import ENDPOINTS
    from mock_ctrader.scenario.schema import json_schema

    click.echo(json.dumps(json_schema(ENDPOINTS), indent=2))
