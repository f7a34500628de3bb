"""How much is taken from callers: sizes, times and numbers, and the answers to those who go beyond."""

from collections.abc import Callable

import msgspec

Refused = Callable[[int, str, str], None]
"""Told the status, the reason and the caller's address of what was refused before anybody worked on it."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a caller may ask of the server; all can be set."""

    body: int = 2**20
    """Bytes of a request's body, compressed or not, where a call needs no larger one; more is answered 413."""
    header: int = 16_384
    """Bytes of all headers of a request together; more is answered 431."""
    url: int = 8_190
    """Bytes of a request's path and query; more is answered 414."""
    json_depth: int = 64
    """Objects and lists inside one another; more is answered 400."""
    connections: int = 20_000
    """Open at the same time, if the system has as many descriptors; a further one is answered 503."""
    plant: int = 12_000
    """Requests under way on one plant; a further one is answered 503, those of other plants are not."""
    header_time: float = 30.0
    """Seconds until a request's head is complete; then it is answered 408."""
    body_time: float = 60.0
    """Seconds until its body is, longer for calls that take more than ``body``; then it is answered 408."""
    idle_time: float = 600.0
    """Seconds that a connection is kept open between two requests."""

    def time_for(self, size: int) -> float:
        """Return the seconds that a body of at most so many bytes may take."""
        return self.body_time * max(1.0, size / self.body)


def descriptors() -> int:
    """Return how many connections the system lets this program have, some files being open beside them."""
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return 2**31
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, soft - _RESERVED) if soft != resource.RLIM_INFINITY else 2**31


_RESERVED = 128
"""Descriptors for files, for calls to the CRM and for the loop: without them nobody is answered any more."""
