"""A request as a command that can be typed again."""

import json
from shlex import quote

from mock_ctrader.journal.body import Json, read_body
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import shown_body, shown_headers, shown_url
from mock_ctrader.journal.sightings import ANYWHERE, Part, Place
from mock_ctrader.wire import Request

_MADE_BY_CURL = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "user-agent"}
)


def curl(request: Request, secrets: Secrets, place: Place = ANYWHERE) -> str:
    """Return a request as one shell line for curl, its secrets masked.

    Put the secrets in for their placeholders before sending it. A body that is no text is to be put into the
    file ``body`` first. ``place`` says what kind of secret an unknown ``token`` is.
    """
    url = shown_url(request, secrets, place)
    if not request.host:
        url = f"{request.scheme}://{secrets.mask(request.header('Host') or 'localhost')}{url}"
    # Placeholders stand in brackets, which curl would take for a pattern of addresses.
    words = ["curl", "--globoff", *_method(request), quote(url)]
    for name, value in shown_headers(request.headers, secrets, place):
        if name.lower() not in _MADE_BY_CURL:
            words += ["-H", quote(f"{name}: {value}")]
    return " ".join([*words, *_body(request, secrets, place.at(Part.BODY))])


def _method(request: Request) -> list[str]:
    usual = "POST" if request.body else "GET"
    return [] if request.method == usual else ["-X", quote(request.method)]


def _body(request: Request, secrets: Secrets, place: Place) -> list[str]:
    """A body without secrets keeps its very bytes: a malformed one is malformed on purpose."""
    if not request.body:
        return []
    shown = shown_body(request.body, request.headers, secrets, place)
    if "base64" in shown:
        return ["--data-binary", "@body"]
    text = str(shown["text"]) if "text" in shown else _json_text(request, secrets, shown["json"])
    return ["--data-raw", quote(text)]


def _json_text(request: Request, secrets: Secrets, shown: Json) -> str:
    if shown != read_body(request.body, request.headers).value:
        return json.dumps(shown, ensure_ascii=False)
    # A repeated key hides its first value from those who read the body as a value: masked once more as text.
    return secrets.mask(request.body.decode("utf-8", "replace"))
