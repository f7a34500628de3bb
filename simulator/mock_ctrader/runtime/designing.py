"""The design tests, run: a real browser looks at every screen of a CRM, and what it saw is judged."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

from mock_ctrader.conformance import design
from mock_ctrader.conformance.design_languages import spoken_in
from mock_ctrader.conformance.design_seen import Seen
from mock_ctrader.conformance.design_visits import (
    CANDIDATES,
    LOGIN,
    SIXTEEN_TO_NINE,
    UNKNOWN,
    Subject,
    Visit,
    subjects,
    visits_of,
)
from mock_ctrader.conformance.model import Finding
from mock_ctrader.errors import MockCTraderError, ScreenRefused, StartError
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.designing_guest import NAME, Guest, device_of, guest
from mock_ctrader.runtime.files import make_folder
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.visits import Visits
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.screens.inspecting import Inspector, OpenContext, OpenElsewhere, other_browser
from mock_ctrader.screens.real_browser import RealBrowsers
from mock_ctrader.wire import Direction, Request, Response

AT_ONCE = 2
"""Looks at the same time: more of them slow each other down, and a page's time is measured."""
_NOBODY = "nobody.conformance@example.com"
_STEP = Step(NAME)


@dataclass(slots=True)
class _Round:
    """One run of the design tests."""

    world: World
    crm: CrmSettings
    inspector: Inspector
    origin: str
    only: Collection[str] = ()
    strict: bool = False
    guest: Guest | None = None
    way_in: str = ""
    """Why nobody is logged in."""
    languages: Sequence[str] | None = None
    """Which the CRM speaks beside English; none while that is not known."""
    unseen: dict[Subject, str] = field(default_factory=dict[Subject, str])

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The screens that the CRM has."""
        held = profile.SCREEN_MODULES.items()
        return subjects(screen for screen, module in held if module in self.crm.modules)

    async def see_all(self, visits: Iterable[Visit]) -> list[Seen]:
        """Take all looks, a few at a time; those that cannot be taken are left out, and noted."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def take(visit: Visit) -> Seen | None:
            async with turn:
                return await self._take(visit)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(take(visit)) for visit in visits]
        return [seen for task in tasks if (seen := task.result()) is not None]

    async def _take(self, visit: Visit) -> Seen | None:
        try:
            url = await self._address(visit)
        except MockCTraderError as error:
            self.unseen[visit.subject] = str(error)
            return None
        return await self.see(visit, url)

    async def _address(self, visit: Visit) -> str:
        if not visit.subject.is_in_app:
            device = device_of(visit, has_logged_in=not visit.subject.first_login)
            return profile.screens(self.crm).login_url(device)
        if self.guest is None:
            raise StartError(self.way_in)
        return await self.guest.address(visit)

    async def see(self, visit: Visit, url: str, inspector: Inspector | None = None) -> Seen:
        """Take one look, and enter it in the journal."""
        draft = Draft(visit.subject.name, Request.to("GET", url), step=structs.replace(_STEP, device=visit.size.name))
        with self.world.record(Direction.SCREEN, draft):
            number = self.world.journal.last_number
            seen = await (inspector or self.inspector).see(visit, url)
            draft.response = Response(seen.status) if seen.status else None
            draft.error = "" if seen.status else seen.problem
            picture = (("screenshot", seen.picture),) if seen.picture else ()
            draft.facts = (("title", seen.page.title), *picture)
        return replace(seen, entry=number)


async def inspect_design(
    simulator: Simulator,
    folder: Path | None,
    *,
    crm: CrmSettings | None = None,
    plant: str | None = None,
    only: Collection[str] = (),
    strict: bool = False,
    languages: Sequence[str] | None = None,
) -> list[Finding]:
    """Return what the design tests find of a CRM: a finding for each of their conditions.

    ``folder`` takes the pictures, and none are taken without it; ``only`` names conditions, or tests, by id;
    ``strict`` counts what is only inferred, too; ``languages`` are those that the CRM speaks beside English, which is
    found out if they are not given. Where no browser can be had, everything is skipped, and says why.

    Raises:
        StartError: nobody listens at the CRM's address, or the folder cannot be made.
    """
    settings, world = simulator.settings, simulator.world(plant)
    held, equipment = await simulator.equip(world, crm=crm, screens="form")
    if folder is not None:
        make_folder(folder)
    try:
        bounds = outbound(held, simulator.app_url)
        driven = RealBrowsers(
            settings.browser, any_certificate=bool(held.ca), bounds=bounds, applications=simulator.app_url
        )
        async with driven as browsers:
            profiled = _profile(held)
            inspector = Inspector(OpenContext(browsers), profiled, folder, held.timeout)
            this = _Round(world, held, inspector, _origin(simulator.app_url), only, strict, languages=languages)
            found = await _inspect(this, equipment, browsers, folder)
    except StartError as error:
        found = design.all_skipped(str(error), only)
    return [replace(one, detail=world.journal.secrets.mask(one.detail)) for one in found]


async def _inspect(this: _Round, equipment: Equipment, browsers: RealBrowsers, folder: Path | None) -> list[Finding]:
    async with AsyncExitStack() as stack:
        await _let_in(this, equipment, stack)
        spoken = await _languages(this, browsers) if this.languages is None else this.languages
        visits = [visit for subject in this.subjects for visit in visits_of(subject, spoken)]
        looks = await this.see_all(design.wanted(visits, this.origin, this.only))
        findings = [*design.judge(
            looks, this.origin, unseen=this.unseen, languages=spoken, only=this.only, strict=this.strict
        )]  # fmt: skip
        if design.is_in(design.RESET, this.only):
            has_login = LOGIN in this.subjects
            findings.append(await _reset_password(this, browsers) if has_login else design.no_reset())
        findings += [await _elsewhere(this, name, folder) for name in _other_browsers(this.only)]
    return design.in_order(findings)


async def _let_in(this: _Round, equipment: Equipment, stack: AsyncExitStack) -> None:
    """Have a guest log in, where there is something to look at inside."""
    if not any(subject.is_in_app for subject in this.subjects):
        return
    try:
        this.guest = await stack.enter_async_context(guest(this.world, this.crm, equipment))
    except MockCTraderError as error:
        this.way_in = f"Nobody could be logged in: {error}"


async def _languages(this: _Round, browsers: RealBrowsers) -> tuple[str, ...]:
    """Find out which languages the CRM speaks, by its login screen; only where a condition asks for it."""
    wants = design.wanted([Visit(LOGIN, language=CANDIDATES[0]), Visit(LOGIN, language=UNKNOWN)], "", this.only)
    if not wants or LOGIN not in this.subjects:
        return ()
    quiet = replace(this, inspector=Inspector(OpenContext(browsers), _profile(this.crm), None, this.crm.timeout))
    looks = await quiet.see_all(Visit(LOGIN, language=one) for one in (UNKNOWN, *CANDIDATES))
    return spoken_in(looks)


async def _reset_password(this: _Round, browsers: RealBrowsers) -> Finding:
    """Use the control for a new password as somebody who has forgotten it: nobody's e-mail is entered."""
    visit = Visit(LOGIN, SIXTEEN_TO_NINE)
    number = this.world.journal.last_number + 1
    url = profile.screens(this.crm).login_url(device_of(visit, has_logged_in=True))
    async with browsers.person(visit.size.look) as person:
        visits = Visits(this.world, "login", lambda: _STEP)
        window = person.window(_profile(this.crm), visits, name="reset", timeout=min(this.crm.timeout, 3.0))
        problem = ""
        try:
            await window.open(url)
            with suppress(ScreenRefused):  # that nobody has this e-mail: the control has done what it is for
                await window.submit(Form(Task.FORGET_PASSWORD, {"email": _NOBODY}))
        except MockCTraderError as error:
            problem = error.what
        finally:
            await window.close()
    return design.judge_reset(problem, strict=this.strict, entry=number)


async def _elsewhere(this: _Round, name: str, folder: Path | None) -> Finding:
    """Look at every screen in a browser beside Chromium, where Playwright has it."""
    try:
        async with _inspector_in(name, this.crm, folder) as inspector:
            there = replace(this, inspector=inspector)
            looks = await there.see_all([Visit(subject, SIXTEEN_TO_NINE) for subject in this.subjects])
            return design.judge_browser(name, looks, strict=this.strict)
    except StartError as error:
        return design.all_skipped(str(error), [design.OTHER_BROWSERS[name]])[0]


@asynccontextmanager
async def _inspector_in(name: str, crm: CrmSettings, folder: Path | None) -> AsyncGenerator[Inspector]:
    async with other_browser(name) as browser:
        own = folder / name if folder else None
        yield Inspector(OpenElsewhere(browser, any_certificate=bool(crm.ca)), _profile(crm), own, crm.timeout)


def _other_browsers(only: Collection[str]) -> Sequence[str]:
    return [name for name, condition in design.OTHER_BROWSERS.items() if design.is_in(condition, only)]


def _profile(crm: CrmSettings) -> ScreenProfile:
    return ScreenProfile(profile.screens(crm).success_url, crm.fields, crm.links, crm.buttons)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
