"""Sessions as one page that stands alone: it plays from a file, and asks nobody for anything."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any, Final

import jinja2
from markupsafe import Markup

from mock_ctrader import __version__
from mock_ctrader.dashboard import bundling

STYLES: Final = ("base.css", "diagram.css", "present.css")


def export(sessions: list[dict[str, Any]], *, speed: float = 1.0) -> str:
    """Return recorded sessions as a page with all that it needs: scripts, styles, pictures.

    Its Content-Security-Policy lets nothing run but our own scripts, and nothing be fetched at all.
    """
    style, theme, script = bundling.style(*STYLES), bundling.read("theme.js"), bundling.script("present.js")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mock_ctrader.dashboard"),
        autoescape=True,  # titles and texts of sessions are text here, never markup
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("export.html").render(
        policy=_policy(style, theme, script),
        version=__version__,
        title=", ".join(one["title"] for one in sessions),
        seed=sessions[0]["seed"],
        style=Markup(style),  # noqa: S704  # ours, from a file of the package
        theme=Markup(theme),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=_data({"sessions": sessions, "speed": speed}),
    )


def _policy(style: str, *scripts: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _data(value: object) -> Markup:
    """Write data so that nothing in it ends the element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704  # no `<` is left in it
