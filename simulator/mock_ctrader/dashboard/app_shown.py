"""What an application shows to the person who holds it, as plain data for a page."""

from typing import Any

from mock_ctrader.plant import money
from mock_ctrader.plant.market import Position
from mock_ctrader.plant.model import Ribbon, Trader
from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.looks import look_of
from mock_ctrader.platform.states import State
from mock_ctrader.runtime.by_person import ByPerson
from mock_ctrader.runtime.world import World

Json = dict[str, Any]
_MOST_POSITIONS = 50
_NAMES = {
    "login": "Log in or sign up",
    "account": "Open an account",
    "deposit": "Deposit",
    "withdraw": "Withdraw",
    "kyc": "Verify your identity",
    "action": "More from your broker",
    "chat": "Chat with your broker",
    "change_password": "Change your password",
    "change_email": "Change your e-mail",
    "ribbon": "News from your broker",
}
"""What a window is called that shows a screen of the CRM."""
SCREENS = (
    Task.DEPOSIT,
    Task.WITHDRAW,
    Task.OPEN_ACCOUNT,
    Task.PASS_KYC,
    Task.TAKE_ACTION,
    Task.CHAT,
    Task.CHANGE_PASSWORD,
    Task.CHANGE_EMAIL,
)
"""The screens that a session has buttons for."""


def shown(world: World, hand: ByPerson) -> Json:
    """Return all that there is to see: the device, the session, its accounts, the window, the market."""
    application, device = hand.application, hand.device
    session = application.session
    look = look_of(device.platform)
    return {
        "platform": device.platform.value,
        "mobile": device.platform.is_mobile,
        "look": {"width": look.width, "height": look.height},
        "language": device.language,
        "theme": device.theme,
        "identity": device.identity.value,
        "campaign": dict(device.campaign),
        "first_login": not device.has_logged_in,
        "stored_token": device.access_token is not None,
        "partner_id": device.partner_id or "",
        "invited_by": device.invited_by or "",
        "session": application.shown,
        "state": application.state.value,
        "ended": session is not None and session.ended,
        "asks_here": application.state is State.LOGIN and device.identity.value == "handoff",
        "user": {"id": session.user.user_id, "nickname": session.user.nickname} if session else None,
        "accounts": [_account(world, login, login == application.account) for login in application.accounts],
        "ribbons": [_ribbon(one) for one in application.ribbons],
        "positions": _positions(world, application.account),
        "window": _window(world, hand),
        "browsed": hand.browsed,
        "link": application.link,
        "events": list(application.events),
        "embedded": application.facts()["embedded"],
        "path": application.facts()["path"],
        "person": dict(hand.facts),
        "symbols": [
            {"name": one.name, "price": f"{one.price:.{one.digits}f}", "description": one.description or ""}
            for one in world.plant.symbols.values()
            if one.show_in_ctrader
        ],
    }


def _account(world: World, login: int, is_current: bool) -> Json:
    trader = world.plant.traders[login]
    return {
        "login": str(login),
        "environment": trader.environment,
        "currency": trader.currency,
        "broker": trader.broker,
        "balance": _amount(trader, trader.balance),
        "current": is_current,
    }


def _amount(trader: Trader, units: int) -> str:
    return f"{money.to_amount(units, trader.money_digits):,f}"


def _positions(world: World, login: int | None) -> list[Json]:
    plant = world.plant
    numbers = [] if login is None else plant.positions_of.get(login, [])
    return [_position(plant.positions[number]) for number in numbers[:_MOST_POSITIONS]]


def _position(position: Position) -> Json:
    return {
        "symbol": position.symbol,
        "side": position.side,
        "volume": f"{position.volume:f}",
        "price": f"{position.entry_price:f}",
    }


def _ribbon(ribbon: Ribbon) -> Json:
    return {
        "title": ribbon.title,
        "color": ribbon.color,
        "closable": ribbon.closable,
        "external": ribbon.url_in_app is None,
    }


def _window(world: World, hand: ByPerson) -> Json | None:
    window = hand.window
    if window is None or not hand.is_showing:
        return None
    return {
        "number": hand.windows,
        "kind": window.kind,
        "name": _NAMES.get(window.kind, window.kind),
        "address": window.address,
        "opened": world.journal.secrets.mask(window.url),
        "framing": window.framing,
    }
