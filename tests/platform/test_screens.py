from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_ctrader.platform.device import Device, Platform
from mock_ctrader.platform.screens import DEFAULT_PATHS, Screen, Screens

COMMON = "lang=de&source=iOS&theme=dark"


@pytest.mark.parametrize(
    ("screen", "path"),
    [
        (Screen.LOGIN, "/auth/login"),
        (Screen.ACCOUNT, "/account/create"),
        (Screen.DEPOSIT, "/inapp/deposit"),
        (Screen.WITHDRAW, "/inapp/withdraw"),
    ],
)
def test_a_screen_has_the_path_of_the_contract(device, screen, path):
    """Section 7: the screen's own parameters come first, then language, source and theme."""
    url = Screens("https://crm.example.com").url(screen, device, token="16ch")
    assert url == f"https://crm.example.com{path}?token=16ch&{COMMON}"


def test_every_screen_has_a_path():
    """A screen without one could not be opened."""
    assert set(DEFAULT_PATHS) == set(Screen) - {Screen.RIBBON}


@pytest.mark.parametrize(
    ("base", "path", "address"),
    [
        ("https://crm.example.com", "/a", "https://crm.example.com/a?"),
        ("https://crm.example.com/", "/a", "https://crm.example.com/a?"),
        ("https://crm.example.com/client/area", "/a", "https://crm.example.com/client/area/a?"),
        ("https://crm.example.com/client/area/", "/a", "https://crm.example.com/client/area/a?"),
        ("https://crm.example.com", "/a?b=c", "https://crm.example.com/a?b=c&"),
        ("https://crm.example.com/x", "https://ct.example.com/Trader/Logon", "https://ct.example.com/Trader/Logon?"),
        ("https://crm.example.com/x", "https://ct.example.com/?b=c", "https://ct.example.com/?b=c&"),
    ],
)
def test_a_screen_may_be_anywhere(device, base, path, address):
    """Real brokers use any URL: below the base, which may hold a path, or on a host of its own."""
    screens = Screens(base, {**DEFAULT_PATHS, Screen.DEPOSIT: path}, success=path)
    assert screens.url(Screen.DEPOSIT, device) == address + COMMON
    assert screens.success_url == address.rstrip("?&")


def test_the_success_address_has_a_default():
    """It stands on the base like any screen."""
    assert Screens("https://crm.example.com/area").success_url == "https://crm.example.com/area/callback/success"


def test_what_is_said_is_encoded(device):
    """A token may hold any character."""
    url = Screens("https://crm.example.com").url(Screen.DEPOSIT, device, token="a&b=c d/ü", account="8673590")
    said = dict(parse_qsl(urlsplit(url).query))
    assert (said["token"], said["account"]) == ("a&b=c d/ü", "8673590")


@pytest.mark.parametrize(("has_logged_in", "first_login"), [(False, "true"), (True, "false")])
def test_a_new_device_asks_for_the_signup_form(has_logged_in, first_login):
    """``firstLogin`` tells which form the one page shows."""
    device = Device("laptop", has_logged_in=has_logged_in)
    url = Screens("https://crm.example.com").login_url(device)
    assert url == f"https://crm.example.com/auth/login?firstLogin={first_login}&lang=en&source=Web&theme=light"


def test_the_platforms_are_named_as_the_contract_does():
    """Section 7: the value is what a screen is told."""
    assert [platform.value for platform in Platform] == ["Web", "Android", "iOS", "MacOS", "Desktop"]
