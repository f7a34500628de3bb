import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

DIGITS = {"EUR": (2, 2), "JPY": (2, 0), "BTC": (8, 8)}
"""Scale of the amounts of a currency, and the decimals that it really has."""


@pytest.fixture(scope="session")
def change():
    def change(backend, login, kind, precise, call="changebalance", **keys):
        more = "".join(f', "{key}": {json.dumps(value)}' for key, value in keys.items())
        body = f'{{"login": {login}, "type": "{kind}", "preciseAmount": {precise}{more}}}'
        return backend.ask("POST", f"/v2/webserv/traders/{login}/{call}", body)

    return change


@pytest.mark.parametrize(
    ("currency", "amount", "units", "digits"),
    [
        ("EUR", "150.50", 15050, 2),
        ("EUR", "0.07", 7, 2),
        ("JPY", "1000", 100000, 2),
        ("BTC", "0.12345678", 12345678, 8),
        ("ETH", "1e-8", 1, 8),
    ],
)
def test_a_deposit_is_scaled_by_the_digits_of_its_currency(
    backend, open_account, change, read, currency, amount, units, digits
):
    """The account says how many digits its whole numbers have."""
    login = open_account(backend, currency)
    answer = change(backend, login, "DEPOSIT", amount)
    assert [event.kind for event in answer.events] == ["balance_changed"]
    held = read(backend, login)
    assert (held["moneyDigits"], held["balance"], held["equity"], held["freeMargin"]) == (digits, units, units, units)


def test_credit_leaves_the_balance_alone(backend, open_account, change, read):
    """It moves the non-withdrawable bonus and the equity, and can be taken out again."""
    login = open_account(backend)
    change(backend, login, "DEPOSIT", "10")
    answer = change(backend, login, "DEPOSIT_NONWITHDRAWABLE_BONUS", "5")
    assert [(event.kind, event.login) for event in answer.events] == [("credit_changed", login)]
    assert set(json.loads(answer.response.body)) == {"balanceHistoryId"}
    held = read(backend, login)
    assert (held["balance"], held["nonWithdrawableBonus"], held["bonus"]) == (1000, 500, 0)
    assert (held["cashEquity"], held["equity"]) == (1000, 1500)
    assert change(backend, login, "WITHDRAW", "10.01").response.status == 400
    assert change(backend, login, "WITHDRAW_NONWITHDRAWABLE_BONUS", "5").response.status == 200
    assert read(backend, login)["nonWithdrawableBonus"] == 0


def test_a_change_is_dated(backend, open_account, change, read):
    """Registration stays where it was."""
    login = open_account(backend)
    registered, backend.now = backend.now, backend.now + 5000
    change(backend, login, "DEPOSIT", "10")
    held = read(backend, login)
    assert (held["registrationTimestamp"], held["lastUpdateTimestamp"]) == (registered, registered + 5000)


def test_an_account_lives_in_the_environment_it_was_opened_in(backend, new_trader):
    """Each environment has accounts of its own, under numbers of its own."""
    opened = json.loads(backend.ask("POST", "/v2/webserv/traders", new_trader, environment="live").response.body)
    path = f"/v2/webserv/traders/{opened['login']}"
    assert backend.ask("GET", path, environment="live").response.status == 200
    assert backend.ask("GET", path, environment="demo").response.status == 400


@pytest.mark.parametrize(("skips", "status", "balance"), [(None, 400, 1000), (False, 400, 1000), (True, 200, -500)])
def test_the_margin_check_can_be_skipped(backend, open_account, change, read, skips, status, balance):
    """WebServices 4.7: the balance may become negative then; the name of the key is assumed."""
    login = open_account(backend, balance=1000)
    assert change(backend, login, "WITHDRAW", "15", skipMarginCheck=skips).response.status == status
    assert read(backend, login)["balance"] == balance


def test_bonus_is_put_in_and_taken_out(backend, open_account, change, read):
    """WebServices 8.5: it shows as the bonus of the account, and both amounts are positive."""
    login = open_account(backend)
    answer = change(backend, login, "DEPOSIT", "12.50", "changebonus", comment="welcome", source="old", amount=1250)
    assert answer.response.status == 200
    assert [(event.kind, event.login) for event in answer.events] == [("bonus_changed", login)]
    record = backend.plant.history[-1]
    assert json.loads(answer.response.body) == {"bonusHistoryId": record.number}
    assert (record.kind, record.delta, record.comment, record.source) == ("BONUS_DEPOSIT", 1250, "welcome", "old")
    held = read(backend, login)
    assert (held["bonus"], held["balance"], held["nonWithdrawableBonus"], held["equity"]) == (1250, 0, 0, 0)
    assert change(backend, login, "WITHDRAW", "12.50", "changebonus").response.status == 200
    assert read(backend, login)["bonus"] == 0


def test_what_the_broker_noted_is_kept_with_the_change(backend, open_account, change):
    """WebServices 4.7: the keys of the example."""
    login = open_account(backend)
    noted = {"comment": "Test deposit", "externalId": "082123301", "externalNote": "New deposit!", "source": "One"}
    number = json.loads(change(backend, login, "DEPOSIT", "123.45", **noted).response.body)["balanceHistoryId"]
    (record,) = backend.plant.history
    assert (record.number, record.login, record.moment) == (number, login, backend.now)
    assert (record.comment, record.external_id, record.external_note, record.source) == tuple(noted.values())


def test_a_withdrawal_may_be_asked_for(backend, open_account, read):
    """WebServices 4.x: it is noted, and the money stays where it is."""
    login = open_account(backend, balance=1000)
    before = read(backend, login)
    body = {"login": str(login), "preciseAmount": "7.50", "comment": "rent"}
    answer = backend.ask("POST", f"/v2/webserv/traders/{login}/withdrawRequest", body)
    assert (answer.response.status, answer.response.body) == (204, b"")
    assert [(event.kind, event.login) for event in answer.events] == [("withdrawal_requested", login)]
    (wish,) = backend.plant.withdraw_requests
    assert (wish.login, wish.amount, wish.comment) == (login, 750, "rent")
    assert read(backend, login) == before


AMOUNTS = st.one_of(
    st.integers(0, 10**6).map(lambda number: f"{Decimal(number) / 100}"),
    st.integers(0, 10**10).map(lambda number: f"{Decimal(number).scaleb(-8):f}"),
    st.integers(-5, 1000).map(str),
    st.sampled_from(['"0.1"', "1e2", "1e999", "null", '"NaN"', "0.001"]),
)
KINDS = ["DEPOSIT", "WITHDRAW", "DEPOSIT_NONWITHDRAWABLE_BONUS", "WITHDRAW_NONWITHDRAWABLE_BONUS"]


@given(st.sampled_from(list(DIGITS)), st.lists(st.tuples(st.sampled_from(KINDS), AMOUNTS), max_size=20))
def test_money_is_conserved(make_backend, open_account, change, read, currency, changes):
    """In any order of changes an account holds what the accepted ones add up to, to the last digit."""
    backend = make_backend()
    login = open_account(backend, currency)
    held = {"": Decimal(0), "NONWITHDRAWABLE_BONUS": Decimal(0)}
    for kind, amount in changes:
        direction, _, what = kind.partition("_")
        answer = change(backend, login, kind, amount)
        if answer.response.status == 200:
            plain = Decimal(amount.strip('"'))
            assert plain > 0
            assert plain == round(plain, DIGITS[currency][1])
            held[what] += plain if direction == "DEPOSIT" else -plain
    shown, scale = read(backend, login), 10 ** DIGITS[currency][0]
    assert shown["balance"] == held[""] * scale >= 0
    assert shown["nonWithdrawableBonus"] == held["NONWITHDRAWABLE_BONUS"] * scale >= 0
    assert shown["equity"] == shown["balance"] + shown["nonWithdrawableBonus"]
