"""What the broker asks of cTrader.

Two rules carry this module. Every call needs a manager token in its query (``?token=``). And an answer is one of three
things: done, refused (nothing happened), or unknown (no usable answer: it may have happened).
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import aiohttp

from mock_ctrader.sample_crm.config import CrmConfig
from mock_ctrader.sample_crm.ctrader_wire import (
    CTraderRefused,
    CTraderUnavailable,
    integer,
    json_object,
    refusal,
    to_json,
)
from mock_ctrader.sample_crm.store import Account, Payment, User

# Without Accept, the calls under /webserv answer in XML.
HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
NO_QUERY: Mapping[str, str] = {}
CALL_SECONDS = 10
SHORT_SECONDS = 2  # for calls that only accompany a screen: it is to be there within three seconds


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
        answer = await self._ask("POST", self._config.ctrader_url, "/cid/oauth2/ctid/create", body)
        return integer(answer, "userId")

    async def create_trader(
        self,
        user: User,
        *,
        environment: str,
        currency: str,
        leverage: int,
        password: str,
        country_id: int,
        may_trade: bool,
    ) -> int:
        """Open a trading account and return its number, the ``login`` (call 3.3)."""
        body = {
            "accessRights": "FULL_ACCESS" if may_trade else "NO_TRADING",
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
        answer = await self._ask("POST", self._config.environment_base(environment), "/v2/webserv/traders", body)
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
        answer = await self._ask("POST", self._config.ctrader_url, "/cid/ctid/link", body)
        return integer(answer, "ctidTraderAccountId")

    async def read_balance(self, account: Account) -> Decimal:
        """Return the account's balance in units of its currency (WebServices API, read a trader)."""
        base, path = self._config.environment_base(account.environment), f"/v2/webserv/traders/{account.login}"
        answer = await self._ask("GET", base, path, seconds=SHORT_SECONDS)
        # Money comes as a whole number: 12345 with two money digits is 123.45.
        return Decimal(integer(answer, "balance")).scaleb(-integer(answer, "moneyDigits"))

    async def allow_trading(self, account: Account) -> None:
        """Give the account full trading rights (WebServices API, update a trader)."""
        base, path = self._config.environment_base(account.environment), f"/v2/webserv/traders/{account.login}"
        await self._call("PATCH", base, path, {"accessRights": "FULL_ACCESS"})

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
        answer = await self._ask("POST", self._config.environment_base(payment.environment), path, body)
        return integer(answer, "balanceHistoryId")

    async def confirm_agreement(self, user: User) -> None:
        """Tell that the user has accepted the terms of business (call 3.13)."""
        path = "/cid/oauth2/ctid/acceptAgreement"
        await self._call("PUT", self._config.ctrader_url, path, query=self._meant(user), seconds=SHORT_SECONDS)

    async def change_email(self, user: User, email: str) -> None:
        """Give the user another e-mail (call 3.10)."""
        body = {
            "brokerCrmName": self._config.broker_crm_name,
            "newEmail": email,
            "userId": user.ctrader_user_id,
        }
        await self._call("PUT", self._config.ctrader_url, "/cid/oauth2/ctid/changeEmail", body)

    async def set_partner(self, user: User, partner_id: str) -> None:
        """Make the user known as a partner, whose identifier the applications put into links (call 3.6)."""
        body = {
            "brokerCrmName": self._config.broker_crm_name,
            "partnerId": partner_id,
            "userId": user.ctrader_user_id,
        }
        await self._call("PUT", self._config.ctrader_url, "/cid/oauth2/ctid/referral", body)

    async def log_out(self, user: User) -> None:
        """Have every session that the user has in any application dropped (call 3.12)."""
        path = "/cid/oauth2/ctid/logout"
        await self._call("POST", self._config.ctrader_url, path, query=self._meant(user), seconds=SHORT_SECONDS)

    def _meant(self, user: User) -> dict[str, str]:
        """Return the query of the calls that name a user there and have no body."""
        return {"brokerCrmName": self._config.broker_crm_name, "userId": str(user.ctrader_user_id)}

    async def _ask(
        self, method: str, base: str, path: str, body: dict[str, Any] | None = None, *, seconds: float = CALL_SECONDS
    ) -> dict[str, Any]:
        """Make a call whose answer holds something that we need."""
        return json_object(await self._call(method, base, path, body, seconds=seconds))

    async def _call(
        self,
        method: str,
        base: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        seconds: float = CALL_SECONDS,
    ) -> str:
        """Make a call with a manager token, and return the body of the answer, which may be empty."""
        token = {"token": await self._manager_token(base)}
        try:
            return await self._send(method, base + path, body, query={**token, **query}, seconds=seconds)
        except CTraderRefused as refusal:
            if refusal.status != 401:
                raise
        # The token died early: the manager's password was changed, or cTrader was set up anew. A call that was answered
        # 401 was not carried out, so it is safe to repeat it once, even when it moves money.
        self._manager_tokens.pop(base, None)
        token = {"token": await self._manager_token(base)}
        return await self._send(method, base + path, body, query={**token, **query}, seconds=seconds)

    async def _manager_token(self, base: str) -> str:
        """Return the ``webservToken``: asked for once and kept, as it has no expiry (call 3.1)."""
        if base not in self._manager_tokens:
            body = {
                "login": self._config.manager_login,
                "hashedPassword": self._config.manager_password_hash,
            }
            answer = await self._send("POST", base + "/v2/webserv/managers/token", body, seconds=SHORT_SECONDS)
            token = json_object(answer).get("webservToken")
            if not isinstance(token, str):
                raise CTraderUnavailable("The answer holds no webservToken.")
            self._manager_tokens[base] = token
        return self._manager_tokens[base]

    async def _send(
        self,
        method: str,
        url: str,
        body: dict[str, Any] | None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        seconds: float,
    ) -> str:
        try:
            async with self._http.request(
                method,
                url,
                params=query,
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
        return text


def contact_details(user: User, country_id: int) -> dict[str, Any]:
    """Return the person's details for a trading account; who brought the person goes in as the first-level partner."""
    details = {"countryId": country_id, "email": user.email, "phone": user.phone}
    return details | ({"introducingBroker1": user.partner_id} if user.partner_id else {})


def md5(password: str) -> str:
    """Return what stands for a password on cTrader's wire."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
