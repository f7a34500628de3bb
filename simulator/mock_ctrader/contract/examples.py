"""Examples of requests and answers, made from the models of the calls: they keep every rule that the models state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec

from mock_ctrader.contract import xml
from mock_ctrader.contract.endpoint import Dialect, Endpoint
from mock_ctrader.contract.reference import Json, media_types, not_null, object_schema, path_parameters

JSON, XML, CSV = "application/json", "application/xml", "text/csv"
_TEXTS: Final[Mapping[str, str]] = {
    "accessRights": "FULL_ACCESS",
    "accessToken": "{accessToken}",
    "accountType": "HEDGED",
    "address": "12 Example Street",
    "assetClass": "Forex",
    "bookType": "BOOK_B",
    "brokerCrmName": "BESTBROKERCRM",
    "brokerName": "BESTBROKER",
    "brokerPartnerId": "P-1001",
    "category": "Majors",
    "city": "Limassol",
    "closeTimestamp": "2026-01-05T10:00:00.000",
    "code": "{code}",
    "color": "#0b6bcb",
    "comment": "Paid by card",
    "createdFrom": "2026-01-05T00:00:00.000",
    "crmApiToken": "{crmApiToken}",
    "dealFrom": "2026-01-05T00:00:00.000",
    "dealTo": "2026-01-06T00:00:00.000",
    "defaultIbCommissionsType": "USD_PER_MILLION_USD",
    "depositAsset": "EUR",
    "depositCurrency": "EUR",
    "description": "Made by the CRM",
    "direction": "BUY",
    "documentId": "X123456",
    "email": "ann@example.com",
    "environmentName": "demo",
    "externalId": "8000001-1",
    "externalNote": "invoice 17",
    "fields": "login,balance",
    "firstName": "Ann",
    "from": "2026-01-05T00:00:00.000",
    "groupName": "DX_452",
    "hashedPassword": "5f4dcc3b5aa765d61d8327deb882cf99",
    "ibCommissionsType": "USD_PER_MILLION_USD",
    "inappToken": "{inappToken}",
    "introducingBroker1": "IB-1",
    "introducingBroker2": "IB-2",
    "lastName": "Example",
    "limitedRiskMarginCalculationStrategy": "ACCORDING_TO_LEVERAGE",
    "name": "Ann",
    "nameFilter": "tier",
    "names": "tier",
    "newEmail": "ann.example@example.com",
    "nickName": "ann",
    "nickname": "ann",
    "openTimestamp": "2026-01-05T09:00:00.000",
    "partnerId": "P-1001",
    "password": "{password}",
    "phone": "+35799000000",
    "preferredLanguage": "en",
    "ranks": "GOLD",
    "source": "CRM",
    "state": "Limassol",
    "status": "CREATED",
    "symbol": "EURUSD",
    "title": "Deposit today",
    "to": "2026-01-06T00:00:00.000",
    "token": "{token}",
    "totalMarginCalculationType": "MAX",
    "traderPasswordHash": "5f4dcc3b5aa765d61d8327deb882cf99",
    "type": "DEPOSIT",
    "urlExternal": "https://example.com/offers",
    "urlinApp": "https://example.com/inapp/deposit",
    "value": "gold",
    "webservToken": "{webservToken}",
    "zipCode": "3030",
}
_NUMBERS: Final[Mapping[str, float]] = {
    "balance": 15000,
    "balanceHistoryId": 7000001,
    "bonusHistoryId": 7100001,
    "cashEquity": 15000,
    "closePrice": 1.0912,
    "countryId": 196,
    "createTimestamp": 1767603600000,
    "createdFrom": 1767603600000,
    "ctidTraderAccountId": 12000001,
    "cursor": 1,
    "dealId": 9000001,
    "entryPrice": 1.0875,
    "equity": 15000,
    "freeMargin": 15000,
    "groupId": 452,
    "id": 452,
    "ids": 452,
    "invitedUserId": 11000002,
    "lastConnectionTimestamp": 1767603600000,
    "lastUpdateTimestamp": 1767603600000,
    "leverageInCents": 10000,
    "limit": 100,
    "login": 8000001,
    "maxLeverage": 10000,
    "moneyDigits": 2,
    "nextCursor": 2,
    "pageSize": 100,
    "partnerUserId": 11000001,
    "positionId": 5000001,
    "preciseAmount": 150,
    "registrationTimestamp": 1767603600000,
    "skip": 0,
    "traderLogin": 8000001,
    "tradingLogin": 8000001,
    "userId": 11000001,
    "utcCreateTimestamp": 1767603600000,
    "volume": 10000,
}
_TRUE: Final = ("enabled", "closable", "returnAccountDetails", "sendOwnStatement", "showInCtrader", "quotesEnabled")
_PREFERRED: Final = ("FULL_ACCESS", "ATTRIBUTED_NEW", "HEDGED", "MAX")


@dataclass(frozen=True, slots=True)
class Example:
    """A body in one form."""

    media_type: str
    text: str


def request_value(endpoint: Endpoint) -> Json:
    """Return the body of a request: of each object the keys that must be there, or all where none must."""
    if endpoint.request is None:
        return {}
    return value_of(endpoint.request, required_only=True)


def query_values(endpoint: Endpoint) -> Mapping[str, str]:
    """Return the parameters of the query that must be there, and those that go with a body."""
    found: Json = {name: _TEXTS.get(name) or _NUMBERS.get(name, 1) for name in endpoint.parameters}
    if endpoint.query is not None:
        required = object_schema(endpoint.query)["required"]
        found |= {name: value for name, value in value_of(endpoint.query).items() if name in required}
    return {name: str(value) for name, value in found.items()}


def path_of(endpoint: Endpoint) -> str:
    """Return the path with its parameters filled in."""
    path = endpoint.path
    for name in path_parameters(path):
        path = path.replace(f"{{{name}}}", str(_NUMBERS.get(name) or _TEXTS.get(name, name)))
    return path


def requests(endpoint: Endpoint) -> tuple[Example, ...]:
    """Return the body of a request in every form in which it is read."""
    value = request_value(endpoint)
    if endpoint.request is None:
        return ()
    written = (_json(value),)
    is_webserv = endpoint.dialect is Dialect.WEBSERV
    return (*written, _xml("request", value)) if is_webserv else written


def answers(endpoint: Endpoint) -> tuple[Example, ...]:
    """Return the body of a success in every form in which it is answered, the one without a wish first."""
    if endpoint.answer is None:
        return ()
    value = value_of(endpoint.answer)
    forms = {XML: _xml(endpoint.element or "answer", value), JSON: _json([value] if endpoint.grid else value)}
    forms[CSV] = Example(CSV, f"{','.join(value)}\n{','.join(map(_cell, value.values()))}\n")
    return tuple(forms[kind] for kind in media_types(endpoint))


def value_of(model: type[msgspec.Struct], *, required_only: bool = False) -> Json:
    """Return an object of a model with all its keys, or with those alone that must be there."""
    (root,), components = msgspec.json.schema_components([model], ref_template="{name}")
    found: Json = _value("", root, components, required_only)
    return found


def _value(name: str, schema: Json, components: Json, required_only: bool) -> Any:
    plain = not_null(schema)
    plain = components.get(cast(str, plain.get("$ref", "")), plain)
    if "enum" in plain:
        known: list[object] = plain["enum"]
        return next((one for one in _PREFERRED if one in known), known[0])
    if "properties" in plain:
        wanted = (required_only and plain["required"]) or plain["properties"]
        return {key: _value(key, plain["properties"][key], components, required_only) for key in wanted}
    match plain.get("type"):
        case "array":
            return [_value(name, plain.get("items", {}), components, required_only)]
        case "boolean":
            return name in _TRUE
        case "integer" | "number":
            return _NUMBERS.get(name, 0)
        case _:
            return _NUMBERS.get(name, 0) if plain.get("format") == "decimal" else _TEXTS.get(name, name)


def _json(value: object) -> Example:
    return Example(JSON, msgspec.json.format(msgspec.json.encode(value)).decode())


def _xml(element: str, value: Json) -> Example:
    return Example(XML, xml.indented(xml.write(element, value).decode()))


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
