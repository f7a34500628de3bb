"""Which hosts a CRM's settings name: requests go to these, and nowhere else."""

from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.transports.outbound import Outbound


def outbound(crm: CrmSettings, *also: str) -> Outbound:
    """Return what lets requests pass to the addresses of a CRM's settings, and to further base URLs."""
    places = (crm.address(place) for _, place in crm.places())
    return Outbound([crm.url, *places, *also], crm.hosts)
