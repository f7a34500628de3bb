"""Which addresses calls are taken from (WebServices 2.1: only whitelisted ones)."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


@lru_cache(maxsize=64)
def parse(ip_list: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks in CIDR notation.

    Raises:
        ValueError: one of them is neither.
    """
    return tuple(ip_network(written.strip(), strict=False) for written in ip_list)


def takes(ip_list: tuple[str, ...], client: str) -> bool:
    """Tell whether a caller's address is on a list; a list without entries takes everybody."""
    if not ip_list:
        return True
    try:
        address = _plain(ip_address(client))
    except ValueError:
        return False
    return any(address in network for network in parse(ip_list))


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that a socket of both families shows as ``::ffff:192.0.2.1``."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
