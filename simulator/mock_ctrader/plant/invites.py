"""Who came through whose link, and who registered (cTrader Invite)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from mock_ctrader.plant.deeds import deed
from mock_ctrader.plant.model import Invitation, Manager, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a list a broker asks for."""

    created_from: Moment | None
    """Inclusive; nothing means from the start."""
    limit: int
    skip: int = 0


@deed
def record_invitation(
    plant: Plant, invited_user_id: int, partner_user_id: int, now: Moment, broker_partner_id: str | None = None
) -> Invitation | Refusal:
    """Note that a user came through a partner's link; a later partner takes the place of an earlier one.

    Without a ``broker_partner_id`` the one counts that the broker told for this partner before.
    """
    for user_id in (invited_user_id, partner_user_id):
        if user_id not in plant.users:
            return Refusal(Code.CH_CTID_NOT_FOUND, f"no user {user_id}")
    if invited_user_id == partner_user_id:
        return Refusal(Code.INVALID_REQUEST, f"user {invited_user_id} cannot be invited by themselves")
    invitation = Invitation(
        invited_user_id=invited_user_id,
        partner_user_id=partner_user_id,
        moment=now,
        broker_partner_id=broker_partner_id or _partner_id(plant, partner_user_id),
        broker=broker_of(plant, plant.users[invited_user_id]),
    )
    plant.invitations[invited_user_id] = invitation
    return invitation


@deed
def name_partner(plant: Plant, partner_user_id: int, broker_partner_id: str) -> None:
    """Note the number that a broker gave a partner: it stands with all that this partner invited."""
    for invited_user_id, invitation in plant.invitations.items():
        if invitation.partner_user_id == partner_user_id:
            plant.invitations[invited_user_id] = replace(invitation, broker_partner_id=broker_partner_id)


def _partner_id(plant: Plant, partner_user_id: int) -> str | None:
    of_partner = (one for one in plant.invitations.values() if one.partner_user_id == partner_user_id)
    return next((one.broker_partner_id for one in of_partner if one.broker_partner_id), None)


def invited_users(plant: Plant, manager: Manager, span: Span) -> Sequence[Invitation] | Refusal:
    """Return who was invited, the earliest first, without those of brokers out of reach."""
    within = [
        one
        for one in plant.invitations.values()
        if one.moment >= (span.created_from or 0) and one.broker not in manager.disabled_brokers
    ]
    return _part(sorted(within, key=lambda one: (one.moment, one.invited_user_id)), span)


def registered_users(plant: Plant, manager: Manager, span: Span) -> Sequence[User] | Refusal:
    """Return who registered, the earliest first, without those of brokers out of reach."""
    within = [
        user
        for user in plant.users.values()
        if user.created >= (span.created_from or 0) and broker_of(plant, user) not in manager.disabled_brokers
    ]
    return _part(sorted(within, key=lambda user: (user.created, user.user_id)), span)


def broker_of(plant: Plant, user: User) -> str:
    """Return a user's broker: of the creation, else of the first account, else the first of the CRM (assumed)."""
    if user.broker is not None:
        return user.broker
    if user.links:
        return plant.traders[user.links[0].login].broker
    return plant.brokers_of(user.crm_name)[0].name


def _part(sequence: Sequence[T], span: Span) -> Sequence[T] | Refusal:
    """Cut out what was asked for: ``limit`` things behind the first ``skip``."""
    for name, number in (("limit", span.limit), ("skip", span.skip)):
        if number < 0:
            return Refusal(Code.INVALID_REQUEST, f"{name}: must not be negative")
    return sequence[span.skip : span.skip + span.limit]
