"""What all screens share: how a page is written, how a form is read, how a visitor is recognized and sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.ctrader_wire import CTraderError, CTraderRefused
from mock_ctrader.sample_crm.forms import FormProblem
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import User
from mock_ctrader.sample_crm.texts import TEXTS, pick_language
from mock_ctrader.sample_crm.tokens import TokenExpired, TokenUnknown, same_secret

COOKIE = "crm_session"
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_gclid")  # by which campaign somebody came
CARRIED = ("lang", "theme", "source", "partnerId", *UTM)  # an application's wishes, kept from page to page

# What a page may load and do. None has a script; one with a frame says itself where that may come from.
CONTENT_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"

REFUSALS = {
    "CH_EMAIL_ALREADY_EXISTS": "email_taken_at_ctrader",
    "NOT_ENOUGH_MONEY": "not_enough_money",
    "CHANGE_BALANCE_BAD_AMOUNT": "amount_wrong",
}


class PageProblem(Exception):
    """There is no page to show but one that says so; ``text`` is a key of ``texts.py``."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, kw_only=True)
class View:
    """How this visitor wants the pages."""

    language: str
    theme: str
    """``light``, ``dark``, or empty: as the device has it."""
    carried: Mapping[str, str]

    @property
    def on_phone(self) -> bool:
        """Whether an application on a phone shows the page: narrow, and with Firebase listening to ``eventName``."""
        return self.carried.get("source") in {"Android", "iOS"}

    def text(self, key: str, **values: str) -> str:
        """Return a text in the visitor's language."""
        return TEXTS[self.language][key].format_map(values)

    def url(self, path: str, **parameters: str) -> str:
        """Return the address of a page of ours. ``path`` is never taken from a request: nobody is led elsewhere."""
        query = urlencode(parameters | dict(self.carried))
        return f"{path}?{query}" if query else path

    def screen_url(self, path: str, event: str, **parameters: str) -> str:
        """Return the address of the next screen, which on a phone names the event that Firebase is told."""
        return self.url(path, **parameters, **({"eventName": event} if self.on_phone else {}))


def full_url(request: web.Request, path: str, **parameters: str) -> str:
    """Return an address of ours as it works from outside: in a mail, or for another person."""
    return f"{our_origin(request)}{path}?{urlencode(parameters)}"


def our_origin(request: web.Request) -> str:
    """Return what addresses of ours begin with, as they work from outside."""
    return request.app[CRM].config.public_url.rstrip("/") or str(request.url.origin())


def view_of(request: web.Request) -> View:
    """Read the visitor's wishes from the query."""
    query = request.query
    return View(
        language=pick_language(query.get("lang", ""), request.app[CRM].config.default_language),
        theme=query["theme"] if query.get("theme") in {"light", "dark"} else "",
        carried={name: query[name] for name in CARRIED if name in query},
    )


def render(
    request: web.Request, template: str, *, session: Session | None = None, status: int = 200, **values: object
) -> web.Response:
    """Write a page; whoever gets a form gets the session that the form's CSRF token belongs to."""
    crm, view = request.app[CRM], view_of(request)
    html = crm.templates.get_template(f"{template}.html").render(
        view=view, t=view.text, broker=crm.config.broker_name, csrf=session.csrf if session else "", **values
    )
    response = web.Response(text=html, content_type="text/html", status=status)
    return keep_session(response, session) if session else response


def render_form(
    request: web.Request,
    template: str,
    session: Session,
    *,
    typed: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
    **values: object,
) -> web.Response:
    """Write a page with a form: empty at first, and after a problem with what was typed and what is wrong."""
    status, problems = explain(view_of(request), problem) if problem else (200, [])
    return render(request, template, session=session, status=status, typed=typed, problems=problems, **values)


def explain(view: View, problem: FormProblem | CTraderError) -> tuple[int, list[str]]:
    """Return the status and the sentences that tell a visitor what went wrong."""
    if isinstance(problem, FormProblem):
        return problem.status, [view.text(key, **problem.values) for key in problem.texts]
    if isinstance(problem, CTraderRefused):
        key = REFUSALS.get(problem.code, "refused")
        return 422, [view.text(key, code=problem.code, description=problem.description)]
    return 502, [view.text("unavailable")]


def visit(request: web.Request) -> Session:
    """Return the visitor's session, or a new one that nobody has signed in to."""
    return find_session(request) or request.app[CRM].sessions.start()


def find_session(request: web.Request) -> Session | None:
    """Return the visitor's session, if there is one that still lasts."""
    return request.app[CRM].sessions.find(request.cookies.get(COOKIE, ""))


def enter_by_token(request: web.Request) -> Session:
    """Use up the OT token that cTrader put into the address, and start a session for the user it stands for."""
    crm = request.app[CRM]
    try:
        grant = crm.tokens.redeem_one_time(request.query["token"])
    except TokenExpired as error:
        raise PageProblem(410, "link_expired") from error
    except TokenUnknown as error:
        raise PageProblem(404, "link_expired") from error
    return crm.sessions.start(grant.user_id, keep_logged_in=grant.keep_logged_in)


def come_in(request: web.Request) -> Session | None:
    """Let a user in by OT token, or else by the cookie of somebody who is logged in; None for anybody else."""
    session = enter_by_token(request) if "token" in request.query else find_session(request)
    return session if session and session.user_id is not None else None


async def read_form(request: web.Request) -> tuple[Session, dict[str, str]]:
    """Return a form of ours that was sent in, and the visitor's session; a form from elsewhere is turned away."""
    try:
        fields = await request.post()
    except (ValueError, LookupError) as error:
        raise PageProblem(400, "request_wrong") from error
    form = {name: value for name, value in fields.items() if isinstance(value, str)}
    session = find_session(request)
    if session is None or not same_secret(form.get("csrf", ""), session.csrf):
        raise PageProblem(403, "form_expired")
    return session, form


async def read_user_form(request: web.Request) -> tuple[Session, User, dict[str, str]]:
    """Return a form that only a user can send: the session, whose it is, and what was typed."""
    session, form = await read_form(request)
    if session.user_id is None:
        raise PageProblem(403, "form_expired")
    return session, request.app[CRM].store.user(session.user_id), form


def keep_session(response: web.Response, session: Session) -> web.Response:
    """Give the visitor's browser the session's secret.

    Lax is right while cTrader Web and the client area are on one site. A broker whose pages cTrader Web frames from
    another site has to serve them by https and to say ``SameSite=None; Secure; Partitioned`` here.
    """
    response.set_cookie(COOKIE, session.secret, httponly=True, samesite="Lax")
    return response


def go(location: str, session: Session | None = None) -> web.Response:
    """Send the visitor on to a page of ours, after a form: 303 makes the browser ask for it by GET."""
    response = web.Response(status=303, headers={"Location": location})
    return keep_session(response, session) if session else response


def go_to_success(request: web.Request, session: Session, user_id: int) -> web.Response:
    """Send the visitor to the success URL with a new OT token: the application takes it from there."""
    crm = request.app[CRM]
    token = crm.tokens.issue_one_time(user_id, keep_logged_in=session.keep_logged_in)
    return go(view_of(request).url(crm.config.success_path, token=token), session)
