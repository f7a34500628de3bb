"""Bodies and queries of the calls about partner identifiers (edition 2025, 3.6 to 3.8)."""

from msgspec import UNSET, UnsetType

from mock_ctrader.contract.models.body import Body, Long


class NewPartner(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.6: a user or an account; where both are named, the account."""

    broker_crm_name: str
    partner_id: str
    user_id: Long | None = None
    ctid_trader_account_id: Long | None = None


class PartnerSet(Body, frozen=True, kw_only=True):
    """Edition 2025, 5.8: one of the two, whichever has the identifier now."""

    user_id: int | UnsetType = UNSET
    ctid_trader_account_id: int | UnsetType = UNSET


class PartnerWanted(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.7: the query."""

    broker_crm_name: str
    user_id: Long | None = None
    ctid_trader_account_id: Long | None = None


class PartnerFound(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.7; without ``partnerId`` where there is none (assumed)."""

    user_id: int
    ctid_trader_account_id: int | UnsetType = UNSET
    partner_id: str | UnsetType = UNSET


class PartnerUnwanted(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.8: the query; without an account only the user's own identifier goes."""

    broker_crm_name: str
    user_id: Long
    ctid_trader_account_id: Long | None = None
