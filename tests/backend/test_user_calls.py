import json
from dataclasses import replace

import pytest

CRM = "brokerCrmName=BESTBROKERCRM"


@pytest.fixture
def create(backend):
    def create(**keys):
        body = {"brokerCrmName": "BESTBROKERCRM", "email": "president@example.com", **keys}
        return backend.ask("POST", "/cid/oauth2/ctid/create", body)

    return create


def told(answer):
    """List the events of a call."""
    return [(event.kind, event.user_id, event.login) for event in answer.events]


@pytest.mark.parametrize(
    ("keys", "nickname"),
    [
        ({"nickname": "letstrade"}, "letstrade"),
        ({}, "president"),
        ({"nickname": "no blanks"}, None),
        ({"nickname": "CTID10333"}, None),
    ],
)
def test_a_user_gets_the_nickname_wanted_or_one_that_is_made(backend, create, keys, nickname):
    """Edition 2025, 3.2: taken and invalid ones give way to one made of the user's number."""
    user_id = json.loads(create(**keys).response.body)["userId"]
    assert backend.plant.users[user_id].nickname == (nickname or f"ctid{user_id}")


def test_a_new_user_is_announced(backend, create):
    """The person's name and language are kept, and whoever listens is told."""
    answer = create(firstName="Trader", preferredLanguage="en", email=" President@Example.com ")
    user = backend.plant.users[json.loads(answer.response.body)["userId"]]
    assert (user.first_name, user.language, user.email) == ("Trader", "en", "president@example.com")
    assert (user.crm_name, user.created) == ("BESTBROKERCRM", backend.now)
    assert told(answer) == [("user_created", user.user_id, None)]


def test_a_link_is_announced(backend):
    """Both sides of it are named."""
    body = {"environmentName": "demo", "traderLogin": 8673590, "userId": 10333}
    answer = backend.ask("POST", "/cid/ctid/link", body | {"traderPasswordHash": "c5678ghf94578ce06iqrs5ag76a62c5ca4"})
    assert told(answer) == [("trader_linked", 10333, 8673590)]


@pytest.mark.parametrize("environment", ["demo", "live"])
def test_the_address_of_a_link_does_not_choose_its_environment(backend, environment):
    """Users belong to the whole plant: the body names the environment."""
    body = {"environmentName": "demo", "traderLogin": 8673590, "userId": 10333}
    body |= {"traderPasswordHash": "c5678ghf94578ce06iqrs5ag76a62c5ca4"}
    assert backend.ask("POST", "/cid/ctid/link", body, environment=environment).response.status == 200


def test_a_user_without_sso_is_told_in_full_once(backend):
    """WebServices 5.1, the example; the second time the number comes alone, with the same status."""
    body = {"brokerName": "BESTBROKER", "email": "president@example.com", "preferredLanguage": "EN"}
    first, second = (backend.ask("POST", "/cid/ctid/create", body) for _ in range(2))
    user_id = json.loads(first.response.body)["userId"]
    assert json.loads(first.response.body) == {
        "userId": user_id,
        "nickname": f"ctid{user_id}",
        "email": "president@example.com",
        "preferredLanguage": "en",
        "utcCreateTimestamp": backend.now,
        "status": "CTID_NEW",
    }
    assert (second.response.status, json.loads(second.response.body)) == (first.response.status, {"userId": user_id})
    assert (told(first), told(second)) == ([("user_created", user_id, None)], [])


def test_an_unset_language_is_left_out(backend):
    """WebServices 5.1: one client sends null; only the e-mail is required."""
    body = {"email": "president@example.com", "preferredLanguage": None, "brokerName": None}
    written = json.loads(backend.ask("POST", "/cid/ctid/create", body).response.body)
    assert set(written) == {"userId", "nickname", "email", "utcCreateTimestamp", "status"}


def test_both_ways_to_create_share_the_e_mails(backend, create):
    """Contract section 6: one refuses what the other answers with the number alone."""
    user_id = json.loads(create().response.body)["userId"]
    again = backend.ask("POST", "/cid/ctid/create", {"email": " PRESIDENT@example.com"})
    assert json.loads(again.response.body) == {"userId": user_id}
    backend.ask("POST", "/cid/ctid/create", {"email": "other@example.com"})
    assert (
        json.loads(create(email="other@example.com").response.body)["error"]["errorCode"] == "CH_EMAIL_ALREADY_EXISTS"
    )


def test_a_moved_account_shows_its_new_broker(crowded):
    """WebServices 5.3 and section 10, flow 8: the answer is empty, a read shows the broker."""
    plant, wanted = crowded.plant, {"traderLogin": "8035344", "brokerName": "RIVAL", "environmentName": "live"}
    answer = crowded.ask("POST", "/cid/ctid/changeCtidTraderAccount", wanted)
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert told(answer) == [("trader_moved", None, 8035344)]
    read = crowded.ask("GET", "/v2/webserv/traders/8035344", environment="live")
    assert json.loads(read.response.body)["brokerName"] == "RIVAL"
    assert plant.traders[8035344].link is plant.links[9017800]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("written", ["user@example.com", "user%40example.com"])
def test_an_e_mail_is_changed(backend, method, written):
    """Edition 2023, 3.10: the table says PUT, the example POST and ``%40``; the answer is empty."""
    body = {"userId": 10345533, "newEmail": written, "brokerCrmName": "BESTBROKERCRM"}
    answer = backend.ask(method, "/cid/oauth2/ctid/changeEmail", body)
    assert (answer.response.status, answer.response.body) == (204, b"")
    assert answer.endpoint.id == "change_email"
    assert told(answer) == [("email_changed", 10345533, None)]
    assert backend.plant.users_by_email["user@example.com"] is backend.plant.users[10345533]


@pytest.mark.parametrize("written", ["user10333@example.com", "%20User10333%40Example.com"])
def test_a_user_is_found_by_e_mail(backend, written):
    """Edition 2025, 3.11."""
    answer = backend.ask("GET", "/cid/oauth2/ctid/userId", query=f"token={backend.token}&{CRM}&email={written}")
    assert (answer.response.status, json.loads(answer.response.body)) == (200, {"userId": 10333})


@pytest.mark.parametrize(
    "query", [f"{CRM}&email=nobody@example.com", "brokerCrmName=RIVALCRM&email=user10333@example.com"]
)
def test_who_is_not_found_is_an_empty_success(crowded, query):
    """Edition 2025, 3.11: the same status, and nothing in it; the users of another CRM are not found."""
    answer = crowded.ask("GET", "/cid/oauth2/ctid/userId", query=f"token={crowded.token}&{query}")
    assert (answer.response.status, answer.response.body) == (200, b"")


def test_a_logout_is_announced(backend):
    """Edition 2025, 3.12: whoever keeps sessions hears whose to end."""
    query = f"token={backend.token}&{CRM}&userId=10333"
    answer = backend.ask("POST", "/cid/oauth2/ctid/logout", query=query)
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert told(answer) == [("user_logged_out", 10333, None)]


def test_an_agreement_is_noted(backend):
    """Edition 2025, 3.13: everything stands in the query, and a body is not looked at."""
    query = f"token={backend.token}&{CRM}&userId=10333"
    answer = backend.ask("PUT", "/cid/oauth2/ctid/acceptAgreement", b"{", query=query)
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert told(answer) == [("agreement_accepted", 10333, None)]
    assert backend.plant.users[10333].agreed == backend.now


def test_a_plant_without_a_region_creates_nobody_by_e_mail_alone(backend, create):
    """WebServices 5.1: the SSO solution does not mind."""
    backend.plant.options = replace(backend.plant.options, has_default_region=False)
    assert backend.ask("POST", "/cid/ctid/create", {"email": "a@example.com"}).response.status == 400
    assert create().response.status == 201
