"""The check-up against real servers: sound, wrong, silent, and not there."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.checkup import Checked, check_up, of_settings
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.description import ManagerEntry, PlantDescription
from mock_ctrader.runtime.profile_connection import trouble
from mock_ctrader.runtime.profile_judging import Finding, Outcome
from mock_ctrader.runtime.settings import ApiSettings, CrmSettings, ScreenSettings, Settings, WebhookSettings
from mock_ctrader.runtime.simulator import Simulator

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[..., Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Answers every request by one handler; gives the base URL."""
    runners: list[web.ServerRunner] = []

    async def start(handler: Handler, context: ssl.SSLContext | None = None) -> str:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        return f"{'https' if context else 'http'}://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


async def missing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=404, text=f"<title>Not found</title><p>No {request.path}", content_type="text/html")


async def checked(crm: CrmSettings, **settings: object) -> Checked:
    return await check_up(Settings(crm=crm, **{"port": 0, "seed": 1, **settings}), SystemClock())  # type: ignore[arg-type]


def outcome(findings: tuple[Finding, ...], subject: str) -> Outcome:
    (found,) = (one for one in findings if one.subject == subject)
    return found.outcome


def outcomes(findings: tuple[Finding, ...]) -> set[Outcome]:
    return {one.outcome for one in findings}


async def test_the_sample_crm_is_sound(pair: tuple[Simulator, CrmSettings]) -> None:
    """Every endpoint and screen of the sample CRM refuses what is made up, and no user comes of it."""
    simulator, crm = pair
    port = int(simulator.url.rpartition(":")[2])
    found = await checked(crm, port=port)
    assert [one for one in (*found.crm, *found.ctrader) if one.outcome is Outcome.WRONG] == []
    assert found.is_sound
    for subject in ("crm_api_token, the password", "crm_api_token, a wrong password", "login screen", "deposit screen"):
        assert outcome(found.crm, subject) is Outcome.OK
    assert outcome(found.ctrader, "manager 2309") is Outcome.OK
    assert len(simulator.world().plant.users) == 2  # those of the examples


async def test_a_simulator_stands_in_where_none_runs(serve: Serve, free_port: int) -> None:
    """What the CRM calls meanwhile is told."""

    async def asking(request: web.Request) -> web.StreamResponse:
        import aiohttp

        url = f"http://127.0.0.1:{free_port}/v2/webserv/managers/token"
        async with aiohttp.ClientSession() as client, client.post(url, json={"login": 1}) as answer:
            return web.Response(status=403, text=await answer.text())

    found = await checked(CrmSettings(url=await serve(asking), modules=["deposit"]), port=free_port)
    assert outcome(found.ctrader, "calls of the CRM") is Outcome.OK
    assert [one.outcome for one in found.ctrader if one.subject == "simulator"] == [Outcome.NOTE, Outcome.OK]


async def test_pages_of_not_found_are_wrong_paths(serve: Serve) -> None:
    """A server that knows nothing of the integration is told from one that refuses."""
    found = await checked(CrmSettings(url=await serve(missing), timeout=5))
    ours = [one for one in found.crm if one.subject not in ("connection", "success URL", "clock")]
    assert outcomes(tuple(ours)) == {Outcome.WRONG, Outcome.NOTE}
    assert not any(one.subject.endswith("a made-up code") for one in ours), "without a crmApiToken there is no asking"
    assert not found.is_sound


async def test_a_silent_server_is_asked_once(serve: Serve, pass_time: Callable[[float], None]) -> None:
    """The check-up of a server that hangs takes one timeout, not one for each address."""
    asked: list[str] = []

    async def hanging(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        pass_time(6)
        await asyncio.Event().wait()
        raise AssertionError

    found = await checked(CrmSettings(url=await serve(hanging), timeout=5))
    assert asked == ["/oauth2/crmApiToken"]
    assert outcome(found.crm, "crm_api_token, the password") is Outcome.WRONG
    assert outcome(found.crm, "deposit screen") is Outcome.SKIPPED


async def test_a_server_that_breaks_off_at_a_page_is_told(serve: Serve) -> None:
    """A screen without an answer is wrong, those after it are skipped."""

    async def breaking(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    found = await checked(CrmSettings(url=await serve(breaking), modules=["deposit", "withdraw", "kyc"]))
    assert outcome(found.crm, "deposit screen") is Outcome.SKIPPED
    url = await serve(breaking)
    screens = ScreenSettings(deposit=f"{url}/pay", withdraw=f"{url}/take")
    crm = CrmSettings(url=await serve(missing), modules=["deposit", "withdraw"], screens=screens)
    found = await checked(crm)
    assert outcome(found.crm, "deposit screen") is Outcome.WRONG
    assert outcome(found.crm, "withdraw screen") is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/loop", "more than 10 redirects in a row"),
        ("mailto:help@example.com", "leads to mailto:help@example.com, which is no address of the web."),
        ("/callback/success?token=x", "a made-up token leads to the success URL."),
    ],
)
async def test_redirects_are_followed_as_a_browser_does(serve: Serve, location: str, said: str) -> None:
    """To their end, and no further than the success URL."""

    async def leading(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    found = await checked(CrmSettings(url=await serve(leading), modules=["deposit"]))
    (finding,) = (one for one in found.crm if one.subject == "deposit screen")
    assert (finding.outcome, finding.said.startswith(said)) == (Outcome.WRONG, True)


async def test_only_the_modules_of_the_profile_are_tried(serve: Serve) -> None:
    """What the CRM lacks is listed, and left alone."""
    asked: list[str] = []

    async def noting(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=403)

    found = await checked(CrmSettings(url=await serve(noting), modules=["kyc"]))
    assert asked == ["/no-such-page-0000", "/inapp/kyc"]
    for subject in ("endpoints", "login screen", "deposit screen", "page 'home'"):
        assert outcome(found.crm, subject) is Outcome.SKIPPED
    assert outcome(found.crm, "new_user_webhook, a wrong Authorization") is Outcome.SKIPPED


async def test_a_json_api_is_tried_by_a_stranger(serve: Serve) -> None:
    """Logging in makes nobody; signing up would, and is left alone, as is a webhook without an address."""
    bodies: list[object] = []

    async def refusing(request: web.Request) -> web.StreamResponse:
        if request.path == "/api/login":
            bodies.append(await request.json())
        return web.Response(status=401)

    api = ApiSettings(login=JsonApi("/api/login", fields={"email": "user.mail"}), sign_up=JsonApi("/api/join"))
    crm = CrmSettings(
        url=await serve(refusing), modules=["sso", "invite"], api=api, webhooks=WebhookSettings(attribution="")
    )
    found = await checked(crm, plants={"sandbox": PlantDescription(edition="2023")})
    assert bodies == [{"user": {"mail": "nobody@example.com"}}]
    assert outcome(found.crm, "JSON API to log in, a stranger") is Outcome.OK
    assert outcome(found.crm, "JSON API to sign up") is Outcome.SKIPPED
    assert outcome(found.crm, "attribution_webhook, a wrong Authorization") is Outcome.SKIPPED
    assert outcome(found.crm, "new_user_webhook, a wrong Authorization") is Outcome.OK
    assert not any(one.subject.startswith("crm_logout") for one in found.crm), "edition 2023 has no such call"
    assert outcome(found.ctrader, "module invite") is Outcome.NOTE


async def test_nobody_listening_is_told_once(free_port: int) -> None:
    """One line says what is wrong, the others that they were left out."""
    found = await checked(CrmSettings(url=f"http://127.0.0.1:{free_port}"))
    assert [one.subject for one in found.crm if one.outcome is Outcome.WRONG] == ["connection"]


async def test_a_certificate_is_looked_at(serve: Serve, tmp_path: Path) -> None:
    """One that is trusted has days left; one that is not is named, as is a server that speaks no TLS."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    url = await serve(missing, context)
    trusted = await checked(CrmSettings(url=url, ca=str(file), modules=[]))
    assert outcome(trusted.crm, "certificate") is Outcome.OK
    stranger = await checked(CrmSettings(url=url, modules=[]))
    assert outcome(stranger.crm, "certificate") is Outcome.WRONG
    plain = await checked(CrmSettings(url=(await serve(missing)).replace("http:", "https:"), modules=[]))
    assert "does not speak TLS" in plain.crm[0].said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the name of crm:80 is not known (DNS)."),
        (TimeoutError(), "crm:80 does not answer within 2 seconds."),
        (ConnectionRefusedError(111, "Connection refused"), "cannot connect to crm:80: Connection refused."),
        (OSError(), "cannot connect to crm:80: OSError."),
    ],
)
def test_why_there_is_no_connection(error: Exception, said: str) -> None:
    """In a person's words, with what to do."""
    finding = trouble(error, "crm:80", 2)
    assert (finding.outcome, finding.said, bool(finding.cure)) == (Outcome.WRONG, said, True)


async def test_another_program_at_the_simulator_s_port_is_told(serve: Serve) -> None:
    """It is no simulator, or it does not answer at all."""
    for handler, said in ((missing, "is no simulator"), (_empty, "is no simulator")):
        port = int((await serve(handler)).rpartition(":")[2])
        found = await checked(CrmSettings(url=await serve(missing), modules=[]), port=port)
        (finding,) = (one for one in found.ctrader if one.subject == "simulator")
        assert (finding.outcome, said in finding.said) == (Outcome.WRONG, True)


async def _empty(_: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "busy"})


async def test_a_silent_program_at_the_simulator_s_port_is_told(
    serve: Serve, pass_time: Callable[[float], None]
) -> None:
    """The port is taken, and nothing comes."""

    async def hanging(_: web.Request) -> web.StreamResponse:
        pass_time(6)
        await asyncio.Event().wait()
        raise AssertionError

    port = int((await serve(hanging)).rpartition(":")[2])
    found = await checked(CrmSettings(url=await serve(missing), modules=[], timeout=5), port=port)
    assert "does not answer" in next(one.said for one in found.ctrader if one.subject == "simulator")


async def test_a_simulator_with_other_managers_is_told(simulator: Simulator) -> None:
    """The one that runs was started with other settings."""
    port = int(simulator.url.rpartition(":")[2])
    plants = {"sandbox": PlantDescription(managers=(ManagerEntry(login=7, hashed_password="0" * 32),))}
    found = await checked(CrmSettings(url=simulator.url, modules=[]), port=port, plants=plants)
    assert outcome(found.ctrader, "manager 7") is Outcome.WRONG


async def test_the_stand_in_speaks_https_where_that_is_set(serve: Serve, tmp_path: Path) -> None:
    """Its own authority is trusted by the check-up, too."""
    crm = CrmSettings(url=await serve(missing), modules=[])
    found = await checked(crm, tls=True, tls_ca=str(tmp_path / "own.pem"))
    assert outcome(found.ctrader, "manager 2309") is Outcome.OK


@pytest.mark.parametrize(
    ("host", "url", "subjects"),
    [
        ("127.0.0.1", "http://localhost:8080", ["broker"]),
        ("127.0.0.1", "http://crm.localhost:8080", ["broker"]),
        ("127.0.0.1", "https://crm.example.com", ["broker", "host"]),
        ("0.0.0.0", "https://crm.example.com", ["broker"]),
    ],
)
def test_a_crm_elsewhere_cannot_call_this_machine_s_own_address(host: str, url: str, subjects: list[str]) -> None:
    """Loopback is nobody else's."""
    assert [one.subject for one in of_settings(Settings(host=host, crm=CrmSettings(url=url)))] == subjects
