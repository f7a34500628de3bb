"""Attempts of one user to reach another's account, and of a stranger to learn who is a client."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import aiohttp

from mock_ctrader.conformance.beyond_seen import Crossing, Door, Doors
from mock_ctrader.conformance.said import Attempt, Judgement, untried
from mock_ctrader.errors import MockCTraderError, ScreenError, ScreenRefused
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.conforming_guests import BALANCE, Guests
from mock_ctrader.runtime.conforming_people import Person
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.screens.answering import Answer, page_of, redirected
from mock_ctrader.screens.fetching import Fetcher
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.finding import target_on
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.sending import Submission
from mock_ctrader.transports.aiohttp_client import AiohttpWay
from mock_ctrader.wire import Direction, Request, Response

Found = Mapping[str, Attempt | Judgement]
TRIES: Final = 4
"""How often a form is sent for each of two e-mails: a few times show what is noise."""
_AMOUNT = "11.11"
_LARGEST = 1_000_000
_MOST_REDIRECTS = 5
_UNKNOWN = "nobody.beyond@example.com"
_WRONG = "Not-the-password-1"
_TASKS: Final[Mapping[str, tuple[Screen, Task]]] = {
    "deposit": (Screen.DEPOSIT, Task.DEPOSIT),
    "withdraw": (Screen.WITHDRAW, Task.WITHDRAW),
}


def crossings(action: str) -> Callable[[Guests], Awaitable[Found]]:
    """Return what tries a screen of the cashier with one user's token and another's account."""

    async def probe(guests: Guests) -> Found:
        first, second = await guests.first(), await guests.second()
        if not (first.login and second.login):
            nothing = untried("no account was opened for one of the two users")
            return {f"cross.{action}": nothing, f"forge.{action}": nothing}
        screen, task = _TASKS[action]
        address = await guests.address(screen, account=str(second.login))
        own = await guests.address(screen)
        return {
            f"cross.{action}": await _go(guests, task, address, {}),
            f"forge.{action}": await _go(guests, task, own, {str(first.login): str(second.login)}),
        }

    return probe


async def _go(guests: Guests, task: Task, url: str, forged: Mapping[str, str]) -> Crossing:
    """Open a screen and send its form, with what is forged in the page first."""
    second, number = await guests.second(), guests.run.world.journal.last_number
    texts, start = list[str](), guests.run.stopwatch.elapsed()
    sent = 0
    async with guests.browser() as client:
        teller = _Teller(guests, client, task)
        try:
            page = await teller.open(url, forged)
            texts.append(teller.text)
            form = target_on(page, Form(task, {"amount": _AMOUNT}), teller.profile)
            if form is not None and form.form is not None:
                filled = fill(Form(task, {"amount": _AMOUNT}), form.form, page, teller.profile, form.button)
                await teller.ask(filled, page.url)
                sent = 1
                texts.append(teller.text)
        except MockCTraderError:  # a refusal that is no page, a form that cannot be filled in: nothing came of it
            pass
    entries = guests.people.entries_after(number)
    return Crossing(
        texts=tuple(texts),
        private=_private(second),
        moved=_moved(entries, second),
        sent=sent,
        entries=tuple(one.number for one in entries),
        seconds=guests.run.stopwatch.elapsed() - start,
    )


class _Teller:
    """A browser whose pages can be changed before their forms are sent."""

    def __init__(self, guests: Guests, client: aiohttp.ClientSession, task: Task) -> None:
        self._guests = guests
        self._fetcher = Fetcher(AiohttpWay(client), {}, _LARGEST, guests.crm.timeout)
        self._task = task
        crm = guests.crm
        self.profile = ScreenProfile(profile.screens(crm).success_url, crm.fields, crm.links, crm.buttons)
        self.text = ""
        """What was answered last."""

    async def open(self, url: str, forged: Mapping[str, str]) -> Page:
        """Visit an address, go on where the CRM leads, and return the page with what is forged in it."""
        asked, source = Submission("GET", url), ""
        for _ in range(_MOST_REDIRECTS):
            answer = await self.ask(asked, source)
            onward = redirected(asked, answer)
            if onward is None:
                body = answer.body
                for own, other in forged.items():
                    body = body.replace(own.encode(), other.encode())
                return page_of(asked, replace(answer, body=body), _LARGEST)
            source, asked = asked.url, onward
        raise ScreenError("the screen leads from one address to the next without an end.")

    async def ask(self, asked: Submission, source: str) -> Answer:
        """Make one request, and enter it in the journal."""
        draft = Draft(self._task.value, Request.to(asked.method, asked.url), step=Step("conform"), facts=asked.pairs)
        with self._guests.run.world.record(Direction.SCREEN, draft):
            answer = await self._fetcher.fetch(asked, source)
            draft.response = Response(answer.status)
        self.text = answer.body.decode(errors="replace")
        return answer


def _private(person: Person) -> tuple[tuple[str, str], ...]:
    whole, _, part = BALANCE.partition(".")
    return (
        ("e-mail", re.escape(person.facts["email"])),
        ("name", re.escape(f"{person.facts['first_name']} {person.facts['last_name']}")),
        ("balance", rf"{whole[:1]}\D{{0,6}}{whole[1:]}\D{part}"),
    )


def _moved(entries: Sequence[Entry], person: Person) -> tuple[str, ...]:
    """Return the calls that changed the balance of a person's account."""
    return tuple(
        f"{one.endpoint} was called"
        for one in entries
        if one.endpoint in ("change_balance", "withdraw_request")
        and one.request is not None
        and f"/traders/{person.login}/" in one.request.path
        and one.response is not None
        and one.response.status < 300
    )


async def doors(guests: Guests) -> Found:
    """Log in with a wrong password, as a user whom the CRM knows and as nobody, in turn."""
    second = await guests.second()
    known, unknown = list[Door](), list[Door]()
    for _ in range(TRIES):
        known.append(await _knock(guests, Task.LOG_IN, second.facts["email"]))
        unknown.append(await _knock(guests, Task.LOG_IN, _UNKNOWN))
    return {"doors.login": Doors(tuple(known), tuple(unknown))}


async def forgotten(guests: Guests) -> Found:
    """Ask for the mail of who has forgotten the password, as a user whom the CRM knows and as nobody."""
    second = await guests.second()
    known = await _knock(guests, Task.FORGET_PASSWORD, second.facts["email"])
    return {"doors.forgotten": Doors((known,), (await _knock(guests, Task.FORGET_PASSWORD, _UNKNOWN),))}


async def _knock(guests: Guests, task: Task, email: str) -> Door:
    """Send a form from the page to log in, and note what is said to it."""
    number, text = guests.run.world.journal.last_number, ""
    async with guests.people.window(f"doors.{task.value}") as window:
        try:
            await window.open(guests.people.login_url())
            values = {"email": email, "password": _WRONG} if task is Task.LOG_IN else {"email": email}
            landing = await window.submit(Form(task, values))
            text = f"{landing.title}: {landing.text}"
        except ScreenRefused as refusal:
            text = " ".join(refusal.alerts) or refusal.what
    entries = guests.people.entries_after(number)
    posted = [one for one in entries if one.request and one.request.method == "POST" and one.response] or entries[-1:]
    status = posted[-1].response.status if posted and posted[-1].response else None
    seconds = sum(one.duration or 0.0 for one in posted)
    return Door(text.replace(email, "..."), status, seconds, tuple(one.number for one in entries))
