"""Queries and answers of cTrader Invite (edition 2026, section 10). Moments are milliseconds since 1970 UTC."""

from msgspec import UNSET, UnsetType

from mock_ctrader.contract.models.body import Body, Long


class InvitedWanted(Body, frozen=True, kw_only=True):
    """Which part of the list; ``createdFrom`` is inclusive."""

    created_from: Long | None = None
    limit: Long = 100
    skip: Long = 0


class InvitedUser(Body, frozen=True, kw_only=True):
    """One user who came through a partner's link."""

    invited_user_id: int
    partner_user_id: int
    broker_partner_id: str | UnsetType = UNSET
    """Only if the broker told it before."""
    broker_name: str | UnsetType = UNSET
    create_timestamp: int


class InvitedUsers(Body, frozen=True, kw_only=True):
    """The list."""

    invited_users: tuple[InvitedUser, ...]


class RegisteredWanted(Body, frozen=True, kw_only=True):
    """Which part of the list; ``createdFrom`` is inclusive."""

    created_from: Long | None = None
    limit: Long = 1000
    skip: Long = 0


class RegisteredUser(Body, frozen=True, kw_only=True):
    """One user of the plant."""

    user_id: int
    email: str
    broker_name: str
    utc_create_timestamp: int


class RegisteredUsers(Body, frozen=True, kw_only=True):
    """The list."""

    users: tuple[RegisteredUser, ...]
