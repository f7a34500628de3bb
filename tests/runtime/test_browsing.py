"""A plant's registers as tables."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_ctrader.backend.sessions import Session
from mock_ctrader.errors import NotThere, SettingsError
from mock_ctrader.plant import tokens
from mock_ctrader.plant.bulk import create_many
from mock_ctrader.plant.model import Link, Ribbon, Window
from mock_ctrader.runtime import browsing
from mock_ctrader.runtime.browsing import Browsing
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.wishes import TraderTemplate
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock


@pytest.fixture
def world(clock: VirtualClock) -> World:
    world = Simulator(Settings(port=0, seed=5), clock=clock).world()
    plant = world.plant
    plant.traders[8673590].balance = 1_234_550
    plant.add_link(Link(77, 10333, 8673590))
    return world


def ask(world: World, register: str = "", **query: str) -> Mapping[str, Any]:
    said = Browsing(world).answer("GET", [register] if register else [], query)
    assert said is not None
    return said[1]


def rows(world: World, register: str, **query: str) -> list[dict[str, Any]]:
    return list(ask(world, register, **query)["rows"])


def test_the_registers_are_counted(world: World) -> None:
    """A page offers them all, with how much is in each."""
    counts = ask(world)["registers"]
    assert list(counts) == ["users", "accounts", "links", "partners", "ribbons", "sessions", "tokens", "managers"]
    assert counts["users"] == len(world.plant.users)


def test_accounts_have_their_money_in_amounts(world: World) -> None:
    """Units become what a person reads."""
    (found,) = rows(world, "accounts", q="8673590")
    assert (found["balance"], found["credit"], found["currency"]) == ("12345.50", "0.00", "EUR")
    assert (found["userId"], found["leverage"]) == (10333, "1:100")


def test_users_and_their_links_are_found_by_text(world: World) -> None:
    """In any case of letters, in whichever cell."""
    (user,) = rows(world, "users", q="USER10333@")
    assert (user["userId"], user["accounts"], user["sessions"]) == (10333, "8673590", 0)
    links = rows(world, "links", q="77")
    assert {"ctidTraderAccountId": 77, "userId": 10333, "login": 8673590, "environment": "demo"} in links


def test_partners_of_users_and_of_accounts_are_told_apart(world: World) -> None:
    """Either level has its own."""
    world.plant.partners_of_users[10333] = "<b>partner</b>"
    world.plant.partners_of_accounts.update({77: "p2", 78: "p3"})
    assert rows(world, "partners") == [
        {"partnerId": "<b>partner</b>", "userId": 10333, "ctidTraderAccountId": None},
        {"partnerId": "p2", "userId": 10333, "ctidTraderAccountId": 77},
        {"partnerId": "p3", "userId": None, "ctidTraderAccountId": 78},
    ]
    assert ask(world)["registers"]["partners"] == 3


def test_ribbons_say_where_they_lead(world: World) -> None:
    """One row for each, with the user who sees it."""
    world.plant.ribbons[10333] = [Ribbon("#ff0000", "Hello", True, False, url_in_app="/action?token=abc")]
    (ribbon,) = rows(world, "ribbons")
    assert (ribbon["userId"], ribbon["title"], ribbon["enabled"]) == (10333, "Hello", True)
    assert ribbon["leadsTo"] == "/action?token=[token]"
    assert ask(world)["registers"]["ribbons"] == 1


def test_no_token_is_shown(world: World, clock: VirtualClock) -> None:
    """Those of sessions, of pages, of Copy widgets and of managers have placeholders."""
    plant = world.plant
    manager = next(iter(plant.managers.values()))
    world.sessions.enter(Session(plant.users[10333], "a secret token"))
    world.sessions.enter(Session(plant.users[10333], of_ctrader=True, brokers=("BESTBROKER",)))
    page = tokens.issue(plant, 10333, None, clock.now())
    code = tokens.create_copy_code(plant, manager, 10333, ["BESTBROKER"], clock.now())
    shown = str([ask(world, name) for name in ("sessions", "tokens", "managers", "users")])
    assert not [secret for secret in ("a secret token", page, str(code), manager.token) if secret in shown]
    assert manager.password_hash not in shown
    assert [one["inappToken"] for one in rows(world, "sessions")] == ["[inappToken]", ""]
    assert [one["token"] for one in rows(world, "tokens")] == ["[inappToken]", "[copyCode]"]
    assert rows(world, "users", q="10333@")[0]["sessions"] == 2


def test_managers_show_their_use_of_the_rate_limit(world: World) -> None:
    """How many calls of how many in this hour."""
    first, second = list(world.plant.managers.values())[:2]
    first.requests_per_hour = 10
    world.plant.windows[first.login] = Window(1_767_603_600_000, 3)
    shown = {one["login"]: one for one in rows(world, "managers")}
    assert shown[first.login]["callsThisHour"] == "3 of 10"
    assert shown[first.login]["hourBegan"] == "2026-01-05T09:00:00.000Z"
    assert shown[second.login]["callsThisHour"] == "unlimited"
    world.plant.windows.clear()
    assert {one["login"]: one for one in rows(world, "managers")}[first.login]["callsThisHour"] == "0 of 10"


def test_a_register_is_read_page_by_page(world: World) -> None:
    """Each page says where the next one begins, until all were seen."""
    create_many(world.plant, TraderTemplate().opening(world.plant), 450, 0)
    seen, at, pages = list[int](), 0, 0
    while at is not None:
        page = ask(world, "accounts", limit="1000", skip=str(at))
        seen += [one["login"] for one in page["rows"]]
        at, pages = page["next"], pages + 1
    assert seen == list(world.plant.traders)
    assert pages == 3


def test_a_search_looks_at_so_many_and_goes_on_from_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million accounts do not hold the simulator up."""
    create_many(world.plant, TraderTemplate().opening(world.plant), 50, 0)
    monkeypatch.setattr(browsing, "LOOKED_AT", 20)
    last = str(list(world.plant.traders)[-1])
    page = ask(world, "accounts", q=last)
    assert (page["rows"], page["next"]) == ([], 20)
    page = ask(world, "accounts", q=last, skip="40")
    assert [str(one["login"]) for one in page["rows"]] == [last]
    assert page["next"] is None


def test_what_is_no_register_is_said(world: World) -> None:
    """With the name that was probably meant."""
    with pytest.raises(NotThere, match="Did you mean 'users'"):
        ask(world, "user")
    with pytest.raises(SettingsError):
        ask(world, "users", limit="many")
    assert Browsing(world).answer("DELETE", ["users"], {}) is None
