"""How somebody becomes a partner. Each has one identifier; it is no secret, as it stands in every link that is shared.

A user has one made from cTrader's ids: for all accounts from the ``userId``, for one account from the account's own id
there. Who applied before signing up, with no user at cTrader yet, got one made from the number of the application, and
keeps it: links with it are on their way already.
"""

from mock_ctrader.sample_crm.context import Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.store import Account, User


async def become_partner(crm: Crm, user: User, account: Account | None = None) -> None:
    """Make the user a partner, at cTrader first: a link that cTrader knows nothing of would be no use.

    With an account, cTrader tells the identifier to sessions of that account alone. A repeated try, after an answer was
    lost, sends the same identifier.
    """
    if crm.store.partner_id(user.id):
        return  # a double click
    partner_id = identifier(crm, user, account)
    await crm.ctrader.set_partner(user, partner_id, account)
    crm.store.add_partner(user.id, partner_id)


def identifier(crm: Crm, user: User, account: Account | None = None) -> str:
    """Return how a partner is called: always the same for the same user, or account."""
    number = account.ctid_trader_account_id if account else user.ctrader_user_id
    return crm.store.applied_for(user.email) or f"P{number}"


async def take_up_application(crm: Crm, user: User) -> None:
    """Make a new user a partner who had applied with this e-mail before (edition 2025, 5.8, flow 2).

    A real client area first makes sure that the e-mail is this person's own. If cTrader does not take it, the signup
    stands, and the user can become a partner later, with the same identifier.
    """
    if crm.store.applied_for(user.email) is None:
        return
    try:
        await become_partner(crm, user)
    except CTraderError as error:
        crm.store.add_loose_end(user.id, "partner", str(error))
