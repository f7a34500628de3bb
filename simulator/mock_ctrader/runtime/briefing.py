"""What follows from a CRM's settings: worked out once, as journeys by the thousand are played against one CRM."""

from dataclasses import dataclass
from typing import Final

from mock_ctrader.backend.introductions import Webhooks
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.variant import Variant
from mock_ctrader.platform.screens import Screens
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.crm_settings import CrmSettings

_MOST: Final = 16
"""Settings whose meaning is known at a time."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a journey is told of one CRM, on a plant that speaks one edition."""

    crm: CrmSettings
    variant: Variant
    screens: Screens
    address: CrmAddress
    webhooks: Webhooks


_known: Final[dict[tuple[int, int], Briefing]] = {}
"""By the identity of both: settings hold what cannot be looked up by its value. Each keeps them, so no other has it."""


def brief(crm: CrmSettings, variant: Variant) -> Briefing:
    """Return what follows from settings that nobody changes any more."""
    key = (id(crm), id(variant))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _MOST:
            _known.clear()
        address = variant.crm_address(crm.url, crm.prefix, crm.token_parameter)
        found = _known[key] = Briefing(crm, variant, profile.screens(crm), address, _webhooks(crm))
    return found


def _webhooks(crm: CrmSettings) -> Webhooks:
    told = crm.webhooks
    return Webhooks(crm.address(told.attribution), crm.address(told.new_user), told.authorization)
