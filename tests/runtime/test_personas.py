"""The people who sign up."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from faker import Faker

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime import personas
from mock_ctrader.runtime.locales import LOCALES
from mock_ctrader.runtime.personas import make_persona
from mock_ctrader.scenario.vocabulary import PERSONA_FACTS

PATTERNS = {
    "en_US": r"\+1202555 01\d\d",
    "en_GB": r"\+447700900 \d{3}",
    "fr_FR": r"\+33639980 0\d\d",
    "de_DE": r"\+493023125 \d{3}",
    "es_ES": r"\+34 000000\d{3}",
}
"""Ranges that are set aside for fiction, and one that cannot be."""

EXPECTED = [
    "Helen",
    "Jimenez",
    "helen.jimenez.502343@example.com",
    "Aa1-CGzSAAN9fpqEid",
    "+12025550137",
    "US",
    "351 Bernard Streets",
    "Cliffordchester",
    "WY",
    "14858",
    "1967-08-22",
]


def test_there_are_people_of_at_least_ten_countries() -> None:
    """Each locale has a country of its own."""
    assert len({locale.country for locale in LOCALES.values()}) == len(LOCALES) >= 10


@pytest.mark.parametrize("name", LOCALES)
def test_a_person_is_of_the_country(name: str) -> None:
    """Phone and document are in the country's form, the e-mail is ASCII at an address that reaches nobody."""
    person = make_persona(Chance(3), name)
    assert (person.country, person.locale) == (LOCALES[name].country, name)
    assert re.fullmatch(r"[a-z.'-]+\.\d+@example\.com", person.email)
    form = re.escape(LOCALES[name].document).replace(r"\#", r"\d").replace(r"\?", "[A-Z]")
    assert re.fullmatch(form, person.document_id)
    assert re.fullmatch(r"\+\d{9,13}", person.phone)
    assert all((person.first_name, person.last_name, person.address, person.city, person.state, person.postal_code))


@pytest.mark.parametrize("name", PATTERNS)
def test_a_phone_reaches_nobody(name: str) -> None:
    """Whatever the seed."""
    pattern = PATTERNS[name].replace(" ", "")
    assert all(re.fullmatch(pattern, make_persona(Chance(seed), name).phone) for seed in range(20))


def test_a_name_without_letters_of_ascii_makes_a_mailbox_of_nobody() -> None:
    """Mail knows no other letters."""
    assert make_persona(Chance(3), "ja_JP").email.startswith("person.")


def test_the_people_of_a_seed_stay_who_they_are() -> None:
    """Recordings and printed timelines hold them."""
    assert list(make_persona(Chance(1)).facts().values()) == EXPECTED


def test_scenarios_know_what_they_always_knew() -> None:
    """The document is for tests that ask for it."""
    assert set(make_persona(Chance(1), "de_DE").facts()) == set(PERSONA_FACTS)


def test_an_unknown_locale_is_told() -> None:
    """With the nearest one."""
    with pytest.raises(SettingsError, match=r"there is no locale 'de_DF'. Did you mean 'de_DE'"):
        make_persona(Chance(1), "de_DF")


def test_two_threads_draw_the_people_that_each_would_draw_alone():
    """Simulators in threads of one process do not disturb each other's people."""

    def draw(seed):
        return [make_persona(Chance(seed + number)) for number in range(40)]

    with ThreadPoolExecutor(2) as threads:
        side_by_side = list(threads.map(draw, (1, 1000)))
    assert side_by_side == [draw(1), draw(1000)]


@pytest.mark.parametrize("name", LOCALES)
def test_names_and_addresses_are_drawn_as_faker_draws_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked up once, in place of anew at each draw, changes nobody."""
    ours = [make_persona(Chance(seed), name) for seed in range(30)]
    usual = Faker(name, use_weighting=False)
    for provider in usual.factories[0].get_providers():
        if name == "it_IT" and hasattr(provider, "cities"):  # Faker has these in another order in each process
            provider.cities = sorted(provider.cities)
    monkeypatch.setattr(personas, "_fakers", SimpleNamespace(of=lambda _: usual))
    assert [make_persona(Chance(seed), name) for seed in range(30)] == ours


def test_people_are_the_same_in_every_process() -> None:
    """Whatever order the process has for sets: Faker keeps the towns of Italy in one."""
    program = (
        "from mock_ctrader.chance import Chance; from mock_ctrader.runtime.personas import make_persona; "
        "print([make_persona(Chance(seed), 'it_IT') for seed in range(20)])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert "Persona(" in said.pop()
