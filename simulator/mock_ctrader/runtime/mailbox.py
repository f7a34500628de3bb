"""Where a journey reads the mails that the CRM sends: a folder, an IMAP server, or a person who pastes the link."""

import asyncio
import imaplib
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from mock_ctrader.errors import StepFailed
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.mail_address import ImapAddress, read_imap
from mock_ctrader.runtime.mails import newest_link
from mock_ctrader.runtime.pace import ON_LOOP, Pace
from mock_ctrader.runtime.tls import trusting

_PAUSE = 0.5
"""Seconds between two looks."""
_NEWEST = 50
"""Mails that are looked at: a mailbox of years has many."""
_LARGEST = 256 * 1024
"""Bytes of a mail that are read."""

Mails = Mapping[str, bytes]
"""What a mailbox holds by the mailbox's own names for it, the newest first."""


class Mailbox:
    """The mailbox of one journey. ``note`` what is there before a mail is asked for; ``link`` waits for the new one."""

    def __init__(self, crm: CrmSettings, pace: Pace = ON_LOOP) -> None:
        self._crm = crm
        self._pace = pace
        self._known: frozenset[str] = frozenset()

    async def note(self) -> None:
        """Remember which mails are there: what they lead to is over.

        Raises:
            StepFailed: the mailbox cannot be read.
        """
        self._known = frozenset(await self._read(frozenset()))

    async def link(self, to: str) -> str:
        """Return the link in the new mail to an address; blank where the mails stand on a page of the CRM.

        Raises:
            StepFailed: the mailbox cannot be read, or no such mail came in time.
        """
        outbox = self._crm.outbox
        if outbox.source == "page":
            return ""
        if outbox.source == "person":
            return await ask(f"The link in the mail to {to}: ")
        clock = SystemClock()
        start = clock.elapsed()
        while True:
            mails = await self._read(self._known)
            found = newest_link((raw for name, raw in mails.items() if name not in self._known), to)
            if found is not None:
                return found
            if clock.elapsed() - start > outbox.within:
                what = f"no mail to {to} with a link for a new password came within {outbox.within:g} seconds."
                raise StepFailed(what, where=f"crm.outbox.{outbox.source}", cure="Look into the mailbox.")
            await self._pace.sleep(_PAUSE)

    async def _read(self, known: frozenset[str]) -> Mails:
        outbox = self._crm.outbox
        if outbox.source == "maildir":
            return await self._pace.aside(partial(read_maildir, Path(outbox.maildir)))
        if outbox.source == "imap":
            address = read_imap(outbox.imap)
            context = trusting(self._crm.ca, "crm.ca") if address.is_secure else False
            work = _imap_reader(address, outbox.password, context, self._crm.timeout, known)
            return await self._pace.aside(work)
        return {}


def read_maildir(folder: Path) -> Mails:
    """Return the newest mails of a Maildir.

    Raises:
        StepFailed: it is none.
    """
    try:
        files = [file for part in ("new", "cur") for file in (folder / part).iterdir()]
        newest = sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)[:_NEWEST]
        # A mail that is looked at elsewhere moves from new to cur, and gets flags behind its name.
        return {file.name.partition(":")[0]: _beginning(file) for file in newest}
    except OSError as error:
        cure = "Name a folder with new and cur in it."
        raise StepFailed(f"{folder} is no Maildir: {error.strerror}.", where="crm.outbox.maildir", cure=cure) from None


def _beginning(file: Path) -> bytes:
    with file.open("rb") as held:
        return held.read(_LARGEST)


def _imap_reader(
    address: ImapAddress, password: str, context: ssl.SSLContext | bool, timeout: float, known: frozenset[str]
) -> Callable[[], Mails]:
    """Return what reads a mailbox on a thread, because the standard library's client blocks."""

    def read() -> Mails:
        try:
            return _read_imap(address, password, context, timeout, known)
        except (imaplib.IMAP4.error, OSError) as error:
            said = error.args[0] if error.args else error
            told = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
            cure = "Try the address and the password with a mail program."
            raise StepFailed(
                f"the mailbox at {address.host} cannot be read: {told}.", where="crm.outbox.imap", cure=cure
            ) from None

    return read


def _read_imap(
    address: ImapAddress, password: str, context: ssl.SSLContext | bool, timeout: float, known: frozenset[str]
) -> Mails:
    if address.is_secure:
        own = context if isinstance(context, ssl.SSLContext) else ssl.create_default_context()
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(address.host, address.port, ssl_context=own, timeout=timeout)
    else:
        client = imaplib.IMAP4(address.host, address.port, timeout=timeout)
    try:
        client.login(f'"{address.user}"', password)
        answer, said = client.select(f'"{address.folder}"', readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(said[0] or f"there is no folder {address.folder}")
        found: bytes = client.uid("SEARCH", "ALL")[1][0] or b""
        numbers = sorted((int(one) for one in found.split()), reverse=True)[:_NEWEST]
        return {str(number): b"" if str(number) in known else _mail(client, number) for number in numbers}
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()


def _mail(client: imaplib.IMAP4, number: int) -> bytes:
    _, parts = client.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{_LARGEST}>)")
    held: Iterable[object] = parts
    return next((one[1] for one in held if isinstance(one, tuple) and isinstance(one[1], bytes)), b"")  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def somebody_is_there() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()  # pyright: ignore[reportUnnecessaryComparison]


async def ask(question: str) -> str:
    """Ask the person at the terminal for a link.

    Raises:
        StepFailed: nobody is there, or what was typed is no link.
    """
    if not somebody_is_there():
        cure = "Run it in a terminal, or name a mailbox: crm.outbox.maildir or crm.outbox.imap."
        raise StepFailed("nobody is at a terminal to paste the link of a mail.", where="crm.outbox.by", cure=cure)
    sys.stderr.write(question)
    sys.stderr.flush()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), typed.set)  # a thread that waits for a line could not be left
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    said = sys.stdin.readline().strip()
    if not said.startswith(("http://", "https://")):
        raise StepFailed("what was typed is no link.", where="crm.outbox.by", cure="Paste the whole address.")
    return said
