"""Running what goes beyond the vendor's list: against the sample CRM, and against CRMs that have less."""

import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Verdict
from mock_ctrader.conformance.plan_beyond import PROBED
from mock_ctrader.conformance.said import Said
from mock_ctrader.errors import TransportError
from mock_ctrader.runtime.conforming_beyond import PROBES
from mock_ctrader.runtime.conforming_guests import Guests, with_parameters
from mock_ctrader.runtime.conforming_people import People
from mock_ctrader.runtime.crm_settings import WebhookSettings
from mock_ctrader.sample_crm.tokens import Tokens
from mock_ctrader.scenario import MODULES
from mock_ctrader.wire import Response


@pytest.mark.slow
async def test_the_sample_crm_passes_all_that_goes_beyond(run: Any) -> None:
    """Nothing is warned of, nothing is skipped; the evidence of each is in the journal."""
    report: model.Report = await run("beyond", strict=True, counts_beyond=True)
    assert [one for one in report.findings if one.verdict is not Verdict.PASS] == []
    assert all(one.evidence for one in report.findings)
    assert (report.listed, len(report.beyond)) == ((), len(report.findings))


def dropping(*keys: str) -> Any:
    """Leave keys out of the answers that hold a user."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if not request.path.startswith("/oauth2/") or answer.status != 200:
            return answer
        assert isinstance(answer, web.Response)
        assert isinstance(answer.body, bytes)
        held = json.loads(answer.body)
        return web.json_response({key: held[key] for key in held if key not in keys})

    return fault


async def test_what_is_not_kept_is_a_warning_unless_it_counts(run: Any, verdicts: Any) -> None:
    """By default the CRM conforms all the same, even where one is strict."""

    async def cached(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        answer.headers["Cache-Control"] = "public"
        return answer

    report: model.Report = await run("beyond.screens", fault=cached, strict=True)
    assert verdicts(report)["beyond.screens.cache"] is Verdict.WARNING
    assert report.conforms
    counted: model.Report = await run("beyond.screens", fault=cached, counts_beyond=True)
    assert verdicts(counted)["beyond.screens.cache"] is Verdict.FAIL
    assert not counted.conforms


async def test_a_crm_without_optional_tokens_is_not_asked_for_them(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an inappToken nor an accessToken has to be given; the reason is told."""
    monkeypatch.setattr(Tokens, "issue_inapp", lambda *_: None)
    report: model.Report = await run(
        "beyond.inapp-token", "beyond.logout", "beyond.bodies", fault=dropping("inappToken", "accessToken")
    )
    skipped = {one.condition: one.detail for one in report.findings if one.verdict is Verdict.SKIPPED}
    assert "the CRM gives no inappToken" in skipped["beyond.inapp-token.wrong"]
    assert "the CRM gives no accessToken" in skipped["beyond.logout.old-token"]
    assert len(skipped) == 7


@pytest.mark.parametrize("key", ["crmApiToken", "token"])
async def test_a_crm_that_gives_no_token_is_not_judged_by_its_screens(key: str, run: Any) -> None:
    """What cannot be tried is skipped, and the reason is told."""
    report: model.Report = await run("beyond.screens", "beyond.answers", fault=dropping(key))
    screens = [one for one in report.findings if one.condition.startswith("beyond.screens.")]
    assert {one.verdict for one in screens} == {Verdict.SKIPPED}
    assert all("the CRM gives no" in one.detail for one in screens)


async def test_a_crm_that_lets_nobody_in_is_skipped(run: Any) -> None:
    """Without users nothing of it can be tried, and nothing is passed."""

    async def closed(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=503) if request.path == "/auth/login" else await handler(request)

    report: model.Report = await run("beyond.race", "beyond.redirect", "beyond.login", fault=closed)
    assert {one.verdict for one in report.findings} == {Verdict.SKIPPED}
    assert all("no user could sign up" in one.detail for one in report.findings)


async def test_a_crm_that_lets_nobody_log_in_shows_nothing_of_logouts(run: Any) -> None:
    """The reason is that of the login."""

    async def closed(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_login = request.method == "POST" and request.query.get("firstLogin") == "false"
        return web.Response(status=403) if is_login else await handler(request)

    report: model.Report = await run("beyond.logout", fault=closed)
    assert {one.verdict for one in report.findings} == {Verdict.SKIPPED}
    assert "nobody could log in" in report.findings[0].detail


async def test_webhooks_without_an_address_are_not_sent(run: Any) -> None:
    """A CRM that gave no address for a webhook is not judged by it."""
    report: model.Report = await run("beyond.webhooks", webhooks=WebhookSettings(attribution=""))
    assert {one.verdict for one in report.findings} == {Verdict.SKIPPED}
    assert report.findings[0].detail == "crm.webhooks names no address"


async def test_without_deposits_the_other_user_has_no_money(run: Any, verdicts: Any) -> None:
    """A withdrawal is tried all the same; without accounts there is none to reach."""
    modules = [one for one in MODULES if one != "deposit"]
    found = verdicts(await run("beyond.withdraw", "beyond.deposit", modules=modules))
    assert found["beyond.withdraw.changes-nothing"] is Verdict.PASS
    assert found["beyond.deposit.form"] is Verdict.NOT_APPLICABLE


async def test_a_crm_that_redirects_for_ever_is_left(run: Any, verdicts: Any) -> None:
    """A visit ends after a few redirects, and shows no form."""

    async def circling(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/inapp/withdraw":
            return web.Response(status=302, headers={"Location": str(request.rel_url)})
        return await handler(request)

    found = verdicts(await run("beyond.withdraw", "beyond.reflection", fault=circling))
    assert found["beyond.withdraw.form"] is Verdict.PASS
    assert found["beyond.reflection.account"] is Verdict.PASS


async def test_a_crm_that_hangs_is_not_waited_for_again_and_again(
    run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few pages, and one call of a kind, are waited for; that is a failure."""
    waited: list[str] = []
    send = People.send

    async def hung_page(_: Guests, client: object, url: str, kind: str) -> Response:
        waited.append(kind)
        raise TransportError("no answer within 10 seconds.")

    async def hung_call(people: People, name: str, *arguments: Any) -> Said:
        if name != "bodies.malformed":
            return await send(people, name, *arguments)
        waited.append(name)
        return Said(error="no answer within 10 seconds.")

    monkeypatch.setattr(Guests, "_get", hung_page)
    monkeypatch.setattr(People, "send", hung_call)
    found = verdicts(await run("beyond.screens", "beyond.bodies", counts_beyond=True))
    assert len([one for one in waited if one != "bodies.malformed"]) == 3
    assert waited.count("bodies.malformed") == 4
    assert found["beyond.screens.wrong-links"] is found["beyond.bodies.malformed"] is Verdict.FAIL
    assert found["beyond.screens.cache"] is Verdict.SKIPPED


def test_every_test_that_is_probed_has_a_probe() -> None:
    """Nothing of the list is left untried."""
    assert list(PROBES) == [test.id for test in PROBED]


def test_parameters_take_the_place_of_others() -> None:
    """What an address has already is replaced, and what it has not is added."""
    assert with_parameters("http://a.test/x?lang=en&token=", {"lang": "<"}) == "http://a.test/x?lang=%3C&token="
