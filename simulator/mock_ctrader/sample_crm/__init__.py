"""A small, honest broker client area that is integrated with cTrader.

It shows what a broker has to build, and it is what the simulator is tried against. Read it in this order:

1. ``ctrader.py``    what the broker asks of cTrader (create a user, open an account, move money)
2. ``endpoints.py``  what cTrader asks of the broker (who owns this token?)
3. ``tokens.py``     the tokens between the two, and how long each is good for
4. ``sign_in.py``, ``sign_up.py``, ``account.py``, ``cashier.py``  the screens that cTrader's applications open first
5. ``kyc.py``, ``contact.py``, ``credentials.py``  the other screens that they open
   ``handoff.py``    how a screen opens by a token of cTrader's own; ``webhooks.py``  what cTrader Invite tells
6. ``partner.py``, ``reset.py``                    what a client area has besides
7. ``embedded.py``  cTrader Web and cTrader Copy inside the client area
8. ``staff.py``     the back office: ribbons, white labels, the lists of cTrader Invite

``app.py`` puts it together. It is a program of its own: it knows cTrader by HTTP only.
"""

from mock_ctrader.sample_crm.app import create_app
from mock_ctrader.sample_crm.config import CrmConfig

__all__ = ["CrmConfig", "create_app"]
