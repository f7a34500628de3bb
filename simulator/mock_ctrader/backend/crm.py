"""How the backend turns to a CRM: it fetches the crmApiToken once, keeps it in memory, and again after a 403."""

from collections.abc import Generator, Iterable
from typing import Any, TypeVar

from msgspec import Struct

from mock_ctrader.contract.calls.crm import CRM_API_TOKEN
from mock_ctrader.contract.crm_calls import CrmAddress, CrmAnswer
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import CrmApiToken, Password
from mock_ctrader.errors import PeerViolation
from mock_ctrader.wire import Request

T = TypeVar("T")


class CallCrm(Struct, frozen=True, gc=False):
    """A command: make this call; the flow goes on with the ``CrmAnswer``."""

    endpoint: Endpoint
    request: Request


CrmFlow = Generator[CallCrm, Any, T]
"""A sequence of calls that decides by itself and leaves the calling to whoever drives it."""


class CrmLink:
    """What the backend remembers of one CRM."""

    def __init__(self, address: CrmAddress, password: str) -> None:
        self._address = address
        self._password = password
        self._token: str | None = None

    def ask(self, endpoint: Endpoint, body: Struct | None, query: Iterable[tuple[str, str]] = ()) -> CrmFlow[CrmAnswer]:
        """Make one authenticated call (edition 2025, 2.x: the token is kept in memory and fetched again on 403).

        Raises:
            PeerViolation: the CRM gives no crmApiToken.
        """
        held = self._token
        answer = yield from self._call(endpoint, body, query)
        if answer.status == 403 and held is not None:
            # A token from before may have run out; one that was fetched a moment ago has not.
            self._token = None
            answer = yield from self._call(endpoint, body, query)
        return answer

    def _call(self, endpoint: Endpoint, body: Struct | None, query: Iterable[tuple[str, str]]) -> CrmFlow[CrmAnswer]:
        if self._token is None:
            self._token = yield from self._authenticate()
        answer: CrmAnswer = yield CallCrm(endpoint, self._address.request(endpoint, body, self._token, query))
        return answer

    def _authenticate(self) -> CrmFlow[str]:
        request = self._address.request(CRM_API_TOKEN, Password(password=self._password), None)
        answer: CrmAnswer = yield CallCrm(CRM_API_TOKEN, request)
        if isinstance(answer.value, CrmApiToken):
            return answer.value.crm_api_token
        why = answer.violations[0] if answer.succeeded and answer.violations else None
        what = f"{why.clause}: expected {why.expected}, got {why.found}" if why else f"status {answer.status}"
        raise PeerViolation(
            f"the CRM gave no crmApiToken: {what}.",
            where=request.url,
            cure="Set crm.password to the password that this CRM expects from cTrader.",
        )
