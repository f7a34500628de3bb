"""The journeys that ship with mock-ctrader, one YAML file each."""

from importlib.resources import files

_SUFFIX = ".yaml"


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
