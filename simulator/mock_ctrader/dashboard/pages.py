"""How pages are made: templates that escape all they are given, and headers that let nothing foreign in."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mock_ctrader import __version__
from mock_ctrader.wire import Headers, Response

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import jinja2

STATIC: Final = "/_mock/static/"
"""Where style sheets and scripts lie. They are public: nothing of a plant is in them."""
NAVIGATION: Final = (("/_mock/", "Dashboard"), ("/_mock/reference", "Reference"))
"""Pages that every page of an operator leads to: address and name."""
_KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_GUARDED: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def policy(*, frames: str = "'none'", framed_by: str = "'none'") -> str:
    """Return a Content-Security-Policy: all is ours, nothing is inline; what may be framed, and by whom, is told."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"font-src 'none'; base-uri 'none'; form-action 'self'; frame-src {frames}; frame-ancestors {framed_by}"
    )


def page(
    template: str,
    *,
    status: int = 200,
    frames: str = "'none'",
    framed_by: str = "'none'",
    headers: Headers = (),
    **values: Any,
) -> Response:
    """Return a page made from a template; every value is escaped where it stands. ``frames`` may be shown in it."""
    html = _environment().get_template(template).render(navigation=NAVIGATION, version=__version__, **values)
    kept = (("Cache-Control", "no-store"), ("Content-Security-Policy", policy(frames=frames, framed_by=framed_by)))
    return Response(status, (("Content-Type", "text/html; charset=utf-8"), *kept, *_GUARDED, *headers), html.encode())


def data(value: object, status: int = 200) -> Response:
    """Return plain data as JSON."""
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), *_GUARDED)
    return Response(status, headers, as_json(value))


def as_json(value: object) -> bytes:
    """Write plain data on one line; a half of a character pair, which a peer may have sent, becomes ``?``."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def static(path: str) -> Response:
    """Return a style sheet or a script by its name; 404 for what is none."""
    name = path.removeprefix(STATIC)
    kind = _KINDS.get(name.rpartition(".")[2])
    if kind is None or name not in {one.name for one in _folder().iterdir()}:
        return Response(404, (("Content-Type", "text/plain; charset=utf-8"), *_GUARDED), b"There is no such file.\n")
    headers = (("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-cache"), *_GUARDED)
    return Response(200, headers, _folder().joinpath(name).read_bytes())


@cache
def _folder() -> "Traversable":
    from importlib.resources import files

    return files("mock_ctrader.dashboard").joinpath("static")


@cache
def _environment() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("mock_ctrader.dashboard"),
        autoescape=True,  # names, titles and addresses are text here, never markup
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
