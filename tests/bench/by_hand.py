"""The journeys as a client of one's own makes them with aiohttp: the same calls, nothing recorded."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import NamedTuple

import aiohttp

Journey = Callable[[], Awaitable[None]]
_QUERY = {"crmApiToken": "crm-api-token-of-the-bench"}
_SCREEN = {"lang": "en", "source": "iOS", "theme": "light", "firstLogin": "true"}
_CREDENTIALS = {"password": "Secret-12345", "keep_logged_in": "on"}


class ByHand(NamedTuple):
    """A client with its connections, and the CRM that it calls."""

    client: aiohttp.ClientSession
    url: str
    numbers: "count[int]"

    async def by_api(self) -> None:
        """Log in, and come back: three calls."""
        person = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": True}
        async with self.client.post(f"{self.url}/api/session", json=person) as answer:
            token = (await answer.json())["token"]
        await self._come_back(await self._exchange(token))

    async def by_page(self) -> None:
        """Log in on a page, and come back: four calls."""
        await self._get("/auth/login")
        token = await self._send("/auth/login", {"email": "ann@example.com", **_CREDENTIALS})
        await self._come_back(await self._exchange(token))

    async def sign_up(self) -> None:
        """Sign up, and open an account: six calls, and three of the CRM at the backend."""
        await self._get("/auth/login")
        await self._get("/auth/signup")
        email = f"ann.{next(self.numbers)}@example.com"
        person = {"first_name": "Ann", "last_name": "Example", "email": email, **_CREDENTIALS}
        path = f"/account/create?user={await self._send('/auth/signup', person)}"
        await self._get(path)
        await self._exchange(await self._send(path, {"currency": "EUR"}))

    async def _get(self, path: str) -> None:
        async with self.client.get(self.url + path, params=_SCREEN if "?" not in path else None) as answer:
            await answer.read()
            assert answer.status == 200, path

    async def _send(self, path: str, form: dict[str, str]) -> str:
        async with self.client.post(self.url + path, data=form, allow_redirects=False) as answer:
            assert answer.status == 303, path
            return answer.headers["Location"].rpartition("=")[2]

    async def _exchange(self, token: str) -> str:
        async with self.client.post(
            f"{self.url}/oauth2/onetime/authorize", params=_QUERY, json={"code": token}
        ) as answer:
            access: str = (await answer.json())["accessToken"]
            return access

    async def _come_back(self, access: str) -> None:
        async with self.client.post(
            f"{self.url}/oauth2/authorize", params=_QUERY, json={"accessToken": access}
        ) as answer:
            assert (await answer.json())["userId"]
