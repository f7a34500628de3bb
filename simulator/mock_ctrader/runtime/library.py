"""Scenarios by name or by file."""

from collections.abc import Mapping
from pathlib import Path

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import ScenarioError, nearest
from mock_ctrader.scenario import Scenario, load, with_overrides


def read(name: str) -> tuple[str, str]:
    """Return a scenario's source name and text: a shipped one by its name, any other by its file.

    Raises:
        ScenarioError: there is no such scenario, or its file cannot be read.
    """
    if name in mock_ctrader_scenarios.names():
        return f"{name}.yaml", mock_ctrader_scenarios.read(name)
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        cure = nearest(name, mock_ctrader_scenarios.names()) + " A file of your own is named with its .yaml."
        raise ScenarioError(f"there is no scenario '{name}'.", cure=cure)
    try:
        return str(path), path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}.", where=name, cure="Name an existing file.") from None
    except UnicodeDecodeError:
        raise ScenarioError("is not a text file in UTF-8.", where=name) from None


def find(name: str, overrides: Mapping[str, str] | None = None) -> Scenario:
    """Return a scenario, checked, with its overrides."""
    source, text = read(name)
    return with_overrides(load(text, source=source, endpoints=ENDPOINTS), overrides or {})
