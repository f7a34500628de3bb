"""The journeys that ship with mock-ctrader, and the scripts of demo sessions, one YAML file each."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_SUFFIX = ".yaml"


def names() -> list[str]:
    """Return the names of the shipped scenarios, sorted."""
    return _names(_scenarios())


def read(name: str) -> str:
    """Return the text of a shipped scenario.

    Raises:
        LookupError: there is none of this name.
    """
    if name not in names():
        raise LookupError(f"No scenario '{name}' is shipped; there are: {', '.join(names())}.")
    return (_scenarios() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def sessions() -> list[str]:
    """Return the names of the shipped demo sessions, sorted."""
    return _names(_scenarios() / "sessions")


def read_session(name: str) -> str:
    """Return the script of a shipped demo session.

    Raises:
        LookupError: there is none of this name.
    """
    if name not in sessions():
        raise LookupError(f"No session '{name}' is shipped; there are: {', '.join(sessions())}.")
    return (_scenarios() / "sessions" / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


@cache
def _scenarios() -> "Traversable":
    from importlib.resources import files

    return files(__name__)


def _names(folder: "Traversable") -> list[str]:
    found = (file.name for file in folder.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))
