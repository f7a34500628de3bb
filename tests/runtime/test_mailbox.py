"""Reading the mails that a CRM sends: from a Maildir, from an IMAP server on loopback, and from a person."""

import asyncio
import os
import pty
import re
import sys
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.cli import sample
from mock_ctrader.conformance.model import Verdict
from mock_ctrader.conformance.plan import select
from mock_ctrader.errors import SettingsError, StepFailed
from mock_ctrader.runtime import library, mailbox
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.crm_settings import CrmSettings, OutboxSettings
from mock_ctrader.runtime.mailbox import Mailbox
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm import CrmConfig, create_app
from mock_ctrader.sample_crm.context import CRM

LINK = "https://crm.example.com/reset?code={}"
PASSWORD = "mail s3cret"
USER = "tester"


def mail(code: str, to: str = "ann@example.com", link: str = "") -> bytes:
    made = EmailMessage()
    made["To"], made["Subject"] = to, "Your password"
    made.set_content(f"Choose a new one: {link or LINK.format(code)}\n")
    return made.as_bytes()


class Imap:
    """As much of an IMAP server as a reader needs; it takes a hundred lines of a client, and no more."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.said: list[str] = []
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        for _ in range(100):
            line = (await reader.readline()).decode().strip()
            if not line:
                break
            tag, _, said = line.partition(" ")
            self.said.append(said)
            for answer in self._answers(said):
                writer.write(answer)
            writer.write(f"{tag} {self._verdict(said)}\r\n".encode())
            await writer.drain()
        writer.close()

    def _answers(self, said: str) -> list[bytes]:
        if said.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1\r\n"]
        if said.startswith("UID SEARCH"):
            return [f"* SEARCH {' '.join(str(one) for one in range(1, len(self.mails) + 1))}\r\n".encode()]
        if found := re.match(r"UID FETCH (\d+)", said):
            held = self.mails[int(found[1]) - 1]
            return [f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(held)}}}\r\n".encode() + held + b")\r\n"]
        return [b"* BYE\r\n"] if said == "LOGOUT" else []

    def _verdict(self, said: str) -> str:
        if said.startswith("LOGIN"):
            return "OK in" if said == f'LOGIN "{USER}" "{PASSWORD}"' else "NO wrong password"
        return "NO no such folder" if said.startswith(("EXAMINE", "SELECT")) and "INBOX" not in said else "OK done"


@pytest.fixture
async def imap() -> AsyncIterator[Imap]:
    made = Imap()
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


def of(**outbox: object) -> Mailbox:
    return Mailbox(CrmSettings(outbox=OutboxSettings(**{"within": 0.01, **outbox}), timeout=3.0))


def at(server: Imap, folder: str = "INBOX", password: str = PASSWORD) -> Mailbox:
    return of(imap=f"imap://{USER}@127.0.0.1:{server.port}/{folder}", password=password)


def deliver(folder: Path, name: str, raw: bytes, moment: int) -> Path:
    file = folder / "new" / name
    file.write_bytes(raw)
    os.utime(file, (moment, moment))
    return file


async def test_a_new_mail_in_a_folder_is_read(maildir: Path) -> None:
    """What was there before is over, though a mail program has moved it meanwhile."""
    box = of(maildir=str(maildir))
    old = deliver(maildir, "1.a.host", mail("old"), 2_000)
    await box.note()
    old.rename(maildir / "cur" / "1.a.host:2,S")
    with pytest.raises(StepFailed, match=r"no mail to ann@example\.com .* came within"):
        await box.link("ann@example.com")
    deliver(maildir, "2.b.host", mail("first"), 1_000)
    deliver(maildir, "3.c.host", mail("second"), 1_001)
    assert await box.link("ann@example.com") == LINK.format("second")


async def test_a_mail_that_comes_late_is_waited_for(maildir: Path) -> None:
    """The mailbox is looked at until the mail is there."""
    box = of(maildir=str(maildir), within=10.0)
    await box.note()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(box.link("ann@example.com"))
        group.create_task(asyncio.to_thread(deliver, maildir, "1.a.host", mail("late"), 1))
    assert waiting.result() == LINK.format("late")


async def test_a_folder_that_is_no_maildir(tmp_path: Path) -> None:
    """One message says which, and what it wants."""
    with pytest.raises(StepFailed, match="is no Maildir"):
        await of(maildir=str(tmp_path / "none")).note()


async def test_a_new_mail_at_a_server_is_read(imap: Imap) -> None:
    """Only what is new is fetched, and nothing is marked as read."""
    imap.mails.append(mail("old"))
    box = at(imap)
    await box.note()
    imap.said.clear()
    imap.mails += [mail("new"), mail("other", to="bob@example.com")]
    assert await box.link("ann@example.com") == LINK.format("new")
    fetched = [one for one in imap.said if "FETCH" in one]
    assert [one.split()[2] for one in fetched] == ["3", "2"]
    assert all("BODY.PEEK[]" in one for one in fetched)
    assert not any(one.startswith("SELECT") for one in imap.said)


@pytest.mark.parametrize(("folder", "password"), [("Nowhere", PASSWORD), ("INBOX", "wrong")])
async def test_a_server_that_lets_nobody_in(imap: Imap, folder: str, password: str) -> None:
    """What the server said is told; the password is not."""
    with pytest.raises(
        StepFailed, match=r"the mailbox at 127\.0\.0\.1 cannot be read: .*no such folder|wrong"
    ) as failed:
        await at(imap, folder, password).note()
    assert PASSWORD not in str(failed.value)


async def test_a_server_that_is_not_there() -> None:
    """Nobody listens, or no TLS is spoken, or its authority cannot be read."""
    with pytest.raises(StepFailed, match="cannot be read"):
        await of(imap=f"imap://{USER}@127.0.0.1:1").note()
    with pytest.raises(StepFailed, match="cannot be read"):
        await of(imap=f"imaps://{USER}@127.0.0.1:1").note()
    crm = CrmSettings(ca="no-such-file.pem", outbox=OutboxSettings(imap=f"imaps://{USER}@127.0.0.1:1"))
    with pytest.raises(SettingsError, match="no-such-file"):
        await Mailbox(crm).note()


async def test_mails_on_a_page_are_not_for_a_mailbox() -> None:
    """The page of the profile is read by the journey's own browser."""
    box = of()
    await box.note()
    assert await box.link("ann@example.com") == ""


async def test_nobody_at_a_terminal_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can paste a link, a mailbox is to be named."""
    monkeypatch.setattr(sys, "stdin", StringIO())
    with pytest.raises(StepFailed, match="nobody is at a terminal"):
        await of(by="person").link("ann@example.com")


@pytest.mark.parametrize(("typed", "link"), [(LINK.format("typed"), LINK.format("typed")), ("no link", None)])
async def test_a_person_pastes_the_link(
    typed: str, link: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question names the mail; what is typed must be a link."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        os.write(ours, f"{typed}\n".encode())
        if link:
            assert await of(by="person").link("ann@example.com") == link
        else:
            with pytest.raises(StepFailed, match="is no link"):
                await of(by="person").link("ann@example.com")
    os.close(ours)
    assert "The link in the mail to ann@example.com:" in capsys.readouterr().err


def mailing(monkeypatch: pytest.MonkeyPatch, deliver_to: Callable[[bytes], object]) -> None:
    """Have the sample CRM's mails delivered somewhere, and its page of mails closed."""

    def made(config: CrmConfig) -> web.Application:
        app = create_app(config)

        @web.middleware
        async def between(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == "/outbox":
                return web.Response(status=404)
            answer, held = await handler(request), app[CRM].outbox
            while held:
                sent = held.popleft()
                raw = mail("", sent.to, sent.link)
                deliver_to(raw)
            return answer

        app.middlewares.insert(0, between)
        return app

    monkeypatch.setattr(sample, "create_app", made)


async def test_a_journey_resets_a_password_by_a_mail_in_a_folder(
    maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped journey reads the mailbox of the profile."""
    mailing(monkeypatch, lambda raw: deliver(maildir, "1.x.host", raw, 1))
    async with Simulator(Settings(port=0, seed=1)) as simulator, sample.sample_crm(simulator.url) as url:
        crm = CrmSettings(url=url, outbox=OutboxSettings(maildir=str(maildir)))
        report = await simulator.play(library.find("reset-password"), crm=crm)
    assert report.outcome.passed, report.outcome.failure


async def test_the_list_resets_a_password_by_a_mail_at_a_server(imap: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Test 6.3.9 reads the mailbox, and asks for a person where it cannot be read."""
    mailing(monkeypatch, imap.mails.append)
    address, found = f"imap://{USER}@127.0.0.1:{imap.port}", []
    for password in (PASSWORD, "wrong"):
        async with Simulator(Settings(port=0, seed=1)) as simulator, sample.sample_crm(simulator.url) as url:
            outbox = OutboxSettings(imap=address, password=password)
            simulator.settings = Settings(port=0, seed=1, crm=CrmSettings(url=url, outbox=outbox))
            report = await conform(simulator, select(["6.3.9"]))
            found.append({one.verdict for one in report.findings})
    assert found == [{Verdict.PASS}, {Verdict.NEEDS_A_PERSON}]


async def test_a_list_without_a_person_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is to paste the link must be there."""
    monkeypatch.setattr(mailbox.sys, "stdin", None)
    async with Simulator(Settings(port=0, seed=1)) as simulator, sample.sample_crm(simulator.url) as url:
        simulator.settings = Settings(port=0, crm=CrmSettings(url=url, outbox=OutboxSettings(by="person")))
        report = await conform(simulator, select(["6.3.9"]))
    assert {one.verdict for one in report.findings} == {Verdict.NEEDS_A_PERSON}
    assert "nobody is at a terminal" in report.findings[0].detail
