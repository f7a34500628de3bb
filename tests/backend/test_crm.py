import json

import pytest

from mock_ctrader.backend.crm import CrmLink
from mock_ctrader.contract.calls.crm import CRM_API_TOKEN, CRM_LOGOUT, EXCHANGE_OT_TOKEN
from mock_ctrader.contract.crm_calls import CrmAddress, CrmAnswer, read_answer
from mock_ctrader.contract.models.crm import Authorisation, CrmApiToken, OneTimeCode
from mock_ctrader.errors import PeerViolation
from mock_ctrader.wire import Response

CODE = OneTimeCode(code="16ch")
GOOD = CrmAnswer(200, Authorisation(user_id=10333), ())
FORBIDDEN = CrmAnswer(403, None, ())


def token(text):
    return CrmAnswer(200, CrmApiToken(crm_api_token=text), ())


def made(commands):
    return [(command.endpoint.id, command.request.parameters().get("crmApiToken")) for command in commands]


@pytest.fixture
def link():
    return CrmLink(CrmAddress("https://crm.example.com"), "af34mn0pphg2893nmaf26hmy")


@pytest.fixture
def ask(link, play):
    def ask(*answers, endpoint=EXCHANGE_OT_TOKEN, body=CODE, query=()):
        return play(link.ask(endpoint, body, query), answers)

    return ask


def test_the_token_is_fetched_once(ask):
    """The first call brings it, the second has it."""
    commands, answer = ask(token("one"), GOOD)
    assert made(commands) == [("crm_api_token", None), ("exchange_ot_token", "one")]
    assert json.loads(commands[0].request.body) == {"password": "af34mn0pphg2893nmaf26hmy"}
    assert answer is GOOD
    assert made(ask(GOOD)[0]) == [("exchange_ot_token", "one")]


def test_a_token_that_ran_out_is_fetched_again(ask):
    """After a 403 the call is made once more with a new token, which is then kept."""
    ask(token("one"), GOOD)
    commands, answer = ask(FORBIDDEN, token("two"), GOOD)
    assert made(commands) == [("exchange_ot_token", "one"), ("crm_api_token", None), ("exchange_ot_token", "two")]
    assert answer is GOOD
    assert made(ask(GOOD)[0]) == [("exchange_ot_token", "two")]


def test_it_is_fetched_again_no_more_than_once(ask):
    """A CRM that refuses its own new token is believed."""
    ask(token("one"), GOOD)
    commands, answer = ask(FORBIDDEN, token("two"), FORBIDDEN)
    assert len(commands) == 3
    assert answer is FORBIDDEN


def test_a_token_fetched_a_moment_ago_has_not_run_out(ask):
    """The first 403 of all is an answer to the call itself."""
    commands, answer = ask(token("one"), FORBIDDEN)
    assert len(commands) == 2
    assert answer is FORBIDDEN


@pytest.mark.parametrize("status", [400, 401, 404, 410, 417, 500])
def test_other_refusals_are_handed_on(ask, status):
    """Only a 403 speaks of the token."""
    ask(token("one"), GOOD)
    commands, answer = ask(CrmAnswer(status, None, ()))
    assert (len(commands), answer.status) == (1, status)


def test_the_query_of_a_call_is_sent_each_time(ask):
    """Its own parameters come before the token."""
    ask(token("one"), GOOD)
    query = [("userId", "10333"), ("accessToken", "0eZX")]
    commands, _ = ask(FORBIDDEN, token("two"), CrmAnswer(204, None, ()), endpoint=CRM_LOGOUT, body=None, query=query)
    assert [command.request.query for command in commands] == [
        "userId=10333&accessToken=0eZX&crmApiToken=one",
        "",
        "userId=10333&accessToken=0eZX&crmApiToken=two",
    ]
    assert commands[0].request.body == b""


@pytest.mark.parametrize(
    ("status", "body", "what"),
    [
        (403, b"", "status 403"),
        (401, b'{"crmApiToken": "one"}', "status 401"),
        (200, b"{}", "crm_api_token.response.crmApiToken: expected text, got nothing"),
        (200, b'{"crmApiToken": {}}', "crm_api_token.response.crmApiToken: expected text, got an object"),
        (200, b"", "crm_api_token.response.body: expected a JSON object, got nothing"),
        (201, b"{}", "crm_api_token.response.crmApiToken: expected text, got nothing"),
    ],
)
def test_a_crm_that_gives_no_token_breaks_the_contract(ask, status, body, what):
    """The error says what came, where, and which setting holds the password."""
    with pytest.raises(PeerViolation) as raised:
        ask(read_answer(CRM_API_TOKEN, Response(status, (), body)))
    assert str(raised.value).startswith("https://crm.example.com/oauth2/crmApiToken: the CRM gave no crmApiToken: ")
    assert what in raised.value.what
    assert "crm.password" in raised.value.cure


def test_after_a_failure_the_token_is_asked_for_anew(ask):
    """A CRM may have been mended meanwhile."""
    with pytest.raises(PeerViolation):
        ask(FORBIDDEN)
    assert made(ask(token("one"), GOOD)[0]) == [("crm_api_token", None), ("exchange_ot_token", "one")]
