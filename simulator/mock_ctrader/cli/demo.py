"""``mock-ctrader demo``."""

import asyncio

import click

from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.runtime import library
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

PLAYLIST = ("sign-up", "password-login", "automatic-relogin", "deposit", "withdrawal")


@click.command()
@click.option("--seed", type=int, help="The same seed gives the same people and ids.")
def command(seed: int | None) -> int:
    """Play the first journeys against the sample CRM, all by itself.

    Starts the simulated cTrader backend and the sample CRM on free ports of this machine, lets a trader sign up,
    log in, come back, deposit and withdraw, and prints who called whom.
    """
    return asyncio.run(_demo(seed))


async def _demo(seed: int | None) -> int:
    from mock_ctrader.cli.sample import sample_crm

    terminal = Terminal()
    shown: list[Printout] = []
    # The demo is the same wherever it is run: no settings file or variable reaches it.
    async with Simulator(Settings(port=0, seed=seed)) as simulator, sample_crm(simulator.url) as crm:
        terminal.line(f"The simulated cTrader backend listens at {simulator.url}, the sample CRM at {crm}.")
        for name in PLAYLIST:
            report = await simulator.play(library.find(name), crm=CrmSettings(url=crm))
            secrets = simulator.secrets
            shown.append(printout(report, secrets, width=terminal.width, unicode=terminal.unicode))
            terminal.journey(shown[-1])
        terminal.closing(shown, simulator.seed)
    return 0 if all(one.passed for one in shown) else 1
