"""What a person can do with an application, by name. Nothing here needs more rights than a trader has."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from mock_ctrader.dashboard.app_shown import SCREENS
from mock_ctrader.errors import RequestError, StepFailed, nearest
from mock_ctrader.platform.states import State
from mock_ctrader.runtime.by_person import ByPerson
from mock_ctrader.scenario.vocabulary import Verb

Said = Mapping[str, str]
Deed = Callable[[Said], Awaitable[None]]
_SPENT = ("token", "authCode", "code")
"""Parameters of a link by which it opens a session, once."""


class Deeds:
    """The deeds of one person, on one application."""

    def __init__(self, hand: ByPerson, app_url: str) -> None:
        """``app_url`` is what links to applications begin with."""
        self._hand = hand
        self._app_url = app_url
        self.shares = 0
        """How many links were made to be shared."""
        self._by_name: Mapping[str, Deed] = {
            "launch": self._verb(Verb.LAUNCH),
            "restart": self._restart,
            "close": self._verb(Verb.CLOSE),
            "open link": self._open_link,
            "log in": self._log_in,
            "log out": self._verb(Verb.LOG_OUT),
            "switch account": self._verb(Verb.SWITCH_ACCOUNT, "account"),
            "use ribbon": self._verb(Verb.USE_RIBBON, "title"),
            "close ribbon": self._verb(Verb.CLOSE_RIBBON, "title"),
            "share link": self._share,
            **{screen.value: partial(self._open_screen, Verb(screen.value)) for screen in SCREENS},
        }

    def find(self, name: str) -> Deed:
        """Return a deed by its name.

        Raises:
            RequestError: there is none.
        """
        if name not in self._by_name:
            raise RequestError(f"nobody can '{name}' there.", cure=nearest(name, list(self._by_name)))
        return self._by_name[name]

    async def wait_for_person(self) -> None:
        """Wait for what the person does in the window that the application has opened.

        Raises:
            MockCTraderError: it led to nothing; the message says why.
        """
        if self._hand.application.state is State.LOGIN:
            await self._hand.do(Verb.LOG_IN if self._hand.device.has_logged_in else Verb.SIGN_UP, {})
        else:
            await self._hand.fill_in()

    def _verb(self, verb: Verb, *names: str) -> Deed:
        async def do(said: Said) -> None:
            await self._hand.do(verb, {name: _needed(said, name) for name in names})

        return do

    async def _open_screen(self, verb: Verb, _said: Said) -> None:
        """Open a screen of the session, and wait for what the person does there."""
        if self._hand.application.session is None:
            raise StepFailed(f"the application is {self._hand.application.state}: nobody can {verb} there.")
        await self._hand.do(verb, {})

    async def _open_link(self, said: Said) -> None:
        """Open whatever link the person has: one to the application, or one of the CRM's mails."""
        link = _needed(said, "link")
        if link.startswith("/"):
            link = self._app_url + link
        if not self._hand.is_of_applications(link):
            await self._hand.reset_password(link)
            return
        if any(f"{mark}{name}=" in link for mark in "?&" for name in _SPENT):
            await self._close()
        await self._hand.do(Verb.OPEN_LINK, {"link": link})

    async def _log_in(self, said: Said) -> None:
        """Log in, or sign up: on the CRM's screen, or where cTrader asks by itself with what was typed there."""
        if "email" not in said:  # the screen is opened again, whose window was closed
            await self._hand.do(Verb.OPEN_LINK, {"link": f"{self._app_url}/"})
        elif said.get("first_name"):
            await self._hand.do(Verb.SIGN_UP, {"email": said["email"], "first_name": said["first_name"]})
        else:
            await self._hand.do(Verb.LOG_IN, {"email": said["email"]})

    async def _restart(self, _said: Said) -> None:
        """Close the application and start it again: with a stored token it needs no login."""
        await self._close()
        await self._hand.do(Verb.LAUNCH, {})

    async def _share(self, said: Said) -> None:
        """Make a link for others."""
        await self._hand.do(Verb.SHARE_LINK, {"kind": _needed(said, "kind")})
        self.shares += 1

    async def _close(self) -> None:
        if self._hand.application.state is not State.CLOSED:
            await self._hand.do(Verb.CLOSE, {})


def _needed(said: Said, name: str) -> str:
    if name not in said:
        raise RequestError(f"{name} is missing.")
    return said[name]
