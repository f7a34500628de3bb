"""Body of the call about ribbons (edition 2025, 3.9)."""

from msgspec import field

from mock_ctrader.contract.models.body import Body, Long


class Action(Body, frozen=True, kw_only=True):
    """What a ribbon does when it is touched: one of the two."""

    url_external: str | None = None
    url_in_app: str | None = field(default=None, name="urlinApp")


class RibbonRule(Body, frozen=True, kw_only=True):
    """One ribbon. The table calls ``ctidTraderAccountId`` a string, which it is read from."""

    color: str
    title: str
    enabled: bool
    closable: bool
    action: Action
    broker_name: str | None = None
    ctid_trader_account_id: Long | None = None


class Rules(Body, frozen=True, kw_only=True):
    """All ribbons of a user; none clears them. Edition 2023 has the ``userId`` here."""

    ribbons: tuple[RibbonRule, ...] | None = None
    user_id: Long | None = None


class InappControls(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.9."""

    broker_crm_name: str
    rules: Rules
    user_id: Long | None = None

    @property
    def wanted_user(self) -> int | None:
        """The user meant, wherever it stands."""
        return self.rules.user_id if self.user_id is None else self.user_id
