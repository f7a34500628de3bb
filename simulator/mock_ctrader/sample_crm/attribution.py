"""Whose client a user is who came by a link of cTrader Invite's (edition 2026, section 10.1).

===================  ==============================================================================================
ATTRIBUTED_NEW       the partner's first client: the partner got an identifier, the one that ``/partner`` shows
ATTRIBUTED           the partner had an identifier
REATTRIBUTED         the client belonged to another partner until now; this counts more than a new identifier (assumed)
PENDING_ATTRIBUTION  we know the partner or the client not yet: decided when we do, or when cTrader tells it again
===================  ==============================================================================================
"""

from dataclasses import replace

from mock_ctrader.sample_crm.context import Crm
from mock_ctrader.sample_crm.invitations import Attribution, Result
from mock_ctrader.sample_crm.partnership import identifier
from mock_ctrader.sample_crm.store import User


def attribute(crm: Crm, told: Attribution) -> Attribution:
    """Decide whose client the invited user is, and return it as it is kept.

    cTrader repeats a call whose answer was lost, so the same pair gets the answer that it got before.
    """
    kept = crm.invitations.attribution(told.invited_user_id)
    if kept and kept.partner_user_id == told.partner_user_id and kept.partner_id:
        return kept
    invited = crm.store.user_by_ctrader_id(told.invited_user_id)
    partner = crm.store.user_by_ctrader_id(told.partner_user_id)
    decided = decide(crm, told, invited, partner) if invited and partner else told
    crm.invitations.keep_attribution(decided)
    return decided


def decide(crm: Crm, told: Attribution, invited: User, partner: User) -> Attribution:
    """Make the invited user the partner's client."""
    known = crm.store.partner_id(partner.id)
    partner_id = known or identifier(crm, partner)
    # cTrader Invite takes the identifier from our answer, so there is no call to tell it by.
    crm.store.add_partner(partner.id, partner_id)
    crm.store.set_brought_by(invited.id, partner_id)
    result: Result = "ATTRIBUTED" if known else "ATTRIBUTED_NEW"
    if invited.partner_id not in {"", partner_id}:
        result = "REATTRIBUTED"
    return replace(told, partner_id=partner_id, result=result)


def settle(crm: Crm, user: User) -> None:
    """Decide what was waiting for this user to become known."""
    for pending in crm.invitations.pending(user.ctrader_user_id):
        attribute(crm, pending)
