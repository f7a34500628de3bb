import shlex

import pytest

from mock_ctrader.journal.sightings import Place
from mock_ctrader.reports.curl import curl
from mock_ctrader.wire import Direction, Request

HOST = "crm.example:8443"


def test_a_request_becomes_one_line(secrets):
    """Method, address, headers and body, with placeholders that curl takes literally."""
    secrets.learn("crmApiToken", "abcdef123")
    headers = (("Host", HOST), ("Content-Length", "9"), ("Content-Type", "application/json"))
    request = Request(
        "POST", "/oauth2/authorize", "crmApiToken=abcdef123", headers, b'{"accessToken": "x\'y"}', "https", HOST
    )
    line = curl(request, secrets)
    assert shlex.split(line) == [
        "curl",
        "--globoff",
        "https://crm.example:8443/oauth2/authorize?crmApiToken=[crmApiToken-1]",
        "-H",
        "Content-Type: application/json",
        "--data-raw",
        '{"accessToken": "[accessToken]"}',
    ]
    assert "\n" not in line


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request("GET", "/a", host=HOST), ["http://crm.example:8443/a"]),
        (Request("GET", "/a", headers=(("Host", HOST),)), ["http://crm.example:8443/a"]),
        (Request("GET", "/a"), ["http://localhost/a"]),
        (Request("POST", "/a"), ["-X", "POST", "http://localhost/a"]),
        (Request("GET", "/a", body=b"{x"), ["-X", "GET", "http://localhost/a", "--data-raw", "{x"]),
        (Request("POST", "/a", body=b"{ }"), ["http://localhost/a", "--data-raw", "{ }"]),
        (Request("POST", "/a", body=b"\xff"), ["http://localhost/a", "--data-binary", "@body"]),
        (
            Request("POST", "/a", "", (("Content-Type", "application/x-www-form-urlencoded"),), b"password=%41&b=%42"),
            [
                "http://localhost/a",
                "-H",
                "Content-Type: application/x-www-form-urlencoded",
                "--data-raw",
                "password=[password]&b=%42",
            ],
        ),
    ],
)
def test_every_form_of_request_can_be_typed_again(secrets, request_, words):
    """The method is named only where curl would choose another; bodies keep their bytes."""
    assert shlex.split(curl(request_, secrets)) == ["curl", "--globoff", *words]


def test_the_place_names_an_unknown_token(secrets):
    """Of an endpoint that is known, an unknown token's kind is known too."""
    request = Request("GET", "/v2/webserv/traders", "token=abc")
    assert "token=[webservToken]" in curl(request, secrets, Place(Direction.TO_CTRADER))
