"""Every secret of a whole run is looked for, in every writing, in all that leaves the simulator."""

import base64
import io
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import aiohttp
import msgspec
import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.journal import Entry, document, to_json
from mock_ctrader.journal.har import to_har
from mock_ctrader.journal.recording import of_journal, to_lines
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS, TRADER_PASSWORD_HASH
from mock_ctrader.reports.curl import curl
from mock_ctrader.runtime import library
from mock_ctrader.runtime.logs import make_logger
from mock_ctrader.runtime.reporting import printout
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Request, Response

ADMIN = "c4nary/admin+token"
JOURNEYS = (
    *("sign-up", "deposit", "withdrawal", "change-password", "reset-password", "password-login", "client-area-logout"),
    *("attribution-of-a-user", "copy-widget", "automatic-relogin", "support-chat"),
)
KEYS = (
    *("webservToken", "accessToken", "inappToken", "crmApiToken", "token", "code", "password", "new_password"),
    *("hashedPassword", "traderPasswordHash", "csrf_token", "csrf", "sid", "session"),
)
LEAST = {"token", "accessToken", "password", "hashedPassword", "Authorization", "cookie"}
"""Kinds that the journeys are known to bring: were one missing, the search would prove less than it says."""
_KEY = f"({'|'.join(KEYS)})"
_PAIR = re.compile(rf'"{_KEY}"\s*:\s*"((?:[^"\\]|\\.)+)"')
_FIELD = re.compile(rf"(?:^|[?&]){_KEY}=([^&\s]+)")
_XML = re.compile(rf"<{_KEY}>([^<]+)</")


def raw_secrets(entry: Entry) -> Iterator[tuple[str, str]]:
    """Find secrets in an exchange as it was, by other means than the journal's own."""
    for message in (entry.request, entry.response):
        if message is None:
            continue
        body = message.body.decode("utf-8", "replace")
        target = f"?{message.query}" if isinstance(message, Request) else ""
        yield from ((key, json.loads(f'"{value}"')) for key, value in _PAIR.findall(body))
        yield from ((key, unquote_plus(value)) for text in (body, target) for key, value in _FIELD.findall(text))
        yield from _XML.findall(body)
        yield from headers(message)
    yield from ((key, value) for key, value in entry.facts if "password" in key and value)


def headers(message: Request | Response) -> Iterator[tuple[str, str]]:
    for name, value in message.headers:
        if name.lower() == "authorization":
            yield "Authorization", value.partition(" ")[2] or value
        elif name.lower() in ("cookie", "set-cookie"):
            crumbs = value.split(";")[: 1 if name.lower() == "set-cookie" else None]
            yield from ((name.title(), crumb.partition("=")[2].strip().strip('"')) for crumb in crumbs)


def writings(value: str) -> set[str]:
    raw = value.encode()
    return {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        json.dumps(value)[1:-1],
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }


class Run:
    """A simulator and a sample CRM at work, with a log in both forms."""

    def __init__(self, simulator: Simulator, crm: CrmSettings, logs: list[io.StringIO]) -> None:
        self.simulator = simulator
        self.crm = crm
        self.logs = logs
        self.printed: list[str] = []
        self.cookies: list[str] = []

    async def play(self) -> None:
        for name in JOURNEYS:
            report = await self.simulator.play(library.find(name), crm=self.crm)
            assert report.outcome.passed, f"{name}: {report.outcome.failure}"
            shown = printout(report, self.simulator.secrets, width=120, unicode=True)
            self.printed.append(msgspec.json.encode(shown).decode())

    @property
    def secrets(self) -> dict[str, str]:
        """Each secret with its kind; what is short or said in the documentation's own words is none."""
        found = {value: key for entry in self.simulator.world().journal for key, value in raw_secrets(entry)}
        found |= dict.fromkeys(self.cookies, "cookie")
        found |= {ADMIN: "adminToken", self.crm.password: "password", MANAGER_PASSWORD_HASH: "hashedPassword"}
        found |= {TRADER_PASSWORD_HASH: "hashedPassword", self.crm.webhooks.authorization.split()[1]: "Authorization"}
        return {value: key for value, key in found.items() if len(value) >= 6 and not value.startswith(("CH_", "CID_"))}


@pytest.fixture
async def run(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Run]:
    """The run; of the cookies that browsers are given, the values are kept."""
    settings = Settings(port=0, seed=1, admin_token=ADMIN, clock="virtual")
    async with Simulator(settings) as simulator, sample_crm(simulator.url, test_clock=True) as url:
        logs = [io.StringIO(), io.StringIO()]
        for form, log in zip(("text", "json"), logs, strict=True):
            simulator.log_to(make_logger(simulator.clock, simulator.mask, form=form, level="debug", stream=log))
        made = Run(simulator, CrmSettings(url=url, test_clock="/test/clock"), logs)
        keep = aiohttp.CookieJar.update_cookies_from_headers

        def kept(jar: aiohttp.CookieJar, headers: Sequence[str], url: Any) -> None:
            made.cookies += [header.partition(";")[0].partition("=")[2].strip('"') for header in headers]
            keep(jar, headers, url)

        monkeypatch.setattr(aiohttp.CookieJar, "update_cookies_from_headers", kept)
        yield made


async def outputs(run: Run) -> dict[str, str]:
    """Collect all that leaves the simulator, but for snapshots, which are the plant itself."""
    simulator = run.simulator
    journal = simulator.world().journal
    written = document(journal, journal.secrets, plant="sandbox")
    recording = of_journal(written)
    found = {
        "journal": to_json(written),
        "recording": to_lines(recording),
        "HAR": to_har(recording),
        "curl": "\n".join(curl(entry.request, journal.secrets) for entry in journal if entry.request),
        **{f"printout of {name}": text for name, text in zip(JOURNEYS, run.printed, strict=True)},
        "log as text": run.logs[0].getvalue(),
        "log as JSON": run.logs[1].getvalue(),
    }
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {ADMIN}"}) as client:
        for path in (
            "plants",
            *(f"plants/sandbox{rest}" for rest in ("", "/journal", "/users", "/answers", "/faults")),
        ):
            async with client.get(f"{simulator.url}/_mock/{path}") as answer:
                assert answer.status == 200
                found[f"GET {path}"] = await answer.text()
    return found


async def test_no_secret_of_a_run_leaves_it(run: Run) -> None:
    """Tokens, passwords, hashes, cookies and authorizations of eleven journeys stand in no output in any writing."""
    await run.play()
    secrets = run.secrets
    assert set(secrets.values()) >= LEAST
    assert len(secrets) > 100
    leaked = [
        f"{kind} {value[:4]}... in {name}"
        for name, text in (await outputs(run)).items()
        for value, kind in secrets.items()
        if any(writing in text for writing in writings(value))
    ]
    assert leaked == []


async def test_a_failure_of_ours_tells_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the simulator breaks, the traceback in the log holds none, and no more does the answer."""

    def broken(*_: object) -> object:
        raise RuntimeError(f"at {MANAGER_PASSWORD_HASH} and {quote(ADMIN, safe='')} and password=unknown-Word")

    monkeypatch.setattr("mock_ctrader.runtime.world.handle", broken)
    async with aiohttp.ClientSession() as client:
        body = {"login": MANAGERS[0], "hashedPassword": MANAGER_PASSWORD_HASH}
        async with client.post(f"{run.simulator.url}/v2/webserv/managers/token", json=body) as answer:
            assert answer.status == 500
            said = await answer.text()
    for text in (said, *(log.getvalue() for log in run.logs)):
        assert MANAGER_PASSWORD_HASH not in text
        assert quote(ADMIN, safe="") not in text
        assert "unknown-Word" not in text
    assert any("RuntimeError" in log.getvalue() for log in run.logs)
