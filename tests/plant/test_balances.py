from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant.balances import Change, change_balance, change_bonus, request_withdrawal, withdrawable
from mock_ctrader.plant.model import Movement, WithdrawRequest
from mock_ctrader.plant.money import LARGEST, to_amount
from mock_ctrader.plant.sandbox import CURRENCIES
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000


@pytest.mark.parametrize(
    ("currency", "changes", "balance", "credit"),
    [
        ("EUR", ["+123.45"], 12345, 0),
        ("EUR", ["+100", "-0.01"], 9999, 0),
        ("EUR", ["+100", "-100"], 0, 0),
        ("EUR", ["+100", "+5 credit"], 10000, 500),
        ("EUR", ["+5.5 credit", "-0.5 credit"], 0, 500),
        ("JPY", ["+1000", "-1"], 99900, 0),
        ("BTC", ["+0.12345678", "-0.00000001"], 12345677, 0),
    ],
)
def test_money_moves_by_whole_units(plant, open_trader, change, currency, changes, balance, credit):
    """Credit moves the non-withdrawable bonus and never the balance."""
    trader = open_trader(plant, currency=currency)
    numbers = [change_balance(plant, trader, change(one), NOW + 5) for one in changes]
    assert all(isinstance(number, int) for number in numbers)
    assert (trader.balance, trader.credit, trader.bonus) == (balance, credit, 0)
    assert (trader.registered, trader.updated) == (NOW, NOW + 5)


BAD_AMOUNTS = [
    ("EUR", "+0"),
    ("EUR", "+-1"),
    ("EUR", "--1"),
    ("EUR", "+0.001"),
    ("JPY", "+0.5"),
    ("BTC", "+0.000000001"),
    ("EUR", "+NaN"),
    ("EUR", "+Infinity"),
    ("EUR", "+1e30"),
    ("EUR", f"+{to_amount(LARGEST, 2)}"),
    ("EUR", f"+{to_amount(LARGEST - 499, 2)}"),
]
"""What no account takes, or none that holds 10 in money, 5 in credit and 5 in bonus."""


@pytest.mark.parametrize(
    ("currency", "wanted", "code"),
    [
        *((currency, wanted, Code.CHANGE_BALANCE_BAD_AMOUNT) for currency, wanted in BAD_AMOUNTS),
        ("EUR", f"+{to_amount(LARGEST, 2)} credit", Code.CHANGE_BALANCE_BAD_AMOUNT),
        ("EUR", "-10.01", Code.NOT_ENOUGH_MONEY),
        ("EUR", "-5.01 credit", Code.NOT_ENOUGH_MONEY),
    ],
)
def test_a_refused_change_moves_nothing(plant, open_trader, change, snapshot, currency, wanted, code):
    """Only positive amounts that the currency has and the account can hold are moved."""
    trader = open_trader(plant, currency=currency, balance=1000)
    trader.credit = 500
    before = snapshot(plant)
    refusal = change_balance(plant, trader, change(wanted), NOW + 5)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


def test_a_refused_withdrawal_says_what_there_is(plant, open_trader, change):
    """The description is in plain money."""
    refusal = change_balance(plant, open_trader(plant, balance=15050), change("-200"), NOW)
    assert refusal.description.endswith("has 150.50 EUR")


def test_without_the_margin_check_a_balance_may_become_negative(plant, open_trader):
    """WebServices 4.7: it may cause a negative balance, from which nothing more is to be had with the check."""
    trader = open_trader(plant, balance=1000)
    over = Change(Decimal("25.50"), withdraws=True, skips_margin_check=True)
    assert isinstance(change_balance(plant, trader, over, NOW), int)
    assert (trader.balance, withdrawable(plant, trader)) == (-1550, 0)
    refusal = change_balance(plant, trader, Change(Decimal("0.01"), withdraws=True), NOW)
    assert (refusal.code, refusal.description.endswith("has 0.00 EUR")) == (Code.NOT_ENOUGH_MONEY, True)


def test_credit_never_becomes_negative(plant, open_trader, snapshot):
    """The margin check is about money."""
    trader = open_trader(plant)
    before = snapshot(plant)
    over = Change(Decimal(1), withdraws=True, credit=True, skips_margin_check=True)
    assert change_balance(plant, trader, over, NOW).code is Code.NOT_ENOUGH_MONEY
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("balance", "credit", "amount", "keys"),
    [
        (-LARGEST, 0, 1, {"withdraws": True, "skips_margin_check": True}),
        (-LARGEST, LARGEST, 1, {"withdraws": False, "credit": True}),
        (LARGEST, 0, 1, {"withdraws": False}),
        (0, LARGEST, 1, {"withdraws": False}),
    ],
)
def test_no_number_of_an_account_leaves_the_wire(plant, open_trader, snapshot, balance, credit, amount, keys):
    """Balance, credit and equity stay within 64 bits."""
    trader = open_trader(plant)
    trader.balance, trader.credit = balance, credit
    before = snapshot(plant)
    refusal = change_balance(plant, trader, Change(Decimal(amount), **keys), NOW)
    assert refusal.code is Code.CHANGE_BALANCE_BAD_AMOUNT
    assert snapshot(plant) == before


def test_bonus_moves_by_itself(plant, open_trader, change):
    """WebServices 8.5: neither money nor credit moves with it."""
    trader = open_trader(plant, balance=1000)
    numbers = [change_bonus(plant, trader, change(one), NOW + 5) for one in ("+7.50", "-2.25")]
    assert (trader.bonus, trader.balance, trader.credit, trader.updated) == (525, 1000, 0, NOW + 5)
    assert len(set(numbers)) == 2


@pytest.mark.parametrize(
    ("currency", "wanted", "code"),
    [
        *((currency, wanted, Code.CHANGE_BALANCE_BAD_AMOUNT) for currency, wanted in BAD_AMOUNTS),
        ("EUR", "-5.01", Code.NOT_ENOUGH_MONEY),
    ],
)
def test_a_refused_change_of_bonus_moves_nothing(plant, open_trader, change, snapshot, currency, wanted, code):
    """Money does not stand in for bonus."""
    trader = open_trader(plant, currency=currency, balance=100000)
    trader.bonus = 500
    before = snapshot(plant)
    assert change_bonus(plant, trader, change(wanted), NOW + 5).code is code
    assert snapshot(plant) == before


def test_the_history_tells_what_moved_and_what_was_held_then(plant, open_trader):
    """Each record has the number that was answered, and what the broker noted."""
    trader = open_trader(plant)
    noted = {"comment": "Test deposit", "external_id": "082123301", "external_note": "New deposit!", "source": "One"}
    numbers = [
        change_balance(plant, trader, Change(Decimal("123.45"), withdraws=False, **noted), NOW),
        change_balance(plant, trader, Change(Decimal(5), withdraws=False, credit=True), NOW + 1),
        change_bonus(plant, trader, Change(Decimal(2), withdraws=False), NOW + 2),
        change_balance(plant, trader, Change(Decimal(1), withdraws=True, credit=True), NOW + 3),
        change_bonus(plant, trader, Change(Decimal(1), withdraws=True), NOW + 4),
        change_balance(plant, trader, Change(Decimal(3), withdraws=True), NOW + 5),
    ]
    assert [record.number for record in plant.history] == numbers
    assert plant.history[0] == Movement(
        number=numbers[0],
        login=trader.login,
        kind="DEPOSIT",
        delta=12345,
        balance=12345,
        credit=0,
        bonus=0,
        moment=NOW,
        **noted,
    )
    told = [(one.kind, one.delta, one.balance, one.credit, one.bonus, one.moment - NOW) for one in plant.history[1:]]
    assert told == [
        ("DEPOSIT_NONWITHDRAWABLE_BONUS", 500, 12345, 500, 0, 1),
        ("BONUS_DEPOSIT", 200, 12345, 500, 200, 2),
        ("WITHDRAW_NONWITHDRAWABLE_BONUS", -100, 12345, 400, 200, 3),
        ("BONUS_WITHDRAW", -100, 12345, 400, 100, 4),
        ("WITHDRAW", -300, 12045, 400, 100, 5),
    ]


def test_a_wish_for_money_is_noted_and_moves_nothing(plant, open_trader):
    """Not even the date of the account."""
    trader = open_trader(plant, balance=1000)
    wish = request_withdrawal(plant, trader, Decimal(10), "rent", NOW + 5)
    assert wish == WithdrawRequest(trader.login, 1000, NOW + 5, "rent")
    assert plant.withdraw_requests == [wish]
    assert (trader.balance, trader.updated, plant.history) == (1000, NOW, [])


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", Code.CHANGE_BALANCE_BAD_AMOUNT),
        ("0.001", Code.CHANGE_BALANCE_BAD_AMOUNT),
        ("10.01", Code.NOT_ENOUGH_MONEY),
    ],
)
def test_a_wish_for_what_cannot_be_had_is_refused(plant, open_trader, snapshot, amount, code):
    """It is checked as a withdrawal is."""
    trader = open_trader(plant, balance=1000)
    before = snapshot(plant)
    assert request_withdrawal(plant, trader, Decimal(amount), None, NOW).code is code
    assert snapshot(plant) == before


AMOUNTS = st.one_of(st.integers(-3, 2000).map(lambda n: Decimal(n) / 100), st.decimals())
CHANGES = st.tuples(st.sampled_from(["balance", "credit", "bonus"]), AMOUNTS, st.booleans(), st.booleans())


@given(st.sampled_from(CURRENCIES), st.lists(CHANGES, max_size=30))
def test_money_is_neither_made_nor_lost(make_plant, open_trader, currency, changes):
    """After any order of changes, accepted or refused, an account holds what was put in less what was taken out."""
    plant = make_plant(1)
    trader = open_trader(plant, currency=currency.name)
    held = dict.fromkeys(("balance", "credit", "bonus"), Decimal(0))
    numbers = []
    for what, amount, withdraws, skips in changes:
        wanted = Change(amount, withdraws=withdraws, credit=what == "credit", skips_margin_check=skips)
        answer = (change_bonus if what == "bonus" else change_balance)(plant, trader, wanted, NOW)
        if not isinstance(answer, Refusal):
            held[what] += -amount if withdraws else amount
            numbers.append(answer)
            assert held["balance"] >= 0 or not withdraws or skips or what != "balance"
    found = {what: to_amount(getattr(trader, what), trader.money_digits) for what in held}
    assert found == held
    assert min(trader.credit, trader.bonus) >= 0
    assert -LARGEST <= trader.funds <= LARGEST
    assert [record.number for record in plant.history] == numbers
    assert len(set(numbers)) == len(numbers)


def test_the_oldest_records_make_room(plant, open_trader, change):
    """A tenth more than the plant keeps is let in, then as many go as there are too many; they are counted."""
    plant.options = replace(plant.options, history_kept=10)
    trader = open_trader(plant)
    for number in range(1, 13):
        change_balance(plant, trader, change(f"+{number}"), NOW)
    assert (len(plant.history), plant.dropped) == (10, {"history": 2})
    assert plant.history[0].delta == 300
