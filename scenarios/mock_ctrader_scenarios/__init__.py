"""The journeys that ship with mock-ctrader, and the scripts of demo sessions, one YAML file each."""

from importlib.resources import files

_SUFFIX = ".yaml"
_SESSIONS = files(__name__) / "sessions"


def names() -> list[str]:
    """Return the names of the shipped scenarios, sorted."""
    found = (file.name for file in files(__name__).iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def read(name: str) -> str:
    """Return the text of a shipped scenario.

    Raises:
        LookupError: there is none of this name.
    """
    if name not in names():
        raise LookupError(f"No scenario '{name}' is shipped; there are: {', '.join(names())}.")
    return (files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def sessions() -> list[str]:
    """Return the names of the shipped demo sessions, sorted."""
    found = (file.name for file in _SESSIONS.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def read_session(name: str) -> str:
    """Return the script of a shipped demo session.

    Raises:
        LookupError: there is none of this name.
    """
    if name not in sessions():
        raise LookupError(f"No session '{name}' is shipped; there are: {', '.join(sessions())}.")
    return (_SESSIONS / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
