"""Who may operate the simulator."""

import pytest
from msgspec.structs import replace

from mock_ctrader.runtime.access import KEY_LASTS, MOST, SESSION_LASTS, Access, cookie_name, is_local
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Headers, Request

HOST = "127.0.0.1:8765"
TOKEN = "open sesame"


@pytest.fixture
def access(clock: VirtualClock) -> Access:
    return Access(TOKEN, "127.0.0.1", clock)


def asked(*headers: tuple[str, str], method: str = "GET", host: str = HOST) -> Request:
    return Request(method, "/_mock/plants", headers=headers, host=host)


def cookie_of(access: Access, host: str = HOST) -> Headers:
    """Let a browser in; return the header that it sends from then on."""
    given = access.let_in(asked(host=host))
    return (("Cookie", f"theme=dark; {given.partition(';')[0]}"),)


@pytest.mark.parametrize(
    ("headers", "isin"),
    [
        ((("Authorization", f"Bearer {TOKEN}"),), True),
        ((("Authorization", f"bearer {TOKEN} "),), True),
        ((("Authorization", "Bearer wrong"),), False),
        ((("Authorization", f"Basic {TOKEN}"),), False),
        ((), False),
        ((("Cookie", "mock_ctrader_8765=guess"),), False),
        ((("Cookie", "mock_ctrader_8765"),), False),
    ],
)
def test_the_token_lets_in(access: Access, headers: Headers, isin: bool) -> None:
    """Whoever has the admin token may do everything; a guessed cookie opens nothing."""
    assert access.lets_in(asked(*headers, method="POST")) is isin


def test_a_browser_that_was_let_in_may_look(access: Access) -> None:
    """It sends the cookie back; the session is not the token, and the cookie is out of reach of scripts."""
    given = access.let_in(asked())
    assert given.startswith("mock_ctrader_8765=")
    assert given.endswith("; Path=/_mock/; Max-Age=43200; HttpOnly; SameSite=Strict")
    assert TOKEN not in given
    assert access.lets_in(asked(*cookie_of(access)))
    assert access.let_in(replace(asked(), scheme="https")).endswith("; Secure")


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ((("Origin", "http://127.0.0.1:8765"),), True),
        ((("Origin", "http://127.0.0.1:8765"), ("Sec-Fetch-Site", "same-origin")), True),
        ((("Sec-Fetch-Site", "same-origin"),), True),
        ((("Origin", "http://127.0.0.1:9000"), ("Sec-Fetch-Site", "same-site")), False),
        ((("Origin", "https://127.0.0.1:8765"),), False),
        ((("Origin", "null"),), False),
        ((("Sec-Fetch-Site", "same-site"),), False),
        ((("Sec-Fetch-Site", "none"),), False),
        ((), False),
    ],
)
def test_a_browser_changes_things_from_our_own_pages_alone(access: Access, headers: Headers, may: bool) -> None:
    """A page on another port of this machine is the same site, so the cookie comes with its requests as well."""
    for method in ("POST", "PUT", "DELETE"):
        assert access.lets_in(asked(*cookie_of(access), *headers, method=method)) is may


@pytest.mark.parametrize(("site", "may"), [("same-origin", True), ("none", True), ("same-site", False)])
def test_a_foreign_page_gets_nothing_to_read(access: Access, site: str, may: bool) -> None:
    """Data is for our pages, and for those who type the address."""
    assert access.lets_in(asked(*cookie_of(access), ("Sec-Fetch-Site", site))) is may


def test_a_key_opens_once(access: Access) -> None:
    """A link that was used, or guessed, opens nothing."""
    key = access.make_key()
    assert access.use_key(key)
    assert not access.use_key(key)
    assert not access.use_key("")


def test_keys_and_sessions_end(access: Access, clock: VirtualClock) -> None:
    """A key is good for ten minutes, a browser's session for half a day."""
    key, cookie = access.make_key(), cookie_of(access)
    clock.advance(KEY_LASTS)
    assert not access.use_key(key)
    assert access.lets_in(asked(*cookie))
    clock.advance(SESSION_LASTS - KEY_LASTS)
    assert not access.lets_in(asked(*cookie))


def test_the_oldest_session_makes_room(access: Access) -> None:
    """However many browsers are let in, so many are remembered."""
    cookies = [cookie_of(access) for _ in range(MOST + 1)]
    assert [access.lets_in(asked(*one)) for one in cookies] == [False] + [True] * MOST


def test_simulators_on_one_machine_have_cookies_of_their_own() -> None:
    """Browsers keep one machine's cookies together, whatever the port."""
    assert cookie_name(asked(host="127.0.0.1:1")) != cookie_name(asked(host="127.0.0.1:2"))
    assert cookie_name(asked(host="localhost")) == "mock_ctrader_web"


@pytest.mark.parametrize(
    ("host", "known"),
    [("127.0.0.1:1", True), ("[::1]:2", True), ("a.localhost", True), ("evil.example", False), ("[bad", False)],
)
def test_only_our_own_names_are_known(access: Access, host: str, known: bool) -> None:
    """A page that was rebound to us says its own name."""
    assert access.knows_host(host) is known
    assert Access(TOKEN, "mock.example").knows_host("mock.example:80")


def test_loopback_is_local() -> None:
    """Everything else is for others to reach."""
    assert is_local("localhost")
    assert not is_local("0.0.0.0")
