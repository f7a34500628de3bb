"""Calls of a recording made again: what is mapped, what differs, what cannot be compared."""

from typing import Any

import msgspec
import pytest

from mock_ctrader.journal.drifts import Drifts
from mock_ctrader.journal.recording import Exchange, Header, Recording
from mock_ctrader.plant.model import Broker
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.drifting import drift
from mock_ctrader.runtime.settings import Settings

HOST = "https://live7-acme.webapi.ctrader.com:8443"
MOMENT = 1_700_000_000_000


def call(
    endpoint: str, method: str, path: str, status: int, said: object, body: object = None, **more: Any
) -> dict[str, Any]:
    """Return a call as it was seen on the real platform, with ids that are not ours."""
    sent = {"json": body} if body is not None else {}
    headers = [["Content-Type", "application/json"], ["Accept", "application/json"]]
    answer = {"status": status, "headers": [["Content-Type", "application/json"]], "body": {"json": said}}
    request = {"method": method, "url": HOST + path, "headers": headers, "body": sent}
    return {"endpoint": endpoint, "request": request, "response": answer, **more}


TOKEN = call(
    *("manager_token", "POST", "/v2/webserv/managers/token", 200, {"webservToken": "[webservToken-1]"}),
    {"login": 771, "hashedPassword": "[passwordHash-1]"},
)
USER = call(
    *("create_user", "POST", "/cid/oauth2/ctid/create?token=[webservToken-1]", 201, {"userId": 900}),
    {"email": "ann@example.com", "brokerCrmName": "ACMECRM", "firstName": "Ann"},
)
TRADER = {
    "brokerName": "ACME",
    "groupName": "acme_vip",
    "depositCurrency": "SEK",
    "name": "Ann",
    "lastName": "Lee",
    "accessRights": "FULL_ACCESS",
    "accountType": "HEDGED",
    "balance": 0,
    "leverageInCents": 10000,
    "hashedPassword": "[passwordHash-2]",
    "totalMarginCalculationType": "MAX",
}
OPENED = call(
    *("create_trader", "POST", "/v2/webserv/traders?token=[webservToken-1]", 201, {"login": 555}),
    TRADER,
)
PAID = call(
    *("change_balance", "POST", "/v2/webserv/traders/555/changebalance?token=[webservToken-1]", 200),
    {"balanceHistoryId": 71},
    {"login": 555, "preciseAmount": "150.00", "type": "DEPOSIT"},
)


def run(*calls: dict[str, Any], settings: Settings | None = None, plant: str = "acme") -> Drifts:
    """Compare calls with what the simulator answers."""
    held = [
        {"number": at, "plant": plant, "direction": "crm-to-ctrader", "moment": MOMENT + at * 1000, **one}
        for at, one in enumerate(calls, 1)
    ]
    exchanges = tuple(msgspec.convert(one, Exchange) for one in held)
    return drift(Recording(header=Header(plant=plant), exchanges=exchanges), settings or Settings())


def told(found: Drifts) -> list[tuple[str, object, object]]:
    return [(one.deviation.field, one.deviation.before, one.deviation.after) for one in found.drifts]


def lacking(found: Drifts) -> list[str]:
    return [one.why for one in found.incomparable]


def test_calls_are_made_again_with_ids_mapped() -> None:
    """Broker, group, currency, manager and environment are those that the calls name; nothing differs."""
    opened = run(TOKEN, USER, OPENED)
    assert lacking(opened) == []
    fields = [field for field, _, _ in told(opened)]
    assert "response.body.groupName" in fields
    assert not {"response.status", "response.body.login"} & set(fields)
    paid = run(TOKEN, USER, OPENED, PAID)
    assert paid.compared == 4
    assert told(paid) == told(opened)


def test_what_is_answered_otherwise_is_told() -> None:
    """A status first of all; a key that is missing or new; a type."""
    assert told(run(TOKEN, {**USER, "response": {"status": 200}})) == [("response.status", 200, 201)]
    other = call("create_user", "POST", "/cid/oauth2/ctid/create?token=[webservToken-1]", 201, {"userId": "9", "x": 1})
    other["request"] = USER["request"]
    assert [field for field, _, _ in told(run(TOKEN, other))] == ["response.body.userId", "response.body.x"]


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ({**USER, "endpoint": ""}, "it is no call that the plant serves"),
        ({**USER, "request": None}, "it is no call that the plant serves"),
        ({**USER, "response": None}, "no answer was recorded"),
        ({**USER, "response": {"status": 401}}, "its token had died, which is before the recording"),
        (
            {**USER, "request": {"method": "POST", "url": "/cid/oauth2/ctid/create", "body": {"base64": "/w=="}}},
            "its body is no text",
        ),
        (PAID, "the recording does not tell where 555 came from"),
        (
            call("read_partner", "GET", "/cid/oauth2/ctid/referral?userId=900&token=[webservToken-1]", 200, {}),
            "the recording does not tell where 900 came from",
        ),
    ],
)
def test_what_cannot_be_made_again_is_told_apart(seen: dict[str, Any], why: str) -> None:
    """With the reason; it is no difference."""
    found = run(seen)
    assert (found.drifts, found.compared) == ((), 0)
    assert lacking(found) == [why]


def test_what_is_needed_and_not_found_is_no_difference() -> None:
    """Something from before the recording, which no id tells of."""
    path = "/cid/oauth2/ctid/userId?email=x@example.com&brokerCrmName=ACMECRM&token=[webservToken-9]"
    sought = run(call("find_user", "GET", path, 200, {"userId": 5}))
    assert lacking(sought) == ["whom it looks for is not made in the recording"]
    elsewhere = {**PAID["request"], "url": PAID["request"]["url"].replace("live7", "demo")}
    paid = run(TOKEN, USER, OPENED, {**PAID, "request": elsewhere})
    assert lacking(paid) == ["something that it needs is not made in the recording (TRADER_NOT_FOUND)"]


def test_the_plant_of_the_settings_is_taken() -> None:
    """Where there is one of the recording's name: with its edition and its guesses."""
    plant = PlantDescription(brokers=(Broker("ACME", "ACMECRM"),), statuses={"CH_EMAIL_ALREADY_EXISTS": 409})
    settings = Settings(plants={"acme": plant})
    refused = {
        **USER,
        "response": {"status": 409, "body": {"json": {"error": {"errorCode": "CH_EMAIL_ALREADY_EXISTS"}}}},
    }
    assert lacking(run(USER, refused, settings=settings)) == []
    fields = [field for field, _, _ in told(run(USER, refused, settings=settings))]
    assert "response.status" not in fields
    assert told(run(USER, refused))[-1] == ("response.status", 409, 400)


def test_xml_and_lists_are_made_again_too() -> None:
    """A text keeps its form; a simulator's own addresses name plant and environment in the path."""
    xml = "<trader><login>1</login></trader>"
    seen = {**OPENED, "request": {"method": "POST", "url": "/acme/none/v2/webserv/traders", "body": {"text": xml}}}
    assert told(run(TOKEN, seen)) == [("response.status", 201, 401)]
    listed = {**OPENED, "request": {**OPENED["request"], "body": {"json": [1, {"a": [True, None, "x"]}]}}}
    assert told(run(TOKEN, listed))[0] == ("response.status", 201, 400)


def test_a_recording_without_calls_has_no_drift() -> None:
    """Nothing to compare is no failure."""
    assert run() == Drifts((), (), 0)
