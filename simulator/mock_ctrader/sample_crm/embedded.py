"""cTrader's own pages inside ours: cTrader Web (edition 2025, 5.6) and the widget of cTrader Copy (edition 2026, 12).

The two take a user in by opposite ways. cTrader Web gets an OT token of ours, and asks us whose it is, as any
application does after a login. For the widget we ask cTrader for a code, which it made and knows itself.

Both are good once, within sixty seconds: every showing makes new ones, and the frame and the link have one each.
"""

from urllib.parse import urlencode, urlsplit

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.pages import CONTENT_POLICY, PageProblem, find_session, go, render, render_form, view_of
from mock_ctrader.sample_crm.sign_in import PATH as SIGN_IN_PATH
from mock_ctrader.sample_crm.store import Account, User

WEB_PATH = "/web"
COPY_PATH = "/copy"

routes = web.RouteTableDef()


@routes.get(WEB_PATH, allow_head=False)  # a HEAD request would make tokens for nobody
async def show_web(request: web.Request) -> web.Response:
    """Show cTrader Web to a user who is logged in, with the account in ``acc`` or else the first one."""
    session = find_session(request)
    if session is None or session.user_id is None:
        return go(view_of(request).url(SIGN_IN_PATH))
    accounts = request.app[CRM].store.accounts(session.user_id)
    account = chosen(request, accounts)
    frame, tab = (web_address(request, session.user_id, account) for _ in range(2))
    page = render(request, "web", session=session, frame=frame, tab=tab, accounts=accounts, account=account)
    return allow_frame(page, frame)


@routes.get(COPY_PATH, allow_head=False)
async def show_copy(request: web.Request) -> web.Response:
    """Show the Copy widget to a user who is logged in."""
    session = find_session(request)
    if session is None or session.user_id is None:
        return go(view_of(request).url(SIGN_IN_PATH))
    user = request.app[CRM].store.user(session.user_id)
    try:
        frame, tab = await copy_address(request, user), await copy_address(request, user)
    except CTraderError as problem:
        return render_form(request, "copy", session, typed={}, problem=problem, frame="", tab="")
    return allow_frame(render_form(request, "copy", session, typed={}, frame=frame, tab=tab), frame)


def chosen(request: web.Request, accounts: list[Account]) -> Account | None:
    """Return the account that the address names, which has to be the user's own, or else the first one."""
    wanted = request.query.get("acc")
    if wanted is None:
        return accounts[0] if accounts else None
    own = {str(account.login): account for account in accounts}
    if wanted not in own:
        raise PageProblem(403, "account_not_yours")
    return own[wanted]


def web_address(request: web.Request, user_id: int, account: Account | None) -> str:
    """Return an address of cTrader Web that works once, for this user.

    Its token grants an accessToken, whatever was ticked at the login: the user who comes back to cTrader Web itself is
    to be known there (edition 2025, 5.6).
    """
    token = request.app[CRM].tokens.issue_one_time(user_id, keep_logged_in=True)
    return ctrader_address(request, "/info", source="web", token=token, acc=str(account.login) if account else "")


async def copy_address(request: web.Request, user: User) -> str:
    """Return an address of the Copy widget that works once, for this user's accounts with all our brokers."""
    code = await request.app[CRM].ctrader.create_copy_code(user)
    return ctrader_address(request, "/copy-widget/", authCode=code)


def ctrader_address(request: web.Request, path: str, **parameters: str) -> str:
    """Return an address of cTrader's, which looks and speaks as our page does. What is empty is left out."""
    view = view_of(request)
    query = {**parameters, "lang": view.language, "theme": view.theme}
    return f"{request.app[CRM].config.web_url}{path}?{urlencode({name: query[name] for name in query if query[name]})}"


def allow_frame(page: web.Response, address: str) -> web.Response:
    """Let a page show a frame, from where this address is and from nowhere else; other pages may hold none."""
    parts = urlsplit(address)
    page.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-src {parts.scheme}://{parts.netloc}"
    return page
