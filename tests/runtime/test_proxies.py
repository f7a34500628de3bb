"""Reverse proxies: whom they speak for, and who is believed."""

import pytest

from mock_ctrader.runtime.proxies import Proxies
from mock_ctrader.wire import Request, Response


def request(client: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", "/v2/x", headers=(("Host", "h"), *headers), client=client)


def test_a_proxy_is_believed_and_leaves_no_trace() -> None:
    """The call is the caller's: address, scheme, and the headers that the caller sent."""
    forwarded = (("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https"))
    seen = Proxies(["127.0.0.1"]).seen_through(request("127.0.0.1", *forwarded))
    assert (seen.client, seen.scheme, seen.headers) == ("192.0.2.7", "https", (("Host", "h"),))


@pytest.mark.parametrize(
    ("trusted", "client"), [([], "127.0.0.1"), (["127.0.0.1"], "192.0.2.1"), (["127.0.0.1"], "not an address")]
)
def test_nobody_else_is_believed(trusted: list[str], client: str) -> None:
    """Whoever may say whose call it is gets around every list of addresses."""
    made = request(client, ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Proto", "https"))
    assert Proxies(trusted).seen_through(made) is made


@pytest.mark.parametrize(
    ("said", "client"),
    [
        (("10.9.9.9, 192.0.2.7, 10.0.0.2",), "192.0.2.7"),
        (("10.9.9.9", "192.0.2.7"), "192.0.2.7"),
        (("10.0.0.2",), "10.0.0.1"),
        ((), "10.0.0.1"),
    ],
)
def test_the_last_address_that_is_no_proxys_counts(said: tuple[str, ...], client: str) -> None:
    """What stands before it, the caller may have made up; without one it is the proxy's own call."""
    headers = [("x-forwarded-for", one) for one in said]
    assert Proxies(["10.0.0.0/29"]).seen_through(request("10.0.0.1", *headers)).client == client


def test_a_scheme_that_is_none_is_left_out() -> None:
    """Only http and https are spoken."""
    assert Proxies(["::1"]).seen_through(request("::1", ("X-Forwarded-Proto", "gopher"))).scheme == "http"


def test_an_answerer_is_given_the_callers_request() -> None:
    """Where no proxy is believed nothing is put around it."""

    def answer(made: Request) -> Response:
        return Response(200, body=made.client.encode())

    assert Proxies([]).around(answer) is answer
    made = request("127.0.0.1", ("X-Forwarded-For", "192.0.2.7"))
    assert Proxies(["127.0.0.1"]).around(answer)(made).body == b"192.0.2.7"
