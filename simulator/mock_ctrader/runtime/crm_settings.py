"""What is set of the CRM under test: the broker's side of the profile."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.json_api import SETTINGS, JsonApi
from mock_ctrader.platform.screens import DEFAULT_PATHS, DEFAULT_SUCCESS_PATH, Screen
from mock_ctrader.scenario.vocabulary import MODULES

PAGES = {
    "home": "/",
    "login": "/auth/login",
    "partner": "/partner",
    "partner_apply": "/partner/apply",
    "outbox": "/outbox",
    "web": "/web",
    "copy": "/copy",
    "ribbons": "/staff/ribbons",
    "white_label": "/staff/white-label",
    "kyc_review": "/staff/kyc",
    "invited": "/staff/invited",
    "registered": "/staff/registered",
}
"""Pages of the sample CRM's client area and back office, by the names that scenarios visit them by."""


class ScreenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Addresses of the CRM's pages: paths on ``crm.url``, or whole URLs."""

    login: str = DEFAULT_PATHS[Screen.LOGIN]
    account: str = DEFAULT_PATHS[Screen.ACCOUNT]
    deposit: str = DEFAULT_PATHS[Screen.DEPOSIT]
    withdraw: str = DEFAULT_PATHS[Screen.WITHDRAW]
    kyc: str = DEFAULT_PATHS[Screen.KYC]
    action: str = DEFAULT_PATHS[Screen.ACTION]
    chat: str = DEFAULT_PATHS[Screen.CHAT]
    change_password: str = DEFAULT_PATHS[Screen.CHANGE_PASSWORD]
    change_email: str = DEFAULT_PATHS[Screen.CHANGE_EMAIL]
    success: str = DEFAULT_SUCCESS_PATH


class OutboxSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the mails of the CRM can be read, in journeys that need a link of one."""

    by: Literal["auto", "page", "maildir", "imap", "person"] = "auto"
    """``auto``: the mailbox that is named, else the page ``outbox`` of ``crm.pages``."""
    maildir: str = ""
    """Folder of mails, in the form that mail servers deliver to."""
    imap: str = ""
    """``imaps://user@host/folder``."""
    password: str = ""
    """Of the user at the IMAP server."""
    within: float = 30.0
    """Seconds that a mail may take."""

    @property
    def source(self) -> Literal["page", "maildir", "imap", "person"]:
        """Return where mails are read."""
        if self.by != "auto":
            return self.by
        return "maildir" if self.maildir else "imap" if self.imap else "page"


class WebhookSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where cTrader Invite reports to: paths on ``crm.url``, or whole URLs; blank: not sent."""

    attribution: str = "/webhooks/attribution"
    new_user: str = "/webhooks/new-user"
    authorization: str = "Basic ab45da2g34hdb6"
    """Value of the ``Authorization`` header, which broker and Spotware agree on; the documentation's example."""


class ApiSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """JSON APIs that take the place of pages which need scripts."""

    login: JsonApi | None = None
    sign_up: JsonApi | None = None

    def by_task(self) -> dict[Task, JsonApi]:
        """Return the APIs that there are, by the tasks that they do."""
        held = {Task.LOG_IN: self.login, Task.SIGN_UP: self.sign_up}
        return {task: api for task, api in held.items() if api is not None}


class CrmSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The CRM under test."""

    url: str = "http://127.0.0.1:8080"
    """Base of its endpoints and pages; may hold a path."""
    password: str = "af34mn0pphg2893nmaf26hmy"
    """What cTrader presents for a crmApiToken; the documentation's example."""
    prefix: str | None = None
    """Put before the path of each call; as the plant's edition has it if not given: ``/cid`` in 2023, else nothing."""
    token_parameter: str | None = None
    """Query parameter of the crmApiToken; as the edition has it if not given: ``token`` in 2023."""
    timeout: float = 10.0
    """Seconds that an answer or a page may take."""
    ca: str = ""
    """File with the certificate authority of a CRM whose https no public authority vouches for."""
    broker: str | None = None
    """The ``brokerName`` that this CRM serves; the plant's first if not given."""
    hosts: list[str] = []
    """Hosts beside those of the addresses here that pages may lead to, each with a port or for all of them."""
    modules: list[str] = msgspec.field(default_factory=lambda: list(MODULES))
    """What the CRM has: journeys that need another module are not for it."""
    test_clock: str = ""
    """Path or URL that a CRM takes its time from in tests; blank: it has its own."""
    screens: ScreenSettings = ScreenSettings()
    pages: dict[str, str] = {}
    """Name to the address of a page of the client area; those not given are as :data:`PAGES` has them."""
    outbox: OutboxSettings = OutboxSettings()
    webhooks: WebhookSettings = WebhookSettings()
    api: ApiSettings = ApiSettings()
    fields: dict[str, str] = {}
    """Purpose of a form field to its name, or ``#id``, where the driver does not find it."""
    links: dict[str, str] = {}
    """Task to the link that leads to its form: its text, address, or ``#id``."""
    buttons: dict[str, str] = {}
    """Task to the button that sends its form: its text, name, or ``#id``."""

    def __post_init__(self) -> None:
        """Add the pages that were not given."""
        msgspec.structs.force_setattr(self, "pages", {**PAGES, **self.pages})

    @property
    def shown_url(self) -> str:
        """The CRM's address for people: without a password that it may hold."""
        scheme, mark, rest = self.url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"

    def address(self, place: str) -> str:
        """Return the URL of a place: a path on ``url``, or a whole URL; blank for one that is not there."""
        return self.url.rstrip("/") + place if place.startswith("/") else place

    def places(self) -> Iterator[tuple[str, str]]:
        """Name every setting that is an address, with its value: ``crm.pages.home``."""
        for table in ("screens", "webhooks"):
            held = msgspec.structs.asdict(getattr(self, table))
            yield from ((f"crm.{table}.{name}", held[name]) for name in held if name != "authorization")
        yield from ((f"crm.pages.{name}", place) for name, place in self.pages.items())
        yield "crm.test_clock", self.test_clock
        yield from ((f"crm.api.{SETTINGS[task]}.url", api.url) for task, api in self.api.by_task().items())
