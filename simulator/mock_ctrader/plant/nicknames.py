"""Names of users among traders (contract evidence, edition 2025, 4.2)."""

import re
from collections.abc import Container

_VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,29}")
"""Two to thirty letters, digits, dots, dashes and underscores (assumed: no source states the rule)."""
_MADE = re.compile(r"ctid[0-9]+", re.IGNORECASE)
"""What is made of a ``user_id``: nobody else may have it, lest two users share a name (assumed)."""
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.-]+")


def choose(wanted: str | None, email: str, user_id: int, taken: Container[str]) -> str:
    """Return the nickname of a new user.

    A given one counts if it is valid and free, else one is made of the ``user_id``. Without a given one it is made
    of the e-mail, or of the ``user_id`` if that is taken.
    """
    name = _FORBIDDEN.sub("", email.partition("@")[0])[:30] if wanted is None else wanted
    usable = _VALID.fullmatch(name) and not _MADE.fullmatch(name) and key(name) not in taken
    return name if usable else f"ctid{user_id}"


def key(nickname: str) -> str:
    """Return the form in which two nicknames are compared."""
    return nickname.casefold()
