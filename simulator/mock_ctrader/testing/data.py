"""What a test puts on its plant: people and accounts, positions, brokers, groups, currencies; seeded by the plant."""

from collections.abc import Callable
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any, TypeVar

from mock_ctrader.errors import RequestError
from mock_ctrader.plant import positions
from mock_ctrader.plant.bulk import OPERATOR, create_many
from mock_ctrader.plant.links import LinkWish, link_trader
from mock_ctrader.plant.market import Side
from mock_ctrader.plant.model import Broker, Contact, Currency, Group, Trader, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.positions import Execution
from mock_ctrader.plant.users import Registration, create_user
from mock_ctrader.refusal import Refusal
from mock_ctrader.runtime.description import CurrencyEntry, GroupEntry, PlantDescription, check
from mock_ctrader.runtime.personas import Persona, make_persona
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.wishes import TraderTemplate
from mock_ctrader.runtime.world import World
from mock_ctrader.testing.engine import Engine

T = TypeVar("T")


class Data:
    """Makes things on one plant. With the plant's seed the same things come in the same order."""

    def __init__(self, engine: Engine, world: World) -> None:
        self._engine = engine
        self._world = world

    @property
    def _plant(self) -> Plant:
        return self._world.plant

    def person(self, locale: str = "en_US") -> Persona:
        """Invent a person of a locale (``de_DE``); nobody comes twice. The plant does not know the person.

        Raises:
            SettingsError: nobody of that locale is known.
        """
        return self._engine.do(lambda: make_persona(self._world.next_person(), locale))

    def user(self, person: Persona | None = None, *, locale: str = "en_US", crm_name: str | None = None) -> User:
        """Enter a user, as ``create_user`` does: a new person if none is given.

        Raises:
            RequestError: the plant refuses.
        """
        who = person or self.person(locale)

        def create() -> User | Refusal:
            crm = crm_name or self._plant.default_broker.crm_name
            wanted = Registration(crm, who.email, first_name=who.first_name)
            return create_user(self._plant, OPERATOR, wanted, self._world.clock.now())

        return self._done(create)

    def trader(self, user: User | None = None, **terms: Any) -> Trader:
        """Open an account; ``terms`` are keys of ``create_trader`` (``group_name``, ``balance``) and ``environment``.

        With a ``user`` it is linked to that user.

        Raises:
            SettingsError: a key is unknown or holds something else than it should.
            RequestError: the plant refuses.
        """

        def create() -> Trader | Refusal:
            made = self._create(1, terms)
            if isinstance(made, Refusal) or user is None:
                return made if isinstance(made, Refusal) else made[0]
            (trader,) = made
            wish = LinkWish(trader.login, trader.password_hash, user.user_id, trader.environment, trader.broker)
            linked = link_trader(self._plant, OPERATOR, wish)
            return linked if isinstance(linked, Refusal) else trader

        return self._done(create)

    def traders(self, count: int, **terms: Any) -> list[Trader]:
        """Open many accounts that differ in their numbers only; see ``trader``.

        Raises:
            SettingsError: a key is unknown or holds something else than it should.
            RequestError: the plant refuses.
        """
        return self._done(lambda: self._create(count, terms))

    def account_of(self, person: Persona, **terms: Any) -> Trader:
        """Enter a person as a user with one account, which has the person's contact details.

        Raises:
            SettingsError: a key is unknown or holds something else than it should.
            RequestError: the plant refuses.
        """
        contact = Contact(
            address=person.address,
            city=person.city,
            document_id=person.document_id,
            email=person.email,
            phone=person.phone,
            state=person.state or None,
            zip_code=person.postal_code,
        )
        known = {"name": person.first_name, "last_name": person.last_name, "contact_details": asdict(contact)}
        return self.trader(self.user(person), **{**known, **terms})

    def position(
        self,
        trader: Trader,
        symbol: str = "EURUSD",
        side: Side = "BUY",
        volume: Decimal | str = "1000",
        *,
        price: Decimal | str | None = None,
        check_margin: bool = False,
    ) -> Execution:
        """Buy or sell for an account, at the last price if none is given; without a look at its margin by default.

        Raises:
            RequestError: the plant refuses.
        """
        at = None if price is None else Decimal(price)

        def open_it() -> Execution | Refusal:
            now, size = self._world.clock.now(), Decimal(volume)
            return positions.open_position(
                self._plant, trader.login, symbol, side, size, at, now, check_margin=check_margin
            )

        return self._done(open_it)

    def broker(self, name: str | None = None, *, crm_name: str | None = None) -> Broker:
        """Add a broker, or white label, of the first broker's CRM if none is named.

        Raises:
            SettingsError: there is one of that name.
        """
        name = name or f"BROKER{len(self._plant.brokers) + 1}"
        made = Broker(name, crm_name or self._plant.default_broker.crm_name)
        self._describe(lambda held: replace(held, brokers=(*held.brokers, made)))
        self._plant.brokers = {**self._plant.brokers, name: made}
        return made

    def group(self, name: str | None = None, *, description: str | None = None) -> Group:
        """Add a group of accounts.

        Raises:
            SettingsError: there is one of that name.
        """
        number = max((group.id for group in self._plant.groups.values()), default=0) + 1
        made = Group(number, name or f"Group{number}", description)
        entry = GroupEntry(name=made.name, id=number, description=description)
        self._describe(lambda held: replace(held, groups=(*held.groups, entry)))
        self._plant.groups = {**self._plant.groups, made.name: made}
        return made

    def currency(self, name: str, *, money_digits: int | None = None) -> Currency:
        """Add a deposit currency.

        Raises:
            SettingsError: there is one of that name, or it cannot have so many digits.
        """
        entry = CurrencyEntry(name=name, money_digits=money_digits)
        self._describe(lambda held: replace(held, currencies=(*held.currencies, entry)))
        self._plant.currencies = {**self._plant.currencies, name: entry.currency()}
        return entry.currency()

    def _create(self, count: int, terms: dict[str, Any]) -> list[Trader] | Refusal:
        wanted = read(TraderTemplate, terms, Source())
        return create_many(self._plant, wanted.opening(self._plant), count, self._world.clock.now())

    def _describe(self, change: Callable[[PlantDescription], PlantDescription]) -> None:
        changed = change(self._world.description)
        check(changed)
        self._world.description = changed

    def _done(self, work: Callable[[], T | Refusal]) -> T:
        found = self._engine.do(work)
        if isinstance(found, Refusal):
            raise RequestError(f"{found.code}: {found.description}.")
        return found
