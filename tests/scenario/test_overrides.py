"""Setting variables and facts from outside."""

import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.scenario import Actor, with_overrides


@pytest.fixture
def scenario(read):
    """A scenario with two variables, a text and a flag, and one actor."""
    return read("  - do: launch\n")


def test_sets_variables_and_facts(scenario):
    """Each setting goes where its name says; the scenario itself stays as it was."""
    changed = with_overrides(
        scenario,
        {
            "amount": "35",
            "keep": "false",
            "trader.email": "ann@example.com",
            "trader.city": "Leeds",
            "trader.platform": "Web",
            "trader.keep_logged_in": "false",
            "trader.language": "de",
            "trader.theme": "dark",
            "trader.identity": "handoff",
        },
    )
    assert changed.variables == {"amount": "35", "keep": False}
    assert changed.actors == {
        "trader": Actor(
            "trader", "Web", False, "de", "dark", {"email": "ann@example.com", "city": "Leeds"}, identity="handoff"
        )
    }
    assert scenario.variables == {"amount": "20", "keep": True}
    assert scenario.actors == {"trader": Actor("trader", "iOS")}
    assert with_overrides(scenario, {}) == scenario


KNOWN = (
    "Known: amount, keep, trader.address, trader.birth_date, trader.city, trader.country, trader.email, "
    "trader.first_name, trader.identity, trader.keep_logged_in, trader.language, trader.last_name, "
    "trader.password, trader.phone, trader.platform, trader.postal_code, trader.state, trader.theme."
)
REFUSED = [
    ("amuont", "1", f"The scenario 'sample' has no variable or fact 'amuont'. Did you mean 'amount'? {KNOWN}"),
    (
        "trader.emial",
        "1",
        f"The scenario 'sample' has no variable or fact 'trader.emial'. Did you mean 'trader.email'? {KNOWN}",
    ),
    ("x", "1", f"The scenario 'sample' has no variable or fact 'x'. {KNOWN}"),
    (
        "tradr.email",
        "1",
        f"The scenario 'sample' has no variable or fact 'tradr.email'. Did you mean 'trader.email'? {KNOWN}",
    ),
    ("keep", "yes", "'yes' is not one of its values. Known: false, true."),
    ("trader.platform", "IOS", "'IOS' is not one of its values. Did you mean 'iOS'?"),
    ("trader.identity", "so", "'so' is not one of its values. Did you mean 'sso'?"),
    ("trader.theme", "drak", "'drak' is not one of its values. Did you mean 'dark'?"),
    ("trader.keep_logged_in", "tru", "'tru' is not one of its values. Did you mean 'true'?"),
    ("trader.language", "German", "'German' is no language: two small letters."),
]


@pytest.mark.parametrize(("key", "value", "said"), REFUSED)
def test_refuses_what_cannot_be_set(scenario, key, value, said):
    """An unknown name or an unusable value is refused with what is known and what was probably meant."""
    with pytest.raises(SettingsError) as raised:
        with_overrides(scenario, {key: value})
    assert str(raised.value) == f"--set {key}: {said}"


def test_sets_a_person_in_one_place(read):
    """The same person on another device has a platform of its own there, and no facts."""
    text = """\
scenario: s
purpose: p
actors: {trader: , tablet: {person: trader}}
steps: [{do: launch, actor: trader}]
"""
    scenario = read(text=text)
    changed = with_overrides(scenario, {"tablet.platform": "iOS", "trader.email": "ann@example.com"})
    assert changed.actors["tablet"] == Actor("tablet", "iOS", person="trader")
    with pytest.raises(SettingsError) as raised:
        with_overrides(scenario, {"tablet.email": "x"})
    assert str(raised.value) == "--set tablet.email: 'tablet' is the same person as 'trader'. Set trader.email."
    with pytest.raises(SettingsError) as raised:
        with_overrides(scenario, {"tablet.emial": "x"})
    assert "tablet.theme" in str(raised.value)
    assert "tablet.email" not in str(raised.value)
