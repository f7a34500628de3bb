from decimal import Decimal

import pytest

from mock_ctrader.plant.money import LARGEST
from mock_ctrader.plant.positions import (
    Costs,
    close_position,
    closed_of,
    has_open_positions,
    last_deal,
    open_of,
    set_price,
    within_reach,
)
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000
RICH = 10_000_000


def shown(positions):
    return [f"{one.side} {one.volume} {one.symbol} {one.entry_price.normalize():f}" for one in positions]


def held_by(plant, trader):
    return [position for _, position in open_of(plant, [trader])]


@pytest.mark.parametrize("account_type", ["HEDGED", "SPREAD_BETTING"])
def test_each_order_opens_a_position_of_its_own(plant, open_trader, order, account_type):
    """Hedged and spread-betting accounts hold both directions at once."""
    trader = open_trader(plant, account_type=account_type, balance=RICH)
    orders = ["BUY 1000 EURUSD 1.1", "BUY 1000 EURUSD 1.2", "SELL 0.01 BTCUSD 60000"]
    opened = [order(plant, trader, one).position for one in orders]
    assert shown(held_by(plant, trader)) == orders
    assert [plant.positions[one.position_id] for one in opened] == opened
    assert {one.spread_betting for one in opened} == {account_type == "SPREAD_BETTING"}
    assert trader.balance == RICH


@pytest.mark.parametrize(
    ("orders", "left", "closed"),
    [
        # WebServices 4.13, entryPrice: 50,000 at 1.2 and 20,000 at 1.3 are averaged over 70,000.
        (["BUY 50000 EURUSD 1.2", "BUY 20000 EURUSD 1.3"], ["BUY 70000 EURUSD 1.2285714286"], []),
        (["BUY 3 EURUSD 1.2", "SELL 1 EURUSD 1.3"], ["BUY 2 EURUSD 1.2"], ["BUY 1 EURUSD 1.2"]),
        (["SELL 3 EURUSD 1.2", "BUY 3 EURUSD 1.3"], [], ["SELL 3 EURUSD 1.2"]),
        (["SELL 3 EURUSD 1.2", "BUY 5 EURUSD 1.3"], ["BUY 2 EURUSD 1.3"], ["SELL 3 EURUSD 1.2"]),
        (["BUY 3 EURUSD 1.2", "SELL 1 GBPUSD 1.3"], ["BUY 3 EURUSD 1.2", "SELL 1 GBPUSD 1.3"], []),
    ],
)
def test_a_netted_account_has_one_direction_for_each_symbol(plant, open_trader, order, orders, left, closed):
    """An order the other way reduces, closes or reverses; one the same way adds at the average price."""
    trader = open_trader(plant, account_type="NETTED", balance=RICH)
    executions = [order(plant, trader, one) for one in orders]
    assert shown(held_by(plant, trader)) == left
    assert [deal for execution in executions for deal in execution.deals] == list(plant.deals.values())
    assert shown(deal.part for deal in plant.deals.values()) == closed
    assert executions[-1].position in [None, *held_by(plant, trader)]


def test_an_account_that_became_netted_closes_the_oldest_first(plant, open_trader, order):
    """Its type may have been changed while it held several positions."""
    trader = open_trader(plant, balance=RICH)
    for one in ("BUY 2 EURUSD 1.1", "SELL 1 EURUSD 1.1", "BUY 3 EURUSD 1.2"):
        order(plant, trader, one)
    trader.account_type = "NETTED"
    execution = order(plant, trader, "SELL 4 EURUSD 1.1")
    assert shown(deal.part for deal in execution.deals) == ["BUY 2 EURUSD 1.1", "BUY 2 EURUSD 1.2"]
    assert shown(held_by(plant, trader)) == ["SELL 1 EURUSD 1.1", "BUY 1 EURUSD 1.2"]


@pytest.mark.parametrize(
    ("currency", "bought", "price", "pnl"),
    [
        ("USD", "BUY 1000 EURUSD 1.1", "1.2", "100.00"),
        ("USD", "SELL 1000 EURUSD 1.1", "1.2", "-100.00"),
        ("EUR", "BUY 1000 EURUSD 1.1", "1.2", "90.91"),
        ("USD", "BUY 1000 USDJPY 150", "151", "6.70"),
        ("USD", "BUY 0.01 BTCUSD 60000", "60000.01", "0.00"),
        ("JPY", "BUY 1 EURUSD 1.1", "1.2", "15.00"),
        ("BTC", "SELL 1 BTCUSD 60000", "59999.4", "0.00001000"),
    ],
)
def test_what_a_deal_realises_moves_the_balance(plant, open_trader, order, currency, bought, price, pnl):
    """By the plant's fixed rates, rounded to what the deposit currency has: yen have no decimals."""
    trader = open_trader(plant, currency=currency, balance=10**14)
    position = order(plant, trader, bought).position
    deal = close_position(plant, position.position_id, None, Decimal(price), NOW + 5)
    assert str(deal.pnl) == pnl
    assert trader.balance == 10**14 + int(deal.pnl.scaleb(trader.money_digits))
    assert (trader.updated, deal.closed, deal.close_price) == (NOW + 5, NOW + 5, Decimal(price))


def test_commission_is_taken_off_and_swap_is_added(plant, open_trader, order):
    """Both are in USD, and net profit is what is left."""
    trader = open_trader(plant, currency="USD", balance=RICH)
    costs = Costs(commission=Decimal("1.69"), swap=Decimal("2.54"))
    position = order(plant, trader, "BUY 1000 EURUSD 1.1", costs=costs).position
    assert close_position(plant, position.position_id, None, Decimal("1.101"), NOW).pnl == Decimal("1.85")


def test_a_position_is_closed_in_parts(plant, open_trader, order):
    """Each part is a deal with its share of the costs; the position keeps its number, and nothing is lost."""
    trader = open_trader(plant, balance=RICH)
    costs = Costs(Decimal("1.00"), Decimal("-0.50"), Decimal("10.00"), "BOOK_A")
    number = order(plant, trader, "BUY 3000 EURUSD 1.1", costs=costs).position.position_id
    deals = [
        close_position(plant, number, volume, None, NOW + moment)
        for moment, volume in enumerate([Decimal(1000), Decimal("0.01"), None])
    ]
    parts = [deal.part for deal in deals]
    assert [part.volume for part in parts] == [Decimal(1000), Decimal("0.01"), Decimal("1999.99")]
    assert [part.commission for part in parts] == [Decimal("0.33"), Decimal("0.00"), Decimal("0.67")]
    assert (sum(part.swap for part in parts), sum(part.stake for part in parts)) == (costs.swap, costs.stake)
    assert {(part.position_id, part.book, part.opened) for part in parts} == {(number, "BOOK_A", NOW)}
    assert len({deal.deal_id for deal in deals}) == 3
    assert plant.positions == {}


def test_an_addition_brings_its_costs(plant, open_trader, order):
    """The costs of a netted position are those of all its orders; what only closes has none."""
    trader = open_trader(plant, account_type="NETTED", balance=RICH)
    costs = Costs(commission=Decimal("1.50"), stake=Decimal(2))
    for one in ("BUY 2 EURUSD 1.1", "BUY 2 EURUSD 1.1", "SELL 2 EURUSD 1.1"):
        order(plant, trader, one, costs=costs)
    [position], [deal] = plant.positions.values(), plant.deals.values()
    assert (position.commission, position.stake) == (deal.part.commission, deal.part.stake) == (Decimal("1.50"), 2)


def test_a_deal_is_in_the_history_of_the_account(plant, open_trader, order):
    """The balance moved, and the record says why."""
    trader = open_trader(plant, currency="USD", balance=RICH)
    position = order(plant, trader, "BUY 1000 EURUSD 1.1").position
    close_position(plant, position.position_id, None, Decimal("1.2"), NOW + 5)
    [movement] = plant.history
    assert (movement.kind, movement.login, movement.delta) == ("CLOSE_POSITION", trader.login, 10_000)
    assert (movement.balance, movement.moment) == (RICH + 10_000, NOW + 5)


def test_a_deal_tells_what_the_base_asset_was_worth(plant, open_trader, order):
    """WebServices 4.13: in the deposit currency and in USD, at the price of closing."""
    trader = open_trader(plant, currency="CHF", balance=RICH)
    position = order(plant, trader, "BUY 1000 AUDUSD 0.69999").position
    deal = close_position(plant, position.position_id, None, Decimal("0.70132"), NOW)
    assert (deal.usd_rate, deal.deposit_rate) == (Decimal("0.70132"), Decimal("0.63181982"))


def test_dealing_is_remembered_by_account(plant, open_trader, order):
    """WebServices 4.3: accounts are filtered by their last deal and by whether anything is open."""
    trader = open_trader(plant, balance=RICH)
    assert (last_deal(plant, trader.login), has_open_positions(plant, trader.login)) == (None, False)
    position = order(plant, trader, "BUY 1000 EURUSD").position
    assert (last_deal(plant, trader.login), has_open_positions(plant, trader.login)) == (NOW, True)
    close_position(plant, position.position_id, None, None, NOW + 9)
    assert (last_deal(plant, trader.login), has_open_positions(plant, trader.login)) == (NOW + 9, False)
    order(plant, trader, "BUY 1000 EURUSD", NOW - 7)
    assert last_deal(plant, trader.login) == NOW + 9
    assert (last_deal(plant, 1), has_open_positions(plant, 1)) == (None, False)


@pytest.mark.parametrize(
    ("wanted", "more", "code"),
    [
        ("BUY 1000 NOSUCH 1", {}, Code.INVALID_REQUEST),
        ("BUY 0 EURUSD 1.1", {}, Code.INVALID_REQUEST),
        ("BUY -1 EURUSD 1.1", {}, Code.INVALID_REQUEST),
        ("BUY 0.001 EURUSD 1.1", {}, Code.INVALID_REQUEST),
        ("BUY NaN EURUSD 1.1", {}, Code.INVALID_REQUEST),
        ("BUY 1000 EURUSD 0", {}, Code.INVALID_REQUEST),
        ("BUY 1000 EURUSD 1.123456", {}, Code.INVALID_REQUEST),
        ("BUY 1000 EURUSD 1", {"costs": Costs(commission=Decimal("0.001"))}, Code.INVALID_REQUEST),
        ("BUY 1000 EURUSD 1", {"costs": Costs(swap=Decimal("Infinity"))}, Code.INVALID_REQUEST),
        ("BUY 1000 EURUSD 1", {"costs": Costs(stake=Decimal("NaN"))}, Code.INVALID_REQUEST),
        ("BUY 1001 EURUSD 1.1", {}, Code.NOT_ENOUGH_MONEY),
        ("BUY 1000 EURUSD 1.101", {}, Code.NOT_ENOUGH_MONEY),
    ],
)
def test_a_refused_order_changes_nothing(plant, open_trader, order, snapshot, wanted, more, code):
    """The plant stays as it was, its next numbers included; ten euros are the margin of a thousand."""
    trader = open_trader(plant, balance=1000)
    before = snapshot(plant)
    refusal = order(plant, trader, wanted, **more)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


def test_an_order_may_tie_up_all_that_there_is(plant, open_trader, order):
    """Ten euros are enough for a thousand, nothing for more, unless the check is left out."""
    trader = open_trader(plant, balance=1000)
    assert order(plant, trader, "BUY 1000 EURUSD 1.1").position
    refusal = order(plant, trader, "BUY 0.60 EURUSD 1.1")
    assert refusal.description.endswith("would need 10.01 EUR of margin and be worth 10.00 EUR")
    assert order(plant, trader, "BUY 1000 EURUSD 1.1", check_margin=False).position


def test_an_order_that_frees_margin_is_let_through(plant, open_trader, order):
    """An account that lost everything may still reduce or reverse what it holds."""
    trader = open_trader(plant, account_type="NETTED", balance=1000)
    order(plant, trader, "BUY 1000 EURUSD 1.1")
    set_price(plant, "EURUSD", Decimal("0.5"), NOW)
    assert order(plant, trader, "BUY 1000 EURUSD 0.5").code is Code.NOT_ENOUGH_MONEY
    execution = order(plant, trader, "SELL 1500 EURUSD 0.5")
    assert (execution.position.side, execution.position.volume) == ("SELL", 500)
    assert trader.balance < 0


@pytest.mark.parametrize("rights", ["CLOSE_ONLY", "NO_TRADING", "NO_LOGIN"])
def test_only_full_access_opens(plant, open_trader, order, snapshot, rights):
    """What is open may still be closed for the holder."""
    trader = open_trader(plant, balance=RICH)
    position = order(plant, trader, "BUY 1000 EURUSD").position
    trader.access_rights = rights
    before = snapshot(plant)
    assert order(plant, trader, "BUY 1000 EURUSD").code is Code.NOT_ENOUGH_RIGHTS
    assert snapshot(plant) == before
    assert close_position(plant, position.position_id, None, None, NOW).part == position


def test_nobody_trades_without_an_account(plant, open_trader, order):
    """An account that was closed down is none."""
    trader = open_trader(plant)
    plant.remove_trader(trader)
    assert order(plant, trader, "BUY 1000 EURUSD").code is Code.TRADER_NOT_FOUND


@pytest.mark.parametrize(
    ("number", "volume", "price"),
    [
        (1, None, None),
        (0, "1000.01", None),
        (0, "0", None),
        (0, "0.001", None),
        (0, None, "0"),
        (0, None, "1.123456"),
    ],
)
def test_a_refused_closing_changes_nothing(plant, open_trader, order, snapshot, number, volume, price):
    """There must be such a position, and such a volume of it."""
    trader = open_trader(plant, balance=RICH)
    position = order(plant, trader, "BUY 1000 EURUSD").position
    before = snapshot(plant)
    refusal = close_position(
        plant, number or position.position_id, volume and Decimal(volume), price and Decimal(price), NOW
    )
    assert refusal.code is Code.INVALID_REQUEST
    assert snapshot(plant) == before


def test_no_profit_is_more_than_an_account_can_hold(plant, open_trader, order, snapshot):
    """The numbers of the wire end somewhere, on either side of zero."""
    trader = open_trader(plant, balance=LARGEST - 1, currency="USD", account_type="NETTED")
    position = order(plant, trader, "BUY 1000 EURUSD 1.1").position
    before = snapshot(plant)
    assert close_position(plant, position.position_id, None, Decimal(2), NOW).code is Code.INVALID_REQUEST
    assert order(plant, trader, "SELL 1000 EURUSD 2").code is Code.INVALID_REQUEST
    assert snapshot(plant) == before
    assert close_position(plant, position.position_id, None, Decimal(1), NOW).pnl == -100


def test_a_price_moves_only_to_what_a_price_can_be(plant, snapshot):
    """The symbol must exist, and the price be positive with its decimals."""
    before = snapshot(plant)
    for symbol, price in (("NOSUCH", "1"), ("EURUSD", "-1"), ("EURUSD", "1.000001"), ("EURUSD", "1e10")):
        assert set_price(plant, symbol, Decimal(price), NOW).code is Code.INVALID_REQUEST
    assert snapshot(plant) == before
    assert set_price(plant, "EURUSD", Decimal("1.2"), NOW) == plant.symbols["EURUSD"]
    assert plant.symbols["EURUSD"].price == Decimal("1.2")


def test_positions_are_shown_for_accounts_within_reach(plant, manager, clerk, open_trader, order):
    """By environment, group and broker; in the order of opening, whoever opened them."""
    wanted = ({}, {"group": "newGroup"}, {"broker": "WHITELABEL"}, {"environment": "live"}, {})
    accounts = [open_trader(plant, balance=RICH, **one) for one in wanted]
    opened = [order(plant, trader, "BUY 1000 EURUSD").position for trader in reversed(accounts)]
    opened.append(order(plant, accounts[-1], "BUY 2000 EURUSD").position)

    def found(who, environment):
        return [position for _, position in open_of(plant, within_reach(plant, who, environment, plant.positions_of))]

    assert found(manager, "demo") == [one for one in opened if one.login != accounts[3].login]
    assert [one.login for one in found(manager, "live")] == [accounts[3].login]
    assert {one.login for one in found(clerk, "demo")} == {accounts[0].login, accounts[4].login}


def test_deals_are_found_by_the_moment_of_closing(plant, open_trader, order):
    """The first moment counts in, the second out, however long ago the position was opened (WebServices 4.13)."""
    accounts = [open_trader(plant, balance=RICH) for _ in range(2)]
    for moment in (30, 10, 20, 20):
        position = order(plant, accounts[moment % 3 == 0], "BUY 1000 EURUSD", NOW - 10**9).position
        close_position(plant, position.position_id, None, None, NOW + moment)

    def found(start, end, who=accounts):
        return [deal.closed - NOW for _, deal in closed_of(plant, who, NOW + start, NOW + end)]

    assert found(0, 100) == [10, 20, 20, 30]
    assert found(10, 30) == [10, 20, 20]
    assert found(11, 20) == []
    assert found(0, 100, accounts[1:]) == [30]
    assert found(0, 100, [open_trader(plant)]) == []


def test_what_an_account_held_goes_with_it(plant, manager, open_trader, order):
    """Nothing of an account that was closed down is shown, and prices still move."""
    trader, other = (open_trader(plant, balance=RICH) for _ in range(2))
    position = order(plant, trader, "BUY 1000 EURUSD").position
    close_position(plant, position.position_id, Decimal(1), None, NOW)
    kept = order(plant, other, "BUY 1000 EURUSD").position
    plant.remove_trader(trader)
    assert plant.positions == {kept.position_id: kept}
    assert within_reach(plant, manager, "demo", plant.deals_of) == []
    assert set_price(plant, "EURUSD", Decimal(2), NOW).price == 2


def test_what_is_derived_can_be_found_again(plant, open_trader, order):
    """After a plant was filled from elsewhere, positions and deals are known by account as before."""
    for _ in range(2):
        trader = open_trader(plant, balance=RICH)
        numbers = [order(plant, trader, "BUY 1000 EURUSD").position.position_id for _ in range(2)]
        close_position(plant, numbers[0], Decimal(1), None, NOW)
        close_position(plant, numbers[1], None, None, NOW)
    known = plant.positions_of, plant.deals_of
    plant.positions_of, plant.deals_of = {}, {}
    plant.reindex()
    assert (plant.positions_of, plant.deals_of) == known
