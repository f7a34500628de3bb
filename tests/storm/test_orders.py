"""Invariants about accounts and money."""

import pytest

from mock_ctrader.journal.redaction import Secrets

WANTED = {"depositCurrency": "EUR", "hashedPassword": "one"}
PAID = {"login": 7, "type": "DEPOSIT", "preciseAmount": "5.00", "externalId": "7-1"}
ACCOUNT, PAYMENT, MONEY = "one-account-per-order", "paid-once", "money-as-told"


@pytest.mark.parametrize("fault", ["lost-answer", "reset-after", "half-body", "garbled-json", "late-answer"])
def test_an_account_that_is_opened_again_for_one_form_is_found(journal, fault):
    """The first answer was not heard; what a second try says otherwise, its password, does not matter."""
    journal.visit("account", spans=2)
    journal.call("create_trader", WANTED, status=201, fault=fault)
    journal.call("create_trader", {**WANTED, "hashedPassword": "two"}, status=201)
    assert journal.numbers(ACCOUNT) == [[2, 3]]


@pytest.mark.parametrize("fault", ["server-error", "unavailable", "", "token-invalid"])
def test_what_was_not_done_may_be_tried_again(journal, fault):
    """Nothing was opened the first time; and what was heard may be done twice on purpose."""
    journal.visit("account", spans=2)
    journal.call("create_trader", WANTED, status=500 if fault else 201, fault=fault)
    journal.call("create_trader", WANTED, status=201)
    assert journal.numbers(ACCOUNT) == []


def test_the_next_form_is_another_order(journal):
    """The trader was told that it is open, and tried again."""
    for fault in ("lost-answer", ""):
        journal.visit("account", spans=1, order=fault)
        journal.call("create_trader", WANTED, status=201, fault=fault)
    assert journal.numbers(ACCOUNT) == []


def test_another_account_is_another_matter(journal):
    """In another currency, or of another journey."""
    journal.visit("account", spans=2)
    journal.call("create_trader", WANTED, status=201, fault="lost-answer")
    journal.call("create_trader", {**WANTED, "depositCurrency": "USD"}, status=201)
    journal.journey = "another"
    journal.call("create_trader", WANTED, status=201)
    assert journal.numbers(ACCOUNT) == []


def test_calls_of_nobody_are_nobody_s_second_try(journal):
    """Where it cannot be told whose they are."""
    journal.journey = ""
    journal.call("create_trader", WANTED, status=201, fault="lost-answer")
    journal.call("create_trader", WANTED, status=201)
    assert journal.numbers(ACCOUNT) == []


def test_a_payment_that_is_made_again_behind_the_trader_s_back_is_found(journal):
    """No form is being worked on; the same amount goes to the same account."""
    journal.visit(spans=1)
    journal.call("change_balance", PAID, fault="lost-answer")
    journal.call("change_balance", {**PAID, "externalId": "7-2"})
    assert journal.numbers(PAYMENT) == [[2, 3]]


def test_a_payment_with_the_same_number_is_the_same(journal):
    """Though another form was sent."""
    journal.visit(spans=1, payment="1")
    journal.call("change_balance", PAID, fault="half-body")
    journal.visit(spans=1, payment="2")
    journal.call("change_balance", PAID)
    assert journal.numbers(PAYMENT) == [[2, 4]]


def test_the_same_amount_in_the_next_form_is_another_payment(journal):
    """With a number of its own, or without any."""
    for number in ("7-1", "7-2"):
        journal.visit(spans=1, payment=number)
        journal.call("change_balance", {**PAID, "externalId": number}, fault="lost-answer")
    journal.visit(spans=1, payment="3")
    journal.call("change_balance", {key: PAID[key] for key in ("login", "type", "preciseAmount")})
    assert journal.numbers(PAYMENT) == []


@pytest.mark.parametrize("fault", ["form-sent-twice", "form-sent-again"])
def test_a_form_that_was_sent_twice_pays_once(journal, fault):
    """Whatever answer came to the first."""
    journal.visit(spans=1, payment="1", fault=fault)
    journal.call("change_balance", PAID)
    journal.visit(spans=1, payment="1")
    journal.call("change_balance", PAID)
    assert journal.numbers(PAYMENT) == [[2, 4]]


def test_an_answer_out_of_a_queue_moved_nothing(journal):
    """The plant never saw the call."""
    journal.visit(spans=2)
    journal.call("change_balance", PAID, fault="lost-answer", facts=(("enqueued", "true"),))
    journal.call("change_balance", PAID)
    assert journal.numbers(PAYMENT) == []


def test_a_payment_that_is_called_made_is_made(journal):
    """The success URL without any change of the balance is a lie."""
    journal.visit(spans=1, succeeded="true")
    journal.call("change_balance", PAID, status=500, fault="server-error")
    assert journal.numbers(MONEY) == [[1]]
    journal.call("change_balance", PAID)
    assert journal.numbers(MONEY) == []


@pytest.mark.parametrize(("fault", "found"), [("", [[1, 2]]), ("lost-answer", [])])
def test_a_payment_that_is_refused_is_not_made(journal, fault, found):
    """Where nothing went wrong, a page that refuses it says the truth."""
    journal.visit(spans=1, status=422)
    journal.call("change_balance", PAID, fault=fault)
    journal.step = 2
    journal.call("change_balance", PAID)
    assert journal.numbers(MONEY) == found


def test_a_page_in_between_says_nothing_yet(journal):
    """It is neither the success URL nor a refusal."""
    journal.visit(spans=1, status=200)
    journal.call("change_balance", PAID)
    assert journal.numbers(MONEY) == []


def test_who_is_sent_on_with_an_account_can_see_it(journal):
    """An account that was opened and not linked is found, unless the page did not call it open."""
    journal.visit("login", spans=2, succeeded="true")
    journal.call("create_trader", WANTED, status=201)
    journal.call("link_trader", {"traderLogin": 7}, status=400)
    assert journal.numbers("account-has-link") == [[2]]
    journal.call("link_trader", {"traderLogin": 7})
    assert journal.numbers("account-has-link") == []


@pytest.mark.parametrize("fields", [{"succeeded": "true", "later": "true"}, {"status": 502}])
def test_without_an_account_there_is_nothing_to_see(journal, fields):
    """It was put off, or refused."""
    journal.visit("login", spans=1, **fields)
    if "status" in fields:
        journal.call("create_trader", WANTED, status=201)
    assert journal.numbers("account-has-link") == []


HOOK = {"invitedUserId": 1, "partnerUserId": 2, "brokerName": "BESTBROKER"}


def test_a_webhook_that_comes_again_pays_no_bonus_again(journal):
    """The same ids, the same effect: once."""
    for _ in range(2):
        journal.call("attribution_webhook", HOOK)
        journal.entries[-1] = spanning(journal.entries[-1])
        journal.call("change_bonus", PAID)
    assert journal.numbers("webhook-has-one-effect") == [[1, 3, 2, 4]]


def test_webhooks_with_other_ids_have_their_own_effects(journal):
    """And one that came once may do what it likes."""
    for number in (1, 2):
        journal.call("attribution_webhook", {**HOOK, "invitedUserId": number})
        journal.entries[-1] = spanning(journal.entries[-1])
        journal.call("change_bonus", PAID)
    journal.call("attribution_webhook", {**HOOK, "invitedUserId": 2})
    assert journal.numbers("webhook-has-one-effect") == []


def spanning(entry):
    from msgspec.structs import replace

    return replace(entry, last=entry.number + 1)


def test_a_breach_is_told_with_its_exchanges(journal):
    """Masked, and with the journeys that it belongs to."""
    journal.visit("account", spans=2)
    journal.call("create_trader", WANTED, status=201, fault="lost-answer")
    journal.call("create_trader", WANTED, status=201)
    (breach,) = journal.broken(ACCOUNT)
    assert breach.journeys == ("deposit",)
    told = breach.told(Secrets()).splitlines()
    assert told[0] == "an account was opened for this order, and then the same once more:"
    assert told[1].startswith("  #2 ctrader") or "#2" in told[1]
