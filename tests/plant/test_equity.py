from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mock_ctrader.plant import equity
from mock_ctrader.plant.balances import Change, change_balance, withdrawable
from mock_ctrader.plant.equity import Standing, standing
from mock_ctrader.plant.money import LARGEST
from mock_ctrader.plant.positions import Costs, close_position, open_position, set_price
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000
DAY = 86_400_000


def test_an_account_without_positions_is_worth_its_money(plant, open_trader):
    """Credit is equity and can secure margin, but is not the holder's own (WebServices, section 3)."""
    trader = open_trader(plant, balance=1000)
    trader.credit = 250
    worth = standing(plant, trader, NOW)
    assert worth == Standing(1250, 0, 1250, 1000, 1250, 1250)
    assert (equity.unrealised(plant, trader), equity.used_margin(plant, trader)) == (0, 0)


def test_an_open_position_gains_and_ties_up(plant, open_trader, order):
    """A thousand euros at 1:100 tie up ten; a cent more for each is ten dollars, or 9.09 euros."""
    trader = open_trader(plant, balance=10_000)
    trader.credit = 500
    order(plant, trader, "BUY 1000 EURUSD 1.1")
    set_price(plant, "EURUSD", Decimal("1.11"), NOW)
    assert standing(plant, trader, NOW) == Standing(11_409, 1000, 10_409, 10_909, 10_500, 11_409)


def test_costs_are_part_of_what_is_gained(plant, open_trader, order):
    """Closing at the last price changes nothing in what an account is worth."""
    trader = open_trader(plant, balance=10_000, currency="USD")
    costs = Costs(commission=Decimal("1.69"), swap=Decimal("-0.31"))
    position = order(plant, trader, "SELL 1000 EURUSD 1.1", costs=costs).position
    assert equity.equity(plant, trader) == 9_800
    close_position(plant, position.position_id, None, None, NOW)
    assert equity.equity(plant, trader) == trader.balance == 9_800


@pytest.mark.parametrize(("calculation", "margin"), [("MAX", 3510), ("SUM", 5010), ("NET", 2010)])
def test_margins_of_a_symbol_are_combined(plant, open_trader, order, calculation, margin):
    """The larger side, both, or one less the other; symbols stand beside each other (WebServices, section 3)."""
    trader = open_trader(plant, balance=10**6, currency="USD", margin_calculation=calculation)
    for one in ("BUY 1000 EURUSD 1", "BUY 1000 EURUSD 2", "SELL 1500 EURUSD 1", "SELL 500 GBPUSD 1", "BUY 10 XAUUSD 1"):
        order(plant, trader, one)
    positions = equity.positions_of(plant, trader)
    each = [equity.position_margin(plant, trader, one) for one in positions]
    assert each == [1000, 2000, 1500, 500, 10]
    assert equity.used_margin(plant, trader) == margin


@pytest.mark.parametrize(("leverage", "margin"), [(100, 110_000), (1000, 11_000), (0, 110_000), (2**32 - 1, 0)])
def test_leverage_divides_the_margin(plant, open_trader, order, leverage, margin):
    """100 is 1:1, and so is none at all."""
    trader = open_trader(plant, balance=10**6, currency="USD", leverage_in_cents=leverage)
    order(plant, trader, "BUY 1000 EURUSD 1.1")
    assert equity.used_margin(plant, trader) == margin


def test_a_day_begins_at_midnight_with_what_the_account_was_worth(plant, open_trader, order):
    """Every change of price, position or balance counts, and what was before it (WebServices, section 3)."""
    trader = open_trader(plant, balance=10_000, currency="USD")
    midnight = NOW // DAY * DAY + DAY
    order(plant, trader, "BUY 1000 EURUSD 1.1")

    def seen(moment):
        worth = standing(plant, trader, moment)
        return worth.lowest, worth.equity, worth.highest

    for price in ("1.09", "1.12", "1.11"):
        set_price(plant, "EURUSD", Decimal(price), NOW)
    assert seen(NOW) == (9_000, 11_000, 12_000)
    assert seen(midnight - 1) == (9_000, 11_000, 12_000)
    assert seen(midnight) == (11_000, 11_000, 11_000)
    change_balance(plant, trader, Change(Decimal(5), withdraws=True), midnight + 1)
    assert seen(midnight + 2) == (10_500, 10_500, 11_000)


def test_another_symbol_s_price_is_no_matter(plant, open_trader, order):
    """Only those who hold a symbol are followed when it moves."""
    trader = open_trader(plant, balance=10_000)
    set_price(plant, "EURUSD", Decimal(2), NOW)
    assert trader.day == -1
    order(plant, trader, "BUY 1000 EURUSD")
    before = standing(plant, trader, NOW)
    set_price(plant, "GBPUSD", Decimal(2), NOW + DAY)
    assert (standing(plant, trader, NOW), trader.day) == (before, NOW // DAY)


@pytest.mark.parametrize(("side", "end"), [("BUY", LARGEST), ("SELL", -LARGEST)])
def test_what_is_shown_never_leaves_the_wire_s_numbers(plant, open_trader, order, side, end):
    """However far a price goes."""
    trader = open_trader(plant, currency="JPY")
    order(plant, trader, f"{side} 1000000000000 EURUSD 0.00001", check_margin=False)
    set_price(plant, "EURUSD", Decimal(10) ** 9, NOW)
    worth = standing(plant, trader, NOW)
    assert (worth.equity, worth.cash_equity, equity.unrealised(plant, trader)) == (end, end, end)
    assert abs(worth.free_margin) <= LARGEST


@pytest.mark.parametrize(
    ("price", "credit", "free"),
    [("1.1", 0, 9_000), ("1.2", 0, 10_000), ("1.2", 500, 10_000), ("1.05", 500, 4_500), ("1.001", 0, 0)],
)
def test_losses_and_margin_cannot_be_withdrawn(plant, open_trader, order, price, credit, free):
    """Of balance, cash equity and free margin the smallest may go (WebServices 4.7)."""
    trader = open_trader(plant, balance=10_000, currency="USD", leverage_in_cents=11_000)
    order(plant, trader, "BUY 1000 EURUSD 1.1")
    trader.credit = credit
    set_price(plant, "EURUSD", Decimal(price), NOW)
    assert withdrawable(plant, trader) == free
    more = Change(Decimal(free + 1) / 100, withdraws=True)
    assert change_balance(plant, trader, more, NOW).code is Code.NOT_ENOUGH_MONEY
    assert not isinstance(
        change_balance(plant, trader, Change(more.amount, withdraws=True, skips_margin_check=True), NOW), Refusal
    )


def test_credit_that_secures_positions_stays(plant, open_trader, order):
    """Unless the broker insists."""
    trader = open_trader(plant, balance=500, currency="USD", leverage_in_cents=11_000)
    trader.credit = 1000
    order(plant, trader, "BUY 1000 EURUSD 1.1")
    for amount, insists, refused in (("5.01", False, True), ("5", False, False), ("5", True, False), ("1", True, True)):
        change = Change(Decimal(amount), withdraws=True, credit=True, skips_margin_check=insists)
        assert isinstance(change_balance(plant, trader, change, NOW), Refusal) is refused
    assert trader.credit == 0


SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY")
TYPES = ("HEDGED", "NETTED", "SPREAD_BETTING")


class Account(RuleBasedStateMachine):
    """An account that is traded on at random, and books about it that are kept by other means."""

    make_plant = open_trader = None

    @initialize(
        currency=st.sampled_from(["EUR", "USD", "JPY", "BTC"]),
        account_type=st.sampled_from(TYPES),
        calculation=st.sampled_from(["MAX", "SUM", "NET"]),
    )
    def open_account(self, currency, account_type, calculation):
        self.plant, self.now = type(self).make_plant(1), NOW
        changes = {"account_type": account_type, "margin_calculation": calculation}
        self.trader = type(self).open_trader(self.plant, currency=currency, **changes)
        self.put_in = self.credit = 0
        self.net = dict.fromkeys(SYMBOLS, Decimal(0))
        self.worth = self.lowest = self.highest = 0

    @rule(
        symbol=st.sampled_from(SYMBOLS),
        side=st.sampled_from(["BUY", "SELL"]),
        cents=st.integers(1, 500_000),
        commission=st.integers(0, 500),
        check=st.booleans(),
    )
    def trade(self, symbol, side, cents, commission, check):
        costs = Costs(commission=Decimal(commission) / 100)
        volume = Decimal(cents) / 100
        answer = open_position(
            self.plant, self.trader.login, symbol, side, volume, None, self.now, costs=costs, check_margin=check
        )
        if not isinstance(answer, Refusal):
            self.net[symbol] += volume if side == "BUY" else -volume

    @rule(data=st.data(), whole=st.booleans())
    def close(self, data, whole):
        if self.plant.positions:
            number = data.draw(st.sampled_from(list(self.plant.positions)))
            cents = data.draw(st.integers(1, int(self.plant.positions[number].volume * 100)))
            deal = close_position(self.plant, number, None if whole else Decimal(cents) / 100, None, self.now)
            assert not isinstance(deal, Refusal)
            self.net[deal.part.symbol] -= deal.part.volume if deal.part.side == "BUY" else -deal.part.volume

    @rule(symbol=st.sampled_from(SYMBOLS), units=st.integers(50_000, 200_000))
    def move_price(self, symbol, units):
        digits = self.plant.symbols[symbol].digits
        set_price(self.plant, symbol, Decimal(units).scaleb(-digits), self.now)

    @rule(amount=st.integers(1, 10_000), withdraws=st.booleans(), credit=st.booleans(), insists=st.booleans())
    def move_money(self, amount, withdraws, credit, insists):
        change = Change(Decimal(amount), withdraws, credit, insists)
        free = withdrawable(self.plant, self.trader)
        answer = change_balance(self.plant, self.trader, change, self.now)
        units = int(change.amount.scaleb(self.trader.money_digits)) * (-1 if withdraws else 1)
        if isinstance(answer, Refusal):
            return
        if credit:
            self.credit += units
        else:
            assert insists or -units <= free
            self.put_in += units

    @rule(hours=st.integers(1, 30))
    def wait(self, hours):
        before, self.now = self.now, self.now + hours * 3_600_000
        if before // DAY != self.now // DAY:
            self.lowest = self.highest = self.worth

    @invariant()
    def books_agree(self):
        plant, trader = self.plant, self.trader
        shown = standing(plant, trader, self.now)
        realised = sum(int(deal.pnl.scaleb(trader.money_digits)) for deal in plant.deals.values())
        assert (trader.balance, trader.credit) == (self.put_in + realised, self.credit)
        gained = equity.unrealised(plant, trader)
        assert shown.equity == trader.balance + trader.credit + gained == equity.equity(plant, trader)
        assert shown.cash_equity == trader.balance + gained == equity.cash_equity(plant, trader)
        assert shown.free_margin == shown.equity - shown.used_margin == equity.free_margin(plant, trader)
        assert shown.used_margin == equity.used_margin(plant, trader) >= 0

    @invariant()
    def extremes_are_those_that_were_seen(self):
        shown = standing(self.plant, self.trader, self.now)
        self.worth = shown.equity
        self.lowest, self.highest = min(self.lowest, self.worth), max(self.highest, self.worth)
        assert (shown.lowest, shown.highest) == (self.lowest, self.highest)
        if not self.plant.positions:
            assert shown.used_margin == equity.unrealised(self.plant, self.trader) == 0

    @invariant()
    def margin_and_gain_are_as_by_fractions(self):
        plant, trader = self.plant, self.trader
        decimals = plant.currencies[trader.currency].decimals
        shown, into = standing(plant, trader, self.now), Fraction(plant.usd_rates[trader.currency])
        sides, gained = {}, Fraction(0)
        for one in plant.positions.values():
            symbol = plant.symbols[one.symbol]
            rate = Fraction(plant.usd_rates[symbol.quote]) / into
            both = sides.setdefault(one.symbol, {"BUY": Fraction(0), "SELL": Fraction(0)})
            both[one.side] += Fraction(one.volume) * Fraction(one.entry_price) * rate
            moved = Fraction(symbol.price - one.entry_price) * (1 if one.side == "BUY" else -1)
            gained += moved * Fraction(one.volume) * rate + Fraction(one.swap - one.commission) / into
        combine = {"MAX": max, "SUM": lambda a, b: a + b, "NET": lambda a, b: abs(a - b)}[trader.margin_calculation]
        margin = sum(combine(*both.values()) for both in sides.values()) * 100 / trader.leverage_in_cents
        step = 10 ** (trader.money_digits - decimals)
        for found, wanted in ((shown.used_margin, margin), (shown.cash_equity - trader.balance, gained)):
            assert abs(Fraction(found, step) - wanted * 10**decimals) <= len(plant.positions), (
                "a unit for each rounding"
            )

    @invariant()
    def positions_are_known_by_account_and_direction(self):
        held = list(self.plant.positions.values())
        assert self.plant.positions_of == ({self.trader.login: list(self.plant.positions)} if held else {})
        if self.trader.account_type == "NETTED":
            assert len({one.symbol for one in held}) == len(held)
        assert all(one.volume > 0 for one in held)
        for symbol, net in self.net.items():
            signed = [one.volume if one.side == "BUY" else -one.volume for one in held if one.symbol == symbol]
            assert sum(signed) == net


def test_the_books_of_an_account_always_agree(make_plant, open_trader):
    """After any trades, closings in parts, moves of price, money and credit: WebServices, section 3."""
    machine = type(
        "Books", (Account,), {"make_plant": staticmethod(make_plant), "open_trader": staticmethod(open_trader)}
    )
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))
