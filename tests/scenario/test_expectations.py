"""Comparing what a step was to bring with what it brought."""

import pytest

from mock_ctrader.scenario import Call, Observation, ScreenOpened
from mock_ctrader.scenario.expectations import unmet
from mock_ctrader.scenario.references import Names

USER = Call("create_user", 201, request={"email": "a@b"}, answer={"userId": 7}, entry=1)
TRADER = Call("create_trader", 201, request={"depositCurrency": "USD"}, query={"token": "t"}, entry=2)
LINK = Call("link_trader", None, entry=3)
LOGIN = ScreenOpened("login", {"firstLogin": "true", "source": "iOS"}, entry=4)
SEEN = Observation(
    *((USER, TRADER, LINK), (LOGIN,), "open", True, {"balance": "0.00", "login": 5}),
    application={"path": "/info", "ribbons": [{"title": "Bonus"}]},
    page={"url": "https://example.com/", "links": {"invite": "https://example.com/i"}},
)


@pytest.fixture
def said(read):
    """What is said when a step expects something and this is observed."""

    def said(expect, observation=SEEN):
        (step,) = read(f"  - do: launch\n    expect: {expect}\n").steps
        names = Names({"amount": "20"}, observation.account or {})
        return [str(difference) for difference in unmet(step.expectation, observation, names.fill)]

    return said


MET = [
    "{}",
    "{calls: [create_user]}",
    "{calls: [create_user, link_trader]}",
    "{calls: [{call: create_user, status: 201, request: {email: a@b}, answer: {userId: {any: true}}}]}",
    "{calls: [{call: create_trader, query: {token: t}, status: {not: 200}}]}",
    "{calls: [{call: link_trader, status: {absent: true}}]}",
    "{never: [change_balance]}",
    "{refused: {absent: true}}",
    "{screen: {kind: login}}",
    "{application: {path: /info, ribbons: [{title: Bonus}], embedded: {absent: true}}}",
    "{page: {links: {invite: {any: true}}}}",
    "{screen: {kind: login, query: {source: '${trader.platform}'}}, session: open}",
    "{session: open, stored_token: true, account: {balance: 0, login: '${account.login}'}}",
]


@pytest.mark.parametrize("expect", MET)
def test_finds_nothing_where_all_is_as_expected(read, expect):
    """A step that brought what it was to bring has no differences."""
    (step,) = read(f"  - do: launch\n    expect: {expect}\n").steps
    names = Names({"trader.platform": "iOS"}, SEEN.account or {})
    assert unmet(step.expectation, SEEN, names.fill) == ()


UNMET = [
    ("{calls: []}", ["calls: expected no call at all, found create_user, create_trader, link_trader"]),
    ("{calls: [change_balance]}", ["calls: expected change_balance, found create_user, create_trader, link_trader"]),
    (
        "{calls: [link_trader, create_user]}",
        ["calls: expected create_user after link_trader, found create_user, create_trader, link_trader"],
    ),
    (
        "{calls: [create_user, create_user]}",
        ["calls: expected another create_user, found create_user, create_trader, link_trader"],
    ),
    (
        "{calls: [{call: create_trader, status: 200, request: {depositCurrency: EUR}}, link_trader]}",
        [
            "create_trader.status: expected 200, found 201 (journal entry 2)",
            "create_trader.request.depositCurrency: expected EUR, found USD (journal entry 2)",
        ],
    ),
    ("{calls: [{call: link_trader, status: 1}]}", ["link_trader.status: expected 1, found nothing (journal entry 3)"]),
    (
        "{calls: [{call: create_user, answer: {userId: {matches: '[a-z]+'}}}]}",
        ["create_user.answer.userId: expected a match of [a-z]+, found 7 (journal entry 1)"],
    ),
    ("{never: [create_trader]}", ["never: expected no create_trader, found create_trader (journal entry 2)"]),
    ("{screen: none}", ["screen: expected no screen, found login"]),
    ("{screen: {kind: deposit}}", ["screen: expected deposit, found login"]),
    (
        "{screen: {kind: login, query: {firstLogin: 'false', lang: en}}}",
        [
            "screen.login.query.firstLogin: expected false, found true (journal entry 4)",
            "screen.login.query.lang: expected en, found nothing (journal entry 4)",
        ],
    ),
    ("{session: none}", ["session: expected none, found open"]),
    ("{refused: {any: true}}", ["refused: expected something, found nothing"]),
    ("{refused: Wrong password}", ["refused: expected Wrong password, found nothing"]),
    ("{stored_token: false}", ["stored_token: expected false, found true"]),
    ("{account: {balance: '20'}}", ["account.balance: expected 20, found 0.00"]),
    (
        "{application: {path: /, ribbons: [{title: Gift}], accounts: []}}",
        [
            "application.path: expected /, found /info",
            "application.ribbons.0.title: expected Gift, found Bonus",
            "application.accounts: expected a list of 0, found nothing",
        ],
    ),
    ("{page: {links: {invite: x}}}", ["page.links.invite: expected x, found https://example.com/i"]),
    ("{account: {absent: true}}", ['account: expected nothing, found {"balance": "0.00", "login": 5}']),
]


@pytest.mark.parametrize(("expect", "differences"), UNMET)
def test_says_what_is_not_as_expected(said, expect, differences):
    """Each part of an expectation has its own words, and calls that came instead are named."""
    assert said(expect) == differences


def test_says_what_is_missing_where_nothing_happened(said):
    """A step that brought nothing at all is described as such."""
    expect = """{calls: [create_user], screen: {kind: login}, session: open, stored_token: true,
      account: {balance: 0}, application: {path: /}, page: {url: x}}"""
    assert said(expect, Observation()) == [
        "calls: expected create_user, found no call",
        "screen: expected login, found no screen",
        "session: expected open, found none",
        "stored_token: expected true, found false",
        "account: expected an object, found nothing",
        "application.path: expected /, found nothing",
        "page: expected an object, found nothing",
    ]


@pytest.mark.parametrize("rule", ["Wrong password", "{any: true}", "{matches: '(?i).*PASSWORD'}", "{not: x}"])
def test_compares_what_the_page_said(said, rule):
    """A refusal is a text, for which there are the rules of any value."""
    assert said(f"{{refused: {rule}}}", Observation(refused="Wrong password")) == []
    assert said("{refused: Too late}", Observation(refused="Wrong password")) == [
        "refused: expected Too late, found Wrong password"
    ]


def test_accepts_silence_where_silence_is_expected(said):
    """No call, no screen and no account can be expected."""
    assert said("{calls: [], screen: none, account: {absent: true}, page: {absent: true}}", Observation()) == []


def test_goes_on_behind_a_call_that_nearly_fitted(said):
    """A near miss counts as the call that was meant: what follows is looked for behind it."""
    first = Call("create_user", 400, entry=1)
    second = Call("create_user", 201, entry=3)
    calls = Observation((first, Call("link_trader", 200, entry=2), second))
    assert said("{calls: [{call: create_user, status: 500}, link_trader]}", calls) == [
        "create_user.status: expected 500, found 400 (journal entry 1)"
    ]


def test_takes_the_first_call_that_fits(said):
    """A later call of the same endpoint does for one that does not fit, wherever it stands."""
    calls = Observation((Call("create_user", 400), Call("create_user", 201), Call("link_trader", 200)))
    assert said("{calls: [{call: create_user, status: 201}, link_trader]}", calls) == []


def test_shows_the_nearest_of_several_misses(said):
    """Of several calls the one with the fewest differences explains the failure."""
    far = Call("create_user", 400, request={"email": "x"}, entry=1)
    near = Call("create_user", 201, request={"email": "x"}, entry=2)
    expect = "{calls: [{call: create_user, status: 201, request: {email: a@b}}]}"
    assert said(expect, Observation((far, near))) == [
        "create_user.request.email: expected a@b, found x (journal entry 2)"
    ]


def test_cuts_long_lists_of_calls_short(said):
    """A step with many calls names twenty of them."""
    (line,) = said("{calls: []}", Observation((USER,) * 25))
    assert line.endswith(", create_user and 5 more")
