"""A cTrader application in a person's hands: what scenarios do in steps, done by a test's own lines."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

import aiohttp

from mock_ctrader.errors import MockCTraderError, ScreenRefused, SettingsError, nearest
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.runtime.by_hand import ByHand
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario.model import Actor
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened
from mock_ctrader.scenario.references import Scalar
from mock_ctrader.scenario.vocabulary import IDENTITIES, PLATFORMS, Verb
from mock_ctrader.testing.engine import Engine

Text = str | int | float | Decimal
"""Something that is entered as text."""


class App:
    """One person with one cTrader application on one device, which has a browser of its own.

    Each method does what the scenario verb of its name does. What cannot be done raises ``MockCTraderError``:
    ``ScreenRefused`` where the CRM's page did not take the form, with what it said as ``alerts``.
    """

    def __init__(self, engine: Engine, world: World, hand: ByHand) -> None:
        self._engine = engine
        self._world = world
        self._hand = hand
        self._is_over = False

    @classmethod
    def begin(
        cls,
        engine: Engine,
        world: World,
        crm: CrmSettings,
        connect: Callable[[], aiohttp.BaseConnector] | None,
        traits: Mapping[str, Any],
    ) -> "App":
        """Make the person and the device; ``traits`` are those of a scenario's actor.

        Raises:
            SettingsError: there is no such platform or identity.
            StartError: nobody listens at the CRM's address.
        """
        _known("platform", str(traits["platform"]), PLATFORMS)
        _known("identity", str(traits["identity"]), IDENTITIES)

        async def start() -> ByHand:
            profile, equipment = await engine.simulator.equip(world, crm=crm, connect=connect)
            hand = ByHand(world, Actor("trader", **traits), profile, equipment)
            await hand.begin()
            return hand

        return cls(engine, world, engine.call(start()))

    # What the application shows -----------------------------------------------------------------------------

    @property
    def person(self) -> Mapping[str, str]:
        """What the person enters in forms: ``email``, ``password``, ``first_name`` ..., as it stands now."""
        return dict(self._hand.facts)

    @property
    def session(self) -> str:
        """``open``, ``login screen`` or ``none``."""
        return self._seen().session

    @property
    def account(self) -> Mapping[str, Any] | None:
        """The current trading account: ``login``, ``balance`` (``"20.00"``), ``currency`` ...; ``None`` if none."""
        return self._seen().account

    @property
    def accounts(self) -> list[str]:
        """Logins of the user's accounts."""
        return cast(list[str], self._seen().application["accounts"])

    @property
    def ribbons(self) -> list[str]:
        """Titles of the ribbons shown."""
        return cast(list[str], self._seen().application["ribbons"])

    @property
    def has_stored_token(self) -> bool:
        """Whether the application keeps a long-term token on its device."""
        return self._seen().stored_token

    @property
    def facts(self) -> Mapping[str, object]:
        """All else that a scenario can expect of an application: ``path``, ``language``, ``events``, ``link`` ..."""
        return self._seen().application

    @property
    def page(self) -> Mapping[str, object]:
        """The page in the device's browser: ``url``, ``title``, ``text``, ``links``."""
        return self._seen().page

    @property
    def calls(self) -> tuple[Call, ...]:
        """Calls in either direction since the last act began."""
        return self._seen().calls

    @property
    def screens(self) -> tuple[ScreenOpened, ...]:
        """Screens of the CRM that were opened since the last act began."""
        return self._seen().screens

    # What the person does -----------------------------------------------------------------------------------

    def launch(self) -> None:
        """Start the application: with a stored token into a session, else to the login screen."""
        self._do(Verb.LAUNCH)

    def open_link(self, link: str) -> None:
        """Follow a link to the application."""
        self._do(Verb.OPEN_LINK, link=link)

    def sign_up(self, **entered: Text | bool) -> None:
        """Register on the login screen; what is not given (``email``, ``password`` ...) is the person's own."""
        self._do(Verb.SIGN_UP, **entered)

    def log_in(self, **entered: Text | bool) -> None:
        """Log in on the login screen; what is not given is the person's own."""
        self._do(Verb.LOG_IN, **entered)

    def open_account(self, **entered: Text | bool) -> None:
        """Open a trading account: ``environment``, ``currency``, ``leverage``."""
        self._do(Verb.OPEN_ACCOUNT, **entered)

    def skip_account(self) -> None:
        """Go on without a trading account."""
        self._do(Verb.SKIP_ACCOUNT)

    def deposit(self, amount: Text, **entered: Text | bool) -> None:
        """Pay money in on the CRM's deposit screen, to the current account if none is named."""
        self._do(Verb.DEPOSIT, amount=amount, **entered)

    def withdraw(self, amount: Text, **entered: Text | bool) -> None:
        """Take money out on the CRM's withdrawal screen."""
        self._do(Verb.WITHDRAW, amount=amount, **entered)

    def pass_kyc(self, **entered: Text | bool) -> None:
        """Send the KYC form; keys name controls of the page, or their labels."""
        self._do(Verb.PASS_KYC, **entered)

    def take_action(self, **entered: Text | bool) -> None:
        """Send the form of the generic action screen."""
        self._do(Verb.TAKE_ACTION, **entered)

    def chat(self, message: Text, **entered: Text | bool) -> None:
        """Write to the broker's support."""
        self._do(Verb.CHAT, message=message, **entered)

    def change_password(self, new_password: str, **entered: Text | bool) -> None:
        """Change the password on the CRM's screen; from then on it is the person's."""
        self._do(Verb.CHANGE_PASSWORD, new_password=new_password, **entered)

    def change_email(self, new_email: str, **entered: Text | bool) -> None:
        """Change the e-mail on the CRM's screen; from then on it is the person's."""
        self._do(Verb.CHANGE_EMAIL, new_email=new_email, **entered)

    def forget_password(self, **entered: Text | bool) -> None:
        """Ask the login screen for a new password."""
        self._do(Verb.FORGET_PASSWORD, **entered)

    def reset_password(self, new_password: str, **entered: Text | bool) -> None:
        """Follow the mailed link and set a new password."""
        self._do(Verb.RESET_PASSWORD, new_password=new_password, **entered)

    def switch_account(self, account: Text) -> None:
        """Look at another account of the user."""
        self._do(Verb.SWITCH_ACCOUNT, account=account)

    def use_ribbon(self, title: str) -> None:
        """Press a ribbon."""
        self._do(Verb.USE_RIBBON, title=title)

    def close_ribbon(self, title: str) -> None:
        """Close a ribbon, until the next launch."""
        self._do(Verb.CLOSE_RIBBON, title=title)

    def go_back(self) -> None:
        """Leave the CRM's screen for the application."""
        self._do(Verb.GO_BACK)

    def share_link(self, **entered: Text) -> str:
        """Make a link to the application, of a ``kind``, and return it."""
        self._do(Verb.SHARE_LINK, **entered)
        return str(self.facts["link"])

    def log_out(self) -> None:
        """Log out."""
        self._do(Verb.LOG_OUT)

    def close(self) -> None:
        """Close the application; a stored token stays."""
        self._do(Verb.CLOSE)

    def enter_client_area(self, **entered: Text | bool) -> None:
        """Log in at the broker's client area, in the device's browser."""
        self._do(Verb.ENTER_CLIENT_AREA, **entered)

    def leave_client_area(self) -> None:
        """Log out at the broker's client area."""
        self._do(Verb.LEAVE_CLIENT_AREA)

    def visit(self, page: str = "", *, link: str = "") -> None:
        """Open a page of the client area, by its name or address, or follow a link of the page that is open."""
        self._do(Verb.VISIT, **{name: value for name, value in (("page", page), ("link", link)) if value})

    def fill_in(self, **entered: Text | bool) -> None:
        """Send the form of the page in the browser; keys name its controls or their labels, ``button`` its button."""
        self._do(Verb.FILL_IN, **entered)

    def open_embedded(self, page: str = "web", **entered: Text | bool) -> None:
        """Follow the client area's own way into the application; ``page`` is ``web`` or ``copy``."""
        self._do(Verb.OPEN_EMBEDDED, page=page, **entered)

    def let_pass(self, time: str) -> None:
        """Let time pass (``61s``, ``5m``, ``2h``, ``30d``): at once where time is virtual; the CRM's clock is told."""
        self._do(Verb.LET_PASS, time=time)

    def put_away(self) -> None:
        """Close all windows; nothing can be done any more. The plugin does it after each test."""
        if not self._is_over:
            self._is_over = True
            self._engine.call(self._hand.end())

    def _do(self, verb: Verb, **arguments: Text | bool) -> None:
        __tracebackhide__ = True
        said = {name: _scalar(value) for name, value in arguments.items()}
        try:
            self._engine.call(self._hand.do(verb, said))
        except MockCTraderError as error:
            # What lies between the test and the CRM is nobody's concern; an exception of an application in this
            # process hangs on it and keeps its own trace.
            raise masked(error, self._world.journal.secrets).with_traceback(None) from error.__cause__

    def _seen(self) -> Observation:
        return self._engine.do(self._hand.look)

    def __repr__(self) -> str:
        seen = self._seen()
        return f"<{seen.application['platform']} application of {self._hand.facts['email']}, session: {seen.session}>"


def _scalar(value: Text | bool) -> Scalar:
    return value if isinstance(value, bool) else str(value)


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise SettingsError(f"there is no {what} '{name}'.", cure=nearest(name, list(names)))


def masked(error: MockCTraderError, secrets: Secrets) -> MockCTraderError:
    """Hide secrets in what an error says: it goes into the reports of a test suite."""
    error.what, error.where, error.cure = map(secrets.mask, (error.what, error.where, error.cure))
    error.args = (error.what,)
    if isinstance(error, ScreenRefused):
        error.alerts = tuple(map(secrets.mask, error.alerts))
    return error
