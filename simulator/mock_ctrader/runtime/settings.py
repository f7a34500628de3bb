"""Every setting, its default stated once; read from a file, the environment and flags, from weak to strong."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from math import inf
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.plant.sandbox import SANDBOX
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.crm_settings import ApiSettings, CrmSettings, ScreenSettings, WebhookSettings
from mock_ctrader.runtime.description import PlantDescription, check, check_name
from mock_ctrader.runtime.mail_address import read_imap
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.scenario.vocabulary import MODULES
from mock_ctrader.transports.limits import Limits

__all__ = [
    "DEFAULT_PORT",
    "FILE",
    "PREFIX",
    "ApiSettings",
    "CrmSettings",
    "ScreenSettings",
    "Settings",
    "WebhookSettings",
    "is_web_address",
    "load",
    "names",
    "variable",
]

FILE = "mock-ctrader.toml"
"""Read from the current folder unless another file is named."""
PREFIX = "MOCK_CTRADER_"
DEFAULT_PORT = 8765


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls: bool = False
    """Speak https, with a certificate made at start."""
    tls_ca: str = "mock-ctrader-ca.pem"
    """File that the certificate's authority is written to: what the CRM must trust."""
    trusted_proxies: list[str] = []
    """Addresses and networks of reverse proxies that are believed whom they call for."""
    admin_token: str = ""
    """Opens ``/_mock/``; generated at start if blank."""
    seed: int | None = None
    """Where ids, tokens and people come from; drawn and printed if not given."""
    plant: str = SANDBOX
    environment: str = "demo"
    """The environment that the bare address selects."""
    journal_capacity: int = 10_000
    """Entries kept in memory; the oldest beyond are dropped and counted."""
    data: str = ""
    """Folder in which ``serve`` keeps plants and journals; blank: they end with it."""
    log_format: Literal["auto", "text", "json"] = "auto"
    """``auto``: readable in a terminal, JSON lines elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    screens: Literal["form", "browser"] = "form"
    """Who drives the CRM's pages: a reader of forms, or a real browser, which runs scripts."""
    browser: str = "/usr/bin/chromium"
    """Program of the real browser."""
    screenshots: str = ""
    """Folder for a picture of each page that the real browser was on; blank: none."""
    clock: Literal["real", "virtual"] = "real"
    """``virtual``: ``let pass`` takes no time, it moves the simulator's clock."""
    app_url: str = ""
    """Base of links to cTrader applications; blank: the simulator's own address and ``/app``."""
    limits: Limits = Limits()
    """What is taken from callers."""
    crm: CrmSettings = CrmSettings()
    plants: dict[str, PlantDescription] = {}
    """Plants by name: the default one, if it is to be other than the sandbox, and those beside it."""


Layer = Mapping[str, tuple[object, str]]
"""Dotted names of settings, each with its value and where that stands."""


def load(
    flags: Mapping[str, object] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> Settings:
    """Return the settings: defaults, then the file, then the environment, then flags.

    Raises:
        SettingsError: something is unknown or cannot be used; it names the file, variable or flag.
    """
    given = flags or {}
    layers = [_from_file(file, folder or Path.cwd()), _from_environment(environment)]
    layers.append({name: (value, _flag(name)) for name, value in given.items() if value is not None})
    merged: dict[str, tuple[object, str]] = {}
    for layer in layers:
        merged.update(layer)
    settings: Settings = _build(Settings, merged, "")
    _check(settings, merged)
    return settings


def names() -> tuple[str, ...]:
    """Return the dotted name of every setting: ``port``, ``crm.screens.login``."""
    return tuple(name for name, _ in _leaves(Settings, ""))


def variable(name: str) -> str:
    """Return the environment variable of a setting: ``MOCK_CTRADER_CRM_URL``."""
    return PREFIX + name.replace(".", "_").upper()


def _flag(name: str) -> str:
    return "--" + name.replace("crm.url", "crm").replace(".", "-").replace("_", "-")


def _leaves(model: type[Struct], prefix: str) -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(model):
        name = prefix + field.name
        table = _table(field.type)
        if table is not None:
            yield from _leaves(table, f"{name}.")
        else:
            yield name, field.type


def _table(kind: Any) -> type[Struct] | None:
    """Return a setting's type where it is a table of settings."""
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def _from_file(file: Path | None, folder: Path) -> Layer:
    path = file or folder / FILE
    if file is None and not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}.", where=str(path)) from None
    except UnicodeDecodeError:
        raise SettingsError("is not a text file in UTF-8.", where=str(path)) from None
    except (ValueError, RecursionError) as error:  # beside what is no TOML, numbers and lists that have no end
        raise SettingsError(f"is not TOML: {error}.", where=str(path), cure="Mend that line.") from None
    flat = dict(_flatten(document, "", str(path)))
    return {name: (value, f"{path}, '{name}'") for name, value in flat.items()}


def _flatten(table: Mapping[str, Any], prefix: str, source: str) -> Iterator[tuple[str, object]]:
    known = names()
    for key, value in table.items():
        name = prefix + key
        if name in known:
            yield name, value
        elif isinstance(value, dict) and any(one.startswith(f"{name}.") for one in known):
            yield from _flatten(cast(dict[str, Any], value), f"{name}.", source)
        else:
            raise SettingsError(f"there is no setting '{name}'.", where=source, cure=nearest(name, list(known)))


def _from_environment(environment: Mapping[str, str]) -> Layer:
    known = {variable(name): name for name, kind in _leaves(Settings, "") if not _is_for_files(kind)}
    found: dict[str, tuple[object, str]] = {}
    for key, value in environment.items():
        if not key.startswith(PREFIX):
            continue
        if key not in known:
            raise SettingsError(f"there is no setting '{key}'.", where="environment", cure=nearest(key, list(known)))
        found[known[key]] = (value, key)
    return found


def _is_for_files(kind: Any) -> bool:
    """Tell whether a setting holds more than fits into a variable."""
    return get_origin(kind) is dict or JsonApi in get_args(kind)


def _build(model: type[Any], layer: Layer, prefix: str) -> Any:
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(model):
        name = prefix + field.name
        table = _table(field.type)
        if table is not None:
            values[field.name] = _build(table, layer, f"{name}.")
        elif name in layer:
            value, source = layer[name]
            values[field.name] = _value(name, value, field.type, source)
    return model(**values)


def _value(name: str, value: object, wanted: Any, source: str) -> object:
    if name == "plants":
        return _plants(value, source)
    if JsonApi in get_args(wanted):
        return read(JsonApi, value, Source(source.partition(", '")[0], name))
    if get_origin(wanted) is list and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    return _convert(value, wanted, source)


def _plants(tables: object, source: str) -> dict[str, PlantDescription]:
    """Read the plants; they are in the file only, which ``source`` names together with their table."""
    if not isinstance(tables, dict):
        raise SettingsError("expected a table for each plant.", where=source, cure="As in [plants.uat].")
    found: dict[str, PlantDescription] = {}
    for name, table in cast(dict[str, object], tables).items():
        place = Source(source.partition(", '")[0], f"plants.{name}")
        found[name] = read(PlantDescription, table, place)
        try:
            check_name(name)
            check(found[name])
        except SettingsError as error:
            where = place.at(error.where) if error.where else place
            raise SettingsError(error.what, where=str(where), cure=error.cure) from None
    return found


def _convert(value: object, wanted: Any, source: str) -> object:
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError:
        expected = _words(wanted)
        raise SettingsError(f"expected {expected}, got {value!r}.", where=source) from None


def _words(wanted: Any) -> str:
    if get_origin(wanted) is Literal:
        return "one of " + ", ".join(get_args(wanted))
    if get_origin(wanted) is dict:
        return "a table of texts"
    if get_origin(wanted) is list:
        return "a list of texts"
    words = {int: "a whole number", float: "a number", str: "text", str | None: "text", bool: "true or false"}
    return words.get(wanted, "a whole number")


class _Refusing:
    """Makes errors that name where a setting comes from."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def __call__(self, name: str, what: str, cure: str) -> SettingsError:
        """Return the error of one setting; a table's keys stand where the table does."""
        held = next((one for one in (name, name.rpartition(".")[0]) if one in self._layer), None)
        return SettingsError(what, where=self._layer[held][1] if held else name, cure=cure)


def _check(settings: Settings, layer: Layer) -> None:
    refuse = _Refusing(layer)
    if not 0 <= settings.port <= 65535:
        raise refuse("port", f"{settings.port} is no port.", "Give a number from 0 (any free port) to 65535.")
    if settings.journal_capacity < 1:
        raise refuse("journal_capacity", "must be at least 1.", "10000 is the default.")
    if settings.app_url and not is_web_address(settings.app_url):
        cure = "As in http://127.0.0.1:8765/app, or leave it out."
        raise refuse("app_url", f"'{settings.app_url}' is no web address.", cure)
    for name, value in msgspec.structs.asdict(settings.limits).items():
        if not 0 < value < inf:
            cure = f"{getattr(Limits(), name):g} is the default."
            raise refuse(f"limits.{name}", "must be more than zero, and have an end.", cure)
    for address in settings.trusted_proxies:
        if not _is_network(address):
            cure = "As in 127.0.0.1, or 10.0.0.0/8."
            raise refuse("trusted_proxies", f"'{address}' is neither an address nor a network.", cure)
    _check_plant(settings, layer, refuse)
    _check_crm(settings.crm, refuse)


def _check_plant(settings: Settings, layer: Layer, refuse: _Refusing) -> None:
    try:
        check_name(settings.plant)
    except SettingsError as error:
        raise refuse("plant", error.what, error.cure) from None
    environments = settings.plants.get(settings.plant, PlantDescription()).environments
    if settings.environment not in environments:
        cure = nearest(settings.environment, list(environments))
        cause = "environment" if "environment" in layer else "plants"
        raise refuse(cause, f"there is no environment '{settings.environment}'.", cure)


def _check_crm(crm: CrmSettings, refuse: _Refusing) -> None:
    if not 0 < crm.timeout < inf:
        raise refuse("crm.timeout", "must be more than zero seconds.", "10 is the default.")
    if not is_web_address(crm.url):
        cure = "Give the CRM's base URL, as in http://127.0.0.1:8080."
        raise refuse("crm.url", f"'{crm.url}' is no web address.", cure)
    for module in crm.modules:
        if module not in MODULES:
            raise refuse("crm.modules", f"there is no module '{module}'.", nearest(module, list(MODULES)))
    for host in crm.hosts:
        if not is_web_address(f"https://{host}") or "/" in host or "@" in host:
            raise refuse("crm.hosts", f"'{host}' is no host.", "As in pay.example.com, or pay.example.com:8443.")
    _check_outbox(crm, refuse)
    for name, place in crm.places():
        if place and not place.startswith("/") and not is_web_address(place):
            cure = "Give a path on crm.url, as in /auth/login, or a whole URL."
            raise refuse(name, f"'{place}' is neither a path nor a web address.", cure)


def _check_outbox(crm: CrmSettings, refuse: _Refusing) -> None:
    outbox = crm.outbox
    if outbox.source in ("maildir", "imap") and not getattr(outbox, outbox.source):
        raise refuse("crm.outbox.by", f"there is no crm.outbox.{outbox.source}.", "Name the mailbox.")
    if outbox.by == "auto" and outbox.maildir and outbox.imap:
        raise refuse("crm.outbox.imap", "there is a Maildir, too.", "Say which is meant: crm.outbox.by.")
    if outbox.within <= 0:
        raise refuse("crm.outbox.within", "must be more than zero seconds.", "30 is the default.")
    if outbox.imap:
        try:
            read_imap(outbox.imap)
        except SettingsError as error:
            raise refuse("crm.outbox.imap", error.what, error.cure) from None


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_web_address(url: str) -> bool:
    """Tell whether a text is an http(s) URL with a host and, if any, a sensible port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
