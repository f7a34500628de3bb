"""``mock-ctrader demo``."""

from pathlib import Path
from typing import Any

import click

from mock_ctrader.cli.defaults import PRESENT_PORT


@click.command()
@click.argument("names", metavar="[SESSION]...", nargs=-1)
@click.option("--seed", type=int, help="The same seed gives the same people and ids.")
@click.option("--present", "is_presented", is_flag=True, help="Present sessions in a browser, until Ctrl-C.")
@click.option("--export", "file", type=click.Path(path_type=Path), help="Write sessions as a page that plays offline.")
@click.option("--force", is_flag=True, help="Let --export overwrite its file.")
@click.option("--list", "is_listed", is_flag=True, help="List the sessions that ship.")
@click.option("--speed", type=click.FloatRange(0.25, 8), default=1.0, help="How fast a session plays.  [default: 1]")
@click.option(
    "--screens",
    type=click.Choice(["auto", "browser", "form"]),
    default="auto",
    help="Pictures of pages by a real browser, or sketches.  [default: auto, pictures where it can]",
)
@click.option("--crm", metavar="URL", help="Play against this CRM.  [default: the sample one]")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file, with --crm.")
@click.option("--port", type=int, help=f"Port for --present.  [default: {PRESENT_PORT}]")
def command(
    names: tuple[str, ...], is_presented: bool, file: Path | None, is_listed: bool, force: bool, **given: Any
) -> int:
    """Play the first journeys against the sample CRM, all by itself; or present, or export, sessions of journeys.

    Starts the simulated cTrader backend and the sample CRM on this machine, lets a trader sign up, log in, come
    back, deposit and withdraw, and prints who called whom.

    \b
    Examples:
      mock-ctrader demo                                five journeys, as text
      mock-ctrader demo --present onboarding referral  two sessions in a browser
      mock-ctrader demo --export cashier.html cashier  one session as a page
    """
    if is_presented and file is not None:
        raise click.UsageError("Either --present or --export.")
    is_session = is_presented or file is not None
    if names and not is_session and not is_listed:
        raise click.UsageError("A session wants --present or --export FILE.")
    if given["crm"] is not None and not is_session:
        raise click.UsageError("--crm wants --present or --export FILE; with your CRM, try `mock-ctrader run`.")
    if given["config"] is not None and given["crm"] is None:
        raise click.UsageError("--config tells of a CRM: name it with --crm.")
    import asyncio

    from mock_ctrader.cli.terminal import Terminal

    terminal = Terminal()
    if is_listed:
        from mock_ctrader.dashboard import sessions

        titles = sessions.titles()
        longest = max(len(name) for name, _, _ in titles)
        for name, title, audience in titles:
            terminal.pair(name, f"{title}. {audience}", longest)
        return 0
    if not is_session:
        from mock_ctrader.cli.first_journeys import play

        return asyncio.run(play(terminal, given["seed"]))
    from mock_ctrader.cli.presenting import Chosen, export, present

    chosen = Chosen.of(names, **given)
    return asyncio.run(export(terminal, chosen, file, force=force) if file else present(terminal, chosen))
