"""Where the packages and the tests stand in this checkout."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "mock_ctrader": ROOT / "simulator",
    "pytest_mock_ctrader": ROOT / "fixtures",
    "mock_ctrader_scenarios": ROOT / "scenarios",
}


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def packages() -> dict[str, Path]:
    """The folder of each of our packages."""
    return {name: source / name for name, source in SOURCES.items()}


@pytest.fixture(scope="session")
def modules(packages: dict[str, Path]) -> dict[str, Path]:
    """Every module of our packages by its full name."""
    found: dict[str, Path] = {}
    for folder in packages.values():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found
