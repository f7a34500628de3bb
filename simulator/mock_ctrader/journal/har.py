"""Recordings as HTTP Archives (HAR 1.2), which browsers and proxies show."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mock_ctrader.journal.format import to_json
from mock_ctrader.journal.recording import Exchange, Message, Received, Recording, Sent
from mock_ctrader.timing import iso
from mock_ctrader.wire import path_and_query

UNKNOWN = -1
"""What the format has for sizes that are not known."""
PROTOCOL = "HTTP/1.1"
NOBODY = "http://unknown.invalid"
"""Stands before an address whose host was not recorded: the format wants absolute ones."""
_FORM = "x-www-form-urlencoded"
_COOKIE_FLAGS = {"httponly": "httpOnly", "secure": "secure"}


def to_har(recording: Recording) -> str:
    """Write a recording as a HAR; what no HTTP was spoken for, sessions inside cTrader, is left out."""
    name, _, version = recording.header.program.partition(" ")
    spoken = [one for one in recording.exchanges if one.request]
    left_out = len(recording.exchanges) - len(spoken)
    log: dict[str, Any] = {
        "version": "1.2",
        "creator": {"name": name or "mock-ctrader", "version": version},
        "entries": [_entry(one, one.request) for one in spoken if one.request],
        "comment": f"plant {recording.header.plant}; secrets are placeholders; {left_out} sessions are left out",
    }
    return to_json({"log": log})


def _entry(exchange: Exchange, request: Sent) -> dict[str, Any]:
    milliseconds = max(0.0, round((exchange.duration or 0) * 1000, 3))
    own = {
        "_direction": str(exchange.direction),
        "_endpoint": exchange.endpoint,
        "_step": msgspec.to_builtins(exchange.step),
        "_violations": exchange.violations,
        "_facts": [list(fact) for fact in exchange.facts],
    }
    return {
        "startedDateTime": iso(exchange.moment),
        "time": milliseconds,
        "request": _request(request, _absolute(request.url)),
        "response": _response(exchange.response, exchange.error),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": _comment(exchange),
        **{key: value for key, value in own.items() if value},
    }


def _comment(exchange: Exchange) -> str:
    what = exchange.endpoint or "no call of the contract"
    step = exchange.step
    return f"{what} ({step.journey}, step {step.number} {step.name})" if step.journey else what


def _absolute(url: str) -> str:
    return url if "://" in url else f"{NOBODY}/{url.removeprefix('/')}"


def _request(request: Sent, url: str) -> dict[str, Any]:
    posted = {"postData": _posted(request)} if request.body else {}
    return {
        "method": request.method,
        "url": url,
        "httpVersion": PROTOCOL,
        "cookies": _cookies(request.header("Cookie")),
        "headers": _headers(request),
        "queryString": _named(parse_qsl(path_and_query(url)[1], keep_blank_values=True)),
        **posted,
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN if request.body else 0,
    }


def _posted(request: Sent) -> dict[str, Any]:
    kind = request.header("Content-Type")
    text, encoding = _text(request)
    params = _named(parse_qsl(text, keep_blank_values=True)) if _FORM in kind else []
    # The format has no encoding for a request's body; a field of our own says it.
    return {"mimeType": kind, "params": params, "text": text, **({"_encoding": encoding} if encoding else {})}


def _response(response: Received | None, error: str) -> dict[str, Any]:
    said = response or Received(status=0)
    text, encoding = _text(said)
    content = {"size": len(text), "mimeType": said.header("Content-Type") or "x-unknown"}
    return {
        "status": said.status,
        "statusText": "",
        "httpVersion": PROTOCOL,
        "cookies": [_cookie(value) for name, value in said.headers if name.lower() == "set-cookie"],
        "headers": _headers(said),
        "content": content | ({"text": text} if text else {}) | ({"encoding": encoding} if encoding else {}),
        "redirectURL": said.header("Location"),
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,
        "comment": error,
    }


def _text(message: Message) -> tuple[str, str]:
    """Return a body's text and how it is encoded."""
    if "json" in message.body:
        return to_json(message.body["json"]).rstrip("\n"), ""
    if "base64" in message.body:
        return str(message.body["base64"]), "base64"
    return str(message.body.get("text", "")), ""


def _headers(message: Message) -> list[dict[str, str]]:
    return _named(message.headers)


def _named(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _cookies(header: str) -> list[dict[str, str]]:
    crumbs = (crumb.strip().partition("=") for crumb in header.split(";") if crumb.strip())
    return [{"name": name, "value": value} for name, _, value in crumbs]


def _cookie(header: str) -> dict[str, Any]:
    """Read one ``Set-Cookie``; of its attributes, those that the format has."""
    first, *attributes = (part.strip() for part in header.split(";"))
    name, _, value = first.partition("=")
    cookie: dict[str, Any] = {"name": name, "value": value}
    for attribute in attributes:
        key, _, said = attribute.partition("=")
        if key.lower() in ("path", "domain"):
            cookie[key.lower()] = said
        elif key.lower() in _COOKIE_FLAGS:
            cookie[_COOKIE_FLAGS[key.lower()]] = True
    return cookie
