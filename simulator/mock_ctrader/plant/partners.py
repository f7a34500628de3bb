"""Partner identifiers: a word of the CRM's, attached to a user or to one account of a user (edition 2025, 3.6-3.8)."""

from dataclasses import dataclass

from mock_ctrader.plant import users
from mock_ctrader.plant.model import Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has, or may have, a partner identifier: a user, or an account of theirs."""

    user_id: int
    link_id: int | None = None
    """``ctidTraderAccountId``; nothing means the user."""


def find_holder(
    plant: Plant, manager: Manager, crm_name: str, user_id: int | None, link_id: int | None
) -> Holder | Refusal:
    """Return whom a call means: the account where one is named, else the user."""
    refusal = users.check_crm(plant, manager, crm_name)
    if refusal:
        return refusal
    if link_id is not None:
        return _account(plant, crm_name, user_id, link_id)
    if user_id is None:
        return Refusal(Code.INVALID_REQUEST, "userId, ctidTraderAccountId: expected one of the two, got neither")
    user = users.find_user(plant, manager, crm_name, user_id)
    return user if isinstance(user, Refusal) else Holder(user_id)


def _account(plant: Plant, crm_name: str, user_id: int | None, link_id: int) -> Holder | Refusal:
    link = plant.links.get(link_id)
    owner = plant.users[link.user_id] if link else None
    if owner is None or owner.crm_name != crm_name or user_id not in (None, owner.user_id):
        whose = f"CRM '{crm_name}'" if user_id is None else f"user {user_id}"
        return Refusal(Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, f"{whose} has no linked account {link_id}")
    return Holder(owner.user_id, link_id)


def set_partner(plant: Plant, holder: Holder, partner_id: str) -> Refusal | None:
    """Attach an identifier, in place of the one before (edition 2025, 3.6)."""
    if not partner_id.strip():
        return Refusal(Code.INVALID_REQUEST, "partnerId: expected text, got a blank one")
    if holder.link_id is None:
        plant.partners_of_users[holder.user_id] = partner_id
    else:
        plant.partners_of_accounts[holder.link_id] = partner_id
    return None


def read_partner(plant: Plant, holder: Holder) -> str | None:
    """Return the identifier of a user or of an account; that of the user does not count for the accounts."""
    if holder.link_id is None:
        return plant.partners_of_users.get(holder.user_id)
    return plant.partners_of_accounts.get(holder.link_id)


def delete_partner(plant: Plant, holder: Holder) -> bool:
    """Take an identifier away and tell whether there was one; that of the other level stays (edition 2025, 3.8)."""
    if holder.link_id is None:
        return plant.partners_of_users.pop(holder.user_id, None) is not None
    return plant.partners_of_accounts.pop(holder.link_id, None) is not None
