"""What an operator may do to a plant beside what a broker may: the state part of the admin API."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

import msgspec

from mock_ctrader.errors import NotThere, RequestError, nearest
from mock_ctrader.plant import managers, positions, symbols, tokens
from mock_ctrader.plant.bulk import create_many
from mock_ctrader.plant.model import Trader, User
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.runtime.ledger import Ordered
from mock_ctrader.runtime.tables import Source, read, write
from mock_ctrader.runtime.wishes import Closing, Handoff, NewPassword, Order, TraderTemplate, UserQuery
from mock_ctrader.runtime.world import World

T = TypeVar("T")
Said = tuple[int, Mapping[str, Any]]
"""Status and body of an answer."""
_MISSING = (Code.TRADER_NOT_FOUND, Code.CH_CTID_NOT_FOUND)
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class State:
    """One plant in the hands of its operator. What is refused changes nothing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plant = world.plant
        self._now = world.clock.now()
        """All of one order happens at one moment."""

    def answer(self, method: str, parts: list[str], query: Mapping[str, str], body: bytes) -> Said | None:
        """Answer one request, or nothing where there is no such operation.

        Raises:
            RequestError: it cannot be done.
            SettingsError: the body cannot be read.
        """
        self._now = self._world.clock.now()
        with self._world.as_one():
            said = self._route(method, parts, query, body)
        if said is not None and method != "GET":
            self._world.note(Ordered(method, parts, dict(query), body, self._now))
        return said

    def _route(self, method: str, parts: list[str], query: Mapping[str, str], body: bytes) -> Said | None:
        match method, parts:
            case "POST", ["traders"]:
                return self._create_traders(read_body(body))
            case "GET", ["users"]:
                return self._list_users(read(UserQuery, query, Source()))
            case "GET", ["users", number]:
                return 200, self._shown(self._user(number))
            case "POST", ["users", number, "inapp-token"]:
                return self._issue_token(self._user(number), _read(Handoff, body))
            case "POST", ["users", number, "logout"]:
                user_id = self._user(number).user_id
                return 200, {"userId": user_id, "sessionsEnded": self._world.log_out(user_id)}
            case "POST", ["managers", number, "password"]:
                return self._change_password(number, _read(NewPassword, body))
            case "POST", ["managers", number, "revoke"]:
                return _manager(number, managers.revoke_token(self._plant, read_number(number)))
            case "POST", ["positions"]:
                return self._open_position(_read(Order, body))
            case "POST", ["positions", number, "close"]:
                return self._close_position(number, _read(Closing, body))
            case "PUT", ["prices"]:
                return self._set_prices(read_body(body))
            case _:
                return None

    def _create_traders(self, said: object) -> Said:
        """Open accounts: many of a kind, or those of a list; all of them or none."""
        if not isinstance(said, list):
            made = self._open(read(TraderTemplate, said, Source()))
            return 201, {"count": len(made), "first": made[0].login, "last": made[-1].login}
        wanted = [read(TraderTemplate, one, Source().at(at)) for at, one in enumerate(cast(list[object], said))]
        following, made = dict(self._plant.ids.following), list[Trader]()
        try:
            for template in wanted:
                made += self._open(template)
        except RequestError:
            for trader in made:
                self._plant.remove_trader(trader)
            self._plant.ids.following = following
            raise
        return 201, {"count": len(made), "logins": [trader.login for trader in made]}

    def _open(self, template: TraderTemplate) -> list[Trader]:
        if template.environment not in (None, *self._plant.environments):
            cure = nearest(template.environment or "", list(self._plant.environments))
            raise RequestError(f"there is no environment '{template.environment}'.", cure=cure)
        wanted = template.opening(self._plant)
        return _done(create_many(self._plant, wanted, template.count, self._now))

    def _list_users(self, query: UserQuery) -> Said:
        if query.email is not None:
            user = self._plant.users_by_email.get(query.email.strip().lower())
            found = [] if user is None else [user]
        else:
            found = list(self._plant.users.values())
        page = found[max(query.skip, 0) :][: max(query.limit, 0)]
        return 200, {"users": [self._shown(user) for user in page], "total": len(found)}

    def _shown(self, user: User) -> dict[str, Any]:
        held = cast(dict[str, Any], write(user))
        return {**held, "sessions": len(self._world.sessions.of(user.user_id))}

    def _user(self, number: str) -> User:
        user = self._plant.users.get(read_number(number))
        if user is None:
            raise NotThere(f"there is no user {number} on plant '{self._plant.name}'.")
        return user

    def _issue_token(self, user: User, wanted: Handoff) -> Said:
        """Give what an application gives to a page of the broker, where cTrader is the identity provider."""
        if wanted.login is not None and wanted.login not in [link.login for link in user.links]:
            raise RequestError(f"trader {wanted.login} is not linked to user {user.user_id}.")
        token = tokens.issue(self._plant, user.user_id, wanted.login, self._now)
        self._world.journal.secrets.learn("inappToken", token)
        return 201, {"token": token}

    def _change_password(self, number: str, wanted: NewPassword) -> Said:
        self._world.journal.secrets.learn("hashedPassword", wanted.hashed_password)
        return _manager(number, managers.change_password(self._plant, read_number(number), wanted.hashed_password))

    def _open_position(self, order: Order) -> Said:
        costs = positions.Costs(order.commission, order.swap, order.stake, order.book)
        executed = positions.open_position(
            self._plant,
            order.login,
            order.symbol,
            order.side,
            order.volume,
            order.price,
            self._now,
            costs=costs,
            check_margin=order.check_margin,
        )
        return 201, cast(dict[str, Any], write(_done(executed)))

    def _close_position(self, number: str, wanted: Closing) -> Said:
        if read_number(number) not in self._plant.positions:
            raise NotThere(f"no position {number} is open on plant '{self._plant.name}'.")
        deal = positions.close_position(self._plant, read_number(number), wanted.volume, wanted.price, self._now)
        return 200, cast(dict[str, Any], write(_done(deal)))

    def _set_prices(self, said: object) -> Said:
        """Move prices: all of them or none."""
        wanted = read_prices(said)
        for name, price in wanted.items():
            symbol = _done(symbols.find_symbol(self._plant, name))
            refusal = symbols.check_price(symbol, price)
            if refusal:
                raise RequestError(f"{name}: {refusal.description}.")
        for name, price in wanted.items():
            _done(positions.set_price(self._plant, name, price, self._now))
        return 200, {name: str(price) for name, price in wanted.items()}


def read_body(body: bytes) -> object:
    """Read a body as JSON, decimal numbers exactly; no body counts as an empty object.

    Raises:
        RequestError: it is not JSON.
    """
    try:
        return _decoder.decode(body or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise RequestError(f"the body is not JSON: {error}.") from None


def read_prices(said: object) -> dict[str, Decimal]:
    """Read prices by symbol.

    Raises:
        RequestError: they are none.
    """
    try:
        return msgspec.convert(said, dict[str, Decimal], strict=False)
    except msgspec.ValidationError as error:
        raise RequestError(f"expected prices by symbol: {error}.", cure='As in {"EURUSD": 1.0921}.') from None


def _read(kind: type[T], body: bytes) -> T:
    return read(kind, read_body(body), Source())


def read_number(written: str) -> int:
    """Read the number that a path names.

    Raises:
        NotThere: it is none.
    """
    if not written.isascii() or not written.isdigit() or len(written) > 19:
        raise NotThere(f"'{written[:40]}' is no number.")
    return int(written)


def _manager(number: str, manager: object) -> Said:
    if manager is None:
        raise NotThere(f"there is no manager {number}.")
    return 200, {"login": int(number)}


def _done(result: T | Refusal) -> T:
    """Return what was done, or tell why it was not."""
    if not isinstance(result, Refusal):
        return result
    kind = NotThere if result.code in _MISSING else RequestError
    raise kind(f"{result.code}: {result.description}.")
