"""Our own scripts and styles as one text each, for pages that stand alone."""

import re
from importlib.resources import files
from typing import Final

_FOLDER: Final = files("mock_ctrader.dashboard").joinpath("static")
_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT_OVER: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def style(*names: str) -> str:
    """Return style sheets one after the other."""
    return "\n".join(read(name) for name in names)


def script(name: str) -> str:
    """Return a module with all that it imports, as one module without imports.

    Each imported module becomes a function of its own, so that names in one do not meet those in another.
    """
    done: list[str] = []
    parts: list[str] = []
    body = _bundled(name, done, parts)
    return "\n".join([*parts, body])


def read(name: str) -> str:
    """Return one of our static files."""
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")


def _bundled(name: str, done: list[str], parts: list[str]) -> str:
    """Return a module's text with its imports taken from what stands before it; those are put into ``parts``."""

    def imported(found: re.Match[str]) -> str:
        wanted = found[2]
        if wanted not in done:
            done.append(wanted)
            inner = _bundled(wanted, done, parts)
            exported, own = ", ".join(_EXPORT.findall(inner)), _EXPORT.sub("", inner)
            parts.append(f"const {_called(wanted)} = (() => {{\n{own}return {{ {exported} }};\n}})();")
        return f"const {{{found[1].replace(' as ', ': ')}}} = {_called(wanted)};\n"

    text = _IMPORT.sub(imported, read(name))
    left = _LEFT_OVER.search(_EXPORT.sub("", text))
    if left is not None:
        raise AssertionError(f"{name} has what cannot be put into one page: {left[0]}")
    return text


def _called(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
