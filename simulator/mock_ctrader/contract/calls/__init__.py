"""The calls themselves, one module for each family."""

from mock_ctrader.contract.calls import (
    attributes,
    crm,
    invite,
    managers,
    market,
    partners,
    ribbons,
    tokens,
    traders,
    users,
)

_FAMILIES = (managers, traders, market, attributes, users, partners, ribbons, tokens, invite)
FAMILIES = (*_FAMILIES, crm)
"""The modules that hold them, in the order of the reference."""
BROKER_CALLS = tuple(call for family in _FAMILIES for call in family.CALLS)
"""Those that the broker makes to cTrader."""
CRM_CALLS = crm.CALLS
"""Those that cTrader makes to the CRM."""
