"""Keeping secrets secret: every value that was ever learned, and every key that holds one."""

import json
import re
from binascii import b2a_base64
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, quote_plus

from mock_ctrader.journal.sightings import (
    ANYWHERE,
    KINDS,
    Place,
    is_scheme,
    kind_of,
    place_of,
    secrets_of,
    sightings,
)
from mock_ctrader.wire import Direction, Pairs, Request, Response

CAPACITY = 100_000
"""Values that are known at a time: ten for each entry of a journal of the usual size."""
SHORTEST = 6
"""Characters. A shorter value is masked under its key only: elsewhere it would be found in innocent words."""

_PLACEHOLDER = re.compile(r"\[([a-z][A-Za-z]*)(?:-\d+)?\]")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
_FOR_URLS = str.maketrans("+/", "-_")
_HEX = re.compile(r"%[0-9A-F]{2}")

_AT_ONCE = 128
"""Exchanges that are read in a row."""

_Said = tuple[Place, Request | None, Response | None, Pairs]
_Span = tuple[int, int, str]
"""From, to, and the placeholder that goes there."""


class Secrets:
    """The secrets of one plant.

    A value is known from the moment it is learned and is then masked wherever it appears, as written or encoded.
    Its placeholder names its kind and the order in which values of that kind were learned: ``[accessToken-1]``.
    A value that was never learned is masked where it stands under a telling key: ``[password]``.
    E-mail addresses and names are no secrets.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        """``capacity`` is how many values are known; a new one then takes the place of the one learned first."""
        self.capacity = capacity
        self._dropped = 0
        self._unread: deque[_Said] = deque()
        """Exchanges whose secrets nobody has looked for yet."""
        self._learned: OrderedDict[str, tuple[str, str]] = OrderedDict()  # in a plain one the first is looked for
        """Values, each with its kind, the one learned first first; and with its placeholder, if that is written."""
        self._unwritten: dict[str, None] = {}
        """Known values whose writings nobody has looked for yet: most calls are never shown to anybody."""
        self._beginnings: Counter[str] = Counter()
        """How many writings of known values have the same first characters."""
        self._placeholders: dict[str, str] = {}
        """Every way in which a known value can be written -> its placeholder."""
        self._lengths: dict[str, list[int]] = {}
        """The first characters of such a writing -> the lengths of those that begin so, longest first."""
        self._numbers: Counter[str] = Counter()
        self._kinds = set(KINDS)

    def learn(self, kind: str, value: str) -> None:
        """Know a value from now on. A known value keeps its first kind; short ones and placeholders are ignored.

        Raises:
            ValueError: the kind is not one word of letters that starts with a small one.
        """
        if value in self._learned:  # most are said again and again
            return
        self._read()  # what was said before comes before
        self._learn(kind, value)

    def _learn(self, kind: str, value: str) -> None:
        if value in self._learned:
            return
        if kind not in self._kinds:
            if not _PLACEHOLDER.fullmatch(f"[{kind}]") or "-" in kind:
                raise ValueError(f"{kind!r} cannot name a kind of secret: use letters only, as in 'accessToken'")
            self._kinds.add(kind)
        if len(value) < SHORTEST or ("[" in value and self._holds_placeholder(value)):
            return
        if value in self._placeholders:  # another one, written otherwise
            return
        self._learned[value] = kind, ""
        self._unwritten[value] = None
        if len(self._learned) > self.capacity:
            self._forget(next(iter(self._learned)))

    def known(self) -> Iterator[tuple[str, str]]:
        """Return what was learned, in that order: kinds and values."""
        self._write()
        return iter([(kind, value) for value, (kind, _) in self._learned.items()])

    def learn_from(
        self,
        direction: Direction,
        endpoint: str = "",
        request: Request | None = None,
        response: Response | None = None,
        facts: Pairs = (),
    ) -> None:
        """Learn every secret of an exchange; saying it twice does no harm.

        They are looked for when somebody asks for what is known, or with those of many other exchanges: most are
        never shown, and what is done many times in a row costs half as much each time.
        """
        self._unread.append((place_of(direction, endpoint), request, response, facts))
        if len(self._unread) >= _AT_ONCE:
            self._read()

    def _read(self) -> None:
        while self._unread and (said := self._taken()) is not None:
            for kind, value in secrets_of(*said):
                self._learn(kind, value)

    def _taken(self) -> _Said | None:
        """Return what was said first of what is unread: it is nobody else's then, whatever thread looks as well."""
        try:
            return self._unread.popleft()
        except IndexError:
            return None

    @property
    def dropped(self) -> int:
        """How many values were forgotten for want of room: they are masked under telling keys only."""
        self._read()
        return self._dropped

    def mask(self, text: str, place: Place = ANYWHERE) -> str:
        """Return text without its secrets. To mask what is masked changes nothing.

        The price grows with the text and not with the number of known secrets.
        """
        if "[" not in text:
            return self._masked(text, place)
        pieces: list[str] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            if found[1] in self._kinds:
                pieces += [self._masked(text[end : found.start()], place), found[0]]
                end = found.end()
        pieces.append(self._masked(text[end:], place))
        return "".join(pieces)

    def hide(self, kind: str, value: str) -> str:
        """Return what stands for a value that is secret because of its key; a blank stays blank."""
        if not value or self._is_placeholder(value):
            return value
        self._write()
        return self._placeholders.get(value, f"[{kind}]")

    def _write(self) -> None:
        """Find the writings of what was learned since somebody last looked for any."""
        self._read()
        for value in self._unwritten:
            if value in self._placeholders:  # another one, written otherwise
                del self._learned[value]
                continue
            # Numbered here and not when it was learned: what has been looked at meanwhile is to change no name.
            kind, _ = self._learned[value]
            self._numbers[kind] += 1
            placeholder = f"[{kind}-{self._numbers[kind]}]"
            self._learned[value] = kind, placeholder
            for form in _written_forms(value):
                self._add(form, placeholder)
        self._unwritten.clear()

    def _add(self, form: str, placeholder: str) -> None:
        if form in self._placeholders:
            return
        self._placeholders[form] = placeholder
        self._beginnings[form[:SHORTEST]] += 1
        lengths = self._lengths.setdefault(form[:SHORTEST], [])
        if len(form) not in lengths:
            lengths.append(len(form))
            lengths.sort(reverse=True)

    def _forget(self, value: str) -> None:
        kind, placeholder = self._learned.pop(value)
        self._dropped += 1
        if value in self._unwritten:
            del self._unwritten[value]
            self._numbers[kind] += 1
            return
        for form in _written_forms(value):
            if self._placeholders.get(form) == placeholder:
                del self._placeholders[form]
                self._beginnings[form[:SHORTEST]] -= 1
                if not self._beginnings[form[:SHORTEST]]:
                    del self._beginnings[form[:SHORTEST]], self._lengths[form[:SHORTEST]]

    def _is_placeholder(self, value: str) -> bool:
        found = _PLACEHOLDER.fullmatch(value)
        return found is not None and found[1] in self._kinds

    def _holds_placeholder(self, value: str) -> bool:
        """What has been masked already, in a recording that is read again, teaches nothing."""
        return any(found[1] in self._kinds for found in _PLACEHOLDER.finditer(value))

    def _masked(self, text: str, place: Place) -> str:
        spans = [*self._known(text), *self._under_keys(text, place)]
        if not spans:
            return text
        spans.sort(key=lambda span: (span[0], -span[1]))
        pieces: list[str] = []
        end = 0
        for start, stop, placeholder in spans:
            if stop <= end:  # inside a longer one
                continue
            # Of two that overlap, both are named, and nothing of either is left standing.
            pieces += [text[end:start], placeholder]
            end = stop
        return "".join([*pieces, text[end:]])

    def _known(self, text: str) -> Iterator[_Span]:
        """Find known values by a look-up at each position: thousands of alternatives would be tried one by one."""
        self._write()
        lengths = self._lengths
        for start in [at for at in range(len(text) - SHORTEST + 1) if text[at : at + SHORTEST] in lengths]:
            for length in lengths[text[start : start + SHORTEST]]:
                placeholder = self._placeholders.get(text[start : start + length])
                if placeholder:
                    yield start, start + length, placeholder
                    break

    def _under_keys(self, text: str, place: Place) -> Iterator[_Span]:
        for seen in sightings(text):
            kind, value = kind_of(seen.key, place), text[seen.start : seen.stop]
            if kind and not is_scheme(value):
                yield seen.start, seen.stop, self.hide(kind, value)


def _written_forms(value: str) -> list[str]:
    """List the ways a value is written in URLs, JSON, XML, bytes and base64; the order does not matter."""
    packed = _in_base64(value)
    if _PLAIN.fullmatch(value):
        return [value, *packed]
    safe_sets = ("", "/", "!'()*", "/:?@!$'()*,;=")  # Python's, a path's, JavaScript's, a lenient client's
    encoded = {quote(value, safe=safe, errors="replace") for safe in safe_sets}
    encoded |= {quote_plus(value, errors="replace")}
    encoded |= {quote(once, safe="") for once in encoded}  # an address inside an address
    encoded |= {_HEX.sub(lambda found: found[0].lower(), text) for text in encoded}
    written = {json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    written |= {text.replace("/", "\\/") for text in written}  # as PHP writes it
    written |= {value, escape(value), escape(value, quote=False)}
    written |= {text.encode("utf-8", "replace").decode("latin-1") for text in written}  # as bytes are looked at
    return sorted(encoded | written | packed)


def _in_base64(value: str) -> set[str]:
    """Return what base64 makes of a value wherever it stands in what is encoded: the letters that nothing else shapes.

    Three bytes make four letters, so there are three ways; each is one for URLs, too.
    """
    raw = value.encode("utf-8", "replace")
    found: set[str] = set()
    for before in range(3):
        first, end = (before * 8 + 5) // 6, (before + len(raw)) * 8 // 6
        letters = b2a_base64(b"\0" * before + raw, newline=False)[first:end].decode()
        found |= {letters, letters.translate(_FOR_URLS)}
    return found
