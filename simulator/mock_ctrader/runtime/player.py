"""One actor at work: the person, the application, the windows; and which flow an act of the scenario starts."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_ctrader.errors import StepFailed
from mock_ctrader.platform.application import Application
from mock_ctrader.platform.client_area import ClientArea
from mock_ctrader.platform.commands import NoteMails, ReadMail
from mock_ctrader.platform.forms import Form, Landing, Task, Window
from mock_ctrader.platform.links import read_link
from mock_ctrader.runtime.windows import Owner
from mock_ctrader.scenario.conversation import Act
from mock_ctrader.scenario.vocabulary import Verb

Doing = Generator[Any, Any, Any]
"""A flow of the application or of the client area."""


@dataclass(slots=True)
class Player:
    """A person with a device: an application on it, and the device's own browser."""

    facts: dict[str, str]
    """What the person enters; one dictionary for all devices of a person, so that a new password is known to all."""
    keep_logged_in: bool
    application: Application
    client_area: ClientArea
    applications: str
    """What links to cTrader applications begin with."""
    inside: Owner
    """Of the windows that the application opens."""
    own: Owner
    """Of the device's browser."""
    window: Window | None = None
    screen: str = ""
    """The kind of screen that the window was opened for."""
    browser: Window | None = None
    page: Landing | None = None
    """What the device's browser shows."""
    learnt: dict[str, str] = field(default_factory=dict[str, str])
    """What the person's facts become if the act under way succeeds."""

    def begin(self, act: Act) -> Doing:
        """Return the flow of an act.

        Raises:
            StepFailed: it cannot be done with what it says.
        """
        self.learnt = _learnt(act)
        flow = _FLOWS.get(act.verb)
        return self.application.send(self.form(act)) if flow is None else flow(self, act)

    def form(self, act: Act, task: Task | None = None) -> Form:
        """Return what the person enters: own facts, and what the step says instead."""
        chosen = task or Task(act.verb.value)
        said = {name: value if isinstance(value, bool) else str(value) for name, value in act.arguments.items()}
        if chosen is Task.FILL_IN:
            return Form(chosen, said)
        entered: dict[str, str | bool] = {"keep_logged_in": self.keep_logged_in, **self.facts}
        if chosen is Task.SIGN_UP:
            entered["agreement"] = True
        if chosen is Task.OPEN_ACCOUNT:
            entered |= {"environment": "demo", "currency": "EUR"}
        return Form(chosen, entered | said)

    def learn(self) -> None:
        """Remember the password or e-mail that was just changed."""
        self.facts.update(self.learnt)

    def follow(self, url: str) -> Doing:
        """Open a link to an application.

        Raises:
            StepFailed: it is none.
        """
        link = read_link(url, self.applications)
        if link is None:
            cure = f"Such links begin with {self.applications}/; a page of the broker's is opened with 'visit'."
            raise StepFailed(f"'{url}' is no link to a cTrader application.", cure=cure)
        return self.application.open_link(link)

    def open_embedded(self, page: str, how: str) -> Doing:
        """Open the application that a page of the broker's embeds."""
        link = yield from self.client_area.embedded(page, how)
        yield from self.application.open_link(link)

    def forget_password(self, act: Act) -> Doing:
        """Ask for a mail with a link."""
        yield NoteMails()
        yield from self.application.send(self.form(act))

    def reset_password(self, act: Act, page: str) -> Doing:
        """Choose a new password behind the link of the mail, or of a page that shows the mails."""
        link: str = "" if page else (yield ReadMail(self.facts["email"]))
        if not link:
            link = yield from self.client_area.mailed_link(page)
        yield from self.application.reset_password(link, self.form(act))


def _said(act: Act, name: str, otherwise: str = "") -> str:
    return str(act.arguments.get(name, otherwise))


_FLOWS: Mapping[Verb, Callable[[Player, Act], Doing]] = {
    Verb.LAUNCH: lambda player, _: player.application.launch(),
    Verb.OPEN_LINK: lambda player, act: player.follow(_said(act, "link")),
    Verb.SWITCH_ACCOUNT: lambda player, act: player.application.switch_account(_said(act, "account")),
    Verb.USE_RIBBON: lambda player, act: player.application.use_ribbon(_said(act, "title")),
    Verb.CLOSE_RIBBON: lambda player, act: player.application.close_ribbon(_said(act, "title")),
    Verb.GO_BACK: lambda player, _: player.application.go_back(),
    Verb.LOOK: lambda player, _: player.application.look(),
    Verb.SHARE_LINK: lambda player, act: player.application.share_link(_said(act, "kind")),
    Verb.LOG_OUT: lambda player, _: player.application.log_out(),
    Verb.CLOSE: lambda player, _: player.application.close(),
    Verb.FORGET_PASSWORD: lambda player, act: player.forget_password(act),
    Verb.RESET_PASSWORD: lambda player, act: player.reset_password(act, _said(act, "page")),
    Verb.VISIT: lambda player, act: player.client_area.visit(_said(act, "page"), _said(act, "link")),
    Verb.FILL_IN: lambda player, act: player.client_area.fill_in(player.form(act)),
    Verb.ENTER_CLIENT_AREA: lambda player, act: player.client_area.enter(player.form(act, Task.LOG_IN)),
    Verb.LEAVE_CLIENT_AREA: lambda player, _: player.client_area.leave(),
    Verb.OPEN_EMBEDDED: lambda player, act: player.open_embedded(_said(act, "page", "web"), _said(act, "as")),
}
"""What starts with an act; any other act sends a form."""
_CHANGES: Mapping[Verb, Mapping[str, str]] = {
    Verb.CHANGE_PASSWORD: {"new_password": "password"},
    Verb.RESET_PASSWORD: {"new_password": "password"},
    Verb.CHANGE_EMAIL: {"new_email": "email"},
}
"""Which arguments of which acts become facts about the person."""


def _learnt(act: Act) -> dict[str, str]:
    changes = _CHANGES.get(act.verb)
    if changes is None:
        return {}
    return {fact: str(act.arguments[name]) for name, fact in changes.items() if name in act.arguments}
