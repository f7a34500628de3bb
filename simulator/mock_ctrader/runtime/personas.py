"""The people who sign up: Faker's, drawn from a seed, at addresses that reach nobody."""

import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, cast

from faker import Faker
from faker.providers import BaseProvider

from mock_ctrader.chance import Chance, Draws
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


_TOKEN = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_UNORDERED = frozenset({"it_IT"})
"""Locales whose towns Faker keeps in a set: in another process they stand in another order."""
_OTHER_SIGN = re.compile("[%!@]")
"""What else Faker puts digits in the place of, or nothing."""
_FACTS = tuple(field.name for field in fields(Persona) if field.name in PERSONA_FACTS)


def make_persona(chance: Chance, locale: str = STANDARD) -> Persona:
    """Draw a person of a locale.

    Raises:
        SettingsError: nobody of that locale is known.
    """
    facts = draw_facts(chance, locale)
    return Persona(**facts, document_id=_filled(LOCALES[locale].document, chance), locale=locale)


def draw_facts(chance: Chance, locale: str = STANDARD) -> dict[str, str]:
    """Draw what scenarios know of a person. The e-mail holds a number, so that two people of one name differ.

    Raises:
        SettingsError: nobody of that locale is known.
    """
    if locale not in LOCALES:
        raise SettingsError(f"there is no locale '{locale}'.", cure=nearest(locale, list(LOCALES)))
    form, faker = LOCALES[locale], _fakers.of(locale)
    faker.seed_instance(chance.number())
    first, last = faker.first_name(), faker.last_name()
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{_mailbox(first, last)}.{chance.integer(1000, 999_999)}@example.com",
        "password": f"Aa1-{chance.token(14)}",
        "phone": _phone(form, chance),
        "country": form.country,
        "address": faker.street_address(),
        "city": faker.city(),
        "state": _state(faker, locale),
        "postal_code": faker.postcode(),
        "birth_date": f"{chance.integer(1960, 1999)}-{chance.integer(1, 12):02d}-{chance.integer(1, 28):02d}",
    }


def _make_faker(locale: str) -> Faker:
    """Return a source of names that draws as Faker does, at a third of the price.

    What Faker looks up anew at each draw, the parts of a pattern and the keys of a table, is looked up once.
    """
    generator = Faker(locale, use_weighting=False).factories[0]
    generator.random = draws = Draws()
    parsed: dict[str, list[str | Callable[[], object]]] = {}
    keys: dict[int, tuple[object, Sequence[Any]]] = {}

    def parse(text: str) -> str:
        parts = parsed.get(text)
        if parts is None:
            split = _TOKEN.split(text)
            parts = parsed[text] = [getattr(generator, part) if at % 2 else part for at, part in enumerate(split)]
        return "".join([part if isinstance(part, str) else str(part()) for part in parts])

    def random_element(elements: Iterable[Any]) -> Any:
        if isinstance(elements, tuple | list):
            return draws.choice(elements)
        if not isinstance(elements, OrderedDict):
            return draws.choice(tuple(elements))
        number = id(cast(object, elements))
        if number not in keys:
            keys[number] = elements, tuple(cast(Iterable[Any], elements))
        return draws.choice(keys[number][1])

    def numerify(text: str = "###") -> str:
        if _OTHER_SIGN.search(text):
            return BaseProvider.numerify(usual, text)
        return "".join([str(draws.randint(0, 9)) if sign == "#" else sign for sign in text])

    generator.parse = parse
    usual, *_ = generator.get_providers()
    for provider in generator.get_providers():
        provider.random_element, provider.numerify = random_element, numerify
        if locale in _UNORDERED and hasattr(provider, "cities"):
            provider.cities = sorted(provider.cities)
    return cast(Faker, generator)  # it has all that the class around it passes on


class _Fakers(threading.local):
    """Sources of names, which take longer to make than all else of a journey; each person seeds one anew.

    Simulators may run in threads of one process: what is seeded here is drawn from by nobody else.
    """

    def __init__(self) -> None:
        self.of = cache(_make_faker)


_fakers = _Fakers()


def _mailbox(first: str, last: str) -> str:
    """Return the name as mail knows it: letters of ASCII, or nobody's where there are none."""
    name = f"{first}.{last}"
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z.'-]", "", plain.lower())
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
    return "".join([_drawn(sign, chance) if sign in "#?" else sign for sign in pattern])


def _drawn(sign: str, chance: Chance) -> str:
    return str(chance.integer(0, 9)) if sign == "#" else chr(chance.integer(ord("A"), ord("Z")))
