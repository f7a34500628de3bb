"""Bodies of calls as the vendor's documentation writes them, for tests of a client without a plant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import json

from mock_ctrader.errors import RequestError, nearest

_USER = 10345533
_INAPP = "12MBoxLAP_2313PxolklqPX_weq1kjksaPASDHJ_sx"
_ACCESS = "0eZXAw8GJQ55RlDcALSVi6xPDHTRCivfE9STSyBfeMxRWZAGEIe0VujpibDP"
_ACCOUNT: Mapping[str, Any] = {
    "groupName": "Default",
    "depositCurrency": "EUR",
    "accessRights": "FULL_ACCESS",
    "brokerName": "BESTBROKER",
    "balance": 0,
    "bonus": 0,
    "nonWithdrawableBonus": 0,
    "leverageInCents": 10000,
    "contactDetails": {},
    "equity": 0,
    "usedMargin": 0,
    "freeMargin": 0,
    "accountType": "HEDGED",
    "limitedRisk": False,
    "sendOwnStatement": False,
    "swapFree": False,
    "totalMarginCalculationType": "MAX",
    "isLimitedRisk": False,
    "moneyDigits": 2,
}


@dataclass(frozen=True, slots=True)
class Bodies:
    """What goes each way in one call; nothing where the documentation shows nothing."""

    section: str
    """Where it is shown."""
    request: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None


_SHOWN: Mapping[str, Bodies] = {
    "manager_token": Bodies(
        "WebServices 2.2", {"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 9017800}
    ),
    "create_trader": Bodies(
        "WebServices 8.1",
        {
            "accessRights": "FULL_ACCESS",
            "accountType": "HEDGED",
            "balance": "00",
            "brokerName": "BESTBROKER",
            "depositCurrency": "EUR",
            "groupName": "Default",
            "hashedPassword": "c5678ghf94578ce06iqrs5ag76a62c5ca4",
            "leverageInCents": 10000,
        },
        _ACCOUNT,
    ),
    "update_trader": Bodies(
        "WebServices 4.5.2", {"description": "updatedDescription", "groupName": "newGroup", "maxLeverage": 50000}
    ),
    "change_balance": Bodies(
        "WebServices 4.7",
        {
            "comment": "Test deposit",
            "externalId": "082123301",
            "externalNote": "New deposit!",
            "login": 8673590,
            "preciseAmount": 123.45,
            "source": "Source One",
            "type": "DEPOSIT",
        },
    ),
    "change_password": Bodies(
        "WebServices 4.8", {"hashedPassword": "c5678ghf94578ce06iqrs5ag76a62c5ca4", "login": 8673590}
    ),
    "create_ctid": Bodies(
        "WebServices 7.1", {"brokerName": "BESTBROKER", "email": "president@example.com", "preferredLanguage": "EN"}
    ),
    "link_trader": Bodies(
        "edition 2025, 3.4",
        {
            "environmentName": "demo",
            "brokerName": "BESTBROKER",
            "traderLogin": 9017800,
            "traderPasswordHash": "0f94e246908667af85916300c57f74b6",
            "userId": 10333,
            "returnAccountDetails": True,
        },
    ),
    "create_user": Bodies(
        "edition 2025, 3.2",
        {
            "brokerCrmName": "BESTBROKERCRM",
            "email": "president@example.com",
            "firstName": "Trader",
            "nickname": "letstrade",
            "preferredLanguage": "en",
        },
        {"userId": _USER},
    ),
    "set_partner": Bodies(
        "edition 2025, 3.6",
        {
            "brokerCrmName": "BESTBROKERCRM",
            "ctidTraderAccountId": 9017800,
            "partnerId": "somePartnerId",
            "userId": _USER,
        },
    ),
    "read_partner": Bodies(
        "edition 2025, 3.7",
        answer={"userId": _USER, "ctidTraderAccountId": 9017800, "partnerId": "somePartnerId"},
    ),
    "change_email": Bodies(
        "edition 2025, 3.10", {"userId": _USER, "newEmail": "user@example.com", "brokerCrmName": "BESTBROKERCRM"}
    ),
    "exchange_ot_token": Bodies(
        "edition 2025, 4.2", answer={"accessToken": _ACCESS, "userId": _USER, "inappToken": _INAPP}
    ),
    "verify_access_token": Bodies(
        "edition 2025, 4.3", {"accessToken": _ACCESS}, {"userId": _USER, "inappToken": _INAPP}
    ),
    "generate_ot_token": Bodies("edition 2025, 4.4", {"userId": _USER}, {"token": "16chD7xeIxc3p387Cjdcnpax2er"}),
}


def bodies(endpoint: str) -> Bodies:
    """Return the documented bodies of a call, by its id; the copy is the caller's own to change.

    Raises:
        RequestError: the documentation shows none of that call.
    """
    if endpoint not in _SHOWN:
        cure = nearest(endpoint, list(_SHOWN))
        raise RequestError(f"the documentation shows no body of '{endpoint}'.", cure=cure)
    shown = _SHOWN[endpoint]
    return Bodies(shown.section, _copy(shown.request), _copy(shown.answer))


def _copy(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    copied: Mapping[str, Any] | None = json.decode(json.encode(body))
    return copied
