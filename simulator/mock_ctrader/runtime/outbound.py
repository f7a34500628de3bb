"""Which hosts a CRM's settings name: requests go to these, and nowhere else."""

from typing import TYPE_CHECKING

from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.transports.outbound import Outbound

if TYPE_CHECKING:
    import aiohttp


def outbound(crm: CrmSettings, *also: str) -> Outbound:
    """Return what lets requests pass to the addresses of a CRM's settings, and to further base URLs."""
    places = (crm.address(place) for _, place in crm.places())
    return Outbound([crm.url, *places, *also], crm.hosts)


def connector_to(crm: CrmSettings, *also: str) -> "aiohttp.BaseConnector":
    """Return a connector to the addresses of a CRM's settings that trusts whom they name, and to no others."""
    return outbound(crm, *also).connector(trusting(crm.ca, "crm.ca"))
