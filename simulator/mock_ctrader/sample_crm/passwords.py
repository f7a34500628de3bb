"""The users' passwords, by Argon2. (MD5 appears in ``ctrader.py`` only, where cTrader's wire format demands it.)"""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

HASHER = PasswordHasher()
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


async def hash_password(password: str, *, quick: bool = False) -> str:
    """Return what to store of a password. It takes tens of milliseconds by design, so it goes to a thread.

    ``quick`` is for tests with thousands of made-up users: what it stores is guessed in no time.
    """
    return await asyncio.to_thread((QUICK if quick else HASHER).hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Tell whether the password fits.

    Without a stored hash, or for a user who has no password, it takes as long: the time of an answer does not tell who
    has signed up.
    """
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        HASHER.verify(stored or _hash_of_nobody(), password)
    except VerifyMismatchError:
        return False
    return bool(stored)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("nobody")
