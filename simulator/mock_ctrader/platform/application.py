"""A cTrader application as a state machine: it decides what to open, to ask and to keep; others do it."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from mock_ctrader.backend.feed import Feed
from mock_ctrader.backend.sessions import Authorised, Denied, Session
from mock_ctrader.errors import PeerViolation, ScreenRefused, StepFailed, nearest
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.platform.commands import (
    AuthoriseByAccessToken,
    AuthoriseByCode,
    AuthoriseByCopyCode,
    CloseWindow,
    EndSession,
    Flow,
    Introduce,
    LogInAtCTrader,
    LogOut,
    OpenBrowser,
    OpenWindow,
    RegisterAtCTrader,
    RequestToken,
    SendForm,
)
from mock_ctrader.platform.device import Device, Identity
from mock_ctrader.platform.forms import Form, Landing, Task
from mock_ctrader.platform.links import AppLink, invite_link, partner_link
from mock_ctrader.platform.screens import Screen, Screens
from mock_ctrader.platform.states import TRANSITIONS, Happening, State

SCREEN_OF: Mapping[Task, Screen] = {
    Task.OPEN_ACCOUNT: Screen.ACCOUNT,
    Task.DEPOSIT: Screen.DEPOSIT,
    Task.WITHDRAW: Screen.WITHDRAW,
    Task.PASS_KYC: Screen.KYC,
    Task.TAKE_ACTION: Screen.ACTION,
    Task.CHAT: Screen.CHAT,
    Task.CHANGE_PASSWORD: Screen.CHANGE_PASSWORD,
    Task.CHANGE_EMAIL: Screen.CHANGE_EMAIL,
}
"""Tasks that a session offers, and their screens."""
NAMES_ACCOUNT = (Screen.DEPOSIT, Screen.WITHDRAW)
"""Screens that cannot do without ``account`` (contract, section 7)."""


class Application:
    """One application on one device."""

    def __init__(self, device: Device, screens: Screens, feed: Feed, address: str = "") -> None:
        """``address`` is what links to cTrader applications begin with."""
        self.device = device
        self.screens = screens
        self.state = State.CLOSED
        self.session: Session | None = None
        self.events: list[str] = []
        """Names that were sent to Firebase, in their order; on mobile only (edition 2025, 2.4)."""
        self.link = ""
        """The link that the trader had made last, to be shared."""
        self._feed = feed
        self._address = address
        self._came_by = AppLink()
        self._chosen: int | None = None
        self._closed: set[Ribbon] = set()

    @property
    def accounts(self) -> tuple[int, ...]:
        """The trading accounts that the session sees."""
        return self._feed.accounts(self.session) if self.session else ()

    @property
    def account(self) -> int | None:
        """The trading account that the session shows: the one switched to, else the one linked last."""
        known = self.accounts
        return self._chosen if self._chosen in known else (known[-1] if known else None)

    @property
    def ribbons(self) -> tuple[Ribbon, ...]:
        """The ribbons on show: those for the account, without those that the trader closed since the launch."""
        if self.session is None or self.session.of_ctrader:  # ribbons need the SSO option (edition 2026, 7.1)
            return ()
        return tuple(one for one in self._feed.ribbons(self.session, self.account) if one not in self._closed)

    @property
    def shown(self) -> str:
        """What a scenario sees of the session: ``open``, ``login screen`` or ``none``."""
        if self.session is not None:
            return "none" if self.session.ended else "open"
        return "login screen" if self.state is State.LOGIN else "none"

    def facts(self) -> Mapping[str, object]:
        """Return what a scenario sees of the application beside its session."""
        return {
            "platform": self.device.platform.value,
            "identity": self.device.identity.value,
            "language": self.device.language,
            "theme": self.device.theme,
            "path": self._came_by.path,
            "accounts": [str(login) for login in self.accounts],
            "ribbons": [ribbon.title for ribbon in self.ribbons],
            "partner_id": self._partner_id() or "",
            "link": self.link,
            "events": list(self.events),
            "embedded": "copy" if self._came_by.copy_code else "web" if self._came_by.token else "",
        }

    def launch(self) -> Flow:
        """Start: with a stored token straight into a session, else to the login screen (flows 5.3 to 5.5)."""
        yield from self._settle()
        self._move(Happening.LAUNCH)
        self._closed.clear()  # a closed ribbon is there again at the next launch (edition 2025, 3.9)
        if self.device.access_token is not None:
            answer = yield AuthoriseByAccessToken(self.device.access_token)
            if isinstance(answer, Authorised):
                yield from self._enter(answer)
                return
            self.device.access_token = None  # the CRM took it back: it is worth nothing any more
        yield from self._show_login()

    def open_link(self, link: AppLink) -> Flow:
        """Come to the application by a link: one that a partner shared, a deep link, or what a broker's page embeds."""
        yield from self._settle()
        self._note(link)
        if link.token or link.copy_code:
            yield from self._embedded(link)
        elif self.state is State.CLOSED:
            yield from self.launch()
        elif self.state is State.LOGIN:
            yield from self._open_login()
        if link.account in self.accounts:  # an account that is not there changes nothing (assumed)
            self._chosen = link.account

    def send(self, form: Form) -> Flow:
        """Do a task: on the page that is open, or on the in-app screen that it belongs to (flow 5.7).

        Raises:
            StepFailed: the application stands where this cannot be done.
            ScreenRefused: the CRM's page did not take the form. The login window stays open, an in-app one is closed.
            PeerViolation: the CRM refuses its own token, or gives none.
        """
        yield from self._settle()
        if self.state is State.LOGIN:
            yield from self._send_at_login(form)
        elif self.state is State.ACTION and self.session is not None:
            yield from self._fill_in(form)
        elif form.task in SCREEN_OF:
            yield from self._act(SCREEN_OF[form.task], form)
        else:
            raise StepFailed(f"the application is {self.state}: nobody can {form.task} there.")

    def reset_password(self, link: str, form: Form) -> Flow:
        """Choose a new password behind a mailed link, in the login window that the trader asked for the mail in.

        Raises:
            StepFailed: the login screen is not open.
            ScreenRefused: the CRM did not take the password.
        """
        yield from self._settle()
        if self.state is not State.LOGIN:
            raise StepFailed(f"the application is {self.state}: nobody can {form.task} there.")
        yield OpenWindow(Screen.LOGIN, link)
        landing: Landing = yield SendForm(form)
        yield from self._after_login_page(landing)

    def switch_account(self, login: str) -> Flow:
        """Show another account of the session.

        Raises:
            StepFailed: the session has no such account.
        """
        yield from self._settle()
        known = [str(one) for one in self.accounts]
        if login not in known:
            cure = f"It has {', '.join(known)}." if known else ""
            raise StepFailed(f"the session has no account '{login}'.", cure=cure)
        self._chosen = int(login)

    def use_ribbon(self, title: str) -> Flow:
        """Touch a ribbon: its page opens in the application, with a token, or in the device's browser (3.9).

        Raises:
            StepFailed: no such ribbon is on show.
        """
        ribbon = yield from self._ribbon(title)
        if ribbon.url_in_app is None:
            yield OpenBrowser(str(ribbon.url_external))
            return
        landing = yield from self._open_screen(Screen.RIBBON, ribbon.url_in_app, title, self.account)
        if landing.succeeded:
            yield from self._leave_screen()

    def close_ribbon(self, title: str) -> Flow:
        """Close a ribbon until the next launch.

        Raises:
            StepFailed: no such ribbon is on show, or it cannot be closed.
        """
        ribbon = yield from self._ribbon(title)
        if not ribbon.closable:
            raise StepFailed(f"the ribbon '{title}' cannot be closed.")
        self._closed.add(ribbon)

    def go_back(self) -> Flow:
        """Leave the in-app screen by Back or X, which the application shows (contract, section 8).

        Raises:
            StepFailed: no in-app screen is open.
        """
        yield from self._settle()
        yield from self._leave_screen()

    def look(self) -> Flow:
        """Do nothing: the trader looks at what the application shows."""
        yield from ()

    def share_link(self, kind: str = "") -> Flow:
        """Make a link for others: with the partner identifier if there is one, else an invite link (5.8, Invite).

        ``kind`` asks for one of them: ``partner`` or ``invite``.

        Raises:
            StepFailed: there is no session, or no partner identifier where one is asked for.
        """
        yield from self._settle()
        if self.session is None:
            raise StepFailed(f"the application is {self.state}: nobody can share a link there.")
        partner_id = self._partner_id()
        if kind == "partner" and partner_id is None:
            raise StepFailed("the user has no partner identifier.", cure="The CRM sets one with set_partner.")
        nickname = self.session.user.nickname
        wants_partner = partner_id is not None and kind != "invite"
        self.link = partner_link(self._address, partner_id or "") if wants_partner else self._invite(nickname)

    def log_out(self) -> Flow:
        """End the session, forget its token, and show the login screen again (edition 2025, 4.5)."""
        yield from self._settle()
        self._move(Happening.LOG_OUT)
        session, self.session = self.session, None
        access_token, self.device.access_token = self.device.access_token, None
        assert session is not None, "the state says so"
        yield LogOut(session, access_token)
        yield from self._show_login()

    def close(self) -> Flow:
        """Close the application and any window; what the device stored stays."""
        self._move(Happening.CLOSE)
        session, self.session = self.session, None
        yield CloseWindow()
        if session is not None:
            yield EndSession(session)

    def _settle(self) -> Flow:
        """Take note that the backend dropped the session: nothing of it is left but what the device stored."""
        if self.session is not None and self.session.ended:
            self.session, self.state = None, State.CLOSED
            yield CloseWindow()

    def _note(self, link: AppLink) -> None:
        self._came_by = link
        self.device.partner_id = link.partner_id or self.device.partner_id
        self.device.invited_by = link.nickname or self.device.invited_by
        self.device.language = link.language or self.device.language
        self.device.theme = link.theme or self.device.theme

    def _embedded(self, link: AppLink) -> Flow:
        """Start inside a page of the broker, with what the page put into the address (edition 2025, 5.6; Copy).

        With a token that the CRM takes no more the application is as good as without one: it shows the login screen.
        """
        self._move(Happening.LAUNCH)
        answer = yield AuthoriseByCode(link.token) if link.token else AuthoriseByCopyCode(link.copy_code or "")
        if isinstance(answer, Authorised):
            yield from self._enter(answer)
        elif link.token:
            yield from self._show_login()
        else:
            self.state = State.CLOSED
            raise PeerViolation(f"the broker's page gave a code that opened no session: {answer.reason}.")

    def _show_login(self) -> Flow:
        self._move(Happening.NO_SESSION)
        yield from self._open_login()

    def _open_login(self) -> Flow:
        """Show the login screen: the CRM's, unless cTrader keeps the login and asks on a form of its own."""
        if self.device.identity is Identity.HANDOFF:
            return
        landing: Landing = yield OpenWindow(Screen.LOGIN, self.screens.login_url(self.device))
        yield from self._after_login_page(landing)

    def _send_at_login(self, form: Form) -> Flow:
        if self.device.identity is Identity.HANDOFF:
            yield from self._log_in_at_ctrader(form)
        else:
            landing: Landing = yield SendForm(form)
            yield from self._after_login_page(landing)

    def _log_in_at_ctrader(self, form: Form) -> Flow:
        email, name = str(form.values.get("email", "")), str(form.values.get("first_name", ""))
        if form.task not in (Task.LOG_IN, Task.SIGN_UP):
            raise StepFailed(f"cTrader's own login form is open: nobody can {form.task} there.")
        answer = yield LogInAtCTrader(email) if form.task is Task.LOG_IN else RegisterAtCTrader(email, name)
        if isinstance(answer, Denied):
            raise ScreenRefused(f"cTrader refused: {answer.reason}.", alerts=(answer.reason,))
        yield from self._enter(answer)

    def _after_login_page(self, landing: Landing) -> Flow:
        """Go on from a page of the login window: it stays open until the success URL is reached."""
        self._count(landing)
        if not landing.succeeded:
            return
        yield CloseWindow()
        if landing.token is None:
            raise PeerViolation("the success URL was reached without the query parameter 'token'.", where=landing.url)
        answer = yield AuthoriseByCode(landing.token)
        if isinstance(answer, Denied):
            raise PeerViolation(f"the OT token of the success URL opened no session: {answer.reason}.")
        yield from self._enter(answer)

    def _act(self, screen: Screen, form: Form) -> Flow:
        account = form.values.get("account") or self.account if screen in NAMES_ACCOUNT else None
        landing = yield from self._open_screen(screen, self.screens.paths[screen], form.task, account)
        yield from self._leave_screen() if landing.succeeded else self._fill_in(form)

    def _open_screen(self, screen: Screen, address: str, what: str, account: object) -> Flow:
        """Open an in-app screen with a token of its own; the trader is still to do something there (flow 5.7)."""
        self._move(Happening.ACTION)
        assert self.session is not None, "the state says so"
        token = yield RequestToken(self.session, self.account)
        if isinstance(token, Denied):
            self._move(Happening.DONE)  # no screen was opened
            raise PeerViolation(f"there was no token for '{what}': {token.reason}.")
        parameters = {"token": str(token)}
        if screen in NAMES_ACCOUNT or account is not None:
            parameters["account"] = str(account or "")
        landing: Landing = yield OpenWindow(screen, self.screens.page_url(address, self.device, **parameters))
        self._count(landing)
        return landing

    def _fill_in(self, form: Form) -> Flow:
        try:
            landing: Landing = yield SendForm(form)
        except ScreenRefused:
            yield from self._leave_screen()  # the person gives up and is back in the session
            raise
        self._count(landing)
        if not landing.succeeded:
            raise StepFailed(
                f"the CRM went to '{landing.title}' instead of the success URL.",
                where=landing.url,
                cure="If that is its success page, set crm.screens.success to its address.",
            )
        if form.task is Task.OPEN_ACCOUNT:
            self._chosen = None  # the application switches to the new account
        yield from self._leave_screen()

    def _leave_screen(self) -> Flow:
        self._move(Happening.DONE)
        yield CloseWindow()

    def _enter(self, authorised: Authorised) -> Flow:
        self._move(Happening.AUTHORISED)
        self.session = authorised.session
        self.device.has_logged_in = True
        self.device.access_token = authorised.access_token or self.device.access_token
        partner, self.device.invited_by = self.device.invited_by, None
        if partner is not None:
            yield Introduce(authorised.session, partner, authorised.first)

    def _count(self, landing: Landing) -> None:
        """Send Firebase the names that the CRM put into the addresses of its screens, unchanged (edition 2025, 2.4)."""
        if self.device.platform.is_mobile:
            for url in landing.visited:
                if "eventName" not in url and "%" not in url:  # most
                    continue
                self.events += parse_qs(urlsplit(url).query).get("eventName", [])[:1]

    def _ribbon(self, title: str) -> Flow:
        yield from self._settle()
        shown = {ribbon.title: ribbon for ribbon in self.ribbons}
        if title not in shown:
            cure = nearest(title, list(shown)) if shown else "There is none."
            raise StepFailed(f"no ribbon '{title}' is on show.", cure=cure)
        return shown[title]

    def _invite(self, nickname: str) -> str:
        return invite_link(self._address, nickname)

    def _partner_id(self) -> str | None:
        return self._feed.partner_id(self.session, self.account) if self.session else None

    def _move(self, happening: Happening) -> None:
        following = TRANSITIONS[self.state].get(happening)
        if following is None:
            raise StepFailed(f"the application is {self.state}: it cannot {happening}.")
        self.state = following
