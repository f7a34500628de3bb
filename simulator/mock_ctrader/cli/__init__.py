"""The command line. Each command is a module of its own, imported when it is called for: ``--help`` stays quick."""

import sys
from errno import ENOSPC
from importlib import import_module

import click

import mock_ctrader
from mock_ctrader.errors import MockCTraderError, nearest

COMMANDS = {
    "init": "Write a settings file that describes your CRM, by asking.",
    "doctor": "Try a profile's addresses from both sides; say what each must be given.",
    "serve": "Run the simulated cTrader backend until it is stopped.",
    "nginx": "Write the configuration of an nginx in front of several `serve`.",
    "crm": "Run the sample CRM: something to play against, and an example to read.",
    "run": "Play journeys against a CRM.",
    "conform": "Run the vendor's conformance list against a CRM.",
    "storm": "Play many journeys while things go wrong; judge from the journal what holds.",
    "load": "Play a population at a CRM, on Locust.",
    "replay": "Play a recording's journeys again; list what the CRM does otherwise.",
    "journal": "Export, compare and check recordings.",
    "import-har": "Make a recording of traffic captured from the real platform.",
    "drift": "List where the simulator would have answered otherwise than a recording has it.",
    "rebuild": "Make the plants that `serve --data` kept anew from their records, and compare.",
    "scenarios": "List, show and check scenarios.",
    "contract": "List the calls of the contract, or tell everything about one.",
    "openapi": "Write the contract as an OpenAPI document.",
    "demo": "Play the first journeys against the sample CRM, all by itself.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mock_ctrader.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command '{args[0]}'. {nearest(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mock_ctrader.__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """A simulated cTrader backend and its applications, for testing a broker's CRM.

    \b
    First steps:
      mock-ctrader demo                    see it work, with nothing to set up
      mock-ctrader serve                   the backend, at http://127.0.0.1:8765
      mock-ctrader run sign-up --crm URL   a trader signs up at your CRM

    Settings come from mock-ctrader.toml in the current folder, then from environment variables
    (MOCK_CTRADER_PORT, MOCK_CTRADER_CRM_URL ...), then from flags; the last one given counts.
    Exit codes: 0 all well, 1 a journey failed or a CRM does not conform, 2 it could not be started.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; what a person can mend is one message and exit code 2."""
    try:
        code: object = commands.main(arguments, prog_name="mock-ctrader", standalone_mode=False)
    except MockCTraderError as error:
        click.echo(f"mock-ctrader: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # the reader, say `head`, has seen enough
        sys.stdout = None
        sys.exit(141)
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        sys.stdout = None
        click.echo("mock-ctrader: there is no room to write to: the disk is full. Make room, and try again.", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
