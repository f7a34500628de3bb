"""Handlers of the calls about attributes: three of them, each for traders, groups and managers."""

from collections.abc import Mapping
from functools import partial

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.attributes import (
    Attribute,
    AttributeList,
    AttributesChanged,
    DeleteAttributes,
    Labelled,
    ListAttributes,
    ListTraderAttributes,
    UpdateAttributes,
)
from mock_ctrader.plant import attributes
from mock_ctrader.plant.attributes import LARGEST_PAGE, Filter, Holders, Kind, Page
from mock_ctrader.refusal import Code, Refusal


def list_trader_attributes(call: Call, body: ListTraderAttributes) -> AttributeList | Refusal:
    """List attributes of some accounts, or a page of all (WebServices 4.14)."""
    if not body.ids:
        holders, wanted = Holders(Kind.TRADERS, call.environment), Filter(body.name_filter or "", body.since)
        size, cursor = body.page_size or LARGEST_PAGE, body.cursor or 0
        return _sent(attributes.list_all(call.plant, call.manager, holders, wanted, size=size, cursor=cursor))
    for key, given in (("pageSize", body.page_size), ("cursor", body.cursor)):
        if given is not None:
            return Refusal(Code.INVALID_REQUEST, f"{key}: allowed only without ids")
    listed = ListAttributes(ids=body.ids, name_filter=body.name_filter, since=body.since)
    return list_attributes(Kind.TRADERS, call, listed)


def list_attributes(kind: Kind, call: Call, body: ListAttributes) -> AttributeList | Refusal:
    """List attributes of those named (WebServices 4.14 to 4.16)."""
    wanted = Filter(body.name_filter or "", body.since)
    page = attributes.list_some(call.plant, call.manager, Holders(kind, call.environment), body.ids, wanted)
    return page if isinstance(page, Refusal) else _sent(page)


def update_attributes(kind: Kind, call: Call, body: UpdateAttributes) -> AttributesChanged | Refusal:
    """Add or change attributes (WebServices 4.17 to 4.19)."""
    holders = Holders(kind, call.environment)
    items = [(item.id, {one.name: one.value for one in item.attributes}) for item in body.items]
    refusal = attributes.update(call.plant, call.manager, holders, items, call.now)
    if refusal is None:
        call.happened("attributes_updated")
    return refusal or AttributesChanged()


def delete_attributes(kind: Kind, call: Call, body: DeleteAttributes) -> AttributesChanged | Refusal:
    """Delete attributes (WebServices 4.20 to 4.22)."""
    holders = Holders(kind, call.environment)
    refusal = attributes.delete(call.plant, call.manager, holders, body.ids, body.names or ())
    if refusal is None:
        call.happened("attributes_deleted")
    return refusal or AttributesChanged()


def _sent(page: Page) -> AttributeList:
    entries = tuple(
        Labelled(
            id=entry.id,
            attributes=tuple(Attribute(name=name, value=one.value) for name, one in entry.attributes.items()),
            last_update_timestamp=entry.updated,
        )
        for entry in page.entries
    )
    return AttributeList(attributes=entries, next_cursor=UNSET if page.next_cursor is None else page.next_cursor)


HANDLERS: Mapping[str, Handler] = {
    "list_trader_attributes": list_trader_attributes,
    "list_group_attributes": partial(list_attributes, Kind.GROUPS),
    "list_manager_attributes": partial(list_attributes, Kind.MANAGERS),
    "update_trader_attributes": partial(update_attributes, Kind.TRADERS),
    "update_group_attributes": partial(update_attributes, Kind.GROUPS),
    "update_manager_attributes": partial(update_attributes, Kind.MANAGERS),
    "delete_trader_attributes": partial(delete_attributes, Kind.TRADERS),
    "delete_group_attributes": partial(delete_attributes, Kind.GROUPS),
    "delete_manager_attributes": partial(delete_attributes, Kind.MANAGERS),
}
