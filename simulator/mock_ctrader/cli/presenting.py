"""Presenting and exporting demo sessions."""

import shutil
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self, cast

import click

from mock_ctrader.cli.defaults import PRESENT_PORT
from mock_ctrader.cli.options import settings
from mock_ctrader.cli.places import sample_place
from mock_ctrader.cli.process import stop_signal
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.dashboard import sessions
from mock_ctrader.dashboard.exporting import export as page_of
from mock_ctrader.dashboard.guard import Guard
from mock_ctrader.dashboard.present import PresentSite, link
from mock_ctrader.dashboard.reference import ReferenceSite
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.errors import StartError
from mock_ctrader.runtime.files import save
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator

SHIPPED = ("onboarding", "referral", "cashier", "what-happens-when-it-fails")
"""What is presented where no session is named, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is presented, and how."""

    sessions: tuple[sessions.Session, ...]
    seed: int | None
    speed: float
    screens: Literal["form", "browser"]
    crm: str | None
    config: Path | None
    port: int | None

    @classmethod
    def of(cls, names: tuple[str, ...], *, screens: str, **given: Any) -> Self:
        """Find the sessions, and see whether a real browser is there.

        Raises:
            ScenarioError: there is no such session, or it speaks of what is not there.
        """
        found = tuple(sessions.find(name) for name in names or SHIPPED)
        wanted = _screens() if screens == "auto" else cast(Literal["form", "browser"], screens)
        return cls(sessions=found, screens=wanted, **given)


async def present(terminal: Terminal, chosen: Chosen) -> int:
    """Record sessions and serve the page that shows them, until told to stop."""
    port = PRESENT_PORT if chosen.port is None else chosen.port
    async with _place(chosen, port) as simulator:
        recorded = await _recorded(terminal, simulator, chosen)
        stop = stop_signal()  # not before: until then Ctrl-C breaks off what is being played
        guard = Guard(simulator.access)
        simulator.mount(PresentSite(guard, recorded, speed=chosen.speed))
        simulator.mount(ReferenceSite(simulator))
        simulator.mount(DashboardSite(simulator))
        # Not wrapped, and not held back where the output is no terminal: the link is to be followed.
        click.echo(f"\nOpen {link(simulator.url, simulator.access.make_key())}")
        click.echo("The link opens one browser, within ten minutes. Stop with Ctrl-C.")
        await stop.wait()
    return 0 if all(one["passed"] for one in recorded) else 1


async def export(terminal: Terminal, chosen: Chosen, file: Path, *, force: bool) -> int:
    """Record sessions and write them as one page.

    Raises:
        StartError: the file is there already and is not to be overwritten, or cannot be written.
    """
    _refuse_to_overwrite(file, force=force)
    async with _place(chosen, 0 if chosen.port is None else chosen.port) as simulator:
        recorded = await _recorded(terminal, simulator, chosen)
        seed = simulator.seed
    page = page_of(recorded, speed=chosen.speed).encode()
    save(file, page)
    terminal.line(f"Written: {file} ({len(page) // 1024} KB). It plays offline, in any browser.", "bold")
    terminal.line(f"The same again, times aside: --seed {seed}", "dim")
    return 0 if all(one["passed"] for one in recorded) else 1


def _refuse_to_overwrite(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise StartError("is there already.", where=str(file), cure="--force overwrites it.")


def _screens() -> Literal["form", "browser"]:
    """Choose pictures of pages where a real browser can be had."""
    can = find_spec("playwright") is not None and shutil.which(Settings().browser) is not None
    return "browser" if can else "form"


def _place(chosen: Chosen, port: int) -> AbstractAsyncContextManager[Simulator]:
    """Start a simulator: before the CRM that is named, else before the sample one, on one clock that can be set."""
    if chosen.crm is not None:
        return Simulator(settings(chosen.config, crm_url=chosen.crm, port=chosen.port, seed=chosen.seed))
    # A session is the same wherever it is recorded: no settings file or variable reaches it.
    return sample_place(Settings(seed=chosen.seed), port=port)


async def _recorded(terminal: Terminal, simulator: Simulator, chosen: Chosen) -> list[dict[str, Any]]:
    recorded: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        pictures = folder if chosen.screens == "browser" else ""
        for session in chosen.sessions:
            terminal.line(session.script.title, "bold")
            recorded.append(
                await sessions.record(
                    simulator,
                    session,
                    seed=simulator.seed,
                    screens=chosen.screens,
                    pictures=pictures,
                    say=lambda what: terminal.line(f"  {what}"),
                )
            )
    return recorded
