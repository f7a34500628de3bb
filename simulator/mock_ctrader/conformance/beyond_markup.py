"""What a page holds as its browser reads it: tags with attributes, and scripts. Enough to see what leads where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

from mock_ctrader.wire import Response

_LEADING: Final = ("href", "src", "action", "formaction", "data", "poster", "srcset")
_PAGES: Final = ("text/html", "application/xhtml+xml")


@dataclass(slots=True)
class Markup:
    """The tags of a page in their order, and what stands in its scripts."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    scripts: list[str] = field(default_factory=list[str])

    def meta(self, name: str) -> str:
        """Return what a ``meta`` element says, by its ``name`` or ``http-equiv``; blank where there is none."""
        for tag, held in self.tags:
            if tag == "meta" and name in (held.get("name", "").lower(), held.get("http-equiv", "").lower()):
                return held.get("content", "")
        return ""

    def addresses(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give every address that a tag leads to, as it stands there, with the tag's attributes."""
        for _, held in self.tags:
            yield from ((held[name].split()[0], held) for name in _LEADING if held.get(name, "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = Markup()
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.markup.tags.append((tag, {name: value or "" for name, value in reversed(attrs)}))
        self._is_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._is_script = self._is_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._is_script:
            self.markup.scripts.append(data)


def markup_of(response: Response) -> Markup:
    """Read an answer; what is no HTML page has no tags."""
    kind = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in _PAGES:
        return Markup()
    reader = _Reader()
    reader.feed(response.body.decode(errors="replace"))
    reader.close()
    return reader.markup


def host_of(address: str, base: str) -> str:
    """Return the host that an address leads to from the page at ``base``, as browsers read it; blank for none."""
    try:
        parts = urlsplit(urljoin(base, address.strip().replace("\\", "/")))
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
