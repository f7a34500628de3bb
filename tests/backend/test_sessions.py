import json

import pytest

from mock_ctrader.backend.crm import CrmLink
from mock_ctrader.backend.sessions import Authorised, Denied, OpenSessions, Session, Sessions
from mock_ctrader.contract.crm_calls import CrmAddress, read_answer
from mock_ctrader.plant.model import Link
from mock_ctrader.plant.tokens import create_copy_code
from mock_ctrader.wire import Response

NOW = 1_767_603_600_000
JSON = (("Content-Type", "application/json"),)


class Crm:
    """A CRM that answers one call with what it is told to; ``request`` and ``answer`` are those of that call."""

    def __init__(self, plant):
        self.opened = OpenSessions()
        self.sessions = Sessions(plant, CrmLink(CrmAddress("https://crm.example.com"), "password"), self.opened)

    def ask(self, flow, status, body, headers=JSON):
        """Drive a flow of one call, fetching the token first where that is wanted."""
        try:
            command = next(flow)
            if command.endpoint.id == "crm_api_token":
                command = flow.send(read_answer(command.endpoint, Response(200, JSON, b'{"crmApiToken": "cr56"}')))
            self.request = command.request
            written = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.answer = read_answer(command.endpoint, Response(status, headers, written))
            flow.send(self.answer)
        except StopIteration as done:
            return done.value
        raise AssertionError("the flow makes one call")

    def by_code(self, status, body, headers=JSON):
        return self.ask(self.sessions.by_code("16ch", NOW), status, body, headers)


@pytest.fixture
def crm(backend):
    return Crm(backend.plant)


def test_an_ot_token_opens_a_session(backend, crm):
    """The CRM says who it is, and what the application shall keep."""
    body = {"accessToken": "0eZX", "userId": 10333, "inappToken": "12MB"}
    assert crm.by_code(200, body) == Authorised(Session(backend.plant.users[10333], "12MB"), "0eZX", first=True)
    assert crm.request.path == "/oauth2/onetime/authorize"
    assert json.loads(crm.request.body) == {"code": "16ch"}


def test_a_kept_token_opens_a_session(backend, crm):
    """The CRM is asked on every start."""
    answer = crm.ask(crm.sessions.by_access_token("0eZX", NOW), 200, {"userId": 10333})
    assert answer == Authorised(Session(backend.plant.users[10333]), first=True)
    assert crm.request.path == "/oauth2/authorize"
    assert json.loads(crm.request.body) == {"accessToken": "0eZX"}


@pytest.mark.parametrize("body", [{}, {"accessToken": "", "inappToken": ""}, {"accessToken": None, "inappToken": None}])
def test_a_token_that_is_blank_was_not_given(crm, body):
    """Null, a blank and a missing key mean the same."""
    answer = crm.by_code(200, {"userId": 10333, **body})
    assert (answer.access_token, answer.session.inapp_token) == (None, None)


def test_an_account_shows_when_its_holder_was_last_there(backend, crm):
    """The account that the session shows is dated, others are not."""
    plant = backend.plant
    for link_id, login in ((50_000_001, 8673590), (50_000_002, 9017800)):
        plant.add_link(Link(link_id, 10333, login))
    crm.by_code(200, {"userId": 10333})
    assert (plant.traders[8673590].connected, plant.traders[9017800].connected) == (None, NOW)
    written = json.loads(backend.ask("GET", "/v2/webserv/traders/9017800").response.body)
    assert written["lastConnectionTimestamp"] == NOW


def test_a_user_whom_the_plant_does_not_have_is_denied(crm):
    """A CRM can only name users that it created here."""
    denied = crm.by_code(200, {"userId": 99})
    assert denied == Denied("the CRM named user 99, whom this plant does not have", 200)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 417, 500])
def test_a_refusal_of_the_crm_is_a_denial(crm, status):
    """The status is what counts, not the page that came with it."""
    assert crm.by_code(status, b"<html>") == Denied(f"the CRM answered {status}", status)


def test_an_undocumented_refusal_is_a_breach_too(crm):
    """What is tolerated is not forgotten."""
    crm.by_code(503, b"")
    assert [breach.clause for breach in crm.answer.violations] == ["exchange_ot_token.response.status"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "userId: expected an integer, got nothing"),
        ({"userId": "trader"}, "userId: expected an integer, got 'trader'"),
        ({"userId": True}, "userId: expected an integer, got true"),
        ({"userId": 10333, "accessToken": ["0eZX"]}, "accessToken: expected text, got a list"),
        ([], "body: expected a JSON object, got a list"),
        (b"", "body: expected a JSON object, got nothing"),
        (b"<html>", "body: expected a JSON object, got '<html>' ("),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_denial(crm, body, reason):
    """The reason is the clause that was broken."""
    denied = crm.by_code(200, body)
    assert isinstance(denied, Denied)
    assert denied.reason.startswith(f"exchange_ot_token.response.{reason}")
    assert denied.status == 200


def test_a_user_id_as_text_is_read_and_remembered_as_a_breach(crm):
    """The session opens, but the contract says that it is a number."""
    assert crm.by_code(200, {"userId": "10333"}).session.user.user_id == 10333
    (breach,) = crm.answer.violations
    assert (breach.clause, breach.expected, breach.found) == (
        "exchange_ot_token.response.userId",
        "an integer",
        "text",
    )
    assert not breach.is_note


def test_a_wrong_content_type_is_a_note(crm):
    """The session opens, and nobody is failed for it."""
    answer = crm.by_code(200, {"userId": 10333}, (("Content-Type", "text/html"),))
    assert isinstance(answer, Authorised)
    assert [breach.is_note for breach in crm.answer.violations] == [True]


@pytest.mark.parametrize(
    ("inapp_token", "query"), [(None, "crmApiToken=cr56"), ("12MB", "inappToken=12MB&crmApiToken=cr56")]
)
def test_an_in_app_token_goes_back_to_the_crm(backend, crm, inapp_token, query):
    """A CRM that gave one gets it with each request for an OT token; one that gave none is not bothered."""
    session = Session(backend.plant.users[10333], inapp_token)
    assert crm.ask(crm.sessions.inapp_token(session, None, NOW), 200, {"token": "16ch"}) == "16ch"
    assert (crm.request.path, crm.request.query) == ("/oauth2/onetime/generate", query)
    assert json.loads(crm.request.body) == {"userId": 10333}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, {}, "the CRM answered 404"),
        (200, {}, "generate_ot_token.response.token: expected text, got nothing"),
        (200, {"token": None}, "generate_ot_token.response.token: expected text, got nothing"),
    ],
)
def test_an_ot_token_that_is_not_given_is_a_denial(backend, crm, status, body, reason):
    """The CRM may take everything back at any time."""
    session = Session(backend.plant.users[10333])
    assert crm.ask(crm.sessions.inapp_token(session, None, NOW), status, body) == Denied(reason, status)


@pytest.mark.parametrize(("status", "denied"), [(200, None), (204, None), (404, Denied("the CRM answered 404", 404))])
def test_a_logout_gives_the_kept_token_back(backend, crm, status, denied):
    """Edition 2025, 4.5: user and token stand in the query; the session ends whatever the CRM answers."""
    session = crm.by_code(200, {"userId": 10333}).session
    assert crm.ask(crm.sessions.log_out(session, "0eZX"), status, b"") == denied
    assert (crm.request.method, crm.request.path, crm.request.body) == ("POST", "/oauth2/logout", b"")
    assert crm.request.query == "userId=10333&accessToken=0eZX&crmApiToken=cr56"
    assert (session.ended, crm.opened.of(10333)) == (True, ())


@pytest.mark.parametrize(("token", "tells"), [(None, True), ("0eZX", False)])
def test_a_logout_that_the_crm_need_not_know_of(backend, token, tells):
    """Without a kept token, or in an edition without the call, only the session ends."""
    link = CrmLink(CrmAddress("https://crm.example.com"), "password")
    sessions = Sessions(backend.plant, link, tells_logout=tells)
    session = Session(backend.plant.users[10333])
    assert list(sessions.log_out(session, token)) == []
    assert session.ended


def test_open_sessions_are_known_by_their_user(crm):
    """Those of an application that left are not, however alike they look."""
    first, second, other = (crm.by_code(200, {"userId": user}).session for user in (10333, 10333, 10345533))
    assert first == second
    assert crm.opened.of(10333) == (first, second)
    crm.sessions.close(first)
    (left,) = crm.opened.of(10333)
    assert left is second
    crm.sessions.close(second)
    assert (crm.opened.of(10333), crm.opened.of(10345533)) == ((), (other,))
    assert (first.ended, second.ended, other.ended) == (True, True, False)


def test_a_denied_application_has_no_session(crm):
    """Nobody is there to be logged out."""
    crm.by_code(404, {})
    assert crm.opened.of(10333) == ()


def test_a_session_that_was_dropped_gets_nothing_more(crm):
    """Edition 2025, 3.12: all of the user's end at once; the CRM is not asked, and a new one may be opened."""
    sessions = [crm.by_code(200, {"userId": 10333, "inappToken": "12MB"}).session for _ in range(2)]
    other = crm.by_code(200, {"userId": 10345533}).session
    crm.opened.drop(10333)
    assert crm.opened.of(10333) == ()
    crm.request = None
    for session in sessions:
        denied = crm.ask(crm.sessions.inapp_token(session, None, NOW), 200, {"token": "16ch"})
        assert denied == Denied("the user was logged out of cTrader", 401)
    assert crm.request is None
    assert crm.ask(crm.sessions.inapp_token(other, None, NOW), 200, {"token": "16ch"}) == "16ch"
    again = crm.by_code(200, {"userId": 10333}).session
    assert crm.opened.of(10333) == (again,)


def test_who_is_not_there_may_be_logged_out_and_leave(crm):
    """A user without sessions, and an application whose session was dropped before it leaves."""
    session = crm.by_code(200, {"userId": 10333}).session
    for _ in range(2):
        crm.opened.drop(10333)
    crm.sessions.close(session)
    assert (session.ended, crm.opened.of(10333)) == (True, ())


def test_sessions_need_not_be_shared(backend):
    """Whoever asks one CRM alone keeps a book of its own."""
    sessions = Sessions(backend.plant, CrmLink(CrmAddress("https://crm.example.com"), "password"))
    session = Session(backend.plant.users[10333])
    sessions.close(session)
    assert session.ended


def test_the_first_session_of_a_user_is_told_from_later_ones(crm):
    """Who registered a moment ago is new to the broker's partners too."""
    assert [crm.by_code(200, {"userId": 10333}).first for _ in range(2)] == [True, False]


def test_where_ctrader_keeps_the_login_it_makes_the_tokens(backend, crm):
    """Edition 2026, one-time token handoff: the CRM is not asked, and redeems what it is given."""
    session = crm.sessions.log_in(" USER10333@example.com ", NOW).session
    with pytest.raises(StopIteration) as made:
        next(crm.sessions.inapp_token(session, 8673590, NOW))
    token = backend.plant.one_time_tokens[made.value.value]
    assert (token.purpose, token.user_id, token.login) == ("page", 10333, 8673590)
    assert crm.sessions.log_in("nobody@example.com", NOW) == Denied("cTrader knows nobody with this e-mail", 401)


def test_a_user_may_register_at_ctrader_itself(backend, crm):
    """No broker asks for it; an e-mail that is taken is refused."""
    session = crm.sessions.register("Ann@example.com", "Ann", NOW).session
    user = backend.plant.users_by_email["ann@example.com"]
    assert (session.user, session.of_ctrader, user.first_name, user.connected) == (user, True, "Ann", NOW)
    assert user.crm_name == "BESTBROKERCRM"
    assert crm.sessions.register("ann@example.com", "", NOW) == Denied("a user with this e-mail exists", 400)


def test_a_copy_code_opens_a_session_once(backend, crm):
    """Edition 2026, section 12: for the brokers that the code names."""
    plant = backend.plant
    code = create_copy_code(plant, plant.managers[2309], 10333, ["BESTBROKER"], NOW)
    assert crm.sessions.by_copy_code(code, NOW).session.brokers == ("BESTBROKER",)
    assert crm.sessions.by_copy_code(code, NOW) == Denied("the token was used already", 401)


def test_open_sessions_are_listed_and_counted(backend):
    """Those of all users, until they end."""
    opened, user = OpenSessions(), backend.plant.users[10333]
    first, second = Session(user, "a"), Session(user, "b")
    opened.enter(first)
    opened.enter(second)
    assert (list(opened), len(opened)) == ([first, second], 2)
    opened.leave(first)
    assert (list(opened), len(opened)) == ([second], 1)
