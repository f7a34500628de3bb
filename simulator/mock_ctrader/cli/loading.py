"""A load as the command line plays it: what is needed is looked for first, then Locust plays, then it is told."""

import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import msgspec

from mock_ctrader.cli.load_processes import locust, own_simulator
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.cli.venue import ask, find
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import MockCTraderError, SettingsError, StartError
from mock_ctrader.journal import recording
from mock_ctrader.load.arrivals import CURVES
from mock_ctrader.load.merging import merged
from mock_ctrader.load.mix import Share
from mock_ctrader.load.result import Result, Written
from mock_ctrader.load.thinking import Think
from mock_ctrader.reports import load as reports
from mock_ctrader.runtime import library, matrix
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.connections import reach
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.discovery import Running
from mock_ctrader.runtime.files import can_be_written, make_folder, save
from mock_ctrader.runtime.load_order import RESULT, Order, Terms, obstacle
from mock_ctrader.runtime.matrix import Cell, Choice
from mock_ctrader.runtime.replaying import play_of
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.runtime.versions import PROGRAM

_STYLES = {"failed": "bold red", "ok": "bold green"}
_MOST_FAILURES = 10
"""Kinds of failures that are printed; a report has all."""
_GRACE = 10
"""Seconds that journeys under way have to come to their end when the time is over."""
_PORT = 5557
_NUMBERS, _FAILURES = "load.json", "failures.txt"
_SAID = "What it said, if anything, stands above."


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """On which processes and machines it is played, and what Locust shows of it."""

    csv: str | None = None
    web_port: int | None = None
    processes: int | None = None
    is_master: bool = False
    is_worker: bool = False
    expected: int = 1
    host: str = "127.0.0.1"
    port: int | None = None

    def arguments(self) -> Iterator[str]:
        """Yield what Locust is told of it."""
        port = str(self.port or (_free_port() if self.processes and not self.is_worker else _PORT))
        if self.is_worker:
            yield from ("--worker", "--master-host", self.host, "--master-port", port)
        if self.processes:
            yield from ("--processes", str(self.processes))
        if self.is_worker:
            return
        if self.is_master or self.processes:
            yield from ("--master-bind-host", self.host, "--master-bind-port", port, "--master-port", port)
        if self.is_master:
            yield from ("--master", "--expect-workers", str(self.expected))
        if self.is_master or self.processes:
            yield "--enable-rebalancing"
        if self.csv:
            yield from ("--csv", self.csv)
        page = ("--web-host", "127.0.0.1", "--web-port", str(self.web_port), "--autostart")
        yield from page if self.web_port else ("--headless",)
        yield from ("--stop-timeout", str(_GRACE), "--exit-code-on-error", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What was asked for on the command line, settings apart."""

    shares: tuple[Share, ...]
    choice: Choice
    users: int
    rate: float
    seconds: float
    curve: str
    think: Think
    sample: float
    record: Path | None
    report: Path | None
    server: str | None
    config: Path | None
    spread: Spread

    async def play(self, chosen: Settings) -> int:
        """Play the population, tell of it, and return the exit code: 1 if something failed, else 0.

        Raises:
            MockCTraderError: it cannot be played, or a file cannot be written.
        """
        terminal = Terminal()
        described = chosen.plants.get(chosen.plant, PlantDescription())
        _check(chosen)
        self._cells(described.edition, chosen)  # a mistake in the last scenario is told before anything is started
        self._check_places()
        if not self.spread.is_worker or self.server:
            await reach(chosen.crm.url, chosen.crm.timeout)
        async with self._simulator(chosen, terminal) as (running, own), _client(running) as client:
            plant = await _plant(client, running, chosen)
            cells = self._cells(plant, chosen)
            with TemporaryDirectory() as folder:
                order, result = Path(folder) / "order.json", Path(folder) / RESULT
                sent = msgspec.structs.replace(self._order(chosen, running, cells, result), simulator=own)
                sent.write(order)
                self._begin(terminal, chosen, running)
                code = await locust([*self.spread.arguments(), "--host", chosen.crm.url], order)
                if self.spread.is_worker:
                    return _ended(code)
                if not result.exists():
                    _ended(code)
                    raise StartError("it was ended before anybody came.")
                written = msgspec.json.decode(result.read_bytes(), type=Written)
        status = self._close(written, chosen, terminal)
        return status if written.result.lost else _ended(code) or status

    def _check_places(self) -> None:
        """Make sure that files can be written and ports are free, before much is played for nothing."""
        spread = self.spread
        if spread.is_worker:
            return
        if self.record is not None:
            can_be_written(self.record)
        if self.report is not None:
            make_folder(self.report)
            can_be_written(self.report / _NUMBERS)
            can_be_written(self.report / _FAILURES)
        if spread.csv:
            make_folder(Path(spread.csv).parent)
            can_be_written(Path(f"{spread.csv}_stats.csv"))
        if spread.web_port:
            _check_port("127.0.0.1", spread.web_port, "--web-port")
        if spread.is_master:
            _check_port(spread.host, spread.port or _PORT, "--master-port")

    @asynccontextmanager
    async def _simulator(self, chosen: Settings, terminal: Terminal) -> AsyncGenerator[tuple[Running, int]]:
        """Give the simulator that the CRM calls, and the process of one that is started for this load."""
        running = find(self.server, chosen)
        if running is not None:
            yield running, 0
            return
        if self.spread.is_worker:
            raise StartError("a worker plays at the simulator of its master.", cure="Name it with --server URL.")
        async with own_simulator(chosen, self.config) as own:
            terminal.line(f"No simulator was running: one listens at {own.url} for as long as this takes.", "dim")
            yield own, own.pid

    def _cells(self, edition: EditionName, chosen: Settings) -> list[Cell]:
        journeys = [(share.name, library.find(share.name)) for share in self.shares]
        cells = matrix.plan(journeys, self.choice, edition, chosen.crm.modules)
        for cell in cells:
            reason = cell.obstacle or obstacle(cell.scenario, chosen.crm)
            if reason:
                what = f"'{cell.journey}' cannot be put under load here: {reason}."
                raise SettingsError(what, where="--scenario")
        return cells

    def _order(self, chosen: Settings, running: Running, cells: list[Cell], result: Path) -> Order:
        # Whoever gives no seed plays against a CRM that remembers, and is to see nobody twice.
        seed = chosen.seed if chosen.seed is not None else SystemClock().now()
        return Order(
            server=running.url,
            admin_token=running.admin_token,
            ca=running.ca,
            plant=chosen.plant,
            app_url=(chosen.app_url or f"{running.url}/app").rstrip("/"),
            crm=chosen.crm,
            terms=Terms(
                seed=seed,
                shares=self.shares,
                plays=tuple(play_of(cell, seed) for cell in cells),
                think=self.think,
                sample=self.sample,
                is_recorded=self.record is not None,
            ),
            users=self.users,
            rate=self.rate,
            seconds=self.seconds,
            curve=self.curve,
            result="" if self.spread.is_worker else str(result),
        )

    def _begin(self, terminal: Terminal, chosen: Settings, running: Running) -> None:
        spread = self.spread
        if spread.is_worker:
            where = f"{spread.host}:{spread.port or _PORT}"
            told = (
                f"Playing for the master at {where} as soon as it is there, against {chosen.crm.url}; Ctrl-C ends it."
            )
            terminal.line(told, "dim")
            return
        many = f"{self.users} users against {chosen.crm.url}, {self.curve}: {CURVES[self.curve].sentence}"
        terminal.line(f"{many} The CRM calls {running.url}; Ctrl-C ends it.", "dim")
        if spread.is_master:
            many = "a worker" if spread.expected == 1 else f"{spread.expected} workers"
            terminal.line(f"It begins when {many} came to {spread.host}:{spread.port or _PORT}.", "dim")
        if spread.web_port:
            terminal.line(f"Locust's page: http://127.0.0.1:{spread.web_port}", "dim")

    def _close(self, written: Written, chosen: Settings, terminal: Terminal) -> int:
        result = written.result
        terminal.line()
        lines = [*result.journeys, *result.calls]
        if lines and terminal.width >= reports.NARROWEST:
            terminal.table(reports.rows(lines), reports.HEADER)
        else:
            for text in reports.narrow(lines):
                terminal.line(text)
        terminal.line()
        for kinds in (result.failures, result.judged):
            for text, role in reports.failures(kinds, _MOST_FAILURES):
                terminal.line(text, _STYLES.get(role, role))
        for text, role in reports.closing(result):
            terminal.line(text, _STYLES.get(role, role))
        if self.record is not None:
            document = merged(written.kept, chosen.plant)
            save(self.record, recording.to_lines(recording.of_journal(document, program=PROGRAM)))
        self._report(result)
        return 0 if result.is_well else 1

    def _report(self, result: Result) -> None:
        if self.report is None:
            return
        make_folder(self.report)
        save(self.report / _NUMBERS, msgspec.json.format(msgspec.json.encode(result)).decode() + "\n")
        save(self.report / _FAILURES, reports.whole([*result.failures, *result.judged]))


def _check(chosen: Settings) -> None:
    if chosen.screens == "browser":
        cure = "Play with screens = 'form'; try a few journeys in a browser with `mock-ctrader run`."
        raise SettingsError("no crowd fits into real browsers.", where="screens", cure=cure)
    if chosen.clock == "virtual":
        raise SettingsError("a load takes real time.", where="clock", cure="Play with clock = 'real'.")
    trusting(chosen.crm.ca, "crm.ca")


@asynccontextmanager
async def _client(running: Running) -> AsyncGenerator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {running.admin_token}"}
    connector = aiohttp.TCPConnector(ssl=trusting(running.ca, "--tls-ca"))
    async with aiohttp.ClientSession(headers=headers, connector=connector) as client:
        yield client


async def _plant(client: aiohttp.ClientSession, running: Running, chosen: Settings) -> EditionName:
    """Make the simulator listen to what is said of people, and return what the plant speaks."""
    url = f"{running.url}/_mock/plants/{chosen.plant}/following"
    try:
        told = await ask(client, "POST", url, dict[str, Any], {})
    except StartError:
        raise
    except MockCTraderError as error:
        raise StartError(f"the simulator cannot be used: {error}", where=running.url) from None
    edition: EditionName = told["plant"]["edition"]
    return edition


def _check_port(host: str, port: int, flag: str) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a load that has just ended does not matter
            tried.bind((host, port))
            tried.listen()
    except OSError as error:
        cure = "End the program that listens there, or choose another port."
        raise StartError(f"cannot listen at {host}:{port}: {error.strerror}.", where=flag, cure=cure) from None


def _ended(code: int) -> int:
    """Return our exit code for Locust's.

    Raises:
        StartError: it did not end in good order.
    """
    if code:
        raise StartError(f"Locust failed ({_how(code)}).", cure=_SAID)
    return 0


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port
