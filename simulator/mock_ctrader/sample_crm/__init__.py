"""A small, honest broker client area that is integrated with cTrader.

It shows what a broker has to build, and it is what the simulator is tried against. Read it in this order:

1. ``ctrader.py``    what the broker asks of cTrader (create a user, open an account, move money)
2. ``endpoints.py``  what cTrader asks of the broker (who owns this token?)
3. ``tokens.py``     the tokens between the two, and how long each is good for
4. ``sign_in.py``, ``account.py``, ``cashier.py``  the screens that cTrader's applications open first of all
5. ``kyc.py``, ``contact.py``, ``credentials.py``  the other screens that they open
6. ``partner.py``, ``reset.py``                    what a client area has besides

``app.py`` puts it together. It is a program of its own: it knows cTrader by HTTP only.
"""

from mock_ctrader.sample_crm.app import create_app
from mock_ctrader.sample_crm.config import CrmConfig

__all__ = ["CrmConfig", "create_app"]
