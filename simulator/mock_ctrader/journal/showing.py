"""Parts of an exchange as they may be shown: readable, with their secrets masked."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import unquote, unquote_plus

from mock_ctrader.journal.body import Form, Json, read_body
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sightings import ANYWHERE, Part, Place, credential_start, kind_of
from mock_ctrader.wire import Headers, Pairs, Request


def place_of(entry: Entry) -> Place:
    """Return where an entry's keys stand; see ``sightings``."""
    return Place(entry.direction, entry.endpoint)


def shown_target(request: Request, secrets: Secrets, place: Place = ANYWHERE) -> str:
    """Return a request's path and query."""
    path = _decoded_if_secret(request.path, secrets)
    return f"{path}?{shown_query(request.query, secrets, place.at(Part.QUERY))}" if request.query else path


def shown_url(request: Request, secrets: Secrets, place: Place = ANYWHERE) -> str:
    """Return a request's absolute URL, or its target alone where the host is unknown."""
    base = secrets.mask(f"{request.scheme}://{request.host}/")[:-1] if request.host else ""
    return base + shown_target(request, secrets, place)


def shown_query(query: str, secrets: Secrets, place: Place) -> str:
    """Return a query or a form's fields; what holds no secret stays as it was written."""
    fields = "&".join(_shown_field(field, secrets, place) for field in query.split("&"))
    return secrets.mask(fields)  # once more as a whole: a careless client writes an `&` as it is


def _shown_field(field: str, secrets: Secrets, place: Place) -> str:
    name, equals, value = field.partition("=")
    kind = kind_of(unquote_plus(name), place)
    shown = secrets.hide(kind, unquote_plus(value)) if kind else _decoded_if_secret(value, secrets, unquote_plus)
    return f"{_decoded_if_secret(name, secrets, unquote_plus)}{equals}{shown}"


def _decoded_if_secret(text: str, secrets: Secrets, decode: Callable[[str], str] = unquote) -> str:
    """Look behind any percent-encoding, however unusual, and keep it where there is nothing to hide."""
    shown = secrets.mask(text)
    if "%" not in shown:
        return shown
    decoded = decode(shown)
    masked = secrets.mask(decoded)
    return masked if masked != decoded else shown


def shown_headers(headers: Headers, secrets: Secrets, place: Place = ANYWHERE) -> list[tuple[str, str]]:
    """Return the headers in their order."""
    return [(secrets.mask(name), _shown_header(name, secrets.mask(value), secrets, place)) for name, value in headers]


def _shown_header(name: str, value: str, secrets: Secrets, place: Place) -> str:
    kind = kind_of(name, place.at(Part.HEADER))
    if kind == "cookie":
        return _shown_cookies(name, value, secrets)
    if kind:
        start = credential_start(value)
        return value[:start] + secrets.hide(kind, value[start:])
    address, mark, query = value.partition("?")
    shown = _decoded_if_secret(address, secrets)
    return secrets.mask(f"{shown}?{shown_query(query, secrets, ANYWHERE)}") if mark else shown


def _shown_cookies(name: str, value: str, secrets: Secrets) -> str:
    crumbs = value.split(";")
    cookies = 1 if name.lower() == "set-cookie" else len(crumbs)  # what follows there are attributes
    shown = [_shown_cookie(crumb, secrets) for crumb in crumbs[:cookies]]
    return ";".join([*shown, *(secrets.mask(attribute) for attribute in crumbs[cookies:])])


def _shown_cookie(crumb: str, secrets: Secrets) -> str:
    name, equals, value = crumb.partition("=")
    if not equals:  # a cookie without a name: all of it is value
        return secrets.hide("cookie", crumb)
    return f"{secrets.mask(name)}=" + secrets.hide("cookie", value.strip(' "'))


def shown_facts(facts: Pairs, secrets: Secrets, place: Place = ANYWHERE) -> list[tuple[str, str]]:
    """Return the facts in their order."""
    return [(secrets.mask(name), _shown_fact(name, value, secrets, place)) for name, value in facts]


def _shown_fact(name: str, value: str, secrets: Secrets, place: Place) -> str:
    kind = kind_of(name, place.at(Part.FACT))
    return secrets.hide(kind, value) if kind else _decoded_if_secret(value, secrets)


def shown_body(body: bytes, headers: Headers, secrets: Secrets, place: Place = ANYWHERE) -> dict[str, Json]:
    """Return a body under the name of its form, ``json``, ``text`` or ``base64``; nothing for no body."""
    if not body:
        return {}
    read = read_body(body, headers)
    if read.form is Form.JSON:
        return {"json": shown_json(read.value, secrets, place, None)}
    if read.form is Form.FIELDS:
        return {"text": shown_query(read.text, secrets, place)}
    masked = secrets.mask(read.text, place)
    if read.form is Form.TEXT:
        return {"text": masked}
    return {"base64": b64encode(masked.encode("latin-1")).decode()}


def shown_json(value: Json, secrets: Secrets, place: Place, kind: str | None) -> Json:
    """Return a JSON value; ``kind`` is that of the key it stands under, if that holds a secret."""
    if isinstance(value, dict):
        return {
            secrets.mask(key): shown_json(child, secrets, place, kind_of(key, place) or kind)
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [shown_json(child, secrets, place, kind) for child in value]
    if value is None or isinstance(value, bool):
        return value
    text = str(value)
    masked = secrets.hide(kind, text) if kind else _decoded_if_secret(text, secrets)
    return value if masked == text else masked
