"""Running the list: against the sample CRM as it is, and against CRMs that have less, or nothing."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Verdict
from mock_ctrader.conformance.plan import CONDITIONS, select
from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import MODULES


async def test_the_sample_crm_passes_all_that_applies(run: Any) -> None:
    """Nothing fails and nothing is a warning; what is skipped is https alone, each with its reason."""
    report: model.Report = await run("6.1", "6.3", "api.calls", strict=True)
    assert report.conforms
    others = [one for one in report.findings if one.verdict is not Verdict.PASS]
    assert {one.verdict for one in others} == {Verdict.SKIPPED}
    assert {one.condition.rpartition(".")[0] for one in others} == {"api.https", "api.certificate"}
    assert all(one.detail for one in others)


async def test_evidence_is_in_the_journal(run: Any) -> None:
    """What was tried with the CRM is named by the numbers of its exchanges."""
    report: model.Report = await run("6.1.2")
    assert all(one.evidence for one in report.findings)


async def test_a_crm_without_a_module_is_not_asked_for_it(run: Any, verdicts: Any) -> None:
    """With the handoff a CRM has no endpoints; without an embedded cTrader Web there is nothing to open."""
    modules = [one for one in MODULES if one not in ("sso", "embedded_web")]
    report: model.Report = await run("6.1.1", "6.1.8", "6.3.8", modules=modules)
    found = verdicts(report)
    assert found["api.crm-api-token.unique"] is Verdict.NOT_APPLICABLE
    assert found["functional.embedded.opens"] is Verdict.NOT_APPLICABLE
    assert report.findings[0].detail == "the CRM has no sso"


async def test_an_edition_without_a_test_does_not_ask_for_it(run: Any, verdicts: Any) -> None:
    """Edition 2023 spells the calls otherwise, and its tables take userId as text."""
    report: model.Report = await run("6.1.1", "6.1.2", "6.1.3", "6.1.7", "api.calls", edition="2023")
    found = verdicts(report)
    assert (report.edition, found["api.exchange.valid"]) == ("2023", Verdict.PASS)
    assert found["api.exchange.user-number"] is Verdict.NOT_APPLICABLE
    assert found["api.verify.valid"] is Verdict.NOT_APPLICABLE
    assert found["api.calls.log-out"] is Verdict.NOT_APPLICABLE
    assert found["api.expiry.status"] is Verdict.PASS


async def test_a_mail_that_nobody_can_read_needs_a_person(run: Any, verdicts: Any) -> None:
    """Without a page that shows the mails, a password reset is left to somebody with a mailbox."""
    found = verdicts(await run("6.3.9", pages={"outbox": "/no-such-page"}))
    assert set(found.values()) == {Verdict.NEEDS_A_PERSON}
    lost = verdicts(await run("6.3.9", pages={"outbox": "http://127.0.0.1:1/"}))
    assert set(lost.values()) == {Verdict.NEEDS_A_PERSON}


async def test_a_crm_that_lets_nobody_sign_up_fails_first_conditions(run: Any, verdicts: Any) -> None:
    """What builds on a user is skipped, but what is to be had first fails: nothing untried makes a CRM conform."""

    async def closed(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=503) if request.path == "/auth/login" else await handler(request)

    report: model.Report = await run("6.1", fault=closed)
    found = verdicts(report)
    assert found["api.exchange.valid"] is Verdict.FAIL
    assert found["api.exchange.user"] is Verdict.SKIPPED
    assert found["api.crm-api-token.valid-password"] is Verdict.PASS
    assert "no user could sign up" in next(one.detail for one in report.findings if one.condition == "api.verify.valid")


async def test_a_crm_that_breaks_the_connection(run: Any, verdicts: Any) -> None:
    """A call that is not answered fails; it is no reason to stop."""

    async def silent(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.endswith("/oauth2/crmApiToken"):
            assert request.transport is not None
            request.transport.abort()
        return await handler(request)

    found = verdicts(await run("6.1.1", fault=silent))
    assert found["api.crm-api-token.valid-password"] is Verdict.FAIL
    assert found["api.crm-api-token.wrong-password-no-token"] is Verdict.SKIPPED


async def test_https_is_tried_with_the_authority_of_the_settings(tmp_path: Path) -> None:
    """Plain http is refused; a chain that nobody but the settings vouches for is not passed."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        crm = CrmSettings(url=url, ca=str(tmp_path / "ca.pem"))
        async with Simulator(Settings(port=0, seed=1, crm=crm)) as simulator:
            report = await conform(simulator, select(["6.1.8", "6.1.9"]))
    found = {one.condition: one.verdict for one in report.findings}
    assert found.pop("api.certificate.chain") is Verdict.SKIPPED
    assert set(found.values()) == {Verdict.PASS}


async def test_an_authority_that_cannot_be_read_stops_the_run() -> None:
    """A file of an authority that cannot be used stops the run: one message, no verdict."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        crm = CrmSettings(url=url, ca="no-such-file.pem")
        async with Simulator(Settings(port=0, seed=1, crm=crm)) as simulator:
            with pytest.raises(SettingsError, match=r"no-such-file\.pem"):
                await conform(simulator, select(["6.1.9"]))


def test_every_condition_has_an_id_that_tells_its_group() -> None:
    """Ids are what baselines name: the group, the test, the condition."""
    assert all(name.split(".")[0] in tuple(model.Group) and name.count(".") == 2 for name in CONDITIONS)
