"""Coming in from an application: by an OT token of ours, or by a token of cTrader's own.

The second is the one-time token handoff (edition 2026, section 7): cTrader keeps the login, and opens our screens with
tokens that it made itself. What we do not know to be ours we show to cTrader, once, and it tells whom the token stands
for, and which account the person was looking at (call 3.14). Who registered at cTrader is new to us then: user and
account are *adopted*, that is, entered in our books as cTrader tells them. An adopted user has no password here.
"""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from mock_ctrader.sample_crm.attribution import settle
from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.countries import country_code
from mock_ctrader.sample_crm.ctrader_wire import CTraderRefused, CTraderUnavailable, integer
from mock_ctrader.sample_crm.forms import ENVIRONMENTS
from mock_ctrader.sample_crm.pages import PageProblem, enter_by_token
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import Account, Duplicate, NewUser, User


@dataclass(frozen=True, kw_only=True)
class Handed:
    """Whom a token of cTrader's stands for. An account is named if the application showed one."""

    user_id: int
    email: str
    login: int | None


@dataclass(frozen=True, kw_only=True)
class FoundTrader:
    """A trading account as cTrader knows it: the environment where it is, and the answer."""

    environment: str
    answer: dict[str, Any]


async def enter_screen(request: web.Request) -> Session:
    """Let a user into a screen that only an application opens: always by a token, whatever the cookie says."""
    if not request.query.get("token"):
        raise PageProblem(400, "link_incomplete")
    try:
        return enter_by_token(request)
    except PageProblem as problem:
        if problem.status != 404 or not request.app[CRM].config.handoff:
            raise  # 410: it is one of ours, and too old
    return await enter_by_handoff(request.app[CRM], request.query["token"])


async def enter_by_handoff(crm: Crm, token: str) -> Session:
    """Have cTrader use up its token, and start a session for the user it stands for."""
    try:
        handed = read_handed(await crm.ctrader.redeem_token(token))
        user = known_user(crm, handed) or adopt(crm, handed, await find_trader(crm, handed.login))
    except CTraderRefused as refusal:
        raise PageProblem(404, "link_expired") from refusal
    except CTraderUnavailable as error:
        raise PageProblem(502, "unavailable") from error
    except Duplicate as error:  # the e-mail is that of a client of ours who is another user at cTrader
        raise PageProblem(409, "answer_wrong") from error
    return crm.sessions.start(user.id)


def read_handed(answer: dict[str, Any]) -> Handed:
    """Read what cTrader tells of its token. Where it tells no e-mail, something that is none takes its place."""
    user_id = integer(answer, "userId")
    return Handed(
        user_id=user_id,
        email=str(answer.get("email") or f"ctid {user_id}").strip().lower(),
        login=integer(answer, "tradingLogin") if answer.get("tradingLogin") else None,
    )


def known_user(crm: Crm, handed: Handed) -> User | None:
    """Return the user, unless there is something about the user, or the account, to be learned from cTrader first."""
    user = crm.store.user_by_ctrader_id(handed.user_id)
    if user and handed.login and not crm.store.account(user.id, handed.login):
        return None
    return user


async def find_trader(crm: Crm, login: int | None) -> FoundTrader | None:
    """Ask one environment after the other for an account: the token does not tell where it is."""
    if login is None:
        return None
    for environment in ENVIRONMENTS:
        try:
            return FoundTrader(environment=environment, answer=await crm.ctrader.read_trader(environment, login))
        except CTraderRefused:
            continue
    return None


def adopt(crm: Crm, handed: Handed, trader: FoundTrader | None) -> User:
    """Enter in our books whatever of user and account is new to us."""
    known = crm.store.user_by_ctrader_id(handed.user_id)
    user = known or crm.store.add_user(new_user(handed, trader.answer if trader else {}))
    if trader:
        crm.store.adopt_account(account_of(user, trader))
    settle(crm, user)
    return user


def new_user(handed: Handed, trader: dict[str, Any]) -> NewUser:
    """Return the user as cTrader tells; only a trading account has names and a country."""
    contact: dict[str, Any] = trader.get("contactDetails") or {}
    return NewUser(
        email=handed.email,
        first_name=str(trader.get("name") or handed.email),
        last_name=str(trader.get("lastName") or ""),
        phone=str(contact.get("phone") or ""),
        country=country_code(contact.get("countryId")),
        password_hash="",
        partner_id=str(contact.get("introducingBroker1") or ""),
        ctrader_user_id=handed.user_id,
    )


def account_of(user: User, trader: FoundTrader) -> Account:
    """Return the account as cTrader tells. Its link to the user exists, but its number there is not told."""
    return Account(
        environment=trader.environment,
        login=integer(trader.answer, "login"),
        user_id=user.id,
        currency=str(trader.answer.get("depositCurrency")),
        leverage=integer(trader.answer, "leverageInCents") // 100,
        adopted=True,
    )
