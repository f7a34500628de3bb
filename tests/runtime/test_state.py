"""What an operator does to a plant, asked as the admin API asks it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mock_ctrader.backend.sessions import Session
from mock_ctrader.errors import MockCTraderError, NotThere
from mock_ctrader.plant import managers, tokens
from mock_ctrader.plant.bulk import OPERATOR
from mock_ctrader.refusal import Refusal
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.snapshots import to_json
from mock_ctrader.runtime.state import State
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock

Answered = tuple[int, Mapping[str, Any]]
HASH = "0f94e246908667af85916300c57f74b6"


@pytest.fixture
def world(clock: VirtualClock) -> World:
    world = Simulator(Settings(port=0, seed=5), clock=clock).world()
    world.plant.traders[8673590].balance = 1_000_000
    return world


def ask(world: World, method: str, path: str, body: object = b"", **query: str) -> Answered:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = State(world).answer(method, path.split("/"), query, sent)
    assert answer is not None
    return answer


def everything(world: World) -> bytes:
    return to_json(world.plant, world.description, world.people)


def test_many_accounts_are_opened_at_once(world: World) -> None:
    """A count of one kind; every key has a default."""
    before = set(world.plant.traders)
    status, said = ask(world, "POST", "traders", {"count": 50, "balance": 700, "groupName": "DX_452"})
    logins = sorted(world.plant.traders.keys() - before)
    assert (status, said) == (201, {"count": 50, "first": logins[0], "last": logins[-1]})
    trader = world.plant.traders[logins[7]]
    assert (trader.environment, trader.broker, trader.group) == ("demo", "BESTBROKER", "DX_452")
    assert (trader.currency, trader.balance, trader.access_rights) == ("EUR", 700, "FULL_ACCESS")


def test_a_list_of_accounts_is_opened(world: World) -> None:
    """Each has its own terms, in the keys of the call that a broker makes; ``count`` is allowed in each."""
    wanted = [
        {"environment": "live", "depositCurrency": "BTC", "contactDetails": {"introducingBroker1": "P"}},
        {"name": "Ann", "isLimitedRisk": True, "swapFree": True, "count": 2},
    ]
    status, said = ask(world, "POST", "traders", wanted)
    first, second, third = (world.plant.traders[login] for login in said["logins"])
    assert (status, said["count"]) == (201, 3)
    assert (first.environment, first.money_digits, first.contact.introducing_broker1) == ("live", 8, "P")
    assert (second.name, second.limited_risk, second.swap_free) == ("Ann", True, True)
    assert replace(third, login=second.login) == second


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"groupName": "gone"}, "TRADER_GROUP_NOT_FOUND: no group 'gone'."),
        ([{}, {"groupName": "gone"}], "TRADER_GROUP_NOT_FOUND: no group 'gone'."),
        ([{}, {"grupName": "x"}], "there is no key '[1].grupName'. Did you mean 'group_name'?"),
        ({"environment": "dmeo"}, "there is no environment 'dmeo'. Did you mean 'demo'?"),
        ({"count": 0}, "INVALID_REQUEST: count: expected 1 to"),
        ({"count": "many"}, "'count': expected a whole number, got 'many'."),
        ({"accountType": "FLAT"}, "'accountType': expected one of HEDGED, NETTED, SPREAD_BETTING, got 'FLAT'."),
        (b"{", "the body is not JSON"),
        (b"5", "expected a table, got 5."),
    ],
)
def test_accounts_that_cannot_be_are_refused_together(world: World, body: object, message: str) -> None:
    """All of them or none: the ids that were given out come again."""
    before = everything(world)
    with pytest.raises(MockCTraderError) as caught:
        ask(world, "POST", "traders", body)
    assert message in str(caught.value)
    assert everything(world) == before


def test_users_are_listed_and_read(world: World) -> None:
    """All, some, by e-mail, or one by number."""
    status, said = ask(world, "GET", "users")
    assert (status, [user["userId"] for user in said["users"]], said["total"]) == (200, [10333, 10345533], 2)
    assert [user["userId"] for user in ask(world, "GET", "users", skip="1", limit="5")[1]["users"]] == [10345533]
    assert ask(world, "GET", "users", limit="0")[1] == {"users": [], "total": 2}
    assert ask(world, "GET", "users", email=" USER10333@example.com")[1]["total"] == 1
    assert ask(world, "GET", "users", email="nobody@example.com")[1] == {"users": [], "total": 0}
    assert ask(world, "GET", "users/10345533") == (
        200,
        {
            "userId": 10345533,
            "email": "user10345533@example.com",
            "nickname": "ctid10345533",
            "crmName": "BESTBROKERCRM",
            "created": world.clock.now(),
            "links": [{"linkId": 9017800, "userId": 10345533, "login": 8035344}],
            "sessions": 0,
        },
    )


def test_a_user_is_logged_out(world: World) -> None:
    """Every application of the user finds its session ended."""
    sessions = [Session(world.plant.users[10333]), Session(world.plant.users[10333])]
    for session in sessions:
        world.sessions.enter(session)
    assert ask(world, "POST", "users/10333/logout") == (200, {"userId": 10333, "sessionsEnded": 2})
    assert all(session.ended for session in sessions)
    assert ask(world, "POST", "users/10333/logout")[1]["sessionsEnded"] == 0


@pytest.mark.parametrize("body", [{}, {"login": 8035344}])
def test_a_token_is_issued_for_a_page_of_the_broker(world: World, body: dict[str, int]) -> None:
    """It can be redeemed, and is a secret."""
    status, said = ask(world, "POST", "users/10345533/inapp-token", body)
    redeemed = tokens.redeem(world.plant, OPERATOR, said["token"], world.clock.now())
    assert not isinstance(redeemed, Refusal)
    assert (status, redeemed.user.user_id, redeemed.login) == (201, 10345533, body.get("login"))
    assert said["token"] not in world.journal.secrets.mask(f"it is {said['token']}")


def test_a_manager_gets_another_password_or_another_token(world: World) -> None:
    """The token before is worth nothing (WebServices 2.2)."""
    first = managers.token_for(world.plant, 2309, HASH)
    assert ask(world, "POST", "managers/2309/revoke") == (200, {"login": 2309})
    second = managers.token_for(world.plant, 2309, HASH)
    assert ask(world, "POST", "managers/2309/password", {"hashedPassword": "other-hash"}) == (200, {"login": 2309})
    third = managers.token_for(world.plant, 2309, "other-hash")
    assert len({first, second, third}) == 3
    assert list(world.plant.managers_by_token).count(str(third)) == 1
    assert "other-hash" not in world.journal.secrets.mask("it is other-hash")


def test_positions_are_opened_and_closed(world: World) -> None:
    """Exact decimals, in parts, at a price or at the last one."""
    order = b'{"login": 8673590, "symbol": "EURUSD", "side": "BUY", "volume": 1000, "price": 1.1, "commission": 2.5}'
    status, said = ask(world, "POST", "positions", order)
    position = said["position"]
    assert (status, str(position["entryPrice"]), str(position["commission"])) == (201, "1.1", "2.5")
    path = f"positions/{position['positionId']}/close"
    status, deal = ask(world, "POST", path, b'{"volume": 400, "price": "1.2"}')
    assert (status, str(deal["part"]["volume"]), str(deal["closePrice"])) == (200, "400", "1.2")
    ask(world, "POST", path)
    assert not world.plant.positions


def test_margin_is_checked_unless_the_operator_says_otherwise(world: World) -> None:
    """Some tests need an account that is under water."""
    order = {"login": 9017800, "symbol": "EURUSD", "side": "BUY", "volume": 1000}
    with pytest.raises(MockCTraderError, match="NOT_ENOUGH_MONEY"):
        ask(world, "POST", "positions", order)
    assert ask(world, "POST", "positions", {**order, "checkMargin": False})[0] == 201


def test_prices_move(world: World) -> None:
    """All that are said at once."""
    status, said = ask(world, "PUT", "prices", b'{"EURUSD": 1.2345, "GBPUSD": "1.5"}')
    assert (status, said) == (200, {"EURUSD": "1.2345", "GBPUSD": "1.5"})
    assert str(world.plant.symbols["EURUSD"].price) == "1.2345"


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("PUT", "prices", {"EURUSD": 1.2, "NOSUCH": 1}, "NOSUCH"),
        ("PUT", "prices", {"EURUSD": 1.2, "GBPUSD": -1}, "GBPUSD: "),
        ("PUT", "prices", {"EURUSD": "much"}, "expected prices by symbol"),
        ("PUT", "prices", [], 'As in {"EURUSD": 1.0921}.'),
        ("POST", "positions", {}, "'login' is missing."),
        ("POST", "users/10333/inapp-token", {"login": 8035344}, "trader 8035344 is not linked to user 10333."),
        ("POST", "managers/2309/password", {}, "'hashedPassword' is missing."),
        ("POST", "managers/2309/password", b"\xff", "the body is not JSON"),
        ("GET", "users", b"", "there is no key 'emial'. Did you mean 'email'?"),
    ],
)
def test_what_cannot_be_is_refused(world: World, method: str, path: str, body: object, message: str) -> None:
    """The message says why, and nothing was changed."""
    before = everything(world)
    with pytest.raises(MockCTraderError) as caught:
        ask(world, method, path, body, **({"emial": "x"} if path == "users" else {}))
    assert message in str(caught.value)
    assert everything(world) == before


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("GET", "users/7", b"", "there is no user 7 on plant 'sandbox'."),
        ("GET", "users/ann", b"", "'ann' is no number."),
        ("GET", "users/" + "9" * 20, b"", "is no number."),
        ("POST", "users/7/logout", b"", "there is no user 7"),
        ("POST", "users/7/inapp-token", b"", "there is no user 7"),
        ("POST", "managers/7/revoke", b"", "there is no manager 7."),
        ("POST", "managers/7/password", {"hashedPassword": "h"}, "there is no manager 7."),
        ("POST", "positions/7/close", b"", "no position 7 is open on plant 'sandbox'."),
        (
            "POST",
            "positions",
            {"login": 7, "symbol": "EURUSD", "side": "BUY", "volume": 1},
            "TRADER_NOT_FOUND: no trader 7.",
        ),
    ],
)
def test_what_is_not_there_is_told(world: World, method: str, path: str, body: object, message: str) -> None:
    """Users, managers, accounts and positions."""
    with pytest.raises(NotThere) as caught:
        ask(world, method, path, body)
    assert message in str(caught.value)


@pytest.mark.parametrize(("method", "path"), [("GET", "traders"), ("POST", "users"), ("PUT", "prices/EURUSD")])
def test_what_is_no_operation(world: World, method: str, path: str) -> None:
    """Somebody else may know it."""
    assert State(world).answer(method, path.split("/"), {}, b"") is None
