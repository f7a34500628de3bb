"""A plant: all that one broker group runs, and the unit of isolation."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from mock_ctrader.chance import Chance
from mock_ctrader.plant import networks, nicknames
from mock_ctrader.plant.ids import Ids
from mock_ctrader.plant.market import Deal, Position, Symbol
from mock_ctrader.plant.model import (
    Attribute,
    Broker,
    Currency,
    Group,
    Invitation,
    Link,
    Manager,
    Movement,
    OneTimeToken,
    Ribbon,
    Trader,
    User,
    Window,
    WithdrawRequest,
)
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.rights import ALL_RIGHTS
from mock_ctrader.timing import Moment

REGISTERS = (
    "managers",
    "users",
    "traders",
    "links",
    "subaccounts",
    "history",
    "withdraw_requests",
    "symbols",
    "positions",
    "deals",
    "partners_of_users",
    "partners_of_accounts",
    "ribbons",
    "one_time_tokens",
    "invitations",
    "attributes",
    "windows",
)
"""Attributes of a plant that hold what it knows; all else is fixed when it is made, or found again from these."""


Witness = Callable[[str, tuple[Any, ...], Mapping[str, Any]], object]
"""Told the name of a deed, see ``deeds``, and what it was done with."""


class Plant:
    """Everything that exists on one plant. What may happen to it is in the modules named after the things."""

    managers: dict[int, Manager]
    users: dict[int, User]
    traders: dict[int, Trader]
    links: dict[int, Link]
    subaccounts: dict[int, list[int]]
    """Logins of the accounts that follow strategies for an account, by its login."""
    history: list[Movement]
    withdraw_requests: list[WithdrawRequest]
    symbols: dict[str, Symbol]
    positions: dict[int, Position]
    deals: dict[int, Deal]
    partners_of_users: dict[int, str]
    """``partnerId`` by ``userId``."""
    partners_of_accounts: dict[int, str]
    """``partnerId`` by ``ctidTraderAccountId``."""
    ribbons: dict[int, list[Ribbon]]
    """What is shown to each user who has any, by ``userId``."""
    one_time_tokens: dict[str, OneTimeToken]
    """By themselves, used ones too: a number of them makes the next one."""
    invitations: dict[int, Invitation]
    """By the ``userId`` of the invited."""
    attributes: dict[str, dict[int, dict[str, Attribute]]]
    """Labels by the kind of what has any (see ``attributes.Holders``), by its id, by their names."""
    windows: dict[int, Window]
    """The hour in which calls are counted, by the login of each manager who has a limit."""

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
        symbols: Iterable[Symbol] = (),
        usd_rates: Mapping[str, Decimal] | None = None,
        options: Options | None = None,
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
        self.registrations: dict[str, list[Trader]] = {name: [] for name in self.environments}
        """Accounts of each environment in the order of their registration, for those who ask for a span of it."""
        self.links = {}
        self.subaccounts = {}
        self.history = []
        self.withdraw_requests = []
        self.symbols = {symbol.name: symbol for symbol in symbols}
        self.usd_rates: Mapping[str, Decimal] = usd_rates or {}
        """What one unit of an asset is worth in USD."""
        self.positions = {}
        self.positions_of: dict[int, list[int]] = {}
        """Numbers of the open positions of each account that has any, by its login."""
        self.deals = {}
        self.deals_of: dict[int, list[int]] = {}
        """Numbers of the closing deals of each account that has any, by its login."""
        self.partners_of_users = {}
        self.partners_of_accounts = {}
        self.ribbons = {}
        self.one_time_tokens = {}
        self.invitations = {}
        self.attributes = {}
        self.windows = {}
        self.options = options or Options()
        self.spent_tokens = bytearray()
        """What became of the one-time tokens that are in no register any more, by their numbers; see ``tokens``."""
        self.dropped: dict[str, int] = {}
        """How many items were given up for want of room, by what they were."""
        self.witness: Witness | None = None
        """Who is told of deeds; nobody, unless a record is kept."""
        networks.parse(self.options.ip_list)
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
        rights: frozenset[str] = ALL_RIGHTS,
        ip_list: tuple[str, ...] = (),
        requests_per_hour: int | None = None,
        enabled: bool = True,
    ) -> Manager:
        """Give a person of the back office a login, or a new one in place of the old.

        The token is drawn from the seed. It stays the same as long as the password does; after that the one before
        is worth nothing.

        Raises:
            ValueError: an entry of ``ip_list`` is no address and no network.
        """
        networks.parse(ip_list)
        manager = Manager(
            login, password_hash, "", disabled_brokers, groups, rights, ip_list, requests_per_hour, enabled
        )
        before = self.managers.get(login)
        if before is not None:
            manager.tokens_given = before.tokens_given + (before.password_hash != password_hash)
            del self.managers_by_token[before.token]
        self.managers[login] = manager
        self.draw_token(manager)
        return manager

    def draw_token(self, manager: Manager) -> None:
        """Give a manager the token that its number makes, from the seed; the one before opens nothing any more."""
        self.managers_by_token.pop(manager.token, None)
        source = f"manager/{manager.login}/{manager.password_hash}/{manager.tokens_given}"
        manager.token = self.chance.child(source).uuid()
        self.managers_by_token[manager.token] = manager

    def drop(self, what: str, count: int) -> None:
        """Count what was given up for want of room."""
        self.dropped[what] = self.dropped.get(what, 0) + count

    def add_user(self, user: User) -> None:
        """Enter a user into every register."""
        self.users[user.user_id] = user
        self.users_by_email[user.email] = user
        self.nicknames.add(nicknames.key(user.nickname))

    def add_trader(self, trader: Trader) -> None:
        """Enter a trading account."""
        self.traders[trader.login] = trader
        registrations = self.registrations[trader.environment]
        if not registrations or registration(registrations[-1]) < registration(trader):
            registrations.append(trader)  # most come behind all others: their place need not be searched
        else:
            insort(registrations, trader, key=registration)

    def add_traders(self, traders: list[Trader]) -> None:
        """Enter many trading accounts of one environment at once."""
        self.traders.update({trader.login: trader for trader in traders})
        registrations = self.registrations[traders[0].environment]
        registrations += traders
        registrations.sort(key=registration)

    def remove_trader(self, trader: Trader) -> None:
        """Strike out a trading account with its link; what it once did stays in the history."""
        del self.traders[trader.login]
        registrations = self.registrations[trader.environment]
        del registrations[bisect_left(registrations, registration(trader), key=registration)]
        self.subaccounts.pop(trader.login, None)
        for number in self.positions_of.pop(trader.login, ()):
            del self.positions[number]
        self.attributes.get("traders", {}).pop(trader.login, None)
        for logins in self.subaccounts.values():
            if trader.login in logins:
                logins.remove(trader.login)
        if trader.link is not None:
            del self.links[trader.link.link_id]
            self.users[trader.link.user_id].links.remove(trader.link)

    def add_link(self, link: Link) -> None:
        """Enter a link of user and account on both sides."""
        self.links[link.link_id] = link
        self.users[link.user_id].links.append(link)
        self.traders[link.login].link = link

    def put_position(self, position: Position) -> None:
        """Enter a position, or what has become of it."""
        if position.position_id not in self.positions:
            self.positions_of.setdefault(position.login, []).append(position.position_id)
        self.positions[position.position_id] = position

    def drop_position(self, position: Position) -> None:
        """Take out a position that is closed."""
        del self.positions[position.position_id]
        held = self.positions_of[position.login]
        held.remove(position.position_id)
        if not held:
            del self.positions_of[position.login]

    def add_deal(self, deal: Deal) -> None:
        """Enter a closing deal."""
        self.deals[deal.deal_id] = deal
        self.deals_of.setdefault(deal.part.login, []).append(deal.deal_id)

    def reindex(self) -> None:
        """Find again what follows from the registers, after they were filled from elsewhere."""
        self.managers_by_token = {manager.token: manager for manager in self.managers.values()}
        self.users_by_email = {user.email: user for user in self.users.values()}
        self.nicknames = {nicknames.key(user.nickname) for user in self.users.values()}
        self.registrations = {name: [] for name in self.environments}
        for trader in sorted(self.traders.values(), key=registration):
            self.registrations[trader.environment].append(trader)
        self.positions_of, self.deals_of = {}, {}
        for position in self.positions.values():
            self.positions_of.setdefault(position.login, []).append(position.position_id)
        for deal in self.deals.values():
            self.deals_of.setdefault(deal.part.login, []).append(deal.deal_id)


def registration(trader: Trader) -> tuple[Moment, int]:
    """Return what accounts are ordered by: the moment they were registered, then their number."""
    return (trader.registered, trader.login)
