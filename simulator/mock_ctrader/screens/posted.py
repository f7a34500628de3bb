"""The fields of a form in the body of a request, for the record."""

from email import message_from_bytes
from email.message import Message
from urllib.parse import parse_qsl

from mock_ctrader.wire import Pairs


def posted(content_type: str, body: bytes) -> Pairs:
    """Return the fields that a browser sent, in order; of a file its name. Of what is no form there are none."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return tuple(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    if kind == "multipart/form-data":
        return tuple(_part(part) for part in _parts(content_type, body))
    if kind == "text/plain":
        lines = (line.partition("=") for line in body.decode(errors="replace").splitlines())
        return tuple((name, value) for name, _, value in lines)
    return ()


def _parts(content_type: str, body: bytes) -> list[Message]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
    whole = message_from_bytes(head + body)
    return [part for part in whole.walk() if not part.is_multipart()] if whole.is_multipart() else []


def _part(part: Message) -> tuple[str, str]:
    name = str(part.get_param("name", "", header="content-disposition"))
    content = part.get_payload(decode=True)
    text = content.decode(errors="replace") if isinstance(content, bytes) else ""
    return name, part.get_filename() or text
