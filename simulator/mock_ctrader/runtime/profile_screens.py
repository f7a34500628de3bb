"""What the pages of a CRM say about a profile: pure decisions, from pages to findings.

Nobody is logged in, and tokens are made up. So the login screen must show its form, and the others must not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.runtime.profile_judging import Finding, Outcome, is_page
from mock_ctrader.screens.addresses import mask, same_place
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.tasks import best_form, find_link
from mock_ctrader.wire import Response

_ANCESTORS = re.compile(r"(?:^|;)\s*frame-ancestors\s+([^;]*)", re.IGNORECASE)
_SCRIPTS = 'Set screens = "browser", or describe a JSON API in [crm.api.login].'


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an address led; without a response the success URL came up."""

    url: str
    response: Response | None = None
    page: Page | None = None
    """The page, if it is one."""

    @classmethod
    def of(cls, url: str, response: Response) -> "Seen":
        """Read what an address was answered with; raise :class:`ScreenError` for a page that is far too large."""
        text = response.body.decode(errors="replace")
        return cls(url, response, read_page(text, url=url, status=response.status) if is_page(response) else None)

    @property
    def status(self) -> int:
        """The HTTP status; 0 where the success URL came up."""
        return self.response.status if self.response else 0

    @property
    def words(self) -> str:
        """What the page says, without the path that it may repeat."""
        return " ".join(self.page.text.replace(urlsplit(self.url).path, "").split()) if self.page else ""

    def is_like(self, other: "Seen | None") -> bool:
        """Tell whether two addresses were answered alike: the same status and the same words."""
        return other is not None and self.status == other.status and self.words == other.words


def judge_login(seen: Seen, profile: ScreenProfile, *, scripts: bool) -> Finding:
    """Judge the login screen; ``scripts`` says that a real browser will open it."""
    subject, page = "login screen", seen.page
    if seen.response is None:
        return Finding(subject, Outcome.WRONG, "the success URL comes up before anybody has logged in.")
    if seen.status >= 400:
        cure = "Check crm.url and crm.screens.login."
        return Finding(subject, Outcome.WRONG, f"answered {seen.status} instead of a page.", cure)
    if page is None:
        return Finding(subject, Outcome.WRONG, "this is no HTML page.", "Check crm.screens.login.")
    tasks = (Task.LOG_IN, Task.SIGN_UP)
    if any(best_form(page, task, profile) or find_link(page, task, profile) for task in tasks):
        return Finding(subject, Outcome.OK, f"'{page.title}' has a form to log in or sign up, or leads to one")
    if scripts:
        return Finding(subject, Outcome.OK, f"'{page.title}' shows no form without scripts; the browser runs them")
    if page.loose or not page.forms:
        return Finding(subject, Outcome.WRONG, f"'{page.title}' has no form that works without scripts.", _SCRIPTS)
    cure = "Name the link or the button that leads on, in [crm.links] or [crm.buttons]."
    return Finding(subject, Outcome.WRONG, f"'{page.title}' has forms, and none to log in or sign up.", cure)


def judge_screen(
    subject: str, setting: str, task: Task, seen: Seen, profile: ScreenProfile, login: str, nothing: Seen | None
) -> Finding:
    """Judge a screen that was opened with a made-up token.

    ``login`` is the login screen's address, to which a CRM may lead back; ``nothing`` is what the CRM answers to an
    address that is not there.
    """
    cure = f"Check {setting}, or take the module out of crm.modules."
    if seen.response is None:
        return Finding(subject, Outcome.WRONG, "a made-up token leads to the success URL.")
    if seen.status >= 500:
        return Finding(
            subject,
            Outcome.WRONG,
            f"answered {seen.status}: a fault of the CRM.",
            "Its log tells more: does it reach cTrader?",
        )
    if seen.is_like(nothing) and seen.status >= 400:
        what = f"answered {seen.status}, as for an address that is not there."
        return Finding(subject, Outcome.WRONG, what, cure)
    if seen.is_like(nothing):
        return Finding(subject, Outcome.NOTE, "the CRM answers every address alike: whether it is there does not show.")
    if seen.status >= 400:
        return Finding(subject, Outcome.OK, f"a made-up token is refused with {seen.status}")
    page = seen.page
    if page is None:
        return Finding(subject, Outcome.WRONG, "this is no HTML page.", cure)
    if same_place(seen.url, login):
        return Finding(subject, Outcome.OK, "a made-up token leads back to the login screen")
    if best_form(page, task, profile):
        return Finding(subject, Outcome.NOTE, "shows its form for a made-up token; is that checked when it is sent?")
    return Finding(subject, Outcome.OK, f"'{page.title}', without a form for a made-up token")


def judge_page(subject: str, setting: str, url: str, seen: Seen, nothing: Seen | None) -> Finding:
    """Judge a page of the client area, opened by somebody who is not logged in."""
    if seen.status >= 500:
        return Finding(subject, Outcome.WRONG, f"answered {seen.status}: a fault of the CRM.", "Its log tells more.")
    if seen.status in (404, 405) or (seen.status >= 400 and seen.is_like(nothing)):
        cure = f"Correct {setting}, if a scenario of yours visits it."
        return Finding(subject, Outcome.NOTE, f"answered {seen.status}: nothing is there.", cure)
    if seen.status >= 400:
        return Finding(subject, Outcome.OK, f"closed to strangers ({seen.status})")
    return Finding(subject, Outcome.OK, "opens" if same_place(url, seen.url) else f"leads to {mask(seen.url)}")


def judge_frame(subject: str, seen: Seen) -> Iterator[Finding]:
    """Note a page that cTrader Web cannot show in a frame, as it does with screens (edition 2025, 6.3.4)."""
    forbids = frame_rule(seen.response) if seen.response else ""
    if forbids:
        cure = "Allow it with Content-Security-Policy: frame-ancestors and the address of your cTrader Web."
        yield Finding(f"{subject} in a frame", Outcome.NOTE, f"'{forbids}' keeps cTrader Web from showing it.", cure)


def frame_rule(response: Response) -> str:
    """Return the header that forbids other sites to frame a page; blank if none does.

    ``frame-ancestors`` counts before ``X-Frame-Options``, as in browsers.
    """
    found = _ANCESTORS.search(response.header("Content-Security-Policy") or "")
    if found:
        sources = {source.lower() for source in found[1].split()}
        return f"frame-ancestors {found[1].strip()}".strip() if sources <= {"'none'", "'self'"} else ""
    option = (response.header("X-Frame-Options") or "").strip()
    return f"X-Frame-Options: {option}" if option.upper() in ("DENY", "SAMEORIGIN") else ""


def judge_success(success: str, others: dict[str, str]) -> Finding:
    """Judge the success URL: it is never fetched, so nothing need be there, and no screen may be there either."""
    taken = [name for name, url in others.items() if same_place(url, success)]
    if taken:
        what = f"{mask(success)} is the address of the {taken[0]} screen too, which would be closed at once."
        return Finding("success URL", Outcome.WRONG, what, "Set crm.screens.success.")
    return Finding("success URL", Outcome.OK, "never fetched: the application closes its browser there")
