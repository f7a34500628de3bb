import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.contract.addresses import Addresses, Place

ADDRESSES = Addresses({"sandbox": ("demo", "live"), "big-bank": ("demo",)}, "sandbox", "demo")


@pytest.mark.parametrize(
    ("host", "path", "place"),
    [
        ("127.0.0.1:8443", "/v2/webserv/traders", ("sandbox", "demo", "/v2/webserv/traders")),
        ("[::1]:8443", "/cid/ctid/link", ("sandbox", "demo", "/cid/ctid/link")),
        ("", "/ctid2/inAppToken/redeem", ("sandbox", "demo", "/ctid2/inAppToken/redeem")),
        ("localhost", "/v1/users", ("sandbox", "demo", "/v1/users")),
        ("localhost", "/v2", ("sandbox", "demo", "/v2")),
        ("localhost", "/sandbox/live/v2/webserv/traders/", ("sandbox", "live", "/v2/webserv/traders/")),
        ("localhost", "/big-bank/demo/cid", ("big-bank", "demo", "/cid")),
        ("live-sandbox.localhost:8443", "/v2/x", ("sandbox", "live", "/v2/x")),
        ("DEMO-Big-Bank.localhost", "/v2/x", ("big-bank", "demo", "/v2/x")),
        ("live-big-bank.localhost", "/v2/x", ("sandbox", "demo", "/v2/x")),
        ("live-sandbox.localhost", "/big-bank/demo/v2/x", ("big-bank", "demo", "/v2/x")),
        ("Live-Sandbox.webapi.ctrader.com:8443", "/cid/x", ("sandbox", "live", "/cid/x")),
        ("live-acme.webapi.ctrader.com:8443", "/big-bank/demo/v2/x", ("big-bank", "demo", "/v2/x")),
    ],
)
def test_an_address_selects_plant_and_environment(host, path, place):
    """Bare, by path and by host name; a host that names no known plant means the default one."""
    assert ADDRESSES.locate(host, path) == Place(*place)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/favicon.ico", "/sandbox", "/sandbox/demo", "/sandbox/demo/x", "/sandbox/paper/v2", "/nowhere/demo/v2"],
)
def test_what_is_no_path_of_the_vendor_selects_nothing(path):
    """Unknown families, plants and environments are not guessed."""
    assert ADDRESSES.locate("live-sandbox.localhost", path) is None


def test_a_host_of_the_vendors_without_a_plant_selects_nothing():
    """What is meant for another plant is not done on the default one."""
    host = "live-big-bank.webapi.ctrader.com:8443"
    assert ADDRESSES.locate(host, "/v2/x") is None
    why = "the names begin with demo-big-bank, demo-sandbox, live-sandbox"
    assert ADDRESSES.astray("/v2/x", host) == f"no plant has the host name '{host}': {why}"
    assert ADDRESSES.astray("/favicon.ico", host) == ""


@given(st.text(), st.text())
def test_any_address_can_be_read(host, path):
    """Nonsense selects the default or nothing."""
    place = ADDRESSES.locate(host, path)
    assert place is None or place.environment in ADDRESSES.plants[place.plant]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/nowhere/demo/v2/x", "there is no plant 'nowhere': known are big-bank, sandbox"),
        ("/sandbox/paper/cid", "plant 'sandbox' has no environment 'paper': known are demo, live"),
        ("/favicon.ico", ""),
        ("/sandbox/demo/x", ""),
    ],
)
def test_a_plant_or_environment_that_does_not_exist_is_told(path, why):
    """What looks like an address by path, and leads nowhere, is answered with what there is."""
    assert ADDRESSES.astray(path) == why
