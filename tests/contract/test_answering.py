import json

import msgspec
import pytest

from mock_ctrader.contract import xml
from mock_ctrader.contract.answering import answer, lists_json, refuse, status_of
from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.calls.users import CREATE_USER, LINK_TRADER
from mock_ctrader.contract.endpoint import Dialect
from mock_ctrader.contract.models.managers import ManagerToken
from mock_ctrader.contract.models.users import UserCreated
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.wire import Request, Response

STATUSES = {
    Code.NOT_ENOUGH_RIGHTS: 403,
    Code.INSUFFICIENT_PERMISSIONS: 403,
    Code.CH_INSUFFICIENT_PERMISSIONS: 403,
    Code.REQUEST_FREQUENCY_EXCEEDED: 429,
    Code.CID_NON_EXISTED_TOKEN: 404,
    Code.CID_TOKEN_EXPIRED: 404,
    Code.UNKNOWN_ERROR: 500,
}


@pytest.mark.parametrize("code", Code)
def test_a_code_has_the_status_that_the_contract_gives_it(code):
    """Rights are 403, frequency 429, tokens 404, the unknown 500, everything else 400; a refusal may bring its own."""
    assert status_of(Refusal(code, "no")) == STATUSES.get(code, 400)
    assert status_of(Refusal(code, "no", Situation.UNKNOWN_CALLER)) == 401


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("text/html, application/json;q=0.9, */*", True),
        ("*/*", False),
        ("application/*", False),
        ("application/xml", False),
        ("application/json-seq", False),
        ("", False),
        (None, False),
    ],
)
def test_json_is_for_those_who_name_it(accept, wanted):
    """A caller that takes anything was seen to get XML."""
    assert lists_json(accept) is wanted
    headers = () if accept is None else (("Accept", accept),)
    response = answer(MANAGER_TOKEN, ManagerToken(webserv_token="t"), Request("POST", "/", headers=headers))
    assert response.status == 200
    if wanted:
        assert response.header("Content-Type") == "application/json;charset=UTF-8"
        assert response.body == b'{"webservToken":"t"}'
    else:
        assert response.header("Content-Type") == "application/xml;charset=UTF-8"
        assert response.body.endswith(b"<managerTokenTO><webservToken>t</webservToken></managerTokenTO>")
        assert xml.read(response.body) == {"webservToken": "t"}


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "*/*"])
def test_the_calls_about_users_answer_json_alone(accept):
    """Their paths know no XML."""
    response = answer(CREATE_USER, UserCreated(user_id=5), Request("POST", "/", headers=(("Accept", accept),)))
    assert (response.status, response.body) == (201, b'{"userId":5}')


def test_an_answer_without_a_body_has_no_content_type():
    """There is nothing that could have a type."""
    assert answer(LINK_TRADER, None, Request("POST", "/")) == Response(200)


def test_a_refusal_speaks_as_its_family_of_paths_does():
    """Trading calls are refused with a line of text, calls about users with an object."""
    refusal = Refusal(Code.CH_PLANT_INVALID, "no broker 'Ä'")
    text = refuse(Dialect.WEBSERV, refusal)
    assert (text.status, text.body.decode()) == (400, "CH_PLANT_INVALID: no broker 'Ä'")
    assert text.header("Content-Type") == "text/plain;charset=UTF-8"
    written = refuse(Dialect.CID, refusal)
    error = {"errorCode": "CH_PLANT_INVALID", "description": "no broker 'Ä'"}
    assert (written.status, json.loads(written.body)) == (400, {"error": error})
    assert written.header("Content-Type") == "application/json;charset=UTF-8"


@pytest.mark.parametrize("dialect", [Dialect.WEBSERV, Dialect.CID])
def test_a_description_can_hold_what_no_encoding_can(dialect):
    """A path with bytes of another encoding is repeated with replacements."""
    response = refuse(dialect, Refusal(Code.INVALID_REQUEST, "no call has the path /\udcff"))
    assert "no call has the path /?" in response.body.decode()


def test_an_answer_survives_being_read_again():
    """The JSON of an answer is the model's own."""
    body = answer(CREATE_USER, UserCreated(user_id=5), Request("POST", "/")).body
    assert msgspec.json.decode(body, type=UserCreated) == UserCreated(user_id=5)
