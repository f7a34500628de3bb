"""``mock-ctrader demo``."""

import asyncio
from pathlib import Path
from typing import Any

import click

from mock_ctrader.cli.presenting import PORT, Chosen, export, present
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.dashboard import sessions
from mock_ctrader.runtime import library
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

PLAYLIST = ("sign-up", "password-login", "automatic-relogin", "deposit", "withdrawal")


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
@click.option("--port", type=int, help=f"Port for --present.  [default: {PORT}]")
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
    terminal = Terminal()
    if is_listed:
        for name, title, audience in sessions.titles():
            terminal.pair(name, f"{title}. {audience}")
        return 0
    if is_presented and file is not None:
        raise click.UsageError("Either --present or --export.")
    if not is_presented and file is None:
        if names:
            raise click.UsageError("A session wants --present or --export FILE.")
        return asyncio.run(_demo(terminal, given["seed"]))
    if given["config"] is not None and given["crm"] is None:
        raise click.UsageError("--config tells of a CRM: name it with --crm.")
    chosen = Chosen.of(names, **given)
    return asyncio.run(export(terminal, chosen, file, force=force) if file else present(terminal, chosen))


async def _demo(terminal: Terminal, seed: int | None) -> int:
    from mock_ctrader.cli.sample import sample_crm

    shown: list[Printout] = []
    # The demo is the same wherever it is run: no settings file or variable reaches it.
    settings = Settings(port=0, seed=seed)
    async with Simulator(settings) as simulator, sample_crm(simulator.url) as crm:
        terminal.line(f"The simulated cTrader backend listens at {simulator.url}, the sample CRM at {crm}.")
        for name in PLAYLIST:
            report = await simulator.play(library.find(name), crm=CrmSettings(url=crm))
            secrets = simulator.secrets
            shown.append(printout(report, secrets, width=terminal.width, unicode=terminal.unicode))
            terminal.journey(shown[-1])
        terminal.closing(shown, simulator.seed)
    terminal.line(f"In a browser: make demo PRESENT=1, at http://127.0.0.1:{PORT}/_mock/present", "dim")
    return 0 if all(one.passed for one in shown) else 1
