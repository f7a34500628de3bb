"""What one plant speaks: an edition of the vendor's documentation, and other guesses where ours were assumed.

Resolved once for a plant; a request then finds its call in one look-up, as it does without any of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from msgspec import Struct

from mock_ctrader.contract.answering import STANDARD_ERRORS, ErrorForm, ErrorStyle
from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.catalogue import Routes
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.endpoint import Edition, Endpoint
from mock_ctrader.contract.models import edition2023
from mock_ctrader.contract.overriding import CallOverride, check_routes, override, statuses_of
from mock_ctrader.errors import SettingsError, nearest

EditionName = Literal["2023", "2025", "2026"]
EDITIONS: tuple[EditionName, ...] = get_args(EditionName)
LATEST: EditionName = "2026"
"""Everything there is."""

_HAS: Mapping[EditionName, frozenset[Edition]] = {
    "2023": frozenset({Edition.WEBSERVICES, Edition.E2023}),
    "2025": frozenset({Edition.WEBSERVICES, Edition.E2023, Edition.E2025}),
    "2026": frozenset(Edition),
}
"""Which calls an edition has. WebServices go with each; Invite is told of in 2026 only."""

_BODIES: Mapping[EditionName, Mapping[str, type[Struct]]] = {
    "2023": {
        "create_user": edition2023.NewUser2023,
        "create_trader": edition2023.NewTrader2023,
        "link_trader": edition2023.NewLink2023,
        "change_balance": edition2023.ChangeBalance2023,
    },
}
"""Bodies that an edition has in another form than the latest."""

_CRM_SPELLING: Mapping[EditionName, tuple[str, str]] = {
    "2023": ("/cid", "token"),
    "2025": ("", "crmApiToken"),
    "2026": ("", "crmApiToken"),
}
"""What stands before the path of a call to the CRM, and how its token is called; see ``CrmAddress``."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What one plant speaks."""

    edition: EditionName
    endpoints: Mapping[str, Endpoint]
    """The calls of the broker that the plant serves, by id."""
    routes: Routes
    errors: ErrorStyle

    def crm_address(self, url: str, prefix: str | None = None, token_parameter: str | None = None) -> CrmAddress:
        """Return how calls to a CRM are spelled: as the edition has it, save for what is given."""
        usual = _CRM_SPELLING[self.edition]
        return CrmAddress(
            url,
            usual[0] if prefix is None else prefix,
            usual[1] if token_parameter is None else token_parameter,
        )


def make_variant(
    edition: EditionName = LATEST,
    *,
    calls: Mapping[str, CallOverride] | None = None,
    statuses: Mapping[str, int] | None = None,
    webserv_errors: ErrorForm = "text",
) -> Variant:
    """Return what a plant speaks: ``calls`` by id, ``statuses`` by error code.

    Raises:
        SettingsError: a call or code is unknown, a source states what is to be overridden, or the value cannot be.
    """
    plain = _of_edition(edition)
    if not calls and not statuses and webserv_errors == "text":
        return plain
    endpoints = dict(plain.endpoints)
    for name, wanted in (calls or {}).items():
        endpoints[name] = override(_call(plain, name), wanted)
    check_routes(endpoints, calls or {})
    errors = ErrorStyle({**STANDARD_ERRORS.statuses, **statuses_of(statuses or {})}, webserv_errors)
    return Variant(edition, endpoints, Routes(endpoints.values()), errors)


@cache
def _of_edition(edition: EditionName) -> Variant:
    """Plants without overrides share this value."""
    bodies = _BODIES.get(edition, {})
    endpoints = {
        call.id: replace(call, request=bodies[call.id]) if call.id in bodies else call
        for call in BROKER_CALLS
        if call.edition in _HAS[edition]
    }
    return Variant(edition, endpoints, Routes(endpoints.values()), STANDARD_ERRORS)


STANDARD = _of_edition(LATEST)
"""What is spoken where nothing is set."""


def _call(variant: Variant, name: str) -> Endpoint:
    if name in variant.endpoints:
        return variant.endpoints[name]
    if name in STANDARD.endpoints:
        raise SettingsError(f"edition {variant.edition} has no call '{name}'.", where=f"calls.{name}")
    cure = nearest(name, list(variant.endpoints))
    raise SettingsError(f"there is no call '{name}'.", where=f"calls.{name}", cure=cure)
