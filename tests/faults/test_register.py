"""Faults that are armed on a plant: which call is struck."""

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.errors import RequestError
from mock_ctrader.faults import Called, Faults, Side, parse


def call(endpoint: str = "create_trader", side: Side = Side.ANSWER, **where: object) -> Called:
    return Called(side=side, endpoint=endpoint, **where)  # type: ignore[arg-type]


def struck(faults: Faults, *calls: Called, now: int = 0) -> list[str]:
    """Feed calls, and name what struck each."""
    effects = [faults.strike(one, now) for one in calls]
    return [effect.fault.name if effect else "" for effect in effects]


@pytest.fixture
def faults() -> Faults:
    return Faults(Chance(1), "acme")


def test_strikes_the_call_that_is_counted(faults: Faults) -> None:
    """The second one of that endpoint, once; others do not count."""
    armed = faults.arm(parse("lost-answer:create_trader@2"))
    assert struck(faults, call(), call("create_user"), call(), call()) == ["", "", "lost-answer", ""]
    assert (armed.seen, armed.struck, faults.armed, faults.is_busy) == (2, 1, (), False)


def test_strikes_as_often_as_it_is_to(faults: Faults) -> None:
    """`times=2`, and `times=always`."""
    faults.arm(parse("server-error:create_trader times=2"))
    faults.arm(parse("unavailable:create_user times=always"))
    assert struck(faults, call(), call(), call()) == ["server-error", "server-error", ""]
    assert struck(faults, *[call("create_user")] * 3) == ["unavailable"] * 3
    assert [str(one.rule) for one in faults.armed] == ["unavailable:create_user times=always"]


def test_without_an_endpoint_any_call_is_struck_that_can_be(faults: Faults) -> None:
    """A rate limit knows no GET, and no call to the CRM."""
    faults.arm(parse("rate-limit times=always"))
    calls = [call("read_trader"), call("crm_logout", Side.CALL), call("change_balance")]
    assert struck(faults, *calls) == ["", "", "rate-limit"]


def test_of_two_rules_the_older_one_goes_first(faults: Faults) -> None:
    """The other one strikes the next call."""
    faults.arm(parse("lost-answer:create_trader"))
    faults.arm(parse("server-error"))
    assert struck(faults, call(), call(), call()) == ["lost-answer", "server-error", ""]


def test_a_step_is_named_by_number_or_title(faults: Faults) -> None:
    """Elsewhere nothing is struck."""
    faults.arm(parse("lost-answer step=3"))
    faults.arm(parse('half-body step="open account"'))
    elsewhere = call(journey="sign-up", step=2, title="sign up")
    there = call(journey="sign-up", step=3, title="open account")
    assert struck(faults, elsewhere, there, there, there) == ["", "lost-answer", "half-body", ""]


def test_a_journey_s_faults_strike_no_other(faults: Faults) -> None:
    """Calls that are everybody's, like the one for a token, count; and the faults go when the journey is over."""
    faults.arm(parse("lost-answer times=always"), journey="deposit")
    calls = [call(journey="sign-up"), call("manager_token"), call(journey="deposit")]
    assert struck(faults, *calls) == ["", "lost-answer", "lost-answer"]
    faults.leave("sign-up")
    assert faults.armed
    faults.leave("deposit")
    assert struck(faults, call(journey="deposit")) == [""]


def test_chance_comes_from_the_seed() -> None:
    """The same seed strikes the same calls, about as often as was said."""

    def hits(seed: int) -> list[str]:
        faults = Faults(Chance(seed))
        faults.arm(parse("lost-answer chance=0.25"))
        return struck(faults, *[call()] * 400)

    assert hits(1) == hits(1)
    assert hits(1) != hits(2)
    assert 60 < sum(map(bool, hits(1))) < 140


def test_who_has_not_struck_is_known(faults: Faults) -> None:
    """What is left to chance need not strike."""
    faults.arm(parse("lost-answer:create_user"))
    faults.arm(parse("half-body:create_trader times=2"))
    faults.arm(parse("server-error:link_trader chance=0.5"))
    assert struck(faults, call()) == ["half-body"]
    assert [str(one.rule) for one in faults.idle] == ["lost-answer:create_user"]


def test_maintenance_shuts_every_call_until_its_time_is_up(faults: Faults) -> None:
    """From the call that was named, on the plant's clock; calls to the CRM go on."""
    faults.arm(parse("maintenance:create_trader for=60s"))
    assert struck(faults, call("read_trader"), call()) == ["", "maintenance"]
    assert struck(faults, call("read_trader"), call("crm_logout", Side.CALL), now=59_999) == ["maintenance", ""]
    effect = faults.strike(call("read_trader"), 30_000)
    assert effect is not None
    assert (effect.seconds, effect.fact, faults.is_busy) == (30.0, ("fault", "maintenance"), True)
    assert struck(faults, call(), now=60_000) == [""]
    assert not faults.is_busy


def test_a_journey_s_maintenance_is_its_own(faults: Faults) -> None:
    """Another journey goes on; with the journey the window closes."""
    faults.arm(parse("maintenance"), journey="deposit")
    assert struck(faults, call(journey="deposit"), call(journey="sign-up")) == ["maintenance", ""]
    faults.leave("deposit")
    assert struck(faults, call(journey="deposit")) == [""]


def test_what_was_armed_is_taken_back(faults: Faults) -> None:
    """One rule by its number, or all; a maintenance ends with its rule."""
    first = faults.arm(parse("maintenance"))
    faults.arm(parse("lost-answer:create_user"))
    assert struck(faults, call()) == ["maintenance"]
    assert faults.disarm(first.number)
    assert not faults.disarm(first.number)
    assert struck(faults, call()) == [""]
    faults.arm(parse("maintenance times=2"))
    assert struck(faults, call()) == ["maintenance"]
    assert faults.clear() == 2
    assert (faults.armed, faults.is_busy) == ((), False)


def test_a_rule_for_another_plant_is_refused(faults: Faults) -> None:
    """It could never strike here."""
    assert faults.arm(parse("lost-answer plant=acme")).number == 1
    with pytest.raises(RequestError, match="can never strike: this is plant 'acme'"):
        faults.arm(parse("lost-answer plant=other"))


def test_a_call_that_the_edition_has_not_is_refused(faults: Faults) -> None:
    """Calls to the CRM are known in each; a rule without an endpoint strikes what there is."""
    with pytest.raises(RequestError, match="the plant's edition has no call 'find_user'"):
        faults.arm(parse("lost-answer:find_user"), known={"create_trader"})
    for rule in ("lost-answer", "lost-answer:create_trader", "duplicate:crm_logout"):
        faults.arm(parse(rule), known={"create_trader"})
    assert len(faults.armed) == 3
