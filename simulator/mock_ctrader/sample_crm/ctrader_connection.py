"""How every call to cTrader is made: with a manager token, and with an end to all waiting."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import aiohttp

from mock_ctrader.sample_crm.config import CrmConfig
from mock_ctrader.sample_crm.ctrader_wire import (
    CTraderRefused,
    CTraderUnavailable,
    json_object,
    refusal,
    string,
    to_json,
)

# Without Accept, the calls under /webserv answer in XML.
HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
NO_QUERY: Mapping[str, str] = {}
CALL_SECONDS = 10
SHORT_SECONDS = 2  # for calls that only accompany a screen: it is to be there within three seconds


class CTraderConnection:
    """Makes calls; every method raises CTraderRefused or CTraderUnavailable."""

    def __init__(self, config: CrmConfig, http: aiohttp.ClientSession) -> None:
        self._config = config
        self._http = http
        self._manager_tokens: dict[str, str] = {}  # by base address

    async def _ask(
        self,
        method: str,
        base: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        seconds: float = CALL_SECONDS,
        bearer: bool = False,
    ) -> dict[str, Any]:
        """Make a call whose answer holds something that we need."""
        return json_object(await self._call(method, base, path, body, query=query, seconds=seconds, bearer=bearer))

    async def _call(
        self,
        method: str,
        base: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        seconds: float = CALL_SECONDS,
        bearer: bool = False,
    ) -> str:
        """Make a call with a manager token, and return the body of the answer, which may be empty.

        The token goes into the query; with ``bearer``, for the calls of cTrader Invite alone, into a header.
        """
        send = partial(self._send, method, base + path, body, query=query, seconds=seconds, bearer=bearer)
        token = await self._manager_token(base)
        try:
            return await send(token=token)
        except CTraderRefused as refusal:
            if refusal.status != 401:
                raise
        # The token died early: the manager's password was changed, or cTrader was set up anew. A call that was answered
        # 401 was not carried out, so it is safe to repeat it once, even when it moves money.
        self._manager_tokens.pop(base, None)
        return await send(token=await self._manager_token(base))

    async def _manager_token(self, base: str) -> str:
        """Return the ``webservToken``: asked for once and kept, as it has no expiry (call 3.1)."""
        if base not in self._manager_tokens:
            body = {
                "login": self._config.manager_login,
                "hashedPassword": self._config.manager_password_hash,
            }
            answer = await self._send("POST", base + "/v2/webserv/managers/token", body, seconds=SHORT_SECONDS)
            self._manager_tokens[base] = string(json_object(answer), "webservToken")
        return self._manager_tokens[base]

    async def _send(
        self,
        method: str,
        url: str,
        body: dict[str, Any] | None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        seconds: float,
        token: str = "",
        bearer: bool = False,
    ) -> str:
        in_query = {"token": token} if token and not bearer else {}
        in_header = {"Authorization": f"Bearer {token}"} if bearer else {}
        try:
            async with self._http.request(
                method,
                url,
                params={**in_query, **query},
                data=None if body is None else to_json(body),
                headers={**HEADERS, **in_header},
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,  # our secrets go to the address we were given, nowhere else
            ) as response:
                status, said = response.status, (await response.read()).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CTraderUnavailable(f"No answer: {error!r}.") from error
        if 400 <= status < 500:
            raise refusal(status, said)
        if not 200 <= status < 300:
            raise CTraderUnavailable(f"HTTP {status}: {said[:200]}")
        return said
