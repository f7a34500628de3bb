"""What the marker ``ctrader`` says of a test."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec

from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.runtime.description import PlantDescription, check
from mock_ctrader.runtime.settings import CrmSettings, is_web_address
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.scenario.vocabulary import PLATFORMS

KEYS = ("clock", "crm", "edition", "plant", "platform", "seed", "strict")
_PLACE = "@pytest.mark.ctrader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The keys that were given, checked."""

    description: PlantDescription | None = None
    """What the test's plant is made from, where anything is said of it."""
    platform: str | None = None
    crm: Mapping[str, Any] | None = None
    """Keys of ``[crm]``."""
    is_virtual: bool = False
    strict: bool | None = None

    def settings_of(self, crm: CrmSettings, url: str) -> CrmSettings:
        """Return the CRM under test: that of the settings at its URL, with what the marker says.

        Raises:
            SettingsError: ``crm`` of the marker has a key that is none, or a value that cannot be.
        """
        table = {**cast(dict[str, Any], msgspec.to_builtins(crm)), "url": url}
        for key, value in (self.crm or {}).items():
            if key not in table:
                raise SettingsError(f"there is no '{key}' of a CRM.", where=_PLACE, cure=nearest(key, list(table)))
            held = table[key]
            table[key] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
        try:
            return msgspec.convert(table, CrmSettings)
        except msgspec.ValidationError as error:
            raise SettingsError(f"crm: {error}.", where=_PLACE) from None


def read_marks(said: Mapping[str, Any], base: PlantDescription) -> Marks:
    """Read what markers say; ``base`` is what the plant is made from otherwise.

    Raises:
        SettingsError: a key is unknown, or has a value that cannot be.
    """
    for key in said:
        if key not in KEYS:
            raise SettingsError(f"it has no key '{key}'.", where=_PLACE, cure=nearest(key, list(KEYS)))
    _one_of(said, "platform", PLATFORMS)
    _one_of(said, "clock", ("real", "virtual"))
    if not isinstance(said.get("strict", True), bool):
        raise SettingsError("strict is True or False.", where=_PLACE)
    return Marks(
        description=_description(said, base),
        platform=said.get("platform"),
        crm=_crm(said.get("crm")),
        is_virtual=said.get("clock") == "virtual",
        strict=said.get("strict"),
    )


def _description(said: Mapping[str, Any], base: PlantDescription) -> PlantDescription | None:
    table = {key: said[key] for key in ("edition", "seed") if key in said} | dict(said.get("plant", {}))
    if not table:
        return None
    found = read(PlantDescription, _as_lists(table), Source(_PLACE))
    changed = replace(base, **{name: getattr(found, name) for name in map(_field, table)})
    try:
        check(changed)
    except SettingsError as error:
        where = f"{_PLACE}, '{error.where}'" if error.where else _PLACE
        raise SettingsError(error.what, where=where, cure=error.cure) from None
    return changed


def _field(key: str) -> str:
    """Return a key as Python has it: ``webservErrors`` is ``webserv_errors``."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in key)


def _as_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_lists(held) for key, held in cast(dict[str, Any], value).items()}
    if isinstance(value, list | tuple):
        return [_as_lists(held) for held in cast(list[Any], value)]
    return value


def _crm(said: object) -> Mapping[str, Any] | None:
    table: object = {"url": said} if isinstance(said, str) else said
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError("crm is a URL, or a table of its settings.", where=_PLACE)
    found = cast(dict[str, Any], table)
    if "url" in found and not is_web_address(str(found["url"])):
        cure = "Give the CRM's base URL, as in http://127.0.0.1:8080."
        raise SettingsError(f"'{found['url']}' is no web address.", where=_PLACE, cure=cure)
    return found


def _one_of(said: Mapping[str, Any], key: str, names: tuple[str, ...]) -> None:
    if key in said and said[key] not in names:
        cure = nearest(str(said[key]), list(names))
        raise SettingsError(f"there is no {key} '{said[key]}'.", where=_PLACE, cure=cure)
