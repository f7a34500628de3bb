"""What is on a plant, page by page, for people who look at it: a part of the admin API. Nothing secret is shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mock_ctrader.backend.sessions import Session
from mock_ctrader.errors import NotThere, nearest
from mock_ctrader.plant import money
from mock_ctrader.plant.model import Link, Manager, OneTimeToken, Ribbon, Trader, User
from mock_ctrader.runtime.state import Said
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import Moment, iso

MOST_ROWS = 200
"""Of one page."""
LOOKED_AT = 50_000
"""Things that one search looks at; the next page goes on from there."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuery:
    """Which rows are wanted."""

    q: str = ""
    """Text that one of the cells holds, in any case of letters."""
    skip: int = 0
    """Things of the register that were looked at before."""
    limit: int = 50


class Browsing:
    """One plant's registers as tables."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plant = world.plant
        self._secrets = world.journal.secrets
        self._registers: Mapping[str, tuple[Callable[[], int], Callable[[], Iterable[Any]], Callable[[Any], Row]]] = {
            "users": (lambda: len(self._plant.users), self._plant.users.values, self._user),
            "accounts": (lambda: len(self._plant.traders), self._plant.traders.values, self._account),
            "links": (lambda: len(self._plant.links), self._plant.links.values, self._link),
            "partners": (self._count_partners, self._partners, lambda row: row),
            "ribbons": (self._count_ribbons, self._ribbons, lambda row: self._ribbon(*row)),
            "sessions": (lambda: len(self._world.sessions), self._world.sessions.__iter__, self._session),
            "tokens": (
                lambda: len(self._plant.one_time_tokens),
                self._plant.one_time_tokens.items,
                lambda row: self._token(*row),
            ),
            "managers": (lambda: len(self._plant.managers), self._plant.managers.values, self._manager),
        }

    def answer(self, method: str, parts: list[str], query: Mapping[str, str]) -> Said | None:
        """Answer one request below ``state``, or nothing where there is no such operation.

        Raises:
            NotThere: there is no such register.
            SettingsError: the query cannot be read.
        """
        match method, parts:
            case "GET", []:
                return 200, {"registers": {name: count() for name, (count, _, _) in self._registers.items()}}
            case "GET", [name]:
                return 200, self._page(name, read(StateQuery, query, Source()))
            case _:
                return None

    def _page(self, name: str, wanted: StateQuery) -> Row:
        if name not in self._registers:
            raise NotThere(f"there is no register '{name}'.", cure=nearest(name, list(self._registers)))
        count, things, shown = self._registers[name]
        limit, skip = min(max(wanted.limit, 1), MOST_ROWS), max(wanted.skip, 0)
        rows, looked = _matching(map(shown, islice(things(), skip, skip + LOOKED_AT)), wanted.q, limit)
        total, end = count(), skip + looked
        return {"rows": rows, "total": total, "skip": skip, "next": end if end < total else None}

    def _user(self, user: User) -> Row:
        return {
            "userId": user.user_id,
            "email": user.email,
            "nickname": user.nickname,
            "firstName": user.first_name or "",
            "crm": user.crm_name,
            "accounts": ", ".join(str(link.login) for link in user.links),
            "sessions": len(self._world.sessions.of(user.user_id)),
            "created": iso(user.created),
            "connected": _when(user.connected),
        }

    def _account(self, trader: Trader) -> Row:
        digits = trader.money_digits
        return {
            "login": trader.login,
            "userId": trader.link.user_id if trader.link else None,
            "environment": trader.environment,
            "broker": trader.broker,
            "group": trader.group,
            "balance": f"{money.to_amount(trader.balance, digits):f}",
            "credit": f"{money.to_amount(trader.credit, digits):f}",
            "bonus": f"{money.to_amount(trader.bonus, digits):f}",
            "currency": trader.currency,
            "leverage": f"1:{trader.leverage_in_cents / 100:g}",
            "rights": trader.access_rights,
            "holder": " ".join(part for part in (trader.name, trader.last_name) if part),
            "registered": iso(trader.registered),
        }

    def _link(self, link: Link) -> Row:
        trader = self._plant.traders.get(link.login)
        return {
            "ctidTraderAccountId": link.link_id,
            "userId": link.user_id,
            "login": link.login,
            "environment": trader.environment if trader else "",
        }

    def _count_partners(self) -> int:
        return len(self._plant.partners_of_users) + len(self._plant.partners_of_accounts)

    def _partners(self) -> Iterator[Row]:
        for user_id, partner in self._plant.partners_of_users.items():
            yield {"partnerId": partner, "userId": user_id, "ctidTraderAccountId": None}
        for link_id, partner in self._plant.partners_of_accounts.items():
            link = self._plant.links.get(link_id)
            yield {"partnerId": partner, "userId": link.user_id if link else None, "ctidTraderAccountId": link_id}

    def _count_ribbons(self) -> int:
        return sum(map(len, self._plant.ribbons.values()))

    def _ribbons(self) -> Iterator[tuple[int, Ribbon]]:
        return ((user_id, ribbon) for user_id, held in self._plant.ribbons.items() for ribbon in held)

    def _ribbon(self, user_id: int, ribbon: Ribbon) -> Row:
        return {
            "userId": user_id,
            "title": ribbon.title,
            "color": ribbon.color,
            "enabled": ribbon.enabled,
            "closable": ribbon.closable,
            "leadsTo": self._secrets.mask(ribbon.url_external or ribbon.url_in_app or ""),
            "broker": ribbon.broker or "",
            "ctidTraderAccountId": ribbon.link_id,
        }

    def _session(self, session: Session) -> Row:
        return {
            "userId": session.user.user_id,
            "email": session.user.email,
            "inappToken": self._secrets.hide("inappToken", session.inapp_token or ""),
            "letInBy": "cTrader" if session.of_ctrader else "CRM",
            "brokers": ", ".join(session.brokers),
        }

    def _token(self, token: str, held: OneTimeToken) -> Row:
        kind = "copyCode" if held.purpose == "copy" else "inappToken"
        return {
            "token": self._secrets.hide(kind, token),
            "purpose": held.purpose,
            "userId": held.user_id,
            "login": held.login,
            "issued": iso(held.issued),
            "used": held.used,
        }

    def _manager(self, manager: Manager) -> Row:
        window = self._plant.windows.get(manager.login)
        limit = manager.requests_per_hour
        return {
            "login": manager.login,
            "token": self._secrets.hide("webservToken", manager.token),
            "tokensGiven": manager.tokens_given,
            "enabled": manager.enabled,
            "callsThisHour": f"{window.counted if window else 0} of {limit}" if limit is not None else "unlimited",
            "hourBegan": iso(window.started) if window else "",
            "rights": len(manager.rights),
            "ipList": ", ".join(manager.ip_list),
        }


def _matching(rows: Iterable[Row], text: str, limit: int) -> tuple[list[Row], int]:
    """Return the rows that hold a text, so many at most, and how many were looked at."""
    found, looked, wanted = list[Row](), 0, text.strip().casefold()
    for row in rows:
        looked += 1
        if not wanted or any(wanted in str(cell).casefold() for cell in row.values()):
            found.append(row)
        if len(found) == limit:
            break
    return found, looked


def _when(moment: Moment | None) -> str:
    return "" if moment is None else iso(moment)
