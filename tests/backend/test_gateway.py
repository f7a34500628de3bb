import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.backend.handlers import HANDLERS
from mock_ctrader.contract import xml
from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.catalogue import ENDPOINTS, Routes
from mock_ctrader.contract.endpoint import Authentication, Dialect
from mock_ctrader.contract.models.crm import UserId
from mock_ctrader.refusal import Code

BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9))
    + b"]><a><login>&j;</login></a>"
)
NASTY = [
    *(b'{"x":' + b"[" * 9000 + b"]" * 9000 + b"}", b"[" * 9000, b'{"a":' * 9000 + b"1" + b"}" * 9000),
    *(b"", b"null", b"[]", b'""', b"0", b"NaN", b"{}", b"{", b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00", b"\x00"),
    *(BOMB, b"<!DOCTYPE a><a/>", b"<a>&x;</a>", b"<a>" * 9000, b"<a>" * 100 + b"</a>" * 100),
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///dev/zero">]><a><login>&x;</login></a>',
    b'<!DOCTYPE a SYSTEM "http://dtd.example.com/a.dtd"><a/>',
    b'<?xml version="1.0" encoding="klingon"?><a/>',
]
SIX = ("manager_token", "create_user", "create_trader", "read_trader", "link_trader", "change_balance")
ODD = ["+-5", "²", "٣", "00", "NaN", "sNaN", "-Infinity", "1e999", "null", "\x00", "a\ufffe", "", " ", "9" * 50]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.sampled_from(ODD),
    st.sampled_from([10**400, -(10**400), [[[]]], {"": {}}, {"countryId": "²"}, "DEPOSIT", "MAX", 8673590, 10333]),
)
WRITTEN = st.sampled_from(
    ["1e999", "1e99999999999999999999", "1e-99999999999999999999", "-0", "0.0e-9999999", "9" * 5000, '"\\ud800"', "NaN"]
)


@st.composite
def bodies(draw, endpoint):
    """Write a body that has the call's own keys, some with values that no client should send."""
    keys = endpoint.request.__struct_encode_fields__ if endpoint.request else ()
    held = draw(st.dictionaries(st.sampled_from([*keys, "unknown"]), VALUES.map(json.dumps) | WRITTEN))
    return "{" + ",".join(f"{json.dumps(key)}:{value}" for key, value in held.items()) + "}"


def _at(path, value):
    return re.sub(r"\{\w+\}", lambda _: value, path)


@st.composite
def calls(draw):
    """Choose a call, a body of any kind, and headers that may not fit it."""
    endpoint = draw(st.sampled_from(BROKER_CALLS))
    login = draw(st.sampled_from(["8673590", "1", "²", "%FF", "\udcff", "9" * 5000, " "]))
    body = draw(bodies(endpoint) | st.sampled_from(NASTY) | st.binary(max_size=60))
    kind = draw(st.sampled_from(["application/json", "application/xml", "text/plain", ""]))
    accept = draw(st.sampled_from(["application/json", "*/*", "\udcff"]))
    return endpoint, _at(endpoint.path, login), body, (("Content-Type", kind), ("Accept", accept))


@pytest.fixture(scope="module")
def worn(make_backend):
    """A backend that many calls were made to."""
    return make_backend()


def judge(response, dialect):
    """Demand a success or a refusal, in a form that the contract knows."""
    assert 200 <= response.status < 300 or 400 <= response.status < 500
    kind = (response.header("Content-Type") or "nothing").partition(";")[0]
    if response.status >= 400 and dialect is Dialect.WEBSERV:
        assert kind == "text/plain"
        assert response.body.decode().partition(": ")[0] in list(Code)
    elif response.status >= 400:
        assert json.loads(response.body)["error"]["errorCode"] in list(Code)
    elif kind == "application/xml":
        assert isinstance(xml.read(response.body), dict)
    elif kind == "application/json":
        assert isinstance(json.loads(response.body), dict | list)
    else:
        assert kind == "text/csv" or response.body == b""


def test_every_call_has_a_handler():
    """A call that is listed is answered."""
    assert set(HANDLERS) == {endpoint.id for endpoint in BROKER_CALLS}


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer {}", 200),
        ("bearer  {} ", 200),
        ("Basic {}", 401),
        ("{}", 401),
        ("Bearer", 401),
        ("Bearer wrong", 401),
        (None, 401),
    ],
)
def test_a_call_may_want_its_token_in_the_header(backend, authorization, status):
    """Such a call takes none from the query."""
    call = replace(ENDPOINTS["read_trader"], authentication=Authentication.BEARER)
    backend.variant = replace(backend.variant, routes=Routes([call]))
    headers = () if authorization is None else (("Authorization", authorization.format(backend.token)),)
    assert backend.ask("GET", "/v2/webserv/traders/8673590", headers=headers).response.status == status


def test_a_call_may_say_in_the_query_what_others_say_in_a_body(backend):
    """The parameters are read like the keys of a body."""
    call = replace(ENDPOINTS["read_trader"], query=UserId)
    backend.variant = replace(backend.variant, routes=Routes([call]))
    path, token = "/v2/webserv/traders/8673590", f"token={backend.token}"
    assert backend.ask("GET", path, query=f"userId=10333&{token}").response.status == 200
    answer = backend.ask("GET", path, query=f"userId=one&{token}")
    assert answer.response.body == b"INVALID_REQUEST: userId: expected an integer, got 'one'"
    assert [breach.clause for breach in answer.violations] == ["read_trader.request.userId"]


@given(calls())
def test_whatever_is_sent_is_answered(worn, call):
    """No body, header or path makes the backend fail: it answers with a success or an error of the contract."""
    endpoint, path, body, headers = call
    answer = worn.ask(endpoint.method, path, body, headers=headers)
    judge(answer.response, endpoint.dialect)


@pytest.mark.parametrize("name", SIX)
@pytest.mark.parametrize("kind", ["application/json", "application/xml"])
def test_every_nasty_body_is_refused(backend, name, kind):
    """Depth, bombs, document types and broken encodings are refused where a body is read at all."""
    endpoint = ENDPOINTS[name]
    for body in NASTY:
        headers = (("Content-Type", kind),)
        answer = backend.ask(endpoint.method, _at(endpoint.path, "8673590"), body, headers=headers)
        judge(answer.response, endpoint.dialect)
        assert answer.response.status == (400 if endpoint.request else 200)


@given(st.text(), st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cs"])), st.text())
def test_whatever_is_asked_for_is_answered(worn, method, path, query):
    """An address that nobody knows is no reason to fail."""
    answer = worn.ask(method, f"/cid/{path}", query=query)
    assert answer.response.status in (401, 404, 405)


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("user"), st.integers(0, 5)),
        st.tuples(st.just("trader"), st.sampled_from(["EUR", "JPY", "BTC"])),
        st.tuples(st.just("link"), st.integers(0, 5)),
        st.tuples(st.just("change"), st.integers(-300, 300)),
    ),
    max_size=25,
)


class Run:
    """A series of calls on one plant, each built on what the calls before it were answered."""

    def __init__(self, backend, new_trader):
        self.backend, self.new_trader = backend, new_trader
        self.users, self.traders = [10333], [8673590]
        self.ids, self.answers = [], []

    def do(self, kind, value):
        match kind:
            case "user":
                body = {"brokerCrmName": "BESTBROKERCRM", "email": f"user{value}@example.com"}
                self._keep("/cid/oauth2/ctid/create", body, "userId", self.users)
            case "trader":
                body = {**self.new_trader, "depositCurrency": value}
                self._keep("/v2/webserv/traders", body, "login", self.traders)
            case "link":
                body = {"environmentName": "demo", "traderPasswordHash": "hash", "returnAccountDetails": True}
                body |= {"traderLogin": self.traders[-1], "userId": self.users[value % len(self.users)]}
                self._keep("/cid/ctid/link", body, "ctidTraderAccountId", [])
            case "change":
                body = {"login": self.traders[-1], "preciseAmount": abs(value) / 100}
                body["type"] = "WITHDRAW" if value < 0 else "DEPOSIT"
                path = f"/v2/webserv/traders/{self.traders[-1]}/changebalance"
                self._keep(path, body, "balanceHistoryId", [])

    def _keep(self, path, body, key, known):
        response = self.backend.ask("POST", path, body).response
        self.answers.append(response)
        if response.status < 300:
            self.ids.append(json.loads(response.body)[key])
            known.append(self.ids[-1])


def run(backend, new_trader, operations):
    series = Run(backend, new_trader)
    for operation in operations:
        series.do(*operation)
    return series


@given(OPERATIONS)
def test_no_number_is_used_twice_on_a_plant(make_backend, new_trader, operations):
    """Users, accounts, links and balance records never share a number, the examples' own included."""
    ids = [*run(make_backend(), new_trader, operations).ids, 10333, 10345533, 8673590, 9017800]
    assert len(set(ids)) == len(ids)


@given(OPERATIONS, OPERATIONS)
def test_two_plants_do_not_meet(make_backend, new_trader, here, there):
    """What happens on one plant does not show on another, in whatever order the calls come."""
    alone = run(make_backend(1), new_trader, here), run(make_backend(2), new_trader, there)
    together = Run(make_backend(1), new_trader), Run(make_backend(2), new_trader)
    for number in range(max(len(here), len(there))):
        for series, operations in zip(together, (here, there), strict=True):
            for operation in operations[number : number + 1]:
                series.do(*operation)
    assert [series.answers for series in together] == [series.answers for series in alone]
    assert [series.backend.snapshot() for series in together] != [alone[1].backend.snapshot()] * 2


@given(OPERATIONS, st.integers())
def test_the_same_seed_and_calls_give_the_same_answers(make_backend, new_trader, operations, seed):
    """A run can be repeated byte for byte."""
    first, second = (run(make_backend(seed), new_trader, operations) for _ in range(2))
    assert first.answers == second.answers
    assert first.backend.token == second.backend.token


def test_another_seed_gives_other_numbers_and_tokens(make_backend, new_trader):
    """What is drawn is drawn from the seed."""
    operations = [("user", 1), ("trader", "EUR")]
    first, second = (run(make_backend(seed), new_trader, operations) for seed in (1, 2))
    assert not set(first.ids) & set(second.ids)
    assert first.backend.token != second.backend.token
