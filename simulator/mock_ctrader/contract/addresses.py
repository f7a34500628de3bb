"""Where the calls live: which plant and environment an address selects (contract, section 3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from msgspec import Struct

FAMILIES = ("v2", "cid", "ctid2", "v1")
"""First parts of the paths that the vendor serves."""
VENDOR = ".webapi.ctrader.com"
"""End of the vendor's own host names."""


class Place(Struct, frozen=True, gc=False):
    """A plant, an environment of it, and the path below them."""

    plant: str
    environment: str
    path: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Reads addresses in the three forms: bare, by path, by host name."""

    plants: Mapping[str, Collection[str]]
    """Plants and their environments."""
    default_plant: str
    default_environment: str

    def locate(self, host: str, path: str) -> Place | None:
        """Return the place that an address selects, or nothing where it is not one of the vendor's paths."""
        first, _, _ = path.lstrip("/").partition("/")
        if first in FAMILIES:
            named = self._by_host(host)
            if named is None and _is_vendors(host):
                return None
            plant, environment = named or (self.default_plant, self.default_environment)
            return Place(plant, environment, path)
        return self._by_path(path)

    def astray(self, path: str, host: str = "") -> str:
        """Tell why an address selects nothing, where the plant or environment that it names does not exist."""
        parts = path.lstrip("/").split("/", 2)
        if parts[0] in FAMILIES and _is_vendors(host):
            known = ", ".join(f"{one}-{plant}" for plant in sorted(self.plants) for one in sorted(self.plants[plant]))
            return f"no plant has the host name '{host}': the names begin with {known}"
        if len(parts) < 3 or parts[2].partition("/")[0] not in FAMILIES:
            return ""
        plant, environment, _ = parts
        if plant not in self.plants:
            return f"there is no plant '{plant}': known are {', '.join(sorted(self.plants))}"
        known = ", ".join(sorted(self.plants[plant]))
        return f"plant '{plant}' has no environment '{environment}': known are {known}"

    def _by_path(self, path: str) -> Place | None:
        parts = path.lstrip("/").split("/", 2)
        if len(parts) < 3 or parts[2].partition("/")[0] not in FAMILIES:
            return None
        plant, environment, rest = parts
        if environment not in self.plants.get(plant, ()):
            return None
        return Place(plant, environment, f"/{rest}")

    def _by_host(self, host: str) -> tuple[str, str] | None:
        """Read ``demo-sandbox.localhost``: environment, dash, plant; a plant's name may hold dashes itself."""
        environment, dash, plant = _name(host).partition(".")[0].partition("-")
        known = dash and environment in self.plants.get(plant, ())
        return (plant, environment) if known else None


@lru_cache(maxsize=1024)
def _name(host: str) -> str:
    """Return a host without its port, in small letters."""
    name, _, port = host.rpartition(":")
    return (name if port.isdigit() else host).lower()


def _is_vendors(host: str) -> bool:
    return _name(host).endswith(VENDOR)
