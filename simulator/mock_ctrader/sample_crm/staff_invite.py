"""The two lists of cTrader Invite: who came by a partner's link, and who registered at all (edition 2026, 10.2, 10.4).

Both are read anew each time. A broker with many users keeps them, and asks by ``createdFrom`` for the new ones only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError, CTraderUnavailable, integer
from mock_ctrader.sample_crm.pages import explain, render, view_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

routes = web.RouteTableDef()


@dataclass(frozen=True)
class Listing:
    """A table: the texts above its columns, by their keys in ``texts.py``, and what stands below them."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@routes.get("/staff/{name:invited|registered}")
async def show(request: web.Request) -> web.Response:
    """Show the list that the address names, and when it was read."""
    crm, name = request.app[CRM], request.match_info["name"]
    try:
        listing = await READERS[name](crm)
    except CTraderError as problem:
        status, problems = explain(view_of(request), problem)
        return render(request, "staff-invite", status=status, name=name, problems=problems, listing=None)
    read = moment(int(crm.now() * 1000))
    return render(request, "staff-invite", name=name, problems=[], listing=listing, read=read)


async def read_invited(crm: Crm) -> Listing:
    """Return who came by a partner's link. cTrader names them by number; the e-mails are those that we know."""
    columns = ("user_id", "email", "partner_user_id", "partner_identifier", "broker", "created")
    return Listing(columns, [invited_row(crm, one) for one in await crm.ctrader.invited_users()])


def invited_row(crm: Crm, one: dict[str, Any]) -> tuple[object, ...]:
    """Return one line of the first list."""
    user_id = integer(one, "invitedUserId")
    user = crm.store.user_by_ctrader_id(user_id)
    return (
        user_id,
        user.email if user else "",
        integer(one, "partnerUserId"),
        one.get("brokerPartnerId", ""),
        one.get("brokerName", ""),
        moment(integer(one, "createTimestamp")),
    )


async def read_registered(crm: Crm) -> Listing:
    """Return everybody on the plant, also those who signed up elsewhere."""
    columns = ("user_id", "email", "broker", "created")
    return Listing(columns, [registered_row(one) for one in await crm.ctrader.registered_users()])


def registered_row(one: dict[str, Any]) -> tuple[object, ...]:
    """Return one line of the second list."""
    created = moment(integer(one, "utcCreateTimestamp"))
    return integer(one, "userId"), one.get("email", ""), one.get("brokerName", ""), created


READERS = {"invited": read_invited, "registered": read_registered}


def moment(milliseconds: int) -> str:
    """Return a moment as people read it, from milliseconds since 1970 UTC."""
    try:
        return f"{EPOCH + timedelta(milliseconds=milliseconds):%Y-%m-%d %H:%M:%S} UTC"
    except OverflowError as error:
        raise CTraderUnavailable(f"{milliseconds} is no moment.") from error
