"""Named checks across directions."""

import json

import pytest

from mock_ctrader.errors import NotOne
from mock_ctrader.journal import Step
from mock_ctrader.wire import Direction, Request, Response

STEP = Step("deposit", 3, "open account", "iOS")
OPENED = (("opened", "true"),)


@pytest.fixture
def played(journal, make_entry):
    """Record exchanges one after the other, and return them all."""

    def played(*exchanges):
        for changes in exchanges:
            standard = {"step": STEP, "request": None, "response": None}
            journal.record(make_entry(journal.begin(), **{**standard, **changes}))
        return journal.select()

    return played


def login(token="tok-en-one", **changes):
    facts = (("with", "OT token"), ("token", token)) if token else (("with", "access token"),)
    return {"direction": Direction.SESSION, "endpoint": "authorise", "facts": facts, **changes}


def asked(endpoint, body, status=200, answer=None, direction=Direction.TO_CRM, **changes):
    request = Request("POST", f"/{endpoint}", body=json.dumps(body).encode())
    response = Response(status, (), b"" if answer is None else json.dumps(answer).encode())
    return {"direction": direction, "endpoint": endpoint, "request": request, "response": response, **changes}


def exchange(code="tok-en-one", status=200, **changes):
    return asked("exchange_ot_token", {"code": code}, status, {"userId": 7}, **changes)


def screen(kind="deposit", facts=OPENED, **changes):
    request = Request("GET", f"/inapp/{kind}")
    return {"direction": Direction.SCREEN, "endpoint": kind, "request": request, "facts": facts, **changes}


def test_the_token_of_the_success_url_is_exchanged_once(played):
    """The exchanges are returned, one for each application that came with a token."""
    other = Step("deposit", 5, "log in", "Web")
    selection = played(
        screen("login"),
        login(),
        exchange(),
        screen(),
        screen(facts=()),
        login("", step=other),
        login("tok-en-two", step=other),
        exchange("tok-en-two", step=other),
        screen(step=other),
        login("tok-en-3"),
        exchange("tok-en-3"),
    )
    assert [entry.number for entry in selection.one_time_token_used_once()] == [3, 8, 11]


@pytest.mark.parametrize(
    ("exchanges", "said"),
    [
        ([login(""), screen()], ["expected an application that comes with the token of the success URL; none did"]),
        (
            [login(), exchange("another-token")],
            [
                "expected exchanges of tokens of a success URL only; others came:",
                "  #2 ctrader-to-crm exchange_ot_token POST /exchange_ot_token -> 200",
            ],
        ),
        (
            [login()],
            ["expected the token [otToken-1] of the success URL to be exchanged once; it was 0 times"],
        ),
        (
            [login(), exchange(), exchange(status=404)],
            [
                "expected the token [otToken-1] of the success URL to be exchanged once; it was 2 times:",
                "  #2 ctrader-to-crm exchange_ot_token POST /exchange_ot_token -> 200",
                "  #3 ctrader-to-crm exchange_ot_token POST /exchange_ot_token -> 404",
            ],
        ),
        (
            [login(), exchange(status=410)],
            [
                "expected the CRM to take the token [otToken-1] of the success URL:",
                "  #2 ctrader-to-crm exchange_ot_token POST /exchange_ot_token -> 410",
            ],
        ),
        (
            [screen(), login(), exchange()],
            [
                "expected the one-time token to be exchanged (#3) before any other screen opens:",
                "  #1 screen-to-crm deposit GET /inapp/deposit -> no response",
            ],
        ),
    ],
)
def test_a_token_that_went_astray_is_told(played, exchanges, said):
    """What is wrong comes in words, with the entries that show it, and without the token."""
    with pytest.raises(NotOne) as failure:
        played(*exchanges).one_time_token_used_once()
    assert str(failure.value).splitlines() == said


def issue(token):
    return asked("generate_ot_token", {"userId": 7}, answer={"token": token})


def redeem(token, status=200):
    return asked("redeem_inapp_token", {"token": token}, status, {"userId": 7}, Direction.TO_CTRADER)


def test_tokens_are_used_once(played):
    """A second use that is refused is as it should be; calls that say no token count for nothing."""
    played(
        exchange(),
        exchange(status=404),
        redeem("tok-en-two"),
        redeem("tok-en-two", 404),
        issue("tok-en-3"),
        issue("tok-en-4"),
        asked("exchange_ot_token", [1]),
        asked("exchange_ot_token", {}),
        asked("exchange_ot_token", {}),
    ).tokens_used_once()


@pytest.mark.parametrize(
    ("exchanges", "said", "numbers"),
    [
        ([exchange(), exchange()], "to be taken once; [otToken-1] was taken 2 times:", [1, 2]),
        (
            [redeem("tok-en-two"), exchange(), redeem("tok-en-two")],
            "taken once; [otToken-1] was taken 2 times:",
            [1, 3],
        ),
        ([issue("tok-en-3"), issue("tok-en-3")], "to be issued once; [otToken-1] was issued 2 times:", [1, 2]),
    ],
)
def test_a_token_that_is_used_twice_is_told(played, exchanges, said, numbers):
    """With every use of it."""
    with pytest.raises(NotOne) as failure:
        played(*exchanges).tokens_used_once()
    head, *listed = str(failure.value).splitlines()
    assert head.endswith(said)
    assert [line.split()[0] for line in listed] == [f"#{number}" for number in numbers]


def test_no_violations_lets_notes_pass(played, note):
    """Nobody is failed on what was only assumed."""
    played(asked("create_trader", {}, violations=(note,))).no_violations()


def test_violations_are_listed_with_their_clauses(played, breach, note):
    """Each exchange with what it broke, and where that is stated."""
    with pytest.raises(NotOne) as failure:
        played(asked("create_trader", {}, violations=(breach, note)), screen()).no_violations()
    assert str(failure.value).splitlines() == [
        "expected no violation; 1 exchange breaks the contract:",
        "  #1 ctrader-to-crm create_trader POST /create_trader -> 200",
        "      create_trader.request.groupName: expected a string, found 12 (documented, edition 2025, 3.2)",
    ]
    with pytest.raises(NotOne, match="2 exchanges break the contract"):
        played(asked("create_trader", {}, violations=(breach,))).no_violations()
