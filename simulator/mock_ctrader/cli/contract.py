"""``mock-ctrader contract``."""

import click


@click.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: for programs.")
def command(names: tuple[str, ...], as_json: bool) -> None:
    """List the calls of the contract, or tell everything about some.

    \b
    Examples:
      mock-ctrader contract                      every call, and how sure it is
      mock-ctrader contract create_trader        its keys, error codes and source
      mock-ctrader contract --json               all of it, for programs
    """
    from mock_ctrader.cli.contract_calls import tell

    tell(names, as_json=as_json)
