"""What was said in an exchange, as values that rules are compared with."""

from collections.abc import Mapping
from enum import StrEnum

from mock_ctrader.contract import xml
from mock_ctrader.journal.body import Form, read_body
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.sightings import Part
from mock_ctrader.matching.rendering import MISSING
from mock_ctrader.wire import Direction, Request, Response, parse_query


class Said(StrEnum):
    """What of an exchange is looked at."""

    JSON = "json"
    """The request's body, be it JSON or the XML of a WebServices call."""
    QUERY = "query"
    FORM = "form"
    """The fields of a form: those that a browser sent from a page, or a body of that kind."""
    HEADER = "header"
    """The request's headers."""
    ANSWER = "answer"
    """The body of the answer, likewise JSON or XML."""

    @property
    def part(self) -> Part:
        """Where secrets of that kind stand."""
        return _PARTS[self]


_PARTS = {
    Said.JSON: Part.BODY,
    Said.QUERY: Part.QUERY,
    Said.FORM: Part.FACT,
    Said.HEADER: Part.HEADER,
    Said.ANSWER: Part.ANSWER,
}


def said(entry: Entry, what: Said) -> object:
    """Return a part of what was said, or ``MISSING`` where there is none."""
    if what is Said.ANSWER:
        return _document(entry.response)
    if what is Said.FORM:
        return _form(entry)
    if entry.request is None:
        return MISSING
    if what is Said.JSON:
        return _document(entry.request)
    return entry.request.parameters() if what is Said.QUERY else _headers(entry.request)


def said_by(request: Request) -> object:
    """Return what a request says: its body, or its query where it has none."""
    return body_of(request) if request.body else request.parameters()


def body_of(message: Request | Response | None) -> object:
    """Return a body as a value: what JSON or XML holds, a form's fields, else its text; ``MISSING`` for no body."""
    if message is None or not message.body:
        return MISSING
    if message.body.lstrip()[:1] == b"<":
        found = xml.read(message.body)
        if not isinstance(found, str):
            return found
    read = read_body(message.body, message.headers)
    if read.form is Form.FIELDS:
        return dict(parse_query(read.text))
    return read.value if read.form is Form.JSON else read.text


def form_of(message: Request | Response) -> str | None:
    """Return the text of a body that is a form's fields; nothing where it is none."""
    read = read_body(message.body, message.headers)
    return read.text if read.form is Form.FIELDS else None


def _document(message: Request | Response | None) -> object:
    """Return a body that is no form: a form is asked for as one."""
    return MISSING if message is None or form_of(message) is not None else body_of(message)


def _form(entry: Entry) -> object:
    if entry.direction is Direction.SCREEN:
        return dict(entry.facts)
    form = None if entry.request is None else form_of(entry.request)
    return MISSING if form is None else dict(parse_query(form))


def _headers(request: Request) -> Mapping[str, str]:
    """Return the headers by their names in small letters; of a repeated one the first counts."""
    return {name.lower(): value for name, value in reversed(request.headers)}
