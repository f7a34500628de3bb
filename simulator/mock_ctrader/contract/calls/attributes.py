"""The nine calls about attributes of traders, groups and managers (contract, section 4).

Their rules are documented; paths, names and statuses are lost in every copy of the documentation, and assumed.
"""

from dataclasses import replace

from msgspec import Struct

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import attributes as models
from mock_ctrader.wire import Direction

LARGEST_UPDATE = 24 * 2**20
"""Bytes: the documented maximum, a hundred times a hundred pairs of 64 and 512 characters of four bytes, fits."""


def _call(
    name: str, path: str, section: str, summary: str, request: type[Struct], answer: type[Struct], element: str
) -> Endpoint:
    return Endpoint(
        id=name,
        direction=Direction.TO_CTRADER,
        method="POST",
        path=f"/v2/webserv/attributes/{path}",
        summary=summary,
        dialect=Dialect.WEBSERV,
        edition=Edition.WEBSERVICES,
        section=f"WebServices, {section}",
        assumed=("method", "path", "request", "answer", "status"),
        request=request,
        answer=answer,
        element=element,
    )


def _list(name: str, path: str, section: str, summary: str, request: type[Struct]) -> Endpoint:
    return _call(name, path, section, summary, request, models.AttributeList, "attributeListTO")


def _update(name: str, path: str, section: str, summary: str) -> Endpoint:
    call = _call(name, path, section, summary, models.UpdateAttributes, models.AttributesChanged, "attributesTO")
    return replace(call, largest_body=LARGEST_UPDATE)


def _delete(name: str, path: str, section: str, summary: str) -> Endpoint:
    return _call(name, path, section, summary, models.DeleteAttributes, models.AttributesChanged, "attributesTO")


CALLS = (
    _list(
        "list_trader_attributes",
        "traders/list",
        "4.14",
        "List attributes of accounts, of some or page by page of all.",
        models.ListTraderAttributes,
    ),
    _list("list_group_attributes", "groups/list", "4.15", "List attributes of groups.", models.ListAttributes),
    _list("list_manager_attributes", "managers/list", "4.16", "List attributes of managers.", models.ListAttributes),
    _update("update_trader_attributes", "traders/update", "4.17", "Add or change attributes of accounts."),
    _update("update_group_attributes", "groups/update", "4.18", "Add or change attributes of groups."),
    _update("update_manager_attributes", "managers/update", "4.19", "Add or change attributes of managers."),
    _delete("delete_trader_attributes", "traders/delete", "4.20", "Delete attributes of accounts, all or by name."),
    _delete("delete_group_attributes", "groups/delete", "4.21", "Delete attributes of groups, all or by name."),
    _delete("delete_manager_attributes", "managers/delete", "4.22", "Delete attributes of managers, all or by name."),
)
