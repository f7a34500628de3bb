"""Trying the broker's side of a profile: every address of the CRM, one after the other."""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

from mock_ctrader.contract.calls.crm import CALLS, CRM_API_TOKEN
from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import ScreenProfile
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import profile, profile_attempts, profile_screens
from mock_ctrader.runtime.profile_attempts import MADE_UP, Trial
from mock_ctrader.runtime.profile_connection import Caller, connect, silence
from mock_ctrader.runtime.profile_judging import (
    Finding,
    Outcome,
    judge_clock,
    judge_password,
    judge_refusal,
    judge_webhook,
)
from mock_ctrader.runtime.profile_screens import Seen
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.screens.addresses import fetchable, join, mask, same_place
from mock_ctrader.wire import REDIRECTS, Request, Response

Findings = AsyncIterator[Finding]
_MOST_REDIRECTS = 10
_NO_SUCH_PAGE = "/no-such-page-0000"
_PAGE_HEADERS = (("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),)
_NEITHER = "the module is not in crm.modules"


class CrmSide:
    """One check-up of one CRM."""

    def __init__(self, settings: Settings, caller: Caller) -> None:
        self._settings = settings
        self._crm = settings.crm
        self._caller = caller
        self._screens = profile.screens(settings.crm)
        self._driver = ScreenProfile(
            self._screens.success_url, settings.crm.fields, settings.crm.links, settings.crm.buttons
        )
        self._token: str | None = None
        self._nothing: Seen | None = None

    async def findings(self, trust: ssl.SSLContext | bool) -> Findings:
        """Try everything that the profile has."""
        connection = await connect(self._crm.url, self._crm.timeout, trust, self._caller.clock)
        for finding in connection:
            yield finding
        if connection[-1].outcome is Outcome.WRONG:
            self._caller.leave(self._crm.url)
        for part in (self._endpoints, self._login, self._in_app, self._pages, self._webhooks):
            async for finding in part():
                yield finding
        if self._caller.dated is not None:
            yield judge_clock(*self._caller.dated)

    async def _endpoints(self) -> Findings:
        if not profile.has_any(self._crm, (profile.CRM_ENDPOINTS,)):
            yield Finding("endpoints", Outcome.SKIPPED, _NEITHER)
            return
        address = profile.crm_address(self._settings)
        asked = profile_attempts.password(address, self._crm.password)
        yield await self._caller.judged(f"{CRM_API_TOKEN.id}, the password", asked, self._keep)
        yield await self._try(profile_attempts.wrong_password(address))
        for trial in profile_attempts.calls(address, profile.description(self._settings).edition, self._token):
            yield await self._try(trial)

    def _keep(self, response: Response) -> Finding:
        finding, self._token = judge_password(response)
        return finding

    async def _try(self, trial: Trial) -> Finding:
        attempt = trial.attempt
        return await self._caller.judged(attempt.subject, trial.request, lambda got: judge_refusal(attempt, got))

    async def _login(self) -> Findings:
        others = {one.value: self._crm.address(self._screens.paths[one]) for one in self._held()}
        yield profile_screens.judge_success(self._screens.success_url, others)
        api = self._crm.api
        if Screen.LOGIN not in self._held():
            yield Finding("login screen", Outcome.SKIPPED, _NEITHER)
        elif api.login is not None:
            yield await self._try(profile_attempts.stranger_logs_in(self._crm.address(api.login.url), api.login))
        else:
            url = self._screens.login_url(Device("doctor", has_logged_in=True))
            for finding in await self._visited("login screen", url, self._of_login):
                yield finding
        if api.sign_up is not None:
            yield Finding("JSON API to sign up", Outcome.SKIPPED, "a call would make a user")

    def _of_login(self, seen: Seen) -> Iterator[Finding]:
        yield profile_screens.judge_login(seen, self._driver, scripts=self._settings.screens == "browser")
        yield from profile_screens.judge_frame("login screen", seen)

    def _held(self) -> list[Screen]:
        return [screen for screen, module in profile.SCREEN_MODULES.items() if module in self._crm.modules]

    async def _in_app(self) -> Findings:
        await self._visited("nothing", self._crm.address(_NO_SUCH_PAGE), self._remember_nothing)
        for screen in profile.SCREEN_MODULES:
            subject = f"{screen.value.replace('_', ' ')} screen"
            if screen is Screen.LOGIN:
                continue
            if screen not in self._held():
                yield Finding(subject, Outcome.SKIPPED, _NEITHER)
                continue
            url = self._screens.url(screen, Device("doctor"), token=MADE_UP, account="1")
            for finding in await self._visited(subject, url, partial(self._of_screen, screen, subject)):
                yield finding

    def _remember_nothing(self, seen: Seen) -> Iterator[Finding]:
        self._nothing = seen
        yield from ()

    def _of_screen(self, screen: Screen, subject: str, seen: Seen) -> Iterator[Finding]:
        login = self._crm.address(self._screens.paths[Screen.LOGIN])
        task, setting = profile.SCREEN_TASKS[screen], f"crm.screens.{screen.value}"
        yield profile_screens.judge_screen(subject, setting, task, seen, self._driver, login, self._nothing)
        yield from profile_screens.judge_frame(subject, seen)

    async def _pages(self) -> Findings:
        for name, place in self._crm.pages.items():
            subject = f"page '{name}'"
            if not profile.has_any(self._crm, (profile.PAGE_MODULES.get(name, "client_area"),)):
                yield Finding(subject, Outcome.SKIPPED, _NEITHER)
                continue
            url = self._crm.address(place)
            judge = partial(self._of_page, subject, f"crm.pages.{name}", url)
            for finding in await self._visited(subject, url, judge):
                yield finding

    def _of_page(self, subject: str, setting: str, url: str, seen: Seen) -> Iterator[Finding]:
        yield profile_screens.judge_page(subject, setting, url, seen, self._nothing)

    async def _webhooks(self) -> Findings:
        for call in CALLS[-2:]:
            setting = call.id.removesuffix("_webhook")
            url = self._crm.address(str(getattr(self._crm.webhooks, setting)))
            subject = f"{call.id}, a wrong Authorization"
            if not profile.has_any(self._crm, profile.WEBHOOKS):
                yield Finding(subject, Outcome.SKIPPED, _NEITHER)
            elif not url:
                yield Finding(subject, Outcome.SKIPPED, "no address is set")
            else:
                yield await self._webhook(subject, f"crm.webhooks.{setting}", url)

    async def _webhook(self, subject: str, setting: str, url: str) -> Finding:
        request = profile_attempts.webhook(url)
        return await self._caller.judged(subject, request, lambda got: judge_webhook(subject, setting, got))

    async def _visited(self, subject: str, url: str, judge: Callable[[Seen], Iterator[Finding]]) -> list[Finding]:
        """Open an address as a browser does, and return what is found there, or why it cannot be opened."""
        try:
            seen = await self._follow(subject, url)
        except (ScreenError, TransportError) as error:
            seen = Finding(subject, Outcome.WRONG, error.what, error.cure)
        return list(judge(seen)) if isinstance(seen, Seen) else [seen]

    async def _follow(self, subject: str, url: str) -> Seen | Finding:
        """Follow redirects until a page stays or the success URL comes up."""
        for _ in range(_MOST_REDIRECTS):
            if same_place(url, self._screens.success_url):
                return Seen(url)
            if self._caller.is_silent(url):
                return silence(subject, url)
            if not fetchable(url):
                raise ScreenError(f"leads to {mask(url)}, which is no address of the web.")
            response = await self._caller.send(Request.to("GET", url, headers=_PAGE_HEADERS))
            location = response.header("Location")
            if response.status not in REDIRECTS or not location:
                return Seen.of(url, response)
            url = join(url, location)
        raise ScreenError(f"more than {_MOST_REDIRECTS} redirects in a row, the last to {mask(url)}.")
