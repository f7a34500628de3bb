"""Handlers of the calls of cTrader Invite."""

from collections.abc import Mapping

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.invite import (
    InvitedUser,
    InvitedUsers,
    InvitedWanted,
    RegisteredUser,
    RegisteredUsers,
    RegisteredWanted,
)
from mock_ctrader.plant import invites
from mock_ctrader.plant.model import Invitation
from mock_ctrader.refusal import Refusal


def invited_users(call: Call, query: InvitedWanted) -> InvitedUsers | Refusal:
    """List who came through the links of partners (edition 2026, 10.2)."""
    found = invites.invited_users(call.plant, call.manager, _span(query))
    if isinstance(found, Refusal):
        return found
    return InvitedUsers(invited_users=tuple(_invited(one) for one in found))


def registered_users(call: Call, query: RegisteredWanted) -> RegisteredUsers | Refusal:
    """List who registered (edition 2026, 10.4)."""
    found = invites.registered_users(call.plant, call.manager, _span(query))
    if isinstance(found, Refusal):
        return found
    users = (
        RegisteredUser(
            user_id=user.user_id,
            email=user.email,
            broker_name=invites.broker_of(call.plant, user),
            utc_create_timestamp=user.created,
        )
        for user in found
    )
    return RegisteredUsers(users=tuple(users))


def _span(query: InvitedWanted | RegisteredWanted) -> invites.Span:
    return invites.Span(query.created_from, query.limit, query.skip)


def _invited(one: Invitation) -> InvitedUser:
    return InvitedUser(
        invited_user_id=one.invited_user_id,
        partner_user_id=one.partner_user_id,
        broker_partner_id=one.broker_partner_id or UNSET,
        broker_name=one.broker or UNSET,
        create_timestamp=one.moment,
    )


HANDLERS: Mapping[str, Handler] = {"invited_users": invited_users, "registered_users": registered_users}
