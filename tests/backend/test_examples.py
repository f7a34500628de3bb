"""The request examples of the vendor's documentation, word for word but for the host of an e-mail."""

import json
from uuid import UUID

import pytest

FULL_REQUEST = (
    '{"accessRights":"FULL_ACCESS","accountType":"HEDGED","balance":0,"brokerName":"BESTBROKER","contactDetails":'
    '{"address":"Moon","city":"Lake","countryId":8,"documentId":"0123","email":"president@example.com",'
    '"phone":"+50987654321","state":"RE","zipCode":"5500","introducingBroker1":"CoolPartner",'
    '"introducingBroker2":"AnotherCoolPartner"},"depositCurrency":"EUR","description":"coolDescription",'
    '"groupName":"Default","hashedPassword":"c5678ghf94578ce06iqrs5ag76a62c5ca4","isLimitedRisk":false,'
    '"lastName":"President","leverageInCents":1000,"maxLeverage":100000,"name":"Best","sendOwnStatement":true,'
    '"sendStatementToBroker":true,"totalMarginCalculationType":"MAX"}'
)
MINIMAL_REQUEST = (
    '{"accessRights":"FULL_ACCESS","accountType":"HEDGED","balance":"00","brokerName":"BESTBROKER",'
    '"depositCurrency":"EUR","groupName":"Default","hashedPassword":"c5678ghf94578ce06iqrs5ag76a62c5ca4",'
    '"leverageInCents":10000}'
)
MINIMAL_ANSWER = (
    '{"groupName":"Default","depositCurrency":"EUR","accessRights":"FULL_ACCESS","brokerName":"BESTBROKER",'
    '"balance":0,"bonus":0,"nonWithdrawableBonus":0,"leverageInCents":10000,"contactDetails":{},"equity":0,'
    '"usedMargin":0,"freeMargin":0,"accountType":"HEDGED","limitedRisk":false,"sendOwnStatement":false,'
    '"swapFree":false,"totalMarginCalculationType":"MAX","isLimitedRisk":false,"moneyDigits":2}'
)
WHOLE_UPDATE = (
    '{"accessRights":"FULL_ACCESS","brokerName":"BESTBROKER","contactDetails":{"address":"Moon"},'
    '"description":"coolDescription","groupName":"Default","isLimitedRisk":false,"lastName":"President ",'
    '"leverageInCents":10000,"maxLeverage":100000,"name":"Best","sendOwnStatement":true,"sendStatementToBroker":true,'
    '"totalMarginCalculationType":"MAX"}'
)
LINK = (
    '{"environmentName":"demo","brokerName":"BESTBROKER","traderLogin":%s,"traderPasswordHash":"%s","userId":%s,'
    '"returnAccountDetails":true}'
)

REQUIRED = {
    int: "login balance bonus nonWithdrawableBonus cashEquity equity usedMargin freeMargin moneyDigits leverageInCents "
    "registrationTimestamp lastUpdateTimestamp",
    str: "groupName depositCurrency accessRights accountType totalMarginCalculationType defaultIbCommissionsType "
    "ibCommissionsType",
    bool: "isLimitedRisk limitedRisk sendOwnStatement swapFree introducingBroker splitRevenue defaultSplitRevenue "
    "frenchRisk",
    float: "introducingBrokerCommissionRate pocketCommissionRate pocketMarkupRate "
    "defaultIntroducingBrokerCommissionRate defaultPocketCommissionRate defaultPocketMarkupRate defaultRebateRate",
    dict: "contactDetails",
    list: "ranks",
}
"""WebServices, section 3: every key without which a public client cannot parse an account, by its JSON type."""
TRADER = {key: kind for kind, keys in REQUIRED.items() for key in keys.split()}

EXAMPLES = [
    (
        "WebServices 2.2",
        "POST /v2/webserv/managers/token",
        '{"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 9017800}',
        200,
        {"webservToken": str},
    ),
    (
        "edition 2025, 3.1",
        "POST /v2/webserv/managers/token",
        '{"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 2309}',
        200,
        {"webservToken": str},
    ),
    (
        "edition 2025, 3.2",
        "POST /cid/oauth2/ctid/create",
        (
            '{"brokerCrmName": "BESTBROKERCRM", "email": "president@example.com", "firstName": "Trader", '
            '"nickname": "letstrade", "preferredLanguage": "en"}'
        ),
        201,
        {"userId": int},
    ),
    ("WebServices 4.1", "POST /v2/webserv/traders", FULL_REQUEST, 201, TRADER),
    ("WebServices 8.1", "POST /v2/webserv/traders", MINIMAL_REQUEST, 201, TRADER),
    ("WebServices 4.2", "GET /v2/webserv/traders/9017800", "", 200, TRADER),
    (
        "edition 2025, 3.4",
        "POST /cid/ctid/link",
        LINK % (9017800, "0f94e246908667af85916300c57f74b6", 10333),
        200,
        {"ctidTraderAccountId": int},
    ),
    (
        "edition 2023, 3.4",
        "POST /cid/ctid/link",
        LINK % (8673590, "c5678ghf94578ce06iqrs5ag76a62c5ca4", 10345533),
        200,
        {"ctidTraderAccountId": int},
    ),
    (
        "WebServices 4.7",
        "POST /v2/webserv/traders/8673590/changebalance",
        (
            '{"comment":"Test deposit","externalId":"082123301","externalNote":"New deposit!","login":8673590,'
            '"preciseAmount":123.45,"source":"Source One","type":"DEPOSIT"}'
        ),
        200,
        {"balanceHistoryId": int},
    ),
    (
        "edition 2023, 3.5",
        "POST /v2/webserv/traders/8673590/changebalance",
        (
            '{"comment":"any","externalId":"34456778","externalNote":"example","login":8673590,"preciseAmount":123.45,'
            '"source":"wire","type":"DEPOSIT"}'
        ),
        200,
        {"balanceHistoryId": int},
    ),
    (
        "WebServices 4.3",
        "GET /v2/webserv/traders/?from=2018-01-01T12:12:12.000&to=2018-03-01T12:12:12.000&groupId=15",
        "",
        200,
        {"trader": list, "hasMore": bool},
    ),
    (
        "WebServices 4.4",
        "GET /v2/webserv/traders/9017800/subaccounts",
        "",
        200,
        {"subAccountLogins": dict, "totalSubAccountsBalance": int, "totalSubAccountsEquity": int},
    ),
    ("WebServices 4.5.1", "PUT /v2/webserv/traders/8673590", WHOLE_UPDATE, 204, {}),
    ("WebServices 8.2", "POST /v2/webserv/traders/8673590", WHOLE_UPDATE, 204, {}),
    (
        "WebServices 4.5.2",
        "PATCH /v2/webserv/traders/8673590",
        '{"description":"updatedDescription","groupName":"newGroup","maxLeverage":50000}',
        204,
        {},
    ),
    ("WebServices 4.6", "DELETE /v2/webserv/traders/8673590", "", 204, {}),
    (
        "WebServices 4.8",
        "POST /v2/webserv/traders/8673590/changepassword",
        '{"hashedPassword":"c5678ghf94578ce06iqrs5ag76a62c5ca4","login":8673590}',
        204,
        {},
    ),
    ("WebServices 4.11", "GET /v2/webserv/tradergroups", "", 200, {"traderGroup": list}),
    ("WebServices 6.1", "GET /v2/webserv/symbols", "", 200, {"symbol": list}),
    ("WebServices 6.2", "GET /v2/webserv/depositAssets", "", 200, {"depositAsset": list}),
    (
        "WebServices 7.1",
        "POST /cid/ctid/create",
        '{"brokerName":"BESTBROKER","email":"president@example.com","preferredLanguage":"EN"}',
        200,
        {
            "userId": int,
            "nickname": str,
            "email": str,
            "preferredLanguage": str,
            "utcCreateTimestamp": int,
            "status": str,
        },
    ),
    (
        "edition 2025, 3.6",
        "PUT /cid/oauth2/ctid/referral",
        (
            '{"brokerCrmName": "BESTBROKERCRM", "ctidTraderAccountId": 9017800, "partnerId": "somePartnerId", '
            '"userId": 10345533}'
        ),
        200,
        {"ctidTraderAccountId": int},
    ),
    (
        "edition 2025, 3.7",
        "GET /cid/oauth2/ctid/referral?ctidTraderAccountId=9017800&brokerCrmName=BESTBROKERCRM",
        "",
        200,
        {"userId": int, "ctidTraderAccountId": int},
    ),
    (
        "edition 2025, 3.8",
        ("DELETE /cid/oauth2/ctid/referral?userId=10345533&ctidTraderAccountId=9017800&brokerCrmName=BESTBROKERCRM"),
        "",
        200,
        {},
    ),
    (
        "edition 2025, 3.9",
        "PUT /cid/oauth2/ctid/inAppControls",
        (
            '{"brokerCrmName": "BESTBROKERCRM", "userId": 10345533, "rules": {"ribbons": [{"color": "#ff33ee", '
            '"title": "Verify", "action": {"urlinApp": "https://example.com"}, "enabled": true, "closable": true}]}}'
        ),
        201,
        {},
    ),
    (
        "edition 2025, 3.10",
        "PUT /cid/oauth2/ctid/changeEmail",
        '{"userId": 10345533, "newEmail": "user@example.com", "brokerCrmName": "BESTBROKERCRM"}',
        204,
        {},
    ),
    (
        "edition 2023, 3.10",
        "POST /cid/oauth2/ctid/changeEmail",
        '{"userId": 10345533, "newEmail": "user%40example.com", "brokerCrmName": "BESTBROKERCRM"}',
        204,
        {},
    ),
    (
        "Invite, 10.2",
        "GET /v1/social/invitedUsers?createdFrom=1735560962458&limit=100&skip=0",
        "",
        200,
        {"invitedUsers": list},
    ),
    ("Invite, 10.4", "GET /v1/users?createdFrom=1735560962458&limit=1000&skip=0", "", 200, {"users": list}),
]


def without_null(value):
    if isinstance(value, dict):
        return all(without_null(one) for one in value.values())
    return value is not None


@pytest.mark.parametrize(
    ("section", "call", "body", "status", "keys"), EXAMPLES, ids=[f"{row[0]} {row[1]}" for row in EXAMPLES]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_example_of_the_documentation_works(make_backend, section, call, body, status, keys, seed):
    """It gets the documented status and keys, each of its JSON type, and no null."""
    backend = make_backend(seed)
    method, _, target = call.partition(" ")
    path, _, query = target.partition("?")
    headers = (("Accept", "application/json"), ("Authorization", f"Bearer {backend.token}"))
    answer = backend.ask(method, path, body, query=f"{query}&token={backend.token}", headers=headers)
    written = json.loads(answer.response.body or "{}")
    assert answer.response.status == status, section
    assert {key: type(written.get(key)) for key in keys} == keys
    assert without_null(written)
    assert answer.violations == ()


def test_a_manager_token_is_a_uuid(backend):
    """Its form is that of the examples."""
    token = json.loads(backend.ask(*EXAMPLES[0][1].split(), EXAMPLES[0][2], query="").response.body)["webservToken"]
    assert str(UUID(token)) == token


def test_the_minimal_account_is_the_documented_one(backend):
    """WebServices 8.1: what was left out has the values of the example."""
    written = json.loads(backend.ask("POST", "/v2/webserv/traders", MINIMAL_REQUEST).response.body)
    documented = json.loads(MINIMAL_ANSWER)
    assert {key: written[key] for key in documented} == documented
    assert written["registrationTimestamp"] == written["lastUpdateTimestamp"] == backend.now
    assert not {"name", "lastName", "description", "maxLeverage", "lastConnectionTimestamp"} & set(written)


def test_a_full_account_is_answered_as_it_was_asked_for(backend):
    """WebServices 4.1 and 4.2: everything but the password comes back, at once and on every reading."""
    created = json.loads(backend.ask("POST", "/v2/webserv/traders", FULL_REQUEST).response.body)
    asked = json.loads(FULL_REQUEST)
    del asked["hashedPassword"]
    assert {key: created.get(key) for key in asked} == asked
    read = backend.ask("GET", f"/v2/webserv/traders/{created['login']}").response
    assert json.loads(read.body) == created


def test_the_documented_flow_runs_from_sign_up_to_deposit(backend):
    """WebServices, section 10: create the user, open the account, link both, deposit, read."""

    def ask(method, path, body=b""):
        answer = backend.ask(method, path, body)
        assert answer.response.status in (200, 201)
        return json.loads(answer.response.body), [event.kind for event in answer.events]

    user, created = ask("POST", "/cid/oauth2/ctid/create", EXAMPLES[2][2])
    trader, opened = ask("POST", "/v2/webserv/traders", MINIMAL_REQUEST)
    wish = LINK % (trader["login"], "c5678ghf94578ce06iqrs5ag76a62c5ca4", user["userId"])
    _, linked = ask("POST", "/cid/ctid/link", wish)
    change = {"login": trader["login"], "preciseAmount": 150.50, "type": "DEPOSIT"}
    _, changed = ask("POST", f"/v2/webserv/traders/{trader['login']}/changebalance", change)
    held, _ = ask("GET", f"/v2/webserv/traders/{trader['login']}")
    assert created + opened + linked + changed == ["user_created", "trader_created", "trader_linked", "balance_changed"]
    assert (held["balance"], held["equity"], held["freeMargin"], held["cashEquity"]) == (15050,) * 4
