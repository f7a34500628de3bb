"""Bodies of the calls about attributes (WebServices 4.14 to 4.22: the rules are documented, every name is assumed).

Lengths are in characters. Unlike other keys, ``value`` may not be ``null``: an update does not delete.
"""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from mock_ctrader.contract.models.body import Body, Long

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Value = Annotated[str, Meta(min_length=1, max_length=512)]
NameFilter = Annotated[str, Meta(max_length=64)]
Ids = Annotated[tuple[Long, ...], Meta(min_length=1, max_length=10_000)]


class Attribute(Body, frozen=True, kw_only=True):
    """A label: its name and what it says."""

    name: Name
    value: Value


class ListTraderAttributes(Body, frozen=True, kw_only=True):
    """WebServices 4.14. Without ``ids`` all accounts within reach are meant, in pages."""

    ids: Annotated[tuple[Long, ...], Meta(max_length=10_000)] | None = None
    page_size: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    cursor: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None
    name_filter: NameFilter | None = None
    since: Long | None = None


class ListAttributes(Body, frozen=True, kw_only=True):
    """WebServices 4.15 and 4.16: groups and managers, by their ids only."""

    ids: Ids
    name_filter: NameFilter | None = None
    since: Long | None = None


class LabelledItem(Body, frozen=True, kw_only=True):
    """What an update says of one account, group or manager."""

    id: Long
    attributes: Annotated[tuple[Attribute, ...], Meta(min_length=1, max_length=100)]


class UpdateAttributes(Body, frozen=True, kw_only=True):
    """WebServices 4.17 to 4.19."""

    items: Annotated[tuple[LabelledItem, ...], Meta(min_length=1, max_length=100)]


class DeleteAttributes(Body, frozen=True, kw_only=True):
    """WebServices 4.20 to 4.22. Without ``names`` all attributes are meant."""

    ids: Ids
    names: Annotated[tuple[Name, ...], Meta(max_length=100)] | None = None


class Labelled(Body, frozen=True, kw_only=True):
    """An account, group or manager with its attributes; the timestamp is that of the latest change to any of them."""

    id: int
    attributes: tuple[Attribute, ...]
    last_update_timestamp: int


class AttributeList(Body, frozen=True, kw_only=True):
    """WebServices 4.14 to 4.16: ``nextCursor`` is there only when there are more pages."""

    attributes: tuple[Labelled, ...]
    next_cursor: int | UnsetType = UNSET


class AttributesChanged(Body, frozen=True, kw_only=True):
    """WebServices 4.17 to 4.22: ``{}``."""
