import pytest

from mock_ctrader.platform.links import AppLink, invite_link, partner_link, read_link

BASE = "http://127.0.0.1:8765/app"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (f"{BASE}/", AppLink("/")),
        (BASE, AppLink("/")),
        (
            f"{BASE}/info?source=web&token=f44b&lang=en&acc=8003098",
            AppLink("/info", token="f44b", account=8003098, language="en"),
        ),
        (
            f"{BASE}/info?source=web&token=f44b&account=9023600&lang=en&theme=dark",
            AppLink("/info", token="f44b", account=9023600, language="en", theme="dark"),
        ),
        (
            f"{BASE}/copy-widget/?authCode=3b8a&lang=DE&theme=light",
            AppLink("/copy-widget/", copy_code="3b8a", language="de", theme="light"),
        ),
        (f"{BASE}/widgets/copy?code=3b8a", AppLink("/widgets/copy", copy_code="3b8a")),
        (f"{BASE}/symbols/EURUSD/info?acc=8003098", AppLink("/symbols/EURUSD/info", account=8003098)),
        (f"{BASE}/?u=president&partnerId=P1", AppLink("/", partner_id="P1", nickname="president")),
        (f"{BASE}/?acc=first&acc=2&lang=english&theme=pink&what=1", AppLink("/")),
        (f"{BASE}/?u=first&u=second", AppLink("/", nickname="first")),
    ],
)
def test_a_link_says_what_to_show_and_who_comes(url, link):
    """Both spellings of the examples are read, and what cannot be is as if it were not there."""
    assert read_link(url, BASE) == link


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8765/", "http://127.0.0.1:8765/apple", "https://127.0.0.1:8765/app/", "/app/", "x"]
)
def test_an_address_elsewhere_is_no_link(url):
    """Scheme, host and the first part of the path tell an application's links from all others."""
    assert read_link(url, BASE) is None


def test_shared_links_are_read_back():
    """What an application makes, another one understands."""
    assert read_link(invite_link(f"{BASE}/", "ann & co"), BASE) == AppLink("/", nickname="ann & co")
    assert read_link(partner_link(BASE, "P 1"), BASE) == AppLink("/", partner_id="P 1")
