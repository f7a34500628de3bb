"""Bodies of the calls that cTrader makes to the CRM (contract, section 5)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from mock_ctrader.contract.models.body import Body


class Password(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.1: the password that cTrader was given for this CRM."""

    password: str


class CrmApiToken(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.1: good for a week at least, unique for each issue."""

    crm_api_token: str


class OneTimeCode(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.2: the token that came with the success URL."""

    code: str


class AccessToken(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.3: the long-term token that the application kept."""

    access_token: str


class Authorisation(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.2 and 4.3: whom the token stands for."""

    user_id: int
    access_token: str | UnsetType = UNSET
    """Only in 4.2, and only if the user chose to be kept logged in."""
    inapp_token: str | UnsetType = UNSET
    """To be given back when an OT token is asked for."""


class UserId(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.4: the user whom the OT token shall stand for."""

    user_id: int


class OneTimeToken(Body, frozen=True, kw_only=True):
    """Edition 2025, 4.4."""

    token: str


class Attribution(Body, frozen=True, kw_only=True):
    """Edition 2026, 10.1: somebody came through a partner's link."""

    invited_user_id: int
    partner_user_id: int
    broker_partner_id: str | UnsetType = UNSET
    """The partner's number at the broker, if the broker told it before."""
    broker_name: str


class Attributed(Body, frozen=True, kw_only=True):
    """Edition 2026, 10.1: what the broker made of it, and the partner's number for the next time."""

    broker_partner_id: str | UnsetType = UNSET
    broker_result: Literal["ATTRIBUTED_NEW", "ATTRIBUTED", "PENDING_ATTRIBUTION", "REATTRIBUTED"] | UnsetType = UNSET


class RegisteredInApplication(Body, frozen=True, kw_only=True):
    """Edition 2026, 10.3: somebody registered inside a cTrader application."""

    user_id: int
    broker_name: str
    email: str
    partner_user_id: int
