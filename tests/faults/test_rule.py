"""Rules for faults, as one line of text."""

import pytest

from mock_ctrader.errors import RequestError
from mock_ctrader.faults import FAULTS, Side, parse


def test_reads_what_a_rule_says() -> None:
    """Fault, endpoint, ordinal and every word behind it."""
    rule = parse('late-answer:create_trader@2 times=3 chance=0.5 step="open account" plant=acme for=500ms')
    assert (rule.fault.name, rule.endpoint, rule.nth, rule.times) == ("late-answer", "create_trader", 2, 3)
    assert (rule.chance, rule.step, rule.plant, rule.seconds) == (0.5, "open account", "acme", 0.5)


@pytest.mark.parametrize("name", FAULTS)
def test_the_name_alone_is_a_rule(name: str) -> None:
    """It strikes the first call that it can strike, once."""
    rule = parse(name)
    assert (rule.endpoint, rule.nth, rule.times, rule.chance) == ("", 1, 1, 1.0)
    assert rule.seconds == FAULTS[name].seconds


def test_a_probable_fault_strikes_again_and_again() -> None:
    """`times` bounds it; without, every call is at risk."""
    assert parse("lost-answer chance=0.1").times is None
    assert parse("lost-answer chance=0.1 times=2").times == 2
    assert parse("lost-answer times=always").times is None


@pytest.mark.parametrize(
    "text",
    [
        "lost-answer",
        "lost-answer:create_trader@2",
        "maintenance:change_balance for=300s",
        "duplicate:crm_logout times=always",
        "server-error chance=0.25",
        "server-error times=4 chance=0.25",
        'platform-closed:deposit step="first deposit" plant=acme',
        "rate-limit:create_user@3 times=2 step=4",
    ],
)
def test_a_rule_is_written_as_it_is_read(text: str) -> None:
    """Its shortest form."""
    assert str(parse(text)) == text
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no rule for a fault. As in 'lost-answer:create_trader@2'"),
        ("lost-answer:", "no rule for a fault"),
        ("lost-answer:a:b", "no rule for a fault"),
        ("lost-anwser:create_trader", "there is no fault 'lost-anwser'. Did you mean 'lost-answer'?"),
        ("lost-answer:create_tradr", "there is no endpoint 'create_tradr'. Did you mean 'create_trader'?"),
        ("lost-answer:deposit", f"can never strike 'deposit': that is {Side.SCREEN}, not {Side.ANSWER}"),
        ("lost-answer:crm_logout", f"can never strike 'crm_logout'. It is for {Side.ANSWER}."),
        ("duplicate:create_trader", "can never strike 'create_trader'. It strikes crm_api_token, "),
        ("rate-limit:read_trader", "'rate-limit' can never strike 'read_trader'"),
        ("token-invalid:manager_token", "can never strike 'manager_token'"),
        ("platform-closed:create_trader", "can never strike 'create_trader'"),
        ("lost-answer@second", "must be a whole number from 1, not 'second'"),
        ("lost-answer@0", "must be a whole number from 1, not '0'"),
        ("lost-answer times=0", "must be a whole number from 1, not '0'"),
        ("lost-answer chance=0", "'chance' must be above 0 and up to 1, not '0'"),
        ("lost-answer chance=1.5", "not '1.5'"),
        ("lost-answer chance=often", "not 'often'"),
        ("lost-answer tims=2", "has no key 'tims'. Did you mean 'times'?"),
        ("lost-answer twice", "'twice' in 'lost-answer twice' is no key=value"),
        ("lost-answer times=", "'times=' in"),
        ("lost-answer times=1 times=2", "'times' stands twice"),
        ("lost-answer for=3s", "takes no time: 'for' means nothing to it"),
        ("late-answer for=3", "'for' must be a time up to 24h, not '3'. As in for=500ms."),
        ("late-answer for=25h", "not '25h'"),
        ("late-answer for=0s", "not '0s'"),
    ],
)
def test_what_cannot_strike_is_an_error(text: str, said: str) -> None:
    """It names what was probably meant, or whom the fault can strike."""
    with pytest.raises(RequestError) as refused:
        parse(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ['late-answer step="a\tb" plant="c d"', "late-answer chance=0.123456789", "late-answer for=1.23456789s"],
)
def test_nothing_is_lost_where_a_rule_is_written(text: str) -> None:
    """Blanks of any kind stay inside a value, and numbers keep their digits."""
    assert parse(str(parse(text))) == parse(text)
