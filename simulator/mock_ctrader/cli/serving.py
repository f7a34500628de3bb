"""The backend, from its start until it is told to stop; what ``mock-ctrader serve`` says of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from mock_ctrader.cli.collecting import seldom
from mock_ctrader.cli.process import stop_signal
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.dashboard.reference import ReferenceSite
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.plant.plant import Plant
from mock_ctrader.runtime.access import is_local
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.discovery import Running, announced
from mock_ctrader.runtime.logs import make_logger
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator


async def serve(chosen: Settings) -> None:
    """Serve until the process is asked to end.

    Raises:
        StartError: it cannot be started.
        StoreError: what was kept cannot be read.
    """
    stop = stop_signal()
    simulator = Simulator(chosen, data=Path(chosen.data) if chosen.data else None)
    simulator.mount(ReferenceSite(simulator))
    simulator.mount(DashboardSite(simulator))
    simulator.log_to(make_logger(SystemClock(), simulator.mask, form=chosen.log_format, level=chosen.log_level))
    async with simulator, ApplicationSite(simulator) as applications:
        simulator.mount(applications)
        click.echo(_welcome(simulator))
        running = Running(simulator.url, simulator.admin_token, os.getpid(), simulator.tls_ca)
        with seldom(SystemClock()), announced(running):
            await stop.wait()


def _managers(plant: Plant) -> Iterator[tuple[str, str]]:
    """Tell who may call: managers of one password in one row."""
    logins: dict[str, list[str]] = {}
    for manager in plant.managers.values():
        logins.setdefault(manager.password_hash, []).append(str(manager.login))
    for password_hash, held in logins.items():
        yield "manager", f"{' or '.join(held)}, hashedPassword {password_hash}"


def _addresses(url: str, plant: Plant) -> str:
    """Say where a plant beside the default one answers."""
    first, *others = plant.environments
    return f"{url}/{plant.name}/{first}" + "".join(f", .../{plant.name}/{name}" for name in others)


def _warnings(chosen: Settings) -> Iterator[str]:
    """Warn of what opens the simulator to others."""
    if not is_local(chosen.host):
        yield f"Others in the network reach this simulator: it listens on {chosen.host}, not on this machine alone."


def _welcome(simulator: Simulator) -> str:
    url, chosen = simulator.url, simulator.settings
    plant = simulator.world().plant
    others = [name for name in plant.environments if name != chosen.environment]
    rows = [
        ("WebServices", f"{url}/v2  ({chosen.environment})"),
        *(("", f"{url}/{plant.name}/{name}/v2  ({name})") for name in others),
        ("users", f"{url}/cid"),
        *_managers(plant),
        *(("broker", f"brokerName {one.name}, brokerCrmName {one.crm_name}") for one in plant.brokers.values()),
        *(("plant", _addresses(url, world.plant)) for name, world in simulator.worlds.items() if name != plant.name),
        *([("authority", f"{simulator.tls_ca}  (to be trusted)")] if simulator.tls_ca else []),
    ]
    lines = [
        f"The simulated cTrader backend is ready at {url} (seed {simulator.seed}).",
        "",
        "Give the CRM:",
        *(f"  {name:<12} {value}" for name, value in rows),
        "",
        f"cTrader calls the CRM at {chosen.crm.url}; it presents the password '{chosen.crm.password}'.",
        f"cTrader Web: {url}/app/  (the application in a page, for a person to play with)",
        f"Dashboard: {simulator.link()}",
        "(the link opens it once, within ten minutes; the admin token opens it always)",
        f"Admin token: {simulator.admin_token}  (journal: {url}/_mock/plants/{plant.name}/journal)",
        *_warnings(chosen),
        "Stop with Ctrl-C.",
    ]
    return "\n".join(lines)
