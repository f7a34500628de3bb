"""The OpenAPI documents in the spelling of the settings: for the command line and the admin API."""

import mock_ctrader
from mock_ctrader.contract.calls import CRM_CALLS
from mock_ctrader.contract.openapi import Side, Spelling, document
from mock_ctrader.contract.reference import Json
from mock_ctrader.contract.variant import Variant
from mock_ctrader.runtime.description import PlantDescription, variant_of
from mock_ctrader.runtime.settings import Settings


def openapi(side: Side, settings: Settings, variant: Variant | None = None, *, url: str = "") -> Json:
    """Return one side's document of what the default plant speaks; ``url`` is where the simulator listens, if it does.

    Raises:
        SettingsError: the settings override what cannot be.
    """
    variant = variant or variant_of(settings.plants.get(settings.plant, PlantDescription()))
    crm = variant.crm_address(settings.crm.url, settings.crm.prefix, settings.crm.token_parameter)
    spelling = Spelling(
        base=(url or address(settings)) if side is Side.BACKEND else crm.url,
        version=mock_ctrader.__version__,
        errors=variant.errors,
        prefix=crm.prefix,
        token_parameter=crm.token_parameter,
    )
    return document(side, (*variant.endpoints.values(), *CRM_CALLS), spelling)


def address(settings: Settings) -> str:
    """Return the base URL at which the simulator of these settings answers; with port 0 it is not known before."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.tls else 'http'}://{host}:{settings.port}"
