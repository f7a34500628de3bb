"""One handler for each call of the broker, one module for each family of calls."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Handler
from mock_ctrader.backend.handlers import (
    attributes,
    balances,
    invite,
    listing,
    managers,
    market,
    partners,
    ribbons,
    tokens,
    traders,
    users,
)

_FAMILIES = (managers, traders, balances, listing, market, attributes, users, partners, ribbons, tokens, invite)
HANDLERS: Mapping[str, Handler] = {name: handler for family in _FAMILIES for name, handler in family.HANDLERS.items()}
"""Every handler, by the id of its call."""
