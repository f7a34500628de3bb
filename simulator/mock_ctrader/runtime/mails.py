"""The link in a mail that leads to a page for a new password, however the mail is written."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html.parser import HTMLParser

from mock_ctrader.platform.client_area import RESET

_LINK = re.compile(r"https?://[^\s<>\"'\]]+")
_TRAILING = ".,;:!?)*"
"""Ends a sentence, not an address."""
_SECRET = re.compile(r"\?.|/[^/?#]{16,}")
"""What an address needs that opens a page for one person only."""
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")

Link = tuple[str, str]
"""An address, and the words that lead to it."""


def newest_link(mails: Iterable[bytes], to: str) -> str | None:
    """Return the link of the first mail for an address that has one; ``mails`` are the newest first."""
    for raw in mails:
        mail = message_from_bytes(raw, policy=default)
        if _is_for(mail, to) and (link := _reset_link(mail)) is not None:
            return link
    return None


def reset_link(raw: bytes) -> str | None:
    """Return the link of a mail that leads to a page for a new password; nothing where none does."""
    return _reset_link(message_from_bytes(raw, policy=default))


def _is_for(mail: Message, to: str) -> bool:
    wanted = to.lower()
    return any(wanted in str(value).lower() for name in _TO for value in mail.get_all(name, []))


def _reset_link(mail: Message) -> str | None:
    """Prefer an address that speaks of a password, then words that do, then the one link of a mail about it."""
    parts = list(_texts(mail))
    links = list(dict.fromkeys(link for kind, text in parts for link in _links(kind, text) if _SECRET.search(link[0])))
    for by in (0, 1):
        found = next((link[0] for link in links if RESET.search(link[by])), None)
        if found is not None:
            return found
    alone = {url for url, _ in links}
    speaks = RESET.search(str(mail.get("Subject", ""))) or any(RESET.search(text) for _, text in parts)
    return alone.pop() if len(alone) == 1 and speaks else None


def _texts(mail: Message) -> Iterator[tuple[str, str]]:
    """Yield each part that is text, with its kind, decoded; what is wrong with its letters is passed over."""
    for part in mail.walk():
        kind = part.get_content_type()
        held = part.get_payload(decode=True)
        if kind in ("text/plain", "text/html") and isinstance(held, bytes):
            yield kind, _decoded(held, part.get_content_charset("utf-8"))


def _decoded(held: bytes, charset: str) -> str:
    try:
        return held.decode(charset, "replace")
    except (LookupError, ValueError):  # a charset that there is not
        return held.decode("utf-8", "replace")


def _links(kind: str, text: str) -> Iterator[Link]:
    if kind == "text/html":
        anchors = _Anchors()
        anchors.feed(text)
        anchors.close()
        yield from anchors.found
    else:
        yield from ((found[0].rstrip(_TRAILING), "") for found in _LINK.finditer(text))


class _Anchors(HTMLParser):
    """Collects the anchors of a page of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Link] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an anchor that leads to the web."""
        url = next((value.strip() for name, value in attrs if name == "href" and value), "") if tag == "a" else ""
        if tag == "a":
            self._open = bool(_LINK.match(url))
        if self._open and url:
            self.found.append((url, ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave an anchor."""
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        """Add words to the anchor that they stand in."""
        if self._open:
            url, words = self.found[-1]
            self.found[-1] = (url, words + data)
