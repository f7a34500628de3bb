"""Scenarios by name or by file, with the scenarios that they begin with."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import ScenarioError, nearest
from mock_ctrader.scenario import Scenario, load, with_overrides

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Opening:
    """A scenario that another begins with."""

    name: str
    """As the other names it."""
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A scenario with all that it begins with: it can be loaded where its files are not."""

    source: str
    text: str
    openings: tuple[Opening, ...] = ()
    """Each is what the one before it begins with; the first, what the scenario itself does."""


def read(name: str, *, beside: str = "") -> tuple[str, str]:
    """Return a scenario's source name and text: a shipped one by its name, any other by its file.

    A relative path starts at the folder of the file ``beside``, or where the program runs.

    Raises:
        ScenarioError: there is no such scenario, or its file cannot be read.
    """
    if name in mock_ctrader_scenarios.names():
        return f"{name}.yaml", mock_ctrader_scenarios.read(name)
    path = Path(beside).parent / name
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        cure = nearest(name, mock_ctrader_scenarios.names()) + " A file of your own is named with its .yaml."
        raise ScenarioError(f"there is no scenario '{name}'.", cure=cure)
    try:
        return str(path), path.read_text(encoding="utf-8")
    except OSError as error:
        cure = "Name an existing file."
        raise ScenarioError(f"cannot be read: {error.strerror}.", where=str(path), cure=cure) from None
    except UnicodeDecodeError:
        raise ScenarioError("is not a text file in UTF-8.", where=str(path)) from None


def find(name: str, overrides: Mapping[str, str] | None = None) -> Scenario:
    """Return a scenario, checked, with its overrides; a file that it begins with stands beside it.

    Raises:
        ScenarioError: it cannot be read or played.
        SettingsError: an override is for nothing, or has a value that cannot be.
    """
    source, text = read(name)
    scenario = load(text, source=source, endpoints=ENDPOINTS, read=_Openings(source))
    return with_overrides(scenario, overrides or _NOTHING)


def bundle(name: str) -> Bundle:
    """Return a scenario, checked, with the texts of all that it begins with.

    Raises:
        ScenarioError: it cannot be read or played.
    """
    source, text = read(name)
    openings = _Openings(source)
    load(text, source=source, endpoints=ENDPOINTS, read=openings)
    return Bundle(source, text, tuple(openings.found))


def files(name: str) -> list[Path]:
    """Return the files that a scenario is read from, as far as it can be read; what ships is not among them."""
    shipped = mock_ctrader_scenarios.names()
    if name in shipped:
        return []
    openings = _Openings(name)
    with suppress(ScenarioError):
        source, text = read(name)
        load(text, source=source, endpoints=ENDPOINTS, read=openings)
    return [Path(name), *(Path(one.source) for one in openings.found if one.name not in shipped)]


def load_bundle(bundle: Bundle, overrides: Mapping[str, str] | None = None) -> Scenario:
    """Return the scenario of a bundle, checked, with its overrides; no file is read, save what ships.

    Raises:
        ScenarioError: it cannot be played, or begins with something that is neither in the bundle nor shipped.
        SettingsError: an override is for nothing, or has a value that cannot be.
    """
    rest = iter(bundle.openings)

    def opening(name: str) -> tuple[str, str]:
        found = next(rest, None)
        if found is not None and found.name == name:
            return found.source, found.text
        if name in mock_ctrader_scenarios.names():
            return read(name)
        raise ScenarioError("it was not sent with the scenario.", cure="Send all that the scenario begins with.")

    scenario = load(bundle.text, source=bundle.source, endpoints=ENDPOINTS, read=opening)
    return with_overrides(scenario, overrides or _NOTHING)


class _Openings:
    """Reads what a scenario begins with, and what that begins with in turn, each beside the one that names it."""

    def __init__(self, source: str) -> None:
        self.found: list[Opening] = []
        self._beside = source

    def __call__(self, name: str) -> tuple[str, str]:
        source, text = read(name, beside=self._beside)
        self.found.append(Opening(name, source, text))
        self._beside = source
        return source, text
