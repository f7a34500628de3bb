"""What a person does in the device's own browser: the broker's client area, and what its pages lead to."""

import re
from collections.abc import Mapping, Sequence

from mock_ctrader.errors import StepFailed, nearest
from mock_ctrader.platform.commands import Flow, OpenBrowser, SendInBrowser
from mock_ctrader.platform.forms import Address, AddressKind, Form, Landing, Task
from mock_ctrader.platform.links import read_link

LOGIN_PAGE, HOME_PAGE, MAILS_PAGE = "login", "home", "outbox"
EMBEDDING = {"frame": AddressKind.FRAME, "tab": AddressKind.LINK}
"""How a page embeds an application: inside itself, or behind a link that opens a new tab (edition 2025, 5.6)."""
RESET = re.compile(r"reset|recover|password|passwort|contrasena", re.IGNORECASE)
"""What an address or a text is about that leads to a new password."""


class ClientArea:
    """The pages of one broker's client area, by the names that its profile gives them."""

    def __init__(self, base: str, pages: Mapping[str, str], applications: str) -> None:
        """``applications`` is what the addresses of cTrader applications begin with."""
        self._base = base
        self._pages = pages
        self._applications = applications

    def address(self, page: str) -> str:
        """Return the address of a page.

        Raises:
            StepFailed: the profile names no such page.
        """
        if page not in self._pages:
            cure = f"Name it in crm.pages. {nearest(page, list(self._pages))}"
            raise StepFailed(f"the CRM's profile has no page '{page}'.", cure=cure)
        path = self._pages[page]
        return path if "://" in path else self._base.rstrip("/") + path

    def visit(self, page: str, link: str = "") -> Flow:
        """Open a page by its name, or whatever a link leads to."""
        yield OpenBrowser(link or self.address(page or HOME_PAGE))

    def fill_in(self, form: Form) -> Flow:
        """Fill in a form on the page that the browser shows, and send it."""
        yield SendInBrowser(form)

    def enter(self, form: Form) -> Flow:
        """Log in to the client area, without any application."""
        landing: Landing = yield OpenBrowser(self.address(LOGIN_PAGE))
        if not landing.succeeded:
            yield SendInBrowser(form)

    def leave(self) -> Flow:
        """Log out of the client area; the broker ends the sessions of all applications (edition 2025, 3.12)."""
        yield OpenBrowser(self.address(HOME_PAGE))
        yield SendInBrowser(Form(Task.LEAVE, {}))

    def embedded(self, page: str, how: str = "") -> Flow:
        """Open the page that embeds an application and return the link to that (edition 2025, 5.6; Copy widgets).

        Raises:
            StepFailed: the page embeds none in the way that is asked for.
        """
        landing: Landing = yield OpenBrowser(self.address(page))
        if how and how not in EMBEDDING:
            raise StepFailed(f"'{how}' is no way to embed an application.", cure=nearest(how, list(EMBEDDING)))
        kinds = (EMBEDDING[how],) if how else tuple(EMBEDDING.values())
        found = (read_link(one.url, self._applications) for one in landing.addresses if one.kind in kinds)
        link = next((one for one in found if one and (one.token or one.copy_code)), None)
        if link is None:
            raise StepFailed(
                f"the page '{landing.title}' embeds no cTrader application.",
                where=landing.url,
                cure=f"It is known by its address: {self._applications}/ and a token. See the setting app_url.",
            )
        return link

    def mailed_link(self, page: str = "") -> Flow:
        """Return the link of the newest mail about a password, from the page where the broker's mails can be read.

        Raises:
            StepFailed: there is none.
        """
        landing: Landing = yield OpenBrowser(self.address(page or MAILS_PAGE))
        link = _reset_link(landing.addresses)
        if link is None:
            raise StepFailed(f"no link to reset a password is on the page '{landing.title}'.", where=landing.url)
        return link


def page_facts(landing: Landing | None) -> Mapping[str, object]:
    """Return what a scenario sees of the page that the browser shows."""
    if landing is None:
        return {}
    links = {_slug(one.text): one.url for one in reversed(landing.addresses) if _slug(one.text)}
    return {"url": landing.url, "title": landing.title, "text": landing.text, "links": links}


def _reset_link(addresses: Sequence[Address]) -> str | None:
    """Return the first address that speaks of a password and carries a secret: mails are read the newest first."""
    return next((one.url for one in addresses if "?" in one.url and RESET.search(one.url)), None)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
