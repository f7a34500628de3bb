"""The first journeys, against the sample CRM, as text: ``mock-ctrader demo``."""

from mock_ctrader.cli.defaults import PRESENT_PORT
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.runtime import library
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

PLAYLIST = ("sign-up", "password-login", "automatic-relogin", "deposit", "withdrawal")


async def play(terminal: Terminal, seed: int | None) -> int:
    """Play them, print who called whom, and return the exit code."""
    shown: list[Printout] = []
    # The demo is the same wherever it is run: no settings file or variable reaches it.
    settings = Settings(port=0, seed=seed)
    async with Simulator(settings) as simulator, sample_crm(simulator.url, quick_passwords=True) as crm:
        terminal.line(f"The simulated cTrader backend listens at {simulator.url}, the sample CRM at {crm}.")
        for name in PLAYLIST:
            report = await simulator.play(library.find(name), crm=CrmSettings(url=crm))
            secrets = simulator.secrets
            shown.append(printout(report, secrets, width=terminal.width, unicode=terminal.unicode))
            terminal.journey(shown[-1])
        terminal.closing(shown, simulator.seed)
    terminal.line(f"In a browser: make demo PRESENT=1, at http://127.0.0.1:{PRESENT_PORT}/_mock/present", "dim")
    return 0 if all(one.passed for one in shown) else 1
