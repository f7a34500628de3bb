"""What the broker asks of cTrader.

Two rules carry this module. Every call needs a manager token in its query (``?token=``). And an answer is one of three
things: done, refused (nothing happened), or unknown (no usable answer: it may have happened).
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mock_ctrader.sample_crm.ctrader_connection import SHORT_SECONDS, CTraderConnection
from mock_ctrader.sample_crm.ctrader_wire import integer, records, string
from mock_ctrader.sample_crm.ribbons import Ribbon
from mock_ctrader.sample_crm.store import Account, Payment, User

LIST_PAGE = 1000  # how many users are asked for at once


class CTraderClient(CTraderConnection):
    """The broker's side of the cTrader backend; every method raises CTraderRefused or CTraderUnavailable."""

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
        country_id: int | None,
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

    async def read_broker(self, environment: str, login: int) -> str:
        """Return the name of the broker that an account belongs to (WebServices API, read a trader)."""
        base, path = self._config.environment_base(environment), f"/v2/webserv/traders/{login}"
        return string(await self._ask("GET", base, path), "brokerName")

    async def move_trader(self, environment: str, login: int, broker: str) -> None:
        """Give an account that is linked to a user to another of our brokers (WebServices API 5.3)."""
        body = {"brokerName": broker, "environmentName": environment, "traderLogin": login}
        await self._call("POST", self._config.ctrader_url, "/cid/ctid/changeCtidTraderAccount", body)

    async def redeem_token(self, token: str) -> dict[str, Any]:
        """Use up a token of cTrader's own and return whom it stands for (edition 2026, call 3.14)."""
        return await self._ask("POST", self._config.ctrader_url, "/ctid2/inAppToken/redeem", {"token": token})

    async def read_trader(self, environment: str, login: int) -> dict[str, Any]:
        """Return a trading account with all that cTrader tells of it (WebServices API, read a trader)."""
        return await self._ask("GET", self._config.environment_base(environment), f"/v2/webserv/traders/{login}")

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

    async def set_partner(self, user: User, partner_id: str, account: Account | None = None) -> None:
        """Make the user, or one account alone, known as a partner's: the applications put the id into links (3.6)."""
        holder = (
            {"ctidTraderAccountId": account.ctid_trader_account_id} if account else {"userId": user.ctrader_user_id}
        )
        body = {"brokerCrmName": self._config.broker_crm_name, "partnerId": partner_id, **holder}
        await self._call("PUT", self._config.ctrader_url, "/cid/oauth2/ctid/referral", body)

    async def set_ribbons(self, user: User, ribbons: Sequence[Ribbon]) -> None:
        """Show the user these ribbons and no others (call 3.9); without any, the rules are empty."""
        body = {
            "brokerCrmName": self._config.broker_crm_name,
            "rules": {"ribbons": [ribbon_rule(ribbon) for ribbon in ribbons]} if ribbons else {},
            "userId": user.ctrader_user_id,
        }
        await self._call("PUT", self._config.ctrader_url, "/cid/oauth2/ctid/inAppControls", body)

    async def create_copy_code(self, user: User) -> str:
        """Return a code that opens the Copy widget once, with the user's accounts at all our brokers.

        The documentation describes the call but not how it is written: method, path and keys are assumed.
        """
        body = {"brokerNames": list(self._config.brokers), "userId": user.ctrader_user_id}
        answer = await self._ask("POST", self._config.ctrader_url, "/cid/ctid/onetimecode", body, seconds=SHORT_SECONDS)
        return string(answer, "code")

    async def invited_users(self) -> list[dict[str, Any]]:
        """Return who came by a partner's link, oldest first (cTrader Invite, 10.2)."""
        return await self._list("/v1/social/invitedUsers", "invitedUsers")

    async def registered_users(self) -> list[dict[str, Any]]:
        """Return all users, oldest first (cTrader Invite, 10.4). The manager has to have the right to see them."""
        return await self._list("/v1/users", "users")

    async def _list(self, path: str, key: str) -> list[dict[str, Any]]:
        """Return a list that cTrader hands out in parts."""
        found: list[dict[str, Any]] = []
        while True:
            query = {"limit": str(LIST_PAGE), "skip": str(len(found))}
            part = records(await self._ask("GET", self._config.ctrader_url, path, query=query, bearer=True), key)
            found += part
            if len(part) < LIST_PAGE:
                return found

    async def log_out(self, user: User) -> None:
        """Have every session that the user has in any application dropped (call 3.12)."""
        path = "/cid/oauth2/ctid/logout"
        await self._call("POST", self._config.ctrader_url, path, query=self._meant(user), seconds=SHORT_SECONDS)

    def _meant(self, user: User) -> dict[str, str]:
        """Return the query of the calls that name a user there and have no body."""
        return {"brokerCrmName": self._config.broker_crm_name, "userId": str(user.ctrader_user_id)}


def contact_details(user: User, country_id: int | None) -> dict[str, Any]:
    """Return the person's details for a trading account; who brought the person goes in as the first-level partner."""
    details = {
        "countryId": country_id,
        "email": user.email,
        "introducingBroker1": user.partner_id,
        "phone": user.phone,
    }
    return {key: value for key, value in details.items() if value}


def ribbon_rule(ribbon: Ribbon) -> dict[str, Any]:
    """Return a ribbon as cTrader wants it; a key that does not apply is left out. The small i of urlinApp is right."""
    rule = {
        "action": {"urlinApp" if ribbon.in_app else "urlExternal": ribbon.url},
        "closable": ribbon.closable,
        "color": ribbon.color,
        "enabled": ribbon.enabled,
        "title": ribbon.title,
    }
    scope = {"brokerName": ribbon.broker, "ctidTraderAccountId": ribbon.ctid_trader_account_id}
    return rule | {key: value for key, value in scope.items() if value is not None}


def md5(password: str) -> str:
    """Return what stands for a password on cTrader's wire."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
