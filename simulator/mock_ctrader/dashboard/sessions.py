"""Demo sessions: their scripts are found, their journeys played, and all of it recorded as data for a page."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

import mock_ctrader_scenarios
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import ScenarioError, SettingsError, nearest
from mock_ctrader.matching.rendering import is_list, is_mapping
from mock_ctrader.reports.stage import Performance, Standing, stops
from mock_ctrader.reports.timeline import summary
from mock_ctrader.runtime import library
from mock_ctrader.runtime.journey import JourneyReport
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.scenario.script import Piece, Script, read_script, remarks_of

Json = dict[str, Any]
CTRADER: Final = "http://ctrader.example.com"
CRM: Final = "http://crm.example.com"
"""What stands in a record for this machine's addresses, whose ports differ from time to time."""
Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Act:
    """A piece of a script with the scenario that it plays."""

    piece: Piece
    scenario: Scenario
    remarks: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Session:
    """A script that was checked: every journey and every step that it speaks of is there."""

    script: Script
    acts: tuple[Act, ...]


def find(name: str) -> Session:
    """Return a session: a shipped one by its name, any other by its file.

    Raises:
        ScenarioError: there is none, it cannot be read, or it speaks of journeys or steps that are not there.
    """
    source, text = _read(name)
    script = read_script(text, source=source)
    return Session(script, tuple(_act(script, piece) for piece in script.pieces))


def titles() -> list[tuple[str, str, str]]:
    """Return the name, the title and the audience of every shipped session."""
    found = (find(name).script for name in mock_ctrader_scenarios.sessions())
    return [(one.name, one.title, one.audience) for one in found]


def _read(name: str) -> tuple[str, str]:
    known = mock_ctrader_scenarios.sessions()
    if name in known:
        return f"sessions/{name}.yaml", mock_ctrader_scenarios.read_session(name)
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        cure = f"{nearest(name, known)} 'mock-ctrader demo --list' lists them; a file of your own ends in .yaml."
        raise ScenarioError(f"there is no session '{name}'.", cure=cure.strip())
    try:
        return name, path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}.", where=name, cure="Name an existing file.") from None
    except UnicodeDecodeError:
        raise ScenarioError("is not a text file in UTF-8.", where=name) from None


def _act(script: Script, piece: Piece) -> Act:
    try:
        scenario = library.find(piece.scenario, piece.overrides)
    except (ScenarioError, SettingsError) as error:
        where = f"{script.source}, line {piece.line}"
        raise ScenarioError(str(error), where=where) from None
    return Act(piece, scenario, remarks_of(script, piece, scenario))


async def record(
    simulator: Simulator,
    session: Session,
    *,
    seed: int | None = None,
    screens: Literal["form", "browser"] = "form",
    pictures: str = "",
    say: Said = lambda _: None,
) -> Json:
    """Play a session's journeys against the CRM of the simulator's settings, and return all there is to show.

    With the same ``seed`` the record is the same but for its times. ``pictures`` is the folder for pictures of pages,
    if a real browser shows them; they become a part of the record. A journey that fails is recorded as far as it went.

    Raises:
        StartError: nobody listens at the CRM's address, or the real browser is not to be had.
    """
    played = [await _play(simulator, act, seed, screens, pictures, say) for act in session.acts]
    return _record(session.script, played, simulator)


async def _play(
    simulator: Simulator,
    act: Act,
    seed: int | None,
    screens: Literal["form", "browser"],
    pictures: str,
    say: Said,
) -> tuple[Act, JourneyReport, Mapping[int, Standing]]:
    standings: dict[int, Standing] = {}

    def on_step(step: int, actor: str, seen: Observation) -> None:
        standings[step] = Standing(actor, seen)

    report = await simulator.play(
        act.scenario,
        seed=seed,
        edition=_edition(simulator, act.scenario),
        screens=screens,
        screenshots=pictures,
        on_step=on_step,
    )
    say(f"{act.piece.title}: {act.scenario.name} {'passed' if report.outcome.passed else 'FAILED'}")
    return act, report, standings


def _edition(simulator: Simulator, scenario: Scenario) -> EditionName | None:
    """Return the edition to play in: the plant's own, unless the journey is not for that one."""
    own = simulator.world().description.edition
    return None if own in scenario.editions else next((one for one in _EDITIONS if one in scenario.editions), None)


_EDITIONS: Final[Sequence[EditionName]] = ("2026", "2025", "2023")


def _record(
    script: Script, played: Sequence[tuple[Act, JourneyReport, Mapping[int, Standing]]], simulator: Simulator
) -> Json:
    """Put a session together; its moments count from its first exchange."""
    entries = [entry for _, report, _ in played for entry in report.entries]
    start = entries[0].moment if entries else 0
    secrets, counts = simulator.secrets, summary(entries)
    journeys: list[Json] = []
    for act, report, standings in played:
        performance = _performance(act, report, standings)
        told = stops(performance, secrets, _picture)
        for row in (row for stop in told for row in stop["rows"]):
            row["moment"] -= start
        passed = report.outcome.passed
        journeys.append({"name": act.scenario.name, "title": act.piece.title, "passed": passed, "stops": told})
    record = {
        "name": script.name,
        "title": script.title,
        "audience": script.audience,
        "introduction": script.introduction,
        "end": script.end,
        "seed": simulator.seed,
        "counts": {
            "exchanges": counts.exchanges,
            "screens": counts.screens,
            "violations": counts.violations,
            "notes": counts.notes,
        },
        "passed": all(report.outcome.passed for _, report, _ in played),
        "journeys": journeys,
    }
    plain: Json = _without_ports(record, _names(simulator))
    return plain


def _performance(act: Act, report: JourneyReport, standings: Mapping[int, Standing]) -> Performance:
    failed = report.outcome.failure
    return Performance(
        piece=act.piece,
        scenario=act.scenario,
        remarks=act.remarks,
        entries=report.entries,
        standings=standings,
        failure=str(failed) if failed else "",
        failed_at=failed.number if failed else 0,
    )


def _picture(path: str) -> str:
    """Return a picture as an address that holds it whole."""
    return "data:image/png;base64," + b64encode(Path(path).read_bytes()).decode()


def _names(simulator: Simulator) -> Mapping[str, str]:
    """Return what to call this machine's addresses, the whole ones first."""
    names = {simulator.url: CTRADER, simulator.settings.crm.url: CRM}
    return names | {urlsplit(url).netloc: urlsplit(name).netloc for url, name in names.items()}


def _without_ports(value: object, names: Mapping[str, str]) -> Any:
    """Replace the addresses of this machine, as written or encoded, everywhere in plain data."""
    if is_mapping(value):
        return {name: _without_ports(child, names) for name, child in value.items()}
    if is_list(value):
        return [_without_ports(child, names) for child in value]
    if isinstance(value, str) and not value.startswith("data:"):
        for address, name in names.items():
            value = value.replace(address, name).replace(quote(address, safe=""), quote(name, safe=""))
    return value
