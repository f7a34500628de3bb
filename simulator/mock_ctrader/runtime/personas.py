"""The people who sign up: Faker's, drawn from a seed, at addresses that reach nobody."""

import re
import threading
import unicodedata
from dataclasses import dataclass, fields
from functools import cache

from faker import Faker

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.runtime.locales import LOCALES, Locale
from mock_ctrader.scenario.vocabulary import PERSONA_FACTS

STANDARD = "en_US"


@dataclass(frozen=True, slots=True)
class Persona:
    """What a person enters in a form."""

    first_name: str
    last_name: str
    email: str
    password: str
    phone: str
    country: str
    """ISO 3166 alpha-2."""
    address: str
    city: str
    state: str
    postal_code: str
    birth_date: str
    """``yyyy-MM-dd``; of age everywhere."""
    document_id: str = ""
    """Of an identity document or a tax number, in the country's form."""
    locale: str = STANDARD

    def facts(self) -> dict[str, str]:
        """Return by name what scenarios know of a person."""
        return {name: getattr(self, name) for name in _FACTS}


_FACTS = tuple(field.name for field in fields(Persona) if field.name in PERSONA_FACTS)


def make_persona(chance: Chance, locale: str = STANDARD) -> Persona:
    """Draw a person of a locale. The e-mail holds a number, so that two people of one name differ.

    Raises:
        SettingsError: nobody of that locale is known.
    """
    if locale not in LOCALES:
        raise SettingsError(f"there is no locale '{locale}'.", cure=nearest(locale, list(LOCALES)))
    form, faker = LOCALES[locale], _fakers.of(locale)
    faker.seed_instance(chance.number())
    first, last = faker.first_name(), faker.last_name()
    return Persona(
        first_name=first,
        last_name=last,
        email=f"{_mailbox(first, last)}.{chance.integer(1000, 999_999)}@example.com",
        password=f"Aa1-{chance.token(14)}",
        phone=_phone(form, chance),
        country=form.country,
        address=faker.street_address(),
        city=faker.city(),
        state=_state(faker, locale),
        postal_code=faker.postcode(),
        birth_date=f"{chance.integer(1960, 1999)}-{chance.integer(1, 12):02d}-{chance.integer(1, 28):02d}",
        document_id=_filled(form.document, chance),
        locale=locale,
    )


def _make_faker(locale: str) -> Faker:
    return Faker(locale, use_weighting=False)


class _Fakers(threading.local):
    """Sources of names, which take longer to make than all else of a journey; each person seeds one anew.

    Simulators may run in threads of one process: what is seeded here is drawn from by nobody else.
    """

    def __init__(self) -> None:
        self.of = cache(_make_faker)


_fakers = _Fakers()


def _mailbox(first: str, last: str) -> str:
    """Return the name as mail knows it: letters of ASCII, or nobody's where there are none."""
    plain = unicodedata.normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z.'-]", "", plain)
    return found if re.search("[a-z]", found) else "person"


def _phone(form: Locale, chance: Chance) -> str:
    if form.country == "US":  # of the thousand numbers of its exchange a hundred are set aside
        return form.phone.replace("####", f"{chance.integer(100, 199):04d}")
    return _filled(form.phone, chance)


def _state(faker: Faker, locale: str) -> str:
    if locale == STANDARD:
        return str(faker.state_abbr(include_territories=False))
    return str(faker.administrative_unit()) if hasattr(faker, "administrative_unit") else ""


def _filled(pattern: str, chance: Chance) -> str:
    drawn = {"#": lambda: str(chance.integer(0, 9)), "?": lambda: chr(chance.integer(ord("A"), ord("Z")))}
    return "".join(drawn[sign]() if sign in drawn else sign for sign in pattern)
