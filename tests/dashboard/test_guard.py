"""The door of the pages."""

import pytest

from mock_ctrader.dashboard.guard import Guard
from mock_ctrader.runtime.access import Access
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Headers, Request

HOST = "127.0.0.1:8765"


@pytest.fixture
def access(clock: VirtualClock) -> Access:
    return Access("open sesame", "127.0.0.1", clock)


@pytest.fixture
def guard(access: Access) -> Guard:
    return Guard(access)


def test_a_link_opens_once_and_leads_to_the_pages(access: Access, guard: Guard) -> None:
    """The browser gets a cookie; whoever finds the link later gets a page that says why not."""
    asked = Request("GET", "/_mock/open", f"key={access.make_key()}", host=HOST)
    opened = guard.open(asked)
    assert (opened.status, opened.header("Location")) == (303, "/_mock/")
    held = (("Cookie", (opened.header("Set-Cookie") or "").partition(";")[0]),)
    assert guard.lets_in(Request("GET", "/_mock/", headers=held, host=HOST))
    again = guard.open(asked)
    assert (again.status, again.header("Set-Cookie")) == (403, None)
    assert b"was used before" in again.body


def test_the_token_may_be_typed(guard: Guard) -> None:
    """A wrong one is told so."""
    entered = guard.enter(Request("POST", "/_mock/enter", body=b"token=open+sesame", host=HOST))
    assert (entered.status, bool(entered.header("Set-Cookie"))) == (303, True)
    refused = guard.enter(Request("POST", "/_mock/enter", body=b"token=guess", host=HOST))
    assert (refused.status, refused.header("Set-Cookie")) == (403, None)
    assert b"not the admin token" in refused.body


def test_strangers_see_the_door(guard: Guard) -> None:
    """A page asks for the token; data says what is missing."""
    page, data = (guard.refusal(Request("GET", "/_mock/", host=HOST), is_page=one) for one in (True, False))
    assert page is not None
    assert (page.status, b'action="/_mock/enter"' in page.body) == (401, True)
    assert data is not None
    assert (data.status, data.body) == (401, b"The admin token is missing or wrong.\n")


def test_a_foreign_name_is_refused_at_every_door(access: Access, guard: Guard) -> None:
    """A page that was rebound to us cannot use up a link."""
    key = access.make_key()
    asked = Request("POST", "/_mock/open", f"key={key}", body=b"token=open+sesame", host="evil.example")
    for answer in (guard.open(asked), guard.enter(asked), guard.refusal(asked)):
        assert answer is not None
        assert answer.status == 403
    assert not guard.lets_in(asked)
    assert access.use_key(key)


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ((), True),
        ((("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")), True),
        ((("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")), False),
        ((("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")), False),
    ],
)
def test_a_link_of_another_page_may_lead_to_ours(access: Access, guard: Guard, headers: Headers, opens: bool) -> None:
    """The reader comes along; nothing else of that page does."""
    cookie = ("Cookie", access.let_in(Request("GET", "/", host=HOST)).partition(";")[0])
    asked = Request("GET", "/_mock/", headers=(cookie, *headers), host=HOST)
    assert (guard.refusal(asked) is None) is opens
