"""A plant: all that one broker group runs, and the unit of isolation."""

from collections.abc import Iterable, Mapping

from mock_ctrader.chance import Chance
from mock_ctrader.plant import nicknames
from mock_ctrader.plant.ids import Ids
from mock_ctrader.plant.model import Broker, Currency, Group, Link, Manager, Trader, User

REGISTERS = ("managers", "users", "traders", "links")
"""Attributes of a plant that hold what it knows; all else is fixed when it is made, or found again from these."""


class Plant:
    """Everything that exists on one plant. What may happen to it is in the modules named after the things."""

    managers: dict[int, Manager]
    users: dict[int, User]
    traders: dict[int, Trader]
    links: dict[int, Link]

    def __init__(
        self,
        name: str,
        *,
        chance: Chance,
        environments: Iterable[str],
        brokers: Iterable[Broker],
        groups: Iterable[Group],
        currencies: Iterable[Currency],
        reserved_ids: Iterable[int] = (),
    ) -> None:
        self.name = name
        self.chance = chance
        self.environments = tuple(environments)
        self.brokers: Mapping[str, Broker] = {broker.name: broker for broker in brokers}
        self.groups: Mapping[str, Group] = {group.name: group for group in groups}
        self.currencies: Mapping[str, Currency] = {currency.name: currency for currency in currencies}
        self.managers = {}
        self.managers_by_token: dict[str, Manager] = {}
        self.users = {}
        self.users_by_email: dict[str, User] = {}
        self.nicknames: set[str] = set()
        self.traders = {}
        self.links = {}
        self.ids = Ids(chance.child("ids"), tuple(reserved_ids))

    @property
    def default_broker(self) -> Broker:
        """The broker meant where a call names none: the first of the plant."""
        return next(iter(self.brokers.values()))

    def crm_names(self) -> frozenset[str]:
        """Return the names of the CRMs that serve this plant's brokers."""
        return frozenset(broker.crm_name for broker in self.brokers.values())

    def brokers_of(self, crm_name: str) -> tuple[Broker, ...]:
        """Return the brokers that one CRM serves."""
        return tuple(broker for broker in self.brokers.values() if broker.crm_name == crm_name)

    def add_manager(
        self,
        login: int,
        password_hash: str,
        *,
        disabled_brokers: frozenset[str] = frozenset(),
        groups: frozenset[str] | None = None,
    ) -> Manager:
        """Give a person of the back office a login, or a new password: the token before it is worth nothing then.

        The token is drawn from the seed.
        """
        token = self.chance.child(f"manager/{login}/{password_hash}").uuid()
        manager = Manager(login, password_hash, token, disabled_brokers, groups)
        if login in self.managers:
            del self.managers_by_token[self.managers[login].token]
        self.managers[login] = manager
        self.managers_by_token[token] = manager
        return manager

    def add_user(self, user: User) -> None:
        """Enter a user into every register."""
        self.users[user.user_id] = user
        self.users_by_email[user.email] = user
        self.nicknames.add(nicknames.key(user.nickname))

    def add_trader(self, trader: Trader) -> None:
        """Enter a trading account."""
        self.traders[trader.login] = trader

    def add_link(self, link: Link) -> None:
        """Enter a link of user and account on both sides."""
        self.links[link.link_id] = link
        self.users[link.user_id].links.append(link)
        self.traders[link.login].link = link
