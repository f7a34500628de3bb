"""The names that the package has for others."""

import pytest

import mock_ctrader.scenario as package


def test_every_name_is_found_where_it_stands() -> None:
    """Nothing is promised that is not there."""
    assert all(getattr(package, name).__module__.startswith("mock_ctrader.") for name in ("load", "Scenario", "Verb"))
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


def test_what_is_not_there_is_an_error() -> None:
    """As with any module."""
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing  # type: ignore[attr-defined]
