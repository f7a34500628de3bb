"""``mock-ctrader serve``."""

import asyncio
import os
from pathlib import Path

import click

from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.process import stop_signal
from mock_ctrader.plant.sandbox import BROKER, MANAGER_PASSWORD_HASH, MANAGERS
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.discovery import Running, announced
from mock_ctrader.runtime.logs import make_logger
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator


@click.command()
@flags("host", "port", "admin_token", "seed", "environment", "crm.url", "crm.password", "log_format", "log_level")
def command(config: Path | None, **given: object) -> None:
    """Run the simulated cTrader backend until it is stopped.

    Prints the addresses that the CRM must be given. `mock-ctrader run` finds a running simulator by itself and
    plays its journeys there. GET /_mock/health answers when it is ready.
    """
    asyncio.run(_serve(settings(config, **given)))


async def _serve(chosen: Settings) -> None:
    stop = stop_signal()
    simulator = Simulator(chosen)
    simulator.log_to(make_logger(SystemClock(), simulator.secrets.mask, form=chosen.log_format, level=chosen.log_level))
    async with simulator:
        click.echo(_welcome(simulator))
        with announced(Running(simulator.url, simulator.admin_token, os.getpid())):
            await stop.wait()


def _welcome(simulator: Simulator) -> str:
    url, chosen = simulator.url, simulator.settings
    plant = simulator.world().plant
    others = [name for name in plant.environments if name != chosen.environment]
    rows = [
        ("WebServices", f"{url}/v2  ({chosen.environment})"),
        *(("", f"{url}/{plant.name}/{name}/v2  ({name})") for name in others),
        ("users", f"{url}/cid"),
        ("manager", f"{MANAGERS[0]} or {MANAGERS[1]}, hashedPassword {MANAGER_PASSWORD_HASH}"),
        ("broker", f"brokerName {BROKER.name}, brokerCrmName {BROKER.crm_name}"),
    ]
    lines = [
        f"The simulated cTrader backend is ready at {url} (seed {simulator.seed}).",
        "",
        "Give the CRM:",
        *(f"  {name:<12} {value}" for name, value in rows),
        "",
        f"cTrader calls the CRM at {chosen.crm.url}; it presents the password '{chosen.crm.password}'.",
        f"Admin token: {simulator.admin_token}  (journal: {url}/_mock/plants/{plant.name}/journal)",
        "Stop with Ctrl-C.",
    ]
    return "\n".join(lines)
