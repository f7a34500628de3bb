"""What a plant is made from: what the settings file and the admin API say of one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mock_ctrader.chance import Chance
from mock_ctrader.contract.addresses import FAMILIES
from mock_ctrader.contract.answering import ErrorForm
from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.contract.variant import LATEST, EditionName, Variant, make_variant
from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.plant import networks
from mock_ctrader.plant.model import Broker, Currency, Group
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.rights import ALL_RIGHTS
from mock_ctrader.plant.sandbox import (
    BROKERS,
    CURRENCIES,
    ENVIRONMENTS,
    GROUPS,
    MANAGER_PASSWORD_HASH,
    MANAGERS,
    add_examples,
    has_place_for_examples,
    make_empty,
)
from mock_ctrader.runtime.app_page import ROOT
from mock_ctrader.timing import Moment

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
"""What fits into a path, and into a host name behind the environment."""
_ENVIRONMENT = re.compile(r"[a-z0-9]{1,30}")
"""No dash: in a host name one parts it from the plant."""
STANDARD_OPTIONS = Options()
_STANDARD: Mapping[str, Currency] = {currency.name: currency for currency in CURRENCIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """A group of trading accounts; its number is counted up where none is given."""

    name: str
    id: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyEntry:
    """A deposit currency; where no digits are given it has those of the standard ones, else two."""

    name: str
    money_digits: int | None = None
    decimals: int | None = None

    def currency(self) -> Currency:
        """Return the currency that is meant."""
        return _currency(self)


@lru_cache(maxsize=256)
def _currency(entry: CurrencyEntry) -> Currency:
    standard = _STANDARD.get(entry.name, Currency(entry.name))
    digits = standard.money_digits if entry.money_digits is None else entry.money_digits
    decimals = min(standard.decimals, digits) if entry.decimals is None else entry.decimals
    return Currency(entry.name, digits, decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerEntry:
    """A back-office login, see ``plant.model.Manager``."""

    login: int
    hashed_password: str
    groups: tuple[str, ...] | None = None
    disabled_brokers: tuple[str, ...] = ()
    rights: tuple[str, ...] = tuple(sorted(ALL_RIGHTS))
    ip_list: tuple[str, ...] = ()
    requests_per_hour: int | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantDescription:
    """Everything that can be said of a plant; what is left out is as on the sandbox of the documentation."""

    seed: int | None = None
    """Where its ids and tokens come from, whatever its name; drawn from the server's seed if not given."""
    environments: tuple[str, ...] = ENVIRONMENTS
    brokers: tuple[Broker, ...] = BROKERS
    groups: tuple[GroupEntry, ...] = tuple(
        GroupEntry(name=group.name, id=group.id, description=group.description) for group in GROUPS
    )
    currencies: tuple[CurrencyEntry, ...] = tuple(CurrencyEntry(name=currency.name) for currency in CURRENCIES)
    managers: tuple[ManagerEntry, ...] = tuple(
        ManagerEntry(login=login, hashed_password=MANAGER_PASSWORD_HASH) for login in MANAGERS
    )
    examples: bool = True
    """Whether the users and accounts of the documentation's examples exist, where the plant has their broker, group,
    currency and environments."""
    edition: EditionName = LATEST
    """Of the vendor's documentation: a call, parameter or check that it lacks is not there."""
    calls: Mapping[str, CallOverride] = field(default_factory=dict[str, CallOverride])
    """Other guesses at what we assumed of the calls, by their ids."""
    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    """HTTP statuses by error code."""
    webserv_errors: ErrorForm = "text"
    """How ``/webserv`` tells an error."""
    options: Options = STANDARD_OPTIONS


def make_plant(name: str, description: PlantDescription, chance: Chance, now: Moment) -> Plant:
    """Make the plant that is described, with its managers and the people of the examples."""
    plant = make_vacant(name, description, chance)
    for one in description.managers:
        plant.add_manager(
            one.login,
            one.hashed_password,
            disabled_brokers=frozenset(one.disabled_brokers),
            groups=None if one.groups is None else frozenset(one.groups),
            rights=frozenset(one.rights),
            ip_list=one.ip_list,
            requests_per_hour=one.requests_per_hour,
            enabled=one.enabled,
        )
    if description.examples and has_place_for_examples(plant):
        add_examples(plant, now)
    return plant


def make_vacant(name: str, description: PlantDescription, chance: Chance) -> Plant:
    """Make the plant that is described, with nobody on it."""
    return make_empty(
        name,
        chance,
        environments=description.environments,
        brokers=description.brokers,
        groups=_groups(description.groups),
        currencies=(entry.currency() for entry in description.currencies),
        options=options_of(description),
    )


def _groups(entries: Iterable[GroupEntry]) -> Iterable[Group]:
    following = 1
    for entry in entries:
        number = following if entry.id is None else entry.id
        following = max(following, number + 1)
        yield Group(number, entry.name, entry.description)


def options_of(description: PlantDescription) -> Options:
    """Return a plant's options with what the edition decides (edition 2023, 3.2 and 3.3)."""
    if description.edition != "2023":
        return description.options
    return replace(description.options, balance_in_cents=True, takes_private_relay=True)


def check_name(name: str) -> None:
    """Make sure that a plant can have this name.

    Raises:
        SettingsError: it does not fit into an address.
    """
    if not _NAME.fullmatch(name) or name in (*FAMILIES, ROOT):
        cure = "Use small letters, digits, dashes and underscores, 63 at most."
        raise SettingsError(f"'{name}' cannot be the name of a plant.", cure=cure)


def check(description: PlantDescription) -> Variant:
    """Make sure that a plant can be made of what is said; return what it will speak.

    Raises:
        SettingsError: something is said twice, missing, or speaks of something that is not there.
    """
    brokers = [broker.name for broker in description.brokers]
    groups = [entry.name for entry in description.groups]
    _all_different("environments", description.environments)
    _all_different("brokers", brokers)
    _all_different("groups", groups)
    _all_different("groups", [str(group.id) for group in _groups(description.groups)])
    _all_different("currencies", [entry.name for entry in description.currencies])
    _all_different("managers", [str(entry.login) for entry in description.managers])
    for at, name in enumerate(description.environments):
        if not _ENVIRONMENT.fullmatch(name):
            cure = "Use small letters and digits, 30 at most."
            raise SettingsError(f"'{name}' cannot be an environment.", where=f"environments[{at}]", cure=cure)
    _check_currencies(description)
    for at, entry in enumerate(description.managers):
        where = f"managers[{at}]"
        _known(f"{where}.groups", entry.groups or (), groups)
        _known(f"{where}.disabled_brokers", entry.disabled_brokers, brokers)
        _known(f"{where}.rights", entry.rights, ALL_RIGHTS)
        _addresses(f"{where}.ip_list", entry.ip_list)
    _addresses("options.ip_list", description.options.ip_list)
    for name in ("history_kept", "one_time_tokens_kept"):
        if getattr(description.options, name) < 1:
            raise SettingsError(f"'{name}' must be at least 1.", where=f"options.{name}")
    return variant_of(description)


def in_edition(description: PlantDescription, edition: EditionName) -> PlantDescription:
    """Return the same plant in another edition; what was said of calls that the edition lacks is left out."""
    has = make_variant(edition).endpoints
    return replace(
        description,
        edition=edition,
        calls={name: wanted for name, wanted in description.calls.items() if name in has},
    )


def variant_of(description: PlantDescription) -> Variant:
    """Return what the plant speaks.

    Raises:
        SettingsError: an override cannot be.
    """
    return make_variant(
        description.edition,
        calls=description.calls,
        statuses=description.statuses,
        webserv_errors=description.webserv_errors,
    )


def _check_currencies(description: PlantDescription) -> None:
    least = 2 if description.edition == "2023" else 0  # its opening balances are in hundredths
    for at, entry in enumerate(description.currencies):
        currency = entry.currency()
        if not least <= currency.money_digits <= 8 or not 0 <= currency.decimals <= currency.money_digits:
            what = f"{currency.name} cannot have {currency.money_digits} moneyDigits and {currency.decimals} decimals."
            cure = f"Give moneyDigits from {least} to 8, and as many decimals at most."
            raise SettingsError(what, where=f"currencies[{at}]", cure=cure)


def _all_different(where: str, names: Iterable[str]) -> None:
    counted = Counter(names)
    if not counted:
        raise SettingsError("there must be one at least.", where=where)
    name, count = counted.most_common(1)[0]
    if count > 1:
        raise SettingsError(f"'{name}' is there twice.", where=where)


def _known(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise SettingsError(f"there is no '{name}'.", where=where, cure=nearest(name, list(known)))


def _addresses(where: str, ip_list: tuple[str, ...]) -> None:
    try:
        networks.parse(ip_list)
    except ValueError as error:
        raise SettingsError(f"{error}.", where=where, cure="As in 192.0.2.7 or 192.0.2.0/24.") from None
