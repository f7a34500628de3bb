"""Sessions of applications: who is logged in where, judged by the CRM that owns the login."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct

from mock_ctrader.backend.crm import CrmFlow, CrmLink
from mock_ctrader.contract.calls.crm import CRM_LOGOUT, EXCHANGE_OT_TOKEN, GENERATE_OT_TOKEN, VERIFY_ACCESS_TOKEN
from mock_ctrader.contract.crm_calls import CrmAnswer
from mock_ctrader.contract.models.crm import AccessToken, Authorisation, OneTimeCode, OneTimeToken, UserId
from mock_ctrader.plant import tokens, users
from mock_ctrader.plant.model import User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Refusal
from mock_ctrader.timing import Moment


@dataclass(slots=True)
class Session:
    """One application's connection to the backend, under one user."""

    user: User
    inapp_token: str | None = None
    """Given by the CRM; goes back to it with each request for an OT token."""
    of_ctrader: bool = False
    """cTrader itself let the user in: tokens for the CRM's pages are cTrader's own (edition 2026, handoff)."""
    brokers: tuple[str, ...] = ()
    """Whose accounts the session sees, where it came with a Copy code; all of them otherwise."""
    ended: bool = False
    """The application left, or its user was logged out: nothing more is given to it."""


class OpenSessions:
    """Who is logged in on a plant, by whatever application."""

    def __init__(self) -> None:
        self._by_user: dict[int, list[Session]] = {}

    def of(self, user_id: int) -> tuple[Session, ...]:
        """Return a user's open sessions, the oldest first."""
        return tuple(self._by_user.get(user_id, ()))

    def __iter__(self) -> Iterator[Session]:
        return (session for sessions in self._by_user.values() for session in sessions)

    def __len__(self) -> int:
        return sum(map(len, self._by_user.values()))

    def enter(self, session: Session) -> None:
        """Note that a session was opened."""
        self._by_user.setdefault(session.user.user_id, []).append(session)

    def leave(self, session: Session) -> None:
        """End one session."""
        session.ended = True
        # By identity: two sessions of one user may look alike.
        others = [one for one in self._by_user.pop(session.user.user_id, []) if one is not session]
        if others:
            self._by_user[session.user.user_id] = others

    def drop(self, user_id: int) -> None:
        """End all sessions of a user (edition 2025, 3.12); each application finds out when it next asks."""
        for session in self._by_user.pop(user_id, []):
            session.ended = True


class Authorised(Struct, frozen=True, gc=False):
    """A session was opened."""

    session: Session
    access_token: str | None = None
    """For the application to keep; only where the user chose to be kept logged in."""
    first: bool = False
    """No application ever opened a session for this user before."""


class Denied(Struct, frozen=True, gc=False):
    """The CRM did not vouch for the token, or gave none."""

    reason: str
    status: int


class Sessions:
    """Opens sessions on one plant, asking one CRM."""

    def __init__(
        self, plant: Plant, crm: CrmLink, opened: OpenSessions | None = None, *, tells_logout: bool = True
    ) -> None:
        """``tells_logout``: whether the CRM is told of users who log out; edition 2023 has no call for it."""
        self._plant = plant
        self._crm = crm
        self._opened = OpenSessions() if opened is None else opened  # one without sessions is empty, not missing
        self._tells_logout = tells_logout

    def by_code(self, code: str, now: Moment) -> CrmFlow[Authorised | Denied]:
        """Open a session with the OT token of the success URL (edition 2025, 4.2)."""
        answer = yield from self._crm.ask(EXCHANGE_OT_TOKEN, OneTimeCode(code=code))
        return self._judge(answer, now)

    def by_access_token(self, access_token: str, now: Moment) -> CrmFlow[Authorised | Denied]:
        """Open a session with the long-term token that the application kept (edition 2025, 4.3)."""
        answer = yield from self._crm.ask(VERIFY_ACCESS_TOKEN, AccessToken(access_token=access_token))
        return self._judge(answer, now)

    def by_copy_code(self, code: str, now: Moment) -> Authorised | Denied:
        """Open a session with the code of a Copy widget; the CRM is not asked (edition 2026, section 12)."""
        copied = tokens.exchange_copy_code(self._plant, code, now)
        if isinstance(copied, Refusal):
            return Denied(copied.description, 401)
        return self._open(Session(copied.user, of_ctrader=True, brokers=copied.brokers), now)

    def log_in(self, email: str, now: Moment) -> Authorised | Denied:
        """Open a session where cTrader keeps the login; that the password was right is taken for granted (assumed)."""
        user = self._plant.users_by_email.get(users.email_key(email))
        if user is None:
            return Denied("cTrader knows nobody with this e-mail", 401)
        return self._open(Session(user, of_ctrader=True), now)

    def register(self, email: str, first_name: str, now: Moment) -> Authorised | Denied:
        """Make a user where cTrader keeps the login, and open the first session; the CRM learns of it later."""
        user = users.register(self._plant, email, first_name, now)
        if isinstance(user, Refusal):
            return Denied(user.description, 400)
        return self._open(Session(user, of_ctrader=True), now)

    def inapp_token(self, session: Session, login: int | None, now: Moment) -> CrmFlow[str | Denied]:
        """Return the token of an in-app action: the CRM is asked for one (edition 2025, 4.4).

        Where cTrader keeps the login it makes the token itself, for the account ``login`` that the application shows,
        and the CRM redeems it (edition 2026, one-time token handoff).
        """
        if session.ended:
            return Denied("the user was logged out of cTrader", 401)
        if session.of_ctrader:
            return tokens.issue(self._plant, session.user.user_id, login, now)
        query = [("inappToken", session.inapp_token)] if session.inapp_token else []
        answer = yield from self._crm.ask(GENERATE_OT_TOKEN, UserId(user_id=session.user.user_id), query)
        if isinstance(answer.value, OneTimeToken):
            return answer.value.token
        return Denied(_reason(answer), answer.status)

    def log_out(self, session: Session, access_token: str | None) -> CrmFlow[Denied | None]:
        """End a session whose user logs out, and tell the CRM whose token is not to work again (edition 2025, 4.5).

        An application that holds no long-term token has nothing to be revoked. The session ends whatever the CRM
        answers: ``Denied`` only says that the CRM did not take the token back.
        """
        self._opened.leave(session)
        if access_token is None or not self._tells_logout:
            return None
        query = [("userId", str(session.user.user_id)), ("accessToken", access_token)]
        answer = yield from self._crm.ask(CRM_LOGOUT, None, query)
        return None if answer.succeeded else Denied(_reason(answer), answer.status)

    def close(self, session: Session) -> None:
        """End a session that its application leaves."""
        self._opened.leave(session)

    def _judge(self, answer: CrmAnswer, now: Moment) -> Authorised | Denied:
        if not isinstance(answer.value, Authorisation):
            return Denied(_reason(answer), answer.status)
        user = self._plant.users.get(answer.value.user_id)
        if user is None:
            return Denied(f"the CRM named user {answer.value.user_id}, whom this plant does not have", answer.status)
        # A token that the CRM left out is UNSET, which is false, like a blank one.
        session = Session(user, answer.value.inapp_token or None)
        return self._open(session, now, answer.value.access_token or None)

    def _open(self, session: Session, now: Moment, access_token: str | None = None) -> Authorised:
        first = users.connect(self._plant, session.user.user_id, now)
        self._opened.enter(session)
        return Authorised(session, access_token, first)


def _reason(answer: CrmAnswer) -> str:
    if answer.succeeded and answer.violations:
        breach = answer.violations[0]
        return f"{breach.clause}: expected {breach.expected}, got {breach.found}"
    return f"the CRM answered {answer.status}"
