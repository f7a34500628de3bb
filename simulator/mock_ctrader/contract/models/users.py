"""Bodies of the calls about users (edition 2025, section 3; WebServices, section 5)."""

from msgspec import UNSET, UnsetType

from mock_ctrader.contract.models.body import Body, Long


class NewUser(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.2. The table spells ``nickName``, the example ``nickname``: either counts."""

    broker_crm_name: str
    email: str
    first_name: str | None = None
    nick_name: str | None = None
    nickname: str | None = None
    preferred_language: str | None = None

    @property
    def wanted_nickname(self) -> str | None:
        """The nickname asked for, however it was spelled."""
        return self.nick_name or self.nickname


class UserCreated(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.2."""

    user_id: int


class NewCtid(Body, frozen=True, kw_only=True):
    """WebServices 5.1, for users outside the SSO solution."""

    email: str
    broker_name: str | None = None
    preferred_language: str | None = None


class CtidCreated(Body, frozen=True, kw_only=True):
    """WebServices 5.1: of a user who was there before ``userId`` alone is told."""

    user_id: int
    nickname: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    preferred_language: str | UnsetType = UNSET
    utc_create_timestamp: int | UnsetType = UNSET
    """Milliseconds since 1970 UTC."""
    status: str | UnsetType = UNSET


class NewLink(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.4. Without ``returnAccountDetails`` the answer is empty."""

    trader_login: Long
    trader_password_hash: str
    user_id: Long
    environment_name: str
    broker_name: str | None = None
    return_account_details: bool | None = None


class LinkCreated(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.4: identifies the link of user and account."""

    ctid_trader_account_id: int


class AccountMove(Body, frozen=True, kw_only=True):
    """WebServices 5.3: the broker is the new one."""

    trader_login: Long
    broker_name: str
    environment_name: str


class NewEmail(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.10."""

    broker_crm_name: str
    user_id: Long
    new_email: str


class UserByEmail(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.11: the query."""

    broker_crm_name: str
    email: str


class UserFound(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.11; where nobody is found the answer is empty instead."""

    user_id: int


class UserMeant(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.12 and 3.13: the query."""

    broker_crm_name: str
    user_id: Long
