"""What Playwright has no words for is asked of Chromium itself, in its DevTools protocol."""

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from playwright.async_api import CDPSession


async def ask(session: "CDPSession", method: str, **parameters: Any) -> dict[str, Any]:
    """Send one command and return its answer; raise Playwright's error where it fails."""
    return cast(dict[str, Any], await session.send(method, parameters))  # pyright: ignore[reportUnknownMemberType]
