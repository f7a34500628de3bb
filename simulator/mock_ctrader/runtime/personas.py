"""The people who sign up: Faker's, drawn from a seed, at addresses that reach nobody."""

from dataclasses import asdict, dataclass

from faker import Faker

from mock_ctrader.chance import Chance


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

    def facts(self) -> dict[str, str]:
        """Return everything by name."""
        return asdict(self)


def make_persona(chance: Chance) -> Persona:
    """Draw a person. The e-mail holds a number, so that two people of one name differ."""
    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(chance.number())
    first, last = faker.first_name(), faker.last_name()
    return Persona(
        first_name=first,
        last_name=last,
        email=f"{first}.{last}.{chance.integer(1000, 999_999)}@example.com".lower(),
        password=f"Aa1-{chance.token(14)}",
        phone=f"+1202555{chance.integer(100, 199):04d}",  # a range set aside for fiction
        country="US",
        address=faker.street_address(),
        city=faker.city(),
        state=faker.state_abbr(include_territories=False),
        postal_code=faker.zipcode(),
        birth_date=f"{chance.integer(1960, 1999)}-{chance.integer(1, 12):02d}-{chance.integer(1, 28):02d}",
    )
