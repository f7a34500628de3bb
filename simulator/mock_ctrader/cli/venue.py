"""Where ``mock-ctrader run`` plays: on a simulator that runs already, or on one of its own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiohttp
import msgspec

from mock_ctrader.cli.places import sample_place
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import MockCTraderError, SettingsError, StartError
from mock_ctrader.journal.format import document
from mock_ctrader.runtime import discovery
from mock_ctrader.runtime.journey import JourneyReport
from mock_ctrader.runtime.matrix import Cell
from mock_ctrader.runtime.playing import RunRequest
from mock_ctrader.runtime.replaying import Play, play_of, scenario_of
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings, Settings, is_web_address
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.timing import VirtualClock

Said = TypeVar("Said")


class Paper(Protocol):
    """What a journey is printed on."""

    @property
    def width(self) -> int:
        """Columns."""
        ...

    @property
    def unicode(self) -> bool:
        """Whether it takes letters beyond ASCII."""
        ...


class Venue(Protocol):
    """A simulator to play on."""

    welcome: str
    """What a person is to know of it; blank if nothing."""
    edition: EditionName
    """What the plant speaks unless a journey asks for another."""
    seed: int | None
    """What to give for the same run again, where that is known."""
    has_virtual_time: bool
    """A journey that lets time pass moves the clock of all; also where nobody said that it does not."""

    async def play(self, cell: Cell) -> Printout:
        """Play one journey.

        Raises:
            MockCTraderError: it could not be started.
        """
        ...

    async def replay(self, play: Play) -> Printout:
        """Play a recorded journey again.

        Raises:
            MockCTraderError: it could not be started.
        """
        ...

    async def journal(self) -> dict[str, Any]:
        """Return the plant's journal as one document, secrets masked."""
        ...


class Here:
    """A simulator of our own, for as long as the journeys take."""

    def __init__(self, simulator: Simulator, chosen: Settings, paper: Paper, welcome: str = "") -> None:
        alone = f"No simulator was running: this one listens at {simulator.url} until the journeys are over."
        self.welcome = welcome or alone
        self.edition: EditionName = simulator.world().description.edition
        self.seed: int | None = simulator.seed
        self.has_virtual_time = isinstance(simulator.clock, VirtualClock)
        self._simulator = simulator
        self._chosen = chosen
        self._paper = paper

    async def play(self, cell: Cell) -> Printout:
        """Play one journey."""
        report = await self._simulator.play(cell.scenario, seed=self._chosen.seed, edition=cell.edition)
        return self._printed(report)

    async def replay(self, play: Play) -> Printout:
        """Play a recorded journey again."""
        return self._printed(await self._simulator.play(scenario_of(play), seed=play.seed, edition=play.edition))

    async def journal(self) -> dict[str, Any]:
        """Return the plant's journal as one document, secrets masked."""
        journal = self._simulator.world().journal
        return document(journal, journal.secrets, plant=journal.plant)

    def _printed(self, report: JourneyReport) -> Printout:
        paper = self._paper
        return printout(report, self._simulator.secrets, width=paper.width, unicode=paper.unicode)


class There:
    """A simulator that runs elsewhere, reached by its admin API."""

    welcome = ""
    has_virtual_time = True

    def __init__(
        self, client: aiohttp.ClientSession, plant: str, edition: EditionName, chosen: Settings, paper: Paper
    ) -> None:
        self.edition: EditionName = edition
        self.seed = chosen.seed
        self._client = client
        self._plant = plant
        self._chosen = chosen
        self._paper = paper

    async def play(self, cell: Cell) -> Printout:
        """Have one journey played."""
        return await self.replay(play_of(cell, self._chosen.seed))

    async def replay(self, play: Play) -> Printout:
        """Have a recorded journey played again."""
        chosen = self._chosen
        wanted = RunRequest(
            source=play.source,
            scenario=play.scenario,
            openings=play.openings,
            overrides=play.overrides,
            skip=play.skip,
            only=play.only,
            faults=play.faults,
            edition=play.edition,
            seed=play.seed,
            crm=_for_elsewhere(chosen.crm),
            screens=chosen.screens,
            screenshots=_absolute(chosen.screenshots) or None,
            width=self._paper.width,
            unicode=self._paper.unicode,
        )
        return await ask(self._client, "POST", f"{self._plant}/runs", Printout, wanted)

    async def journal(self) -> dict[str, Any]:
        """Return the plant's journal as one document, secrets masked."""
        return await ask(self._client, "GET", f"{self._plant}/journal", dict[str, Any])


@asynccontextmanager
async def venue(named: str | None, chosen: Settings, paper: Paper) -> AsyncGenerator[Here | There]:
    """Find a simulator to play on, or start one.

    Raises:
        SettingsError: several are running, or the one that is named cannot be used.
        StartError: it does not answer, or none can be started.
    """
    running = find(named, chosen)
    if running is None:
        async with Simulator(chosen) as simulator:
            yield Here(simulator, chosen, paper)
        return
    plant = f"{running.url}/_mock/plants/{chosen.plant}"
    headers = {"Authorization": f"Bearer {running.admin_token}"}
    endless = aiohttp.ClientTimeout(total=None)  # a journey takes as long as its waits
    connector = aiohttp.TCPConnector(ssl=trusting(running.ca, "--tls-ca"), limit=0)  # --jobs says how many at once
    async with aiohttp.ClientSession(headers=headers, timeout=endless, connector=connector) as client:
        described = await ask(client, "GET", plant, _Plant)
        yield There(client, plant, described.edition, chosen, paper)


@asynccontextmanager
async def sample_venue(chosen: Settings, paper: Paper) -> AsyncGenerator[Here]:
    """Start a simulator and the sample CRM, on free ports and on one clock that can be set: time costs nothing there.

    Raises:
        StartError: one of them cannot be started.
    """
    async with sample_place(chosen) as simulator:
        where = f"The sample CRM listens at {simulator.settings.crm.url}, a simulator at {simulator.url}"
        yield Here(simulator, simulator.settings, paper, f"{where}, until the journeys are over.")


class _Plant(msgspec.Struct):
    """What is read of a plant's description."""

    edition: EditionName


def find(named: str | None, chosen: Settings) -> discovery.Running | None:
    """Choose the simulator to play on: the one named, else the one that runs here, else none.

    Raises:
        SettingsError: several are running, or the one that is named cannot be used.
    """
    found = discovery.find()
    if named is not None:
        return _named(named, chosen, found)
    at_port = [one for one in found if one.url.endswith(f":{chosen.port}")]
    candidates = at_port or found
    if len(candidates) > 1:
        listed = ", ".join(one.url for one in candidates)
        raise SettingsError(f"several simulators are running: {listed}.", cure="Choose one with --server URL.")
    return candidates[0] if candidates else None


def _named(url: str, chosen: Settings, found: list[discovery.Running]) -> discovery.Running:
    if not is_web_address(url):
        raise SettingsError(f"'{url}' is no web address.", where="--server", cure="As in http://127.0.0.1:8765.")
    known = next((one for one in found if one.url == url.rstrip("/")), None)
    token = chosen.admin_token or (known.admin_token if known else "")
    if not token:
        raise SettingsError(f"{url} wants its admin token.", where="--server", cure="Give it with --admin-token.")
    return discovery.Running(url.rstrip("/"), token, 0, known.ca if known else _authority(url, chosen))


def _authority(server: str, chosen: Settings) -> str:
    """Return the file that a simulator's https is checked with, where it is another machine's or user's."""
    return chosen.tls_ca if server.startswith("https:") and Path(chosen.tls_ca).is_file() else ""


def _for_elsewhere(crm: CrmSettings) -> CrmSettings:
    """Write the CRM's settings so that they mean the same to a simulator that runs in another folder."""
    return msgspec.structs.replace(crm, ca=_absolute(crm.ca))


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path else ""


async def ask(client: aiohttp.ClientSession, method: str, url: str, kind: type[Said], body: object = None) -> Said:
    """Return what a simulator answers.

    Raises:
        StartError: it does not answer, or not as a simulator does.
        MockCTraderError: it refuses, and says why.
    """
    try:
        sent = None if body is None else msgspec.json.encode(body)
        async with client.request(method, url, data=sent, allow_redirects=False) as answer:
            held = await answer.read()
    except aiohttp.ClientError as error:
        cure = "Is `mock-ctrader serve` still running there?"
        raise StartError(f"the simulator does not answer: {error}.", where=url, cure=cure) from error
    try:
        if answer.status == 200:
            return msgspec.json.decode(held, type=kind)
        problem = msgspec.json.decode(held, type=dict[str, str])["error"]
    except (msgspec.MsgspecError, KeyError):
        raise StartError(f"answered {answer.status}: is that a simulator?", where=url) from None
    raise MockCTraderError(problem)
