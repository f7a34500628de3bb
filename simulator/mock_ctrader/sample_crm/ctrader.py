"""What the broker asks of cTrader.

Two rules carry this module. Every call needs a manager token in its query (``?token=``). And an answer is one of three
things: done, refused (nothing happened), or unknown (no usable answer: it may have happened).
"""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

import aiohttp

from mock_ctrader.sample_crm.config import CrmConfig
from mock_ctrader.sample_crm.database import BIGGEST_INTEGER
from mock_ctrader.sample_crm.store import Account, Payment, User

# Without Accept, the calls under /webserv answer in XML.
HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
CALL_SECONDS = 10
READ_SECONDS = 2  # reads only decorate a screen, and a screen is to be there within three seconds
TEXT_ERROR = re.compile(r"\s*([A-Z][A-Z_0-9]*)\s*:\s*(.*)", re.DOTALL)


class CTraderError(Exception):
    """cTrader did not do what we asked, or we cannot know whether it did."""


class CTraderRefused(CTraderError):
    """cTrader decided against it (4xx): nothing has happened."""

    def __init__(self, code: str, description: str, status: int) -> None:
        super().__init__(f"{code}: {description} (HTTP {status})")
        self.code = code
        self.description = description
        self.status = status


class CTraderUnavailable(CTraderError):
    """There is no usable answer: cTrader is out of reach, broken (5xx) or not understood. It *may* have happened."""


class CTraderClient:
    """The broker's side of the cTrader backend; every method raises CTraderRefused or CTraderUnavailable."""

    def __init__(self, config: CrmConfig, http: aiohttp.ClientSession) -> None:
        self._config = config
        self._http = http
        self._manager_tokens: dict[str, str] = {}  # by base address

    async def create_user(self, *, email: str, first_name: str, language: str) -> int:
        """Create the person at cTrader and return the ``userId`` (edition 2025, call 3.2)."""
        body = {
            "brokerCrmName": self._config.broker_crm_name,
            "email": email,
            "firstName": first_name,
            "preferredLanguage": language,
        }
        answer = await self._call("POST", self._config.ctrader_url, "/cid/oauth2/ctid/create", body)
        return integer(answer, "userId")

    async def create_trader(
        self, user: User, *, environment: str, currency: str, leverage: int, password: str, country_id: int
    ) -> int:
        """Open a trading account and return its number, the ``login`` (call 3.3)."""
        body = {
            "accessRights": "FULL_ACCESS",
            "accountType": "HEDGED",
            "balance": 0,
            "brokerName": self._config.broker_name,
            "contactDetails": contact_details(user, country_id),
            "depositCurrency": currency,
            "groupName": self._config.group_name,
            "hashedPassword": md5(password),
            "lastName": user.last_name,
            "leverageInCents": leverage * 100,
            "name": user.first_name,
            "totalMarginCalculationType": "MAX",
        }
        answer = await self._call("POST", self._config.environment_base(environment), "/v2/webserv/traders", body)
        return integer(answer, "login")

    async def link_trader(self, user: User, *, environment: str, login: int, password: str) -> int:
        """Link a trading account to its user and return the ``ctidTraderAccountId`` (call 3.4).

        Until then the user cannot see the account in the applications. The password proves that the account is ours.
        """
        body = {
            "brokerName": self._config.broker_name,
            "environmentName": environment,
            "returnAccountDetails": True,  # otherwise the answer is empty
            "traderLogin": login,
            "traderPasswordHash": md5(password),
            "userId": user.ctrader_user_id,
        }
        answer = await self._call("POST", self._config.ctrader_url, "/cid/ctid/link", body)
        return integer(answer, "ctidTraderAccountId")

    async def read_balance(self, account: Account) -> Decimal:
        """Return the account's balance in units of its currency (WebServices API, read a trader)."""
        base, path = self._config.environment_base(account.environment), f"/v2/webserv/traders/{account.login}"
        answer = await self._call("GET", base, path, seconds=READ_SECONDS)
        # Money comes as a whole number: 12345 with two money digits is 123.45.
        return Decimal(integer(answer, "balance")).scaleb(-integer(answer, "moneyDigits"))

    async def change_balance(self, payment: Payment) -> int:
        """Deposit or withdraw and return the ``balanceHistoryId`` (call 3.5)."""
        body = {
            "comment": f"{payment.type} in the client area",
            "externalId": payment.id,
            "login": payment.login,
            "preciseAmount": payment.amount,  # always positive: the type alone tells the direction
            "source": "client area",
            "type": payment.type,
        }
        path = f"/v2/webserv/traders/{payment.login}/changebalance"
        answer = await self._call("POST", self._config.environment_base(payment.environment), path, body)
        return integer(answer, "balanceHistoryId")

    async def _call(
        self, method: str, base: str, path: str, body: dict[str, Any] | None = None, *, seconds: float = CALL_SECONDS
    ) -> dict[str, Any]:
        token = await self._manager_token(base)
        try:
            return await self._send(method, base + path, body, token=token, seconds=seconds)
        except CTraderRefused as refusal:
            if refusal.status != 401:
                raise
        # The token died early: the manager's password was changed, or cTrader was set up anew. A call that was answered
        # 401 was not carried out, so it is safe to repeat it once, even when it moves money.
        self._manager_tokens.pop(base, None)
        token = await self._manager_token(base)
        return await self._send(method, base + path, body, token=token, seconds=seconds)

    async def _manager_token(self, base: str) -> str:
        """Return the ``webservToken``: asked for once and kept, as it has no expiry (call 3.1)."""
        if base not in self._manager_tokens:
            body = {
                "login": self._config.manager_login,
                "hashedPassword": self._config.manager_password_hash,
            }
            answer = await self._send("POST", base + "/v2/webserv/managers/token", body, seconds=READ_SECONDS)
            token = answer.get("webservToken")
            if not isinstance(token, str):
                raise CTraderUnavailable("The answer holds no webservToken.")
            self._manager_tokens[base] = token
        return self._manager_tokens[base]

    async def _send(
        self, method: str, url: str, body: dict[str, Any] | None, *, seconds: float, token: str = ""
    ) -> dict[str, Any]:
        try:
            async with self._http.request(
                method,
                url,
                params={"token": token} if token else None,
                data=None if body is None else to_json(body),
                headers=HEADERS,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,  # our secrets go to the address we were given, nowhere else
            ) as response:
                status, text = response.status, (await response.read()).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CTraderUnavailable(f"No answer: {error!r}.") from error
        if 400 <= status < 500:
            raise refusal(status, text)
        if not 200 <= status < 300:
            raise CTraderUnavailable(f"HTTP {status}: {text[:200]}")
        return json_object(text)


def contact_details(user: User, country_id: int) -> dict[str, Any]:
    """Return the person's details for a trading account; who brought the person goes in as the first-level partner."""
    details = {"countryId": country_id, "email": user.email, "phone": user.phone}
    return details | ({"introducingBroker1": user.partner_id} if user.partner_id else {})


def refusal(status: int, text: str) -> CTraderRefused:
    """Read a refusal: ``/cid`` sends an object, ``/webserv`` sends the text ``CODE: description``."""
    try:
        error = json.loads(text)["error"]
        return CTraderRefused(str(error["errorCode"]), str(error.get("description", "")), status)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    if parts := TEXT_ERROR.fullmatch(text):
        return CTraderRefused(parts[1], parts[2].strip(), status)
    return CTraderRefused("UNKNOWN_ERROR", text.strip()[:200], status)


def json_object(text: str) -> dict[str, Any]:
    """Read an answer that has to be a JSON object."""
    try:
        answer: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CTraderUnavailable(f"The answer is not JSON: {text[:200]}") from error
    if not isinstance(answer, dict):
        raise CTraderUnavailable(f"The answer is not an object: {text[:200]}")
    return answer  # pyright: ignore[reportUnknownVariableType]


def integer(answer: dict[str, Any], key: str) -> int:
    """Return a whole number out of an answer; one that does not fit into 64 bits is no number of cTrader's."""
    value = answer.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > BIGGEST_INTEGER:
        raise CTraderUnavailable(f"The answer holds no whole number '{key}'.")
    return value


def to_json(body: dict[str, Any]) -> str:
    """Write an object whose decimals keep exactly their digits: money never passes through a binary float."""
    pairs = (f"{json.dumps(key)}: {to_json_value(value)}" for key, value in body.items())
    return "{" + ", ".join(pairs) + "}"


def to_json_value(value: object) -> str:
    """Write one value; ``json`` itself knows no Decimal."""
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def md5(password: str) -> str:
    """Return what stands for a password on cTrader's wire."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
