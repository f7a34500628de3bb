"""Running the list against a sample CRM, whole or with one fault."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.cli import sample
from mock_ctrader.conformance import model
from mock_ctrader.conformance.plan import select
from mock_ctrader.runtime.conforming import conform
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm import CrmConfig, create_app

Fault = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Run = Callable[..., Awaitable[model.Report]]
Json = dict[str, Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run tests of the list against a sample CRM on a clock that can be set, with a fault between it and the wire."""

    async def against(*only: str, fault: Fault | None = None, **changes: Any) -> model.Report:
        def faulty(config: CrmConfig) -> web.Application:
            app = create_app(config)
            if fault is not None:

                @web.middleware
                async def between(request: web.Request, handler: Handler) -> web.StreamResponse:
                    return await fault(request, handler)

                app.middlewares.insert(0, between)
            return app

        monkeypatch.setattr(sample, "create_app", faulty)
        options = {name: changes.pop(name) for name in ("edition", "strict", "counts_beyond") if name in changes}
        settings = Settings(port=0, seed=1, clock="virtual")
        async with Simulator(settings) as simulator, sample.sample_crm(simulator.url, test_clock=True) as url:
            crm = CrmSettings(url=url, test_clock="/test/clock", **changes)
            simulator.settings = msgspec.structs.replace(settings, crm=crm)
            return await conform(simulator, select(only), **options)

    return against


@pytest.fixture(scope="session")
def verdicts() -> Callable[[model.Report], Mapping[str, model.Verdict]]:
    """Return the verdict of every condition of a report."""
    return lambda report: {one.condition: one.verdict for one in report.findings}


@pytest.fixture(scope="session")
def rewriting() -> Callable[..., Fault]:
    """Make a fault that writes answers of one path anew: those that succeeded, or those that did not."""

    def make(
        path: str, *, refused: bool = False, status: int | None = None, change: Callable[[Json], None] | None = None
    ) -> Fault:
        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if not request.path.endswith(path) or (answer.status >= 400) is not refused:
                return answer
            assert isinstance(answer, web.Response)
            held: Json = json.loads(answer.body) if isinstance(answer.body, bytes) and answer.body else {}
            if change is not None:
                change(held)
            return web.json_response(held, status=status or answer.status)

        return fault

    return make
