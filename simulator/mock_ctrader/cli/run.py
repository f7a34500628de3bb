"""``mock-ctrader run``."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import aiohttp
import click
import msgspec

import mock_ctrader_scenarios
from mock_ctrader.cli.options import flags, settings
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.errors import MockCTraderError, SettingsError, StartError
from mock_ctrader.runtime import discovery, library
from mock_ctrader.runtime.admin import RunRequest
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings, Settings, is_web_address
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.scenario import PLATFORMS

Wanted = Sequence[tuple[str, dict[str, str]]]
"""Journeys to be played, each with what is set for it."""


@click.command()
@click.argument("names", metavar="[SCENARIO...]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Play every shipped journey.")
@click.option(
    "--platform",
    type=click.Choice(PLATFORMS),
    help="Application of every actor.  [default: as the scenarios have it]",
)
@flags("crm.url", "crm.password", "crm.ca", "seed", "host", "port", "tls", "tls_ca", "admin_token")
@click.option(
    "--set", "overrides", metavar="KEY=VALUE", multiple=True, help="amount=20, trader.email=ann@example.com ..."
)
@click.option("--server", metavar="URL", help="The running simulator to play on.  [default: the one that is found]")
def command(
    names: tuple[str, ...],
    every: bool,
    platform: str | None,
    config: Path | None,
    overrides: tuple[str, ...],
    server: str | None,
    **given: object,
) -> int:
    """Play journeys against a CRM.

    SCENARIO is the name of a shipped journey (see `mock-ctrader scenarios list`) or a YAML file. Journeys are
    played on the simulator that `mock-ctrader serve` runs on this machine; if none runs, one is started at
    --host and --port for as long as the journeys take.

    \b
    Examples:
      mock-ctrader run sign-up deposit --crm http://127.0.0.1:8080
      mock-ctrader run deposit --set amount=20 --seed 7
      mock-ctrader run --all --platform Android
      mock-ctrader run my-journey.yaml --crm https://crm.example.com/client-area
    """
    chosen = settings(config, **given)
    pairs = _pairs(overrides)
    wanted = [(name, _platforms(name, platform) | pairs) for name in _names(names, every=every)]
    for name, values in wanted:
        library.find(name, values)  # a mistake in the last file is told before the first journey is played
    running = _server(server, chosen)
    play = _play_there(wanted, chosen, running) if running else _play_here(wanted, chosen)
    return asyncio.run(play)


def _names(given: Sequence[str], *, every: bool) -> Sequence[str]:
    if every and given:
        raise click.UsageError("Name scenarios or give --all, not both.")
    if not every and not given:
        raise click.UsageError("Missing argument 'SCENARIO...': name scenarios, or give --all.")
    return mock_ctrader_scenarios.names() if every else given


def _platforms(name: str, platform: str | None) -> dict[str, str]:
    """Return what puts all actors of a scenario on one platform; ``--set`` goes before it."""
    return {f"{actor}.platform": platform for actor in library.find(name).actors} if platform else {}


def _pairs(written: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in written:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise SettingsError(f"'{text}' is no KEY=VALUE.", where="--set", cure="As in --set amount=20.")
        pairs[key.strip()] = value
    return pairs


def _server(named: str | None, chosen: Settings) -> discovery.Running | None:
    """Choose the simulator to play on: the one named, else the one that runs here, else none."""
    found = discovery.find()
    if named is not None:
        if not is_web_address(named):
            raise SettingsError(f"'{named}' is no web address.", where="--server", cure="As in http://127.0.0.1:8765.")
        known = next((one for one in found if one.url == named.rstrip("/")), None)
        token = chosen.admin_token or (known.admin_token if known else "")
        if not token:
            raise SettingsError(f"{named} wants its admin token.", where="--server", cure="Give it with --admin-token.")
        return discovery.Running(named.rstrip("/"), token, 0, known.ca if known else _authority(named, chosen))
    at_port = [one for one in found if one.url.endswith(f":{chosen.port}")]
    candidates = at_port or found
    if len(candidates) > 1:
        listed = ", ".join(one.url for one in candidates)
        raise SettingsError(f"several simulators are running: {listed}.", cure="Choose one with --server URL.")
    return candidates[0] if candidates else None


def _authority(server: str, chosen: Settings) -> str:
    """Return the file that a simulator's https is checked with, where it is another machine's or user's."""
    return chosen.tls_ca if server.startswith("https:") and Path(chosen.tls_ca).is_file() else ""


async def _play_here(wanted: Wanted, chosen: Settings) -> int:
    terminal = Terminal()
    shown: list[Printout] = []
    async with Simulator(chosen) as simulator:
        terminal.line(
            f"No simulator was running: this one listens at {simulator.url} until the journeys are over.", "dim"
        )
        for name, values in wanted:
            report = await simulator.play(library.find(name, values), seed=chosen.seed)
            secrets = simulator.secrets
            shown.append(printout(report, secrets, width=terminal.width, unicode=terminal.unicode))
            terminal.journey(shown[-1])
        terminal.closing(shown, simulator.seed)
    return 0 if all(one.passed for one in shown) else 1


async def _play_there(wanted: Wanted, chosen: Settings, running: discovery.Running) -> int:
    terminal = Terminal()
    shown: list[Printout] = []
    headers = {"Authorization": f"Bearer {running.admin_token}"}
    endless = aiohttp.ClientTimeout(total=None)  # a journey takes as long as its waits
    connector = aiohttp.TCPConnector(ssl=trusting(running.ca, "--tls-ca"))
    async with aiohttp.ClientSession(headers=headers, timeout=endless, connector=connector) as client:
        for name, values in wanted:
            source, text = library.read(name)
            request = RunRequest(
                source=source,
                scenario=text,
                overrides=values,
                seed=chosen.seed,
                crm=_for_elsewhere(chosen.crm),
                width=terminal.width,
                unicode=terminal.unicode,
            )
            shown.append(await _ask(client, f"{running.url}/_mock/plants/{chosen.plant}/runs", request))
            terminal.journey(shown[-1])
    terminal.closing(shown, chosen.seed)
    return 0 if all(one.passed for one in shown) else 1


def _for_elsewhere(crm: CrmSettings) -> CrmSettings:
    """Write the CRM's settings so that they mean the same to a simulator that runs in another folder."""
    return msgspec.structs.replace(crm, ca=str(Path(crm.ca).absolute())) if crm.ca else crm


async def _ask(client: aiohttp.ClientSession, url: str, wanted: RunRequest) -> Printout:
    try:
        async with client.post(url, data=msgspec.json.encode(wanted)) as answer:
            body = await answer.read()
    except aiohttp.ClientError as error:
        cure = "Is `mock-ctrader serve` still running there?"
        raise StartError(f"the simulator does not answer: {error}.", where=url, cure=cure) from error
    if answer.status == 200:
        return msgspec.json.decode(body, type=Printout)
    try:
        problem = msgspec.json.decode(body, type=dict[str, str])["error"]
    except (msgspec.MsgspecError, KeyError):
        raise StartError(f"answered {answer.status}: is that a simulator?", where=url) from None
    raise MockCTraderError(problem)
