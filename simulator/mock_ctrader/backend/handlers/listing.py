"""Handlers of the calls that list trading accounts and their groups."""

from collections.abc import Mapping

from msgspec import UNSET
from msgspec.structs import fields

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.backend.handlers.traders import named_trader, sent, trader_object
from mock_ctrader.contract import times
from mock_ctrader.contract.models.traders import (
    GroupList,
    GroupObject,
    ListTraders,
    PartialTraderList,
    SubaccountLogins,
    Subaccounts,
    TraderList,
    TraderObject,
)
from mock_ctrader.plant import listing, subaccounts
from mock_ctrader.plant.model import Trader
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

_KEYS = {field.encode_name: field.name for field in fields(TraderObject)}


def list_traders(call: Call, query: ListTraders) -> TraderList | PartialTraderList | Refusal:
    """List accounts, the newest first (WebServices 4.3)."""
    wanted = _wanted(query)
    if isinstance(wanted, Refusal):
        return wanted
    page = listing.list_traders(call.plant, call.manager, call.environment, wanted, listing.LARGEST_PAGE)
    if isinstance(page, Refusal):
        return page
    asked = {name.strip() for name in (query.fields or "").split(",")} - {""}
    if not asked:
        return TraderList(trader=tuple(trader_object(call, trader) for trader in page.traders), has_more=page.has_more)
    keys = {key: name for key, name in _KEYS.items() if key in asked}  # a name that no account has is ignored
    return PartialTraderList(trader=tuple(_part(call, trader, keys) for trader in page.traders), has_more=page.has_more)


def read_subaccounts(call: Call, _body: None) -> Subaccounts | Refusal:
    """Tell which accounts follow strategies for an account (WebServices 4.4)."""
    trader = named_trader(call)
    if isinstance(trader, Refusal):
        return trader
    found = subaccounts.following(call.plant, trader)
    return Subaccounts(
        sub_account_logins=SubaccountLogins(login=found.logins),
        total_sub_accounts_balance=found.balance,
        total_sub_accounts_equity=found.equity,
    )


def list_groups(call: Call, _body: None) -> GroupList:
    """List the groups that the manager reaches (WebServices 4.11)."""
    groups = listing.list_groups(call.plant, call.manager)
    return GroupList(
        trader_group=tuple(
            GroupObject(id=group.id, name=group.name, description=sent(group.description)) for group in groups
        )
    )


def _wanted(query: ListTraders) -> listing.Wanted | Refusal:
    registered = _span("from", query.since, "to", query.before)
    if isinstance(registered, Refusal):
        return registered
    any_deal = query.deal_since is None and query.deal_before is None
    last_deal = None if any_deal else _span("dealFrom", query.deal_since, "dealTo", query.deal_before)
    if isinstance(last_deal, Refusal):
        return last_deal
    return listing.Wanted(
        registered=registered,
        last_deal=last_deal,
        has_open_positions=query.has_open_positions,
        group_id=query.group_id,
    )


def _span(since: str, first: str | None, before: str, last: str | None) -> tuple[Moment, Moment] | Refusal:
    """Read a span of time from two parameters, each by its name and what was sent for it."""
    moments: list[Moment] = []
    for name, text in ((since, first), (before, last)):
        moment = None if text is None else times.read(text)
        if moment is None:
            got = "nothing" if text is None else repr(text[:40])
            return Refusal(Code.INVALID_REQUEST, f"{name}: expected a time as 2018-01-01T12:12:12.000, got {got}")
        moments.append(moment)
    return moments[0], moments[1]


def _part(call: Call, trader: Trader, keys: Mapping[str, str]) -> dict[str, object]:
    """Write some keys of an account; those without a value are left out as ever."""
    whole = trader_object(call, trader)
    values = {key: getattr(whole, name) for key, name in keys.items()}
    return {key: value for key, value in values.items() if value is not UNSET}


HANDLERS: Mapping[str, Handler] = {
    "list_traders": list_traders,
    "read_subaccounts": read_subaccounts,
    "list_groups": list_groups,
}
