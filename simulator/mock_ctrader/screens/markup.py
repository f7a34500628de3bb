"""HTML text into a plain tree: the only module that knows lxml."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, Union

from lxml import etree

_UNSEEN: Final = frozenset({"script", "style", "template"})
_BLOCKS: Final = frozenset(
    {"br", "p", "div", "li", "td", "th", "tr", "dt", "dd", "option", "label", "legend", "h1", "h2"}
)

# lxml gives text; its stubs promise no more than either.
_Text = str | bytes
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Node:
    """An element with its attributes and, in order, the elements and texts inside it."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    parent: Union["Node", None] = None
    children: list[Union["Node", str]] = field(default_factory=list["Node | str"])
    position: int = 0
    """The place among the parent's children."""

    def get(self, name: str) -> str:
        """Return an attribute without the blanks around it; what is missing is empty."""
        return self.attributes.get(name, "").strip()

    def has(self, name: str) -> bool:
        """Tell whether an attribute is there, whatever its value: ``required``, ``disabled`` ..."""
        return name in self.attributes

    def walk(self, without: frozenset[str] = frozenset()) -> Iterator["Node"]:
        """Yield all elements below in document order, leaving out some and what is in them."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            if node is not self:
                yield node
            inner = [child for child in node.children if isinstance(child, Node) and child.tag not in without]
            stack.extend(reversed(inner))

    def ancestors(self) -> Iterator["Node"]:
        """Yield the elements around this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, *tags: str) -> Union["Node", None]:
        """Return the nearest element around this one that has one of the tags."""
        return next((node for node in self.ancestors() if node.tag in tags), None)

    def before(self) -> Iterator[Union["Node", str]]:
        """Yield what stands before this element in its parent, the nearest first."""
        siblings = self.parent.children if self.parent is not None else []
        return (siblings[place] for place in range(self.position - 1, -1, -1))

    def behind(self) -> Union["Node", str]:
        """Return what stands right behind this element in its parent; nothing is an empty text."""
        siblings = self.parent.children if self.parent is not None else []
        return siblings[self.position + 1] if self.position + 1 < len(siblings) else ""

    def raw_text(self) -> str:
        """Return the text directly inside, blanks and line ends as they are."""
        return "".join(child for child in self.children if isinstance(child, str))

    def text(self, without: frozenset[str] = frozenset()) -> str:
        """Return what a person reads here, on one line; ``without`` leaves out elements by tag."""
        pieces: list[str] = []
        stack: list[Node | str] = [*reversed(self.children)]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                pieces.append(item)
            elif item.tag not in _UNSEEN and item.tag not in without:
                gap = " " if item.tag in _BLOCKS else ""
                pieces.append(item.get("alt") if item.tag == "img" else gap)
                stack.append(gap)
                stack.extend(reversed(item.children))
        return " ".join("".join(pieces).split())


def is_hidden(node: Node, below: Node | None = None) -> bool:
    """Tell whether an element is kept from the reader by attribute or style, its own or one around it.

    ``below`` is where looking around ends: a form in a folded tab hides its fields, but not from each other.
    """
    parts = takewhile(lambda part: part is not below, (node, *node.ancestors()))
    return any(part.has("hidden") or _HIDING.search(part.get("style")) is not None for part in parts)


class _Builder:
    """Takes lxml's parse events; what was built before a hopeless spot of a page is kept."""

    def __init__(self) -> None:
        self.root = Node("#document")
        self._at = self.root

    def start(self, tag: _Text, attrib: dict[_Text, _Text]) -> None:
        attributes = {_str(name): _str(value) for name, value in attrib.items()}
        node = Node(_str(tag), attributes, self._at, position=len(self._at.children))
        self._at.children.append(node)
        self._at = node

    def end(self, tag: _Text) -> None:
        # Every start has its end; were one missing, the tree would only be flatter than meant.
        self._at = self._at.parent or self.root

    def data(self, data: _Text) -> None:
        self._at.children.append(_str(data))

    def comment(self, text: _Text) -> None: ...

    def close(self) -> None: ...


def _str(text: _Text) -> str:
    return text if isinstance(text, str) else text.decode()


def parse(text: str) -> Node:
    """Make a tree of a page, however broken; an empty text gives an empty tree."""
    builder = _Builder()
    parser = etree.HTMLParser(target=builder, encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    data = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")
    # A browser shows whatever it could read, so a parser that gives up half-way is no error here.
    with suppress(etree.LxmlError):
        etree.fromstring(data, parser)
    return builder.root
