"""Settings in an evidence pack: all that a run depends on, its secrets left out and asked for again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec

from mock_ctrader.errors import SettingsError
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH
from mock_ctrader.runtime.settings import Settings, names, variable

_KEPT: Final = ("screens", "environment", "clock", "plant", "plants", "app_url")
"""Settings that a run depends on, beside those of the CRM."""
_SECRET_KEYS: Final = {"password": "password", "authorization": "authorization", "hashed_password": "hashedPassword"}
EXAMPLE, WITHHELD = "example", "withheld"
_SHORTEST: Final = 6
"""Characters of a secret that is looked for: a shorter one is found in innocent words."""


def shown(settings: Settings, mask: Callable[[str], str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return settings by their dotted names, and where in them something is masked; see ``packs.Manifest``."""
    flat, examples = _flat(settings), _flat(Settings())
    secrets: dict[str, str] = {}

    def masked(path: str, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            held = cast(dict[str, Any], value)
            return {name: masked(f"{path}/{name}", name, one) for name, one in held.items()}
        if isinstance(value, list):
            items = cast(Sequence[Any], value)
            return [masked(f"{path}/{place}", key, one) for place, one in enumerate(items)]
        hidden = _hidden(key, value, mask) if isinstance(value, str) else value
        if hidden != value:
            secrets[path] = EXAMPLE if value == _example(examples, path) else WITHHELD
        return hidden

    return {name: masked(name, name.rpartition(".")[2], value) for name, value in flat.items()}, secrets


def restored(held: Mapping[str, Any], secrets: Mapping[str, str], own: Settings, *, source: str) -> dict[str, Any]:
    """Return settings of a pack with their secrets: the documentation's own, and those that ``own`` holds.

    Raises:
        SettingsError: a secret is not there; it says how to give it.
    """
    examples, given = _flat(Settings()), _flat(own)
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(held))
    for path, kind in secrets.items():
        example = _example(examples, path)
        value = example if kind == EXAMPLE else _at(given, path)
        if not value or (kind != EXAMPLE and value == example):
            where = f"{path.replace('/', '.')} in the settings file"
            cure = f"Set {where}" + (f", or the variable {variable(path)}." if path in names() else ".")
            raise SettingsError(f"'{path}' is a secret, and no pack holds it.", where=source, cure=cure)
        _put(found, path, value)
    return {name: value for name, value in found.items() if name in names()}


def secrets_of(settings: Settings) -> list[str]:
    """Return every secret of the settings that is long enough to be looked for in a text."""
    flat = _flat(settings)
    _, hidden = shown(settings, lambda text: text)
    values = [str(_at(flat, path)) for path in hidden]
    values = [one.partition("@")[0].rpartition(":")[2] if "://" in one else one for one in values]
    return [one for one in (*values, settings.admin_token) if len(one) >= _SHORTEST]


def _hidden(key: str, value: str, mask: Callable[[str], str]) -> str:
    if key in _SECRET_KEYS:
        return f"[{_SECRET_KEYS[key]}]" if value else ""
    scheme, mark, rest = value.partition("://")
    user, at, _ = rest.partition("/")[0].rpartition("@")
    if mark and at and ":" in user:  # a password in an address
        return f"{scheme}://[password]"
    return mask(value)


def _flat(settings: Settings) -> dict[str, Any]:
    """Return what a run depends on by its dotted name, as plain data."""
    held = msgspec.json.decode(msgspec.json.encode(settings))
    kept = [name for name in names() if name.startswith("crm.") or name in _KEPT]
    flat = {name: _at(held, name.replace(".", "/")) for name in kept}
    return {name: value for name, value in flat.items() if value is not None}


def _example(examples: Mapping[str, Any], path: str) -> Any:
    """Return the documentation's own value of a secret."""
    return MANAGER_PASSWORD_HASH if path.endswith("/hashed_password") else _at(examples, path)


def _at(held: Any, path: str) -> Any:
    """Return what stands at a path; nothing where it leads nowhere."""
    for part in path.split("/"):
        if isinstance(held, list):
            items = cast(Sequence[Any], held)
            held = items[int(part)] if int(part) < len(items) else None
        else:
            held = cast(dict[str, Any], held).get(part) if isinstance(held, dict) else None
    return held


def _put(held: dict[str, Any], path: str, value: Any) -> None:
    above, _, last = path.rpartition("/")
    place: Any = _at(held, above) if above else held
    key: Any = int(last) if isinstance(place, list) else last
    place[key] = value
