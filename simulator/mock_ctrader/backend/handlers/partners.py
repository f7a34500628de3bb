"""Handlers of the calls about partner identifiers."""

from collections.abc import Mapping

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.partners import (
    NewPartner,
    PartnerFound,
    PartnerSet,
    PartnerUnwanted,
    PartnerWanted,
)
from mock_ctrader.plant import partners
from mock_ctrader.refusal import Refusal


def set_partner(call: Call, body: NewPartner) -> PartnerSet | Refusal:
    """Attach an identifier, and tell to whom (edition 2025, 3.6 and 5.8)."""
    holder = _holder(call, body)
    if isinstance(holder, Refusal):
        return holder
    refusal = partners.set_partner(call.plant, holder, body.partner_id)
    if refusal:
        return refusal
    call.happened("partner_set", user_id=holder.user_id)
    if holder.link_id is None:
        return PartnerSet(user_id=holder.user_id)
    return PartnerSet(ctid_trader_account_id=holder.link_id)


def read_partner(call: Call, query: PartnerWanted) -> PartnerFound | Refusal:
    """Read an identifier (edition 2025, 3.7)."""
    holder = _holder(call, query)
    if isinstance(holder, Refusal):
        return holder
    return PartnerFound(
        user_id=holder.user_id,
        ctid_trader_account_id=UNSET if holder.link_id is None else holder.link_id,
        partner_id=partners.read_partner(call.plant, holder) or UNSET,
    )


def delete_partner(call: Call, query: PartnerUnwanted) -> Refusal | None:
    """Take an identifier away; that there was none is no refusal (edition 2025, 3.8; assumed)."""
    holder = _holder(call, query)
    if isinstance(holder, Refusal):
        return holder
    if partners.delete_partner(call.plant, holder):
        call.happened("partner_deleted", user_id=holder.user_id)
    return None


def _holder(call: Call, said: NewPartner | PartnerWanted | PartnerUnwanted) -> partners.Holder | Refusal:
    return partners.find_holder(
        call.plant, call.manager, said.broker_crm_name, said.user_id, said.ctid_trader_account_id
    )


HANDLERS: Mapping[str, Handler] = {
    "set_partner": set_partner,
    "read_partner": read_partner,
    "delete_partner": delete_partner,
}
