"""Links to cTrader applications: deep links, invite links, and the addresses that a broker's pages embed.

Contract, section 7. One address form serves all: a path of the application and a query.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

OF_A_JOURNEY = "X-Mock-CTrader-Journey"
"""Header of a journey's own browser, sent to the addresses of applications: what a link holds is the journey's to use,
and no application is to start there. Ours; nothing else is told it."""


@dataclass(frozen=True, slots=True)
class AppLink:
    """What a link says to the application that it opens."""

    path: str = "/"
    """Which place of the application is shown: ``/symbols/EURUSD/info``."""
    token: str | None = None
    """OT token of an embedded cTrader Web (edition 2025, 5.6)."""
    copy_code: str | None = None
    """One-time code of a Copy widget."""
    account: int | None = None
    """Trading account to be shown: ``acc``, or ``account`` as edition 2023 has it."""
    language: str | None = None
    theme: str | None = None
    partner_id: str | None = None
    """Goes to the login screen as it is (edition 2025, 5.8)."""
    nickname: str | None = None
    """The partner whose invite link this is: ``u`` (cTrader Invite)."""


def read_link(url: str, base: str) -> AppLink | None:
    """Read a link to an application whose addresses begin with ``base``; nothing if it leads elsewhere.

    Unknown parameters are ignored, as are values that cannot be (assumed).
    """
    parts, own = urlsplit(url), urlsplit(base)
    root = own.path.rstrip("/")
    inside = parts.path == root or parts.path.startswith(f"{root}/")
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc) or not inside:
        return None
    query = dict(reversed(parse_qsl(parts.query)))  # of a key that comes twice the first one counts
    account = query.get("acc") or query.get("account") or ""
    language = query.get("lang", "").lower()
    return AppLink(
        path=parts.path[len(root) :] or "/",
        token=query.get("token"),
        copy_code=query.get("authCode") or query.get("code"),
        account=int(account) if account.isascii() and account.isdigit() else None,
        language=language if len(language) == 2 and language.isascii() and language.isalpha() else None,
        theme=query["theme"] if query.get("theme") in {"light", "dark"} else None,
        partner_id=query.get("partnerId"),
        nickname=query.get("u"),
    )


def invite_link(base: str, nickname: str) -> str:
    """Return a partner's invite link: any link with ``u`` is one (cTrader Invite)."""
    return f"{base.rstrip('/')}/?{urlencode({'u': nickname})}"


def partner_link(base: str, partner_id: str) -> str:
    """Return the link that an application makes for a partner of the broker's (edition 2025, 5.8, stage 8)."""
    return f"{base.rstrip('/')}/?{urlencode({'partnerId': partner_id})}"
