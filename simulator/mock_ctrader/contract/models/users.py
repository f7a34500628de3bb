"""Bodies of the calls about users (edition 2025, section 3; WebServices, section 5)."""

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
