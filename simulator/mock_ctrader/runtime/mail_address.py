"""The address of a mailbox: ``imaps://user@host:993/folder``."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mock_ctrader.errors import SettingsError

_PORTS = {"imaps": 993, "imap": 143}
_LOCAL = ("127.0.0.1", "::1", "localhost")
_EXAMPLE = "As in imaps://tester@mail.example.com/INBOX; the password stands in crm.outbox.password."


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """Where mails are, and whose they are."""

    host: str
    port: int
    user: str
    folder: str
    is_secure: bool
    """TLS from the first byte; only a mailbox on this machine is read without."""


def read_imap(address: str) -> ImapAddress:
    """Read an address.

    Raises:
        SettingsError: it is none, or the password would cross a network in clear.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in _PORTS or not host or not parts.username or port == 0:
        raise SettingsError(f"'{parts.scheme or address}' is no address of a mailbox.", cure=_EXAMPLE)
    if parts.password is not None:
        raise SettingsError("holds a password.", cure=_EXAMPLE)
    if parts.scheme == "imap" and host not in _LOCAL:
        what = "imap sends the password in clear: only a mailbox on this machine is so read."
        raise SettingsError(what, cure=_EXAMPLE)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user = unquote(parts.username)
    if any(not letter.isprintable() or letter in '"\\' for letter in folder + user):
        raise SettingsError("has letters that no mailbox has.", cure=_EXAMPLE)
    return ImapAddress(host, port or _PORTS[parts.scheme], user, folder, parts.scheme == "imaps")
