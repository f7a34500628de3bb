"""Who may operate the simulator: whoever has the admin token, or a browser that was let in with it."""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import urlsplit

from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.timing import Clock
from mock_ctrader.wire import Request

KEY_LASTS = 600.0
"""Seconds in which a one-time key opens the pages."""
SESSION_LASTS = 12 * 3600.0
"""Seconds after which a browser must be let in again."""
MOST = 32
"""Keys, and sessions of browsers, that are remembered; the oldest are forgotten."""
PAGES = "/_mock/"
_LOCAL = ("127.0.0.1", "localhost", "::1")


def is_local(host: str) -> bool:
    """Tell whether a name or address leads to this machine alone."""
    return host in _LOCAL or host.endswith(".localhost")


@dataclass(frozen=True, slots=True)
class _Granted:
    """A key or a session; of its secret, only the digest is kept."""

    digest: bytes
    until: float


class _Register:
    """Secrets that were given out, each for a time."""

    def __init__(self, clock: Clock, lasts: float) -> None:
        self._clock = clock
        self._lasts = lasts
        self._granted: OrderedDict[bytes, _Granted] = OrderedDict()

    def grant(self) -> str:
        secret = token_urlsafe(24)  # guards a real door: not from the seed
        digest = _digest(secret)
        self._granted[digest] = _Granted(digest, self._clock.elapsed() + self._lasts)
        while len(self._granted) > MOST:
            self._granted.popitem(last=False)
        return secret

    def holds(self, secret: str) -> bool:
        wanted, now = _digest(secret), self._clock.elapsed()
        found = [compare_digest(one.digest, wanted) and now < one.until for one in self._granted.values()]
        return any(found)

    def take(self, secret: str) -> bool:
        """Use a secret up."""
        held = self.holds(secret)
        self._granted.pop(_digest(secret), None)
        return held


class Access:
    """The doors of one simulator.

    A browser comes in with a one-time key, or by typing the token, and gets a cookie. What it then changes must come
    from our own pages: a page on another port of this machine counts as the same site, and would get the cookie sent.
    """

    def __init__(self, token: str, host: str, clock: Clock | None = None) -> None:
        """Guard with a token; ``host`` is the one that is listened on, ``clock`` measures how long keys last."""
        known = clock or SystemClock()  # not the simulator's: that one may jump by a month
        self._token = token
        self._host = host
        self._keys = _Register(known, KEY_LASTS)
        self._sessions = _Register(known, SESSION_LASTS)

    def knows_host(self, host: str) -> bool:
        """Tell whether a Host header is ours: a page of another site that was rebound to us says its own name."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:  # a bracket that is never closed
            return False
        return is_local(name) or name == self._host

    def is_token(self, said: str) -> bool:
        """Tell whether somebody said the admin token."""
        return compare_digest(said.encode(errors="replace"), self._token.encode())

    def lets_in(self, request: Request) -> bool:
        """Tell whether a request may be answered: it has the token, or a browser's cookie and is asked by our page."""
        scheme, _, token = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            return self.is_token(token.strip())
        return self.knows_browser(request) and _is_from_here(request)

    def knows_browser(self, request: Request) -> bool:
        """Tell whether a request has the cookie of a browser that was let in."""
        name = cookie_name(request)
        crumbs = (crumb.strip().partition("=") for crumb in (request.header("Cookie") or "").split(";"))
        return any(self._sessions.holds(value) for key, _, value in crumbs if key == name)

    def make_key(self) -> str:
        """Return a key that lets one browser in, once, within ten minutes."""
        return self._keys.grant()

    def use_key(self, key: str) -> bool:
        """Use a key up, and tell whether it was good."""
        return self._keys.take(key)

    def let_in(self, request: Request) -> str:
        """Return the ``Set-Cookie`` header for a browser that is to come in."""
        secure = "; Secure" if request.scheme == "https" else ""
        age = round(SESSION_LASTS)
        held = f"{cookie_name(request)}={self._sessions.grant()}"
        return f"{held}; Path={PAGES}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"


def cookie_name(request: Request) -> str:
    """Return the name of the cookie: browsers send one machine's cookies to all its ports, so the port is in it."""
    return f"mock_ctrader_{request.host.rpartition(':')[2] if ':' in request.host else 'web'}"


def _is_from_here(request: Request) -> bool:
    """Tell whether a browser says that a page of ours asked; reading is also done by typing the address."""
    asked_by = request.header("Sec-Fetch-Site")
    if request.method in ("GET", "HEAD"):
        return asked_by in (None, "same-origin", "none")
    origin = request.header("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.host}"
    return asked_by == "same-origin"


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="replace")).digest()
