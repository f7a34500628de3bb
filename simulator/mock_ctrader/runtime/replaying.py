"""Journeys that a recording was made of, kept so that they can be played again without the files they came from."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec
import yaml
from msgspec import Struct

from mock_ctrader.chance import Chance
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RecordingError
from mock_ctrader.journal.recording import Recording
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sightings import KINDS, kind_of
from mock_ctrader.runtime import library
from mock_ctrader.runtime.library import Bundle, Opening, load_bundle
from mock_ctrader.runtime.matrix import Cell
from mock_ctrader.scenario import Scenario
from mock_ctrader.scenario.selecting import with_faults, with_steps

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(sorted(KINDS))})(?:-\d+)?\]")


class Play(Struct, frozen=True, kw_only=True):
    """One journey with all that it takes to play it again."""

    source: str
    """What to call the scenario in messages."""
    scenario: str
    openings: tuple[Opening, ...] = ()
    overrides: dict[str, str] = {}
    skip: list[str] = []
    only: list[str] = []
    faults: list[str] = []
    edition: EditionName | None = None
    seed: int | None = None
    """Where its people came from."""


def play_of(cell: Cell, seed: int | None) -> Play:
    """Return what is played in a cell of the matrix."""
    bundle = library.bundle(cell.journey)
    return Play(
        source=bundle.source,
        scenario=bundle.text,
        openings=bundle.openings,
        overrides=dict(cell.overrides),
        skip=list(cell.skip),
        only=list(cell.only),
        faults=list(cell.faults),
        edition=cell.edition,
        seed=seed,
    )


def scenario_of(play: Play) -> Scenario:
    """Return the scenario of a play, ready to be played.

    Raises:
        ScenarioError: this release cannot play it.
        SettingsError: one of its overrides is for nothing.
    """
    sent = Bundle(play.source, play.scenario, play.openings)
    return with_faults(with_steps(load_bundle(sent, play.overrides), skip=play.skip, only=play.only), play.faults)


def written(plays: Sequence[Play]) -> list[dict[str, Any]]:
    """Return plays for a recording's header: passwords and tokens that stand in them are masked."""
    secrets = Secrets()
    for play in plays:
        for text in (play.scenario, *(one.text for one in play.openings)):
            for kind, value in _secrets_in(yaml.safe_load(text)):
                secrets.learn(kind, value)
        for kind, value in _secrets_in(play.overrides):
            secrets.learn(kind, value)
    return [_masked(msgspec.to_builtins(play), secrets) for play in plays]


def _secrets_in(value: object, kind: str | None = None) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, child in cast(dict[object, object], value).items():
            yield from _secrets_in(child, kind_of(str(key)))
    elif isinstance(value, list):
        for child in cast(list[object], value):
            yield from _secrets_in(child, kind)
    elif kind and isinstance(value, str) and "${" not in value:
        yield kind, value


def _masked(value: object, secrets: Secrets, kind: str | None = None) -> Any:
    if isinstance(value, dict):
        held = cast(dict[str, object], value)
        return {key: _masked(child, secrets, kind_of(key)) for key, child in held.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(child, secrets) for child in cast(Sequence[object], value)]
    if not isinstance(value, str):
        return value
    return secrets.hide(kind, value) if kind else secrets.mask(value)


def plays_of(recording: Recording, source: str) -> list[Play]:
    """Return the journeys of a recording; where a secret was masked, one that is made up stands in its place.

    Raises:
        RecordingError: they cannot be read.
    """
    try:
        plays = [msgspec.convert(_made_up(one), Play) for one in recording.header.plays]
    except msgspec.ValidationError as error:
        raise RecordingError(f"its journeys cannot be read: {error}.", where=source) from None
    return plays


def _made_up(value: object) -> Any:
    if isinstance(value, dict):
        return {key: _made_up(child) for key, child in cast(dict[str, object], value).items()}
    if isinstance(value, list):
        return [_made_up(child) for child in cast(list[object], value)]
    return PLACEHOLDER.sub(lambda found: made_up(found[0]), value) if isinstance(value, str) else value


def made_up(placeholder: str) -> str:
    """Return a value for a masked secret, the same one for the same placeholder; as a password it is good enough."""
    return f"Aa1-{Chance(placeholder).token(14)}"


def with_fresh_people(play: Play, tag: str) -> Play:
    """Give everybody of a journey an e-mail address that no CRM has seen.

    Names, passwords and all else are as they were: they come from the play's seed.
    """
    actors = load_bundle(Bundle(play.source, play.scenario, play.openings)).actors.values()
    fresh = {f"{one.name}.email": f"{one.name}.{tag}@example.com" for one in actors if not one.person}
    return msgspec.structs.replace(play, overrides={**play.overrides, **fresh})
