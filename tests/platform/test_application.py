import pytest

from mock_ctrader.backend.sessions import Authorised, Denied
from mock_ctrader.errors import PeerViolation, ScreenRefused, StepFailed
from mock_ctrader.plant.model import Link
from mock_ctrader.platform.application import SCREEN_OF
from mock_ctrader.platform.commands import (
    AuthoriseByAccessToken,
    AuthoriseByCode,
    CloseWindow,
    EndSession,
    LogOut,
    OpenWindow,
    RequestToken,
    SendForm,
)
from mock_ctrader.platform.forms import Form, Landing, Task
from mock_ctrader.platform.screens import Screen
from mock_ctrader.platform.states import TRANSITIONS, Happening, State

CRM = "https://crm.example.com"
COMMON = "lang=de&source=iOS&theme=dark"
SIGN_UP_PAGE = OpenWindow(Screen.LOGIN, f"{CRM}/auth/login?firstLogin=true&{COMMON}")
LOGIN_PAGE = OpenWindow(Screen.LOGIN, f"{CRM}/auth/login?firstLogin=false&{COMMON}")
PAGE = Landing(f"{CRM}/auth/login", "Log in", succeeded=False)
SUCCESS = Landing(f"{CRM}/callback/success?token=16ch", "", succeeded=True, token="16ch")
NO_TOKEN = Landing(f"{CRM}/callback/success", "", succeeded=True)
LOG_IN = Form(Task.LOG_IN, {"email": "president@example.com", "password": "secret"})
SIGN_UP = Form(Task.SIGN_UP, {"email": "president@example.com"})
OPEN_ACCOUNT = Form(Task.OPEN_ACCOUNT, {"currency": "EUR"})
DEPOSIT = Form(Task.DEPOSIT, {"amount": "150.50"})
DENIED = Denied("the CRM answered 404", 404)


@pytest.fixture
def at_login(application, play):
    """The application with its login window open."""
    play(application.launch(), PAGE)
    return application


@pytest.fixture
def logged_in(at_login, play, session):
    """The application in a session."""
    play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session))
    return at_login


def test_nothing_is_shown_before_the_launch(application):
    """An application that is closed has no session and no account."""
    assert (application.state, application.shown, application.account) == (State.CLOSED, "none", None)


def test_without_a_token_the_login_screen_opens(application, play):
    """Flows 5.3 and 5.4: a device where nobody ever logged in is shown the signup form."""
    assert play(application.launch(), PAGE) == [SIGN_UP_PAGE]
    assert (application.state, application.shown) == (State.LOGIN, "login screen")


def test_a_crm_that_knows_the_browser_logs_in_at_once(application, play, session):
    """The login address may lead straight to the success URL."""
    commands = play(application.launch(), SUCCESS, None, Authorised(session))
    assert commands == [SIGN_UP_PAGE, CloseWindow(), AuthoriseByCode("16ch")]
    assert application.state is State.OPEN


def test_a_login_opens_a_session(at_login, play, session, device):
    """Flow 5.4: form, success URL, window closed, OT token to the backend, token kept."""
    commands = play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session, "0eZX"))
    assert commands == [SendForm(LOG_IN), CloseWindow(), AuthoriseByCode("16ch")]
    assert (at_login.state, at_login.shown, at_login.account) == (State.OPEN, "open", 8673590)
    assert at_login.session is session
    assert (device.access_token, device.has_logged_in) == ("0eZX", True)


def test_a_login_that_is_not_to_be_kept_leaves_no_token(logged_in, device):
    """Without the box ticked the CRM gives none."""
    assert (device.access_token, device.has_logged_in) == (None, True)


def test_a_form_that_is_shown_again_leaves_the_window_open(at_login, play, device):
    """A wrong password is the person's matter, who may try again."""
    assert play(at_login.send(LOG_IN), PAGE) == [SendForm(LOG_IN)]
    assert (at_login.state, device.has_logged_in) == (State.LOGIN, False)


def test_a_new_user_opens_an_account_in_the_login_window(at_login, play, session, user):
    """Flow 5.3: the account form comes after the signup form, and the session shows its account."""
    user.links.clear()
    assert play(at_login.send(SIGN_UP), PAGE) == [SendForm(SIGN_UP)]
    commands = play(at_login.send(OPEN_ACCOUNT), SUCCESS, None, Authorised(session))
    assert commands == [SendForm(OPEN_ACCOUNT), CloseWindow(), AuthoriseByCode("16ch")]
    assert (at_login.shown, at_login.account) == ("open", None)


def test_with_a_token_the_session_opens_at_once(application, play, session, device):
    """Flow 5.5: no screen is opened, and the token is kept."""
    device.access_token = "0eZX"
    assert play(application.launch(), Authorised(session)) == [AuthoriseByAccessToken("0eZX")]
    assert (application.state, device.access_token, device.has_logged_in) == (State.OPEN, "0eZX", True)


def test_a_new_token_takes_the_place_of_the_old(application, play, session, device):
    """A CRM may give another with each verification."""
    device.access_token = "0eZX"
    play(application.launch(), Authorised(session, "1fAY"))
    assert device.access_token == "1fAY"


def test_a_token_that_was_revoked_is_forgotten(application, play, device):
    """The login screen opens, and the next start does not try it again."""
    device.access_token, device.has_logged_in = "0eZX", True
    assert play(application.launch(), DENIED, PAGE) == [AuthoriseByAccessToken("0eZX"), LOGIN_PAGE]
    assert (application.state, device.access_token) == (State.LOGIN, None)


def test_a_success_without_a_token_breaks_the_contract(at_login, play, device):
    """The address is named, and no session opens."""
    with pytest.raises(PeerViolation, match=r"callback/success: .*without the query parameter 'token'"):
        play(at_login.send(LOG_IN), NO_TOKEN)
    assert (at_login.shown, device.has_logged_in) == ("login screen", False)


def test_a_fresh_token_that_is_denied_breaks_the_contract(at_login, play, device):
    """A CRM must know the OT token that it gave a moment ago."""
    with pytest.raises(PeerViolation, match="opened no session: the CRM answered 404"):
        play(at_login.send(LOG_IN), SUCCESS, None, DENIED)
    assert (at_login.session, device.has_logged_in, device.access_token) == (None, False, None)


@pytest.mark.parametrize(
    ("form", "screen", "query"),
    [
        (DEPOSIT, Screen.DEPOSIT, "inapp/deposit?token=16ch&account=8673590"),
        (Form(Task.WITHDRAW, {"amount": "5"}), Screen.WITHDRAW, "inapp/withdraw?token=16ch&account=8673590"),
        (Form(Task.DEPOSIT, {"account": "8000001"}), Screen.DEPOSIT, "inapp/deposit?token=16ch&account=8000001"),
        (OPEN_ACCOUNT, Screen.ACCOUNT, "account/create?token=16ch"),
    ],
)
def test_an_action_opens_its_screen_with_a_token(logged_in, play, session, form, screen, query):
    """Flow 5.7: the cashier is told the account, the one of the session unless another is named."""
    commands = play(logged_in.send(form), "16ch", PAGE, SUCCESS)
    window = OpenWindow(screen, f"{CRM}/{query}&{COMMON}")
    assert commands == [RequestToken(session, 8673590), window, SendForm(form), CloseWindow()]
    assert (logged_in.state, logged_in.session) == (State.OPEN, session)


def test_the_account_of_a_session_is_the_one_linked_last(logged_in, user):
    """A further account is shown as soon as it is linked."""
    user.links.append(Link(50_000_002, 10333, 9017800))
    assert logged_in.account == 9017800


def test_a_session_without_an_account_names_none(logged_in, play, user):
    """The parameter is there, and blank."""
    user.links.clear()
    assert "account=&" in play(logged_in.send(DEPOSIT), "16ch", PAGE, SUCCESS)[1].url


def test_a_screen_may_have_nothing_to_fill_in(logged_in, play):
    """A CRM that has all it needs goes to the success URL at once; no token is needed there."""
    commands = play(logged_in.send(OPEN_ACCOUNT), "16ch", NO_TOKEN)
    assert [type(command) for command in commands] == [RequestToken, OpenWindow, CloseWindow]


def test_an_action_without_a_token_opens_no_screen(logged_in, play):
    """The CRM took the session back; the application stays where it was."""
    with pytest.raises(PeerViolation, match="there was no token for 'deposit': the CRM answered 404"):
        play(logged_in.send(DEPOSIT), DENIED)
    assert (logged_in.state, logged_in.shown) == (State.OPEN, "open")


def test_a_refused_action_leads_back_to_the_session(logged_in, play):
    """The window is closed, the session goes on, and the next action opens a screen of its own."""
    flow = logged_in.send(DEPOSIT)
    commands = [next(flow), flow.send("16ch"), flow.send(PAGE), flow.throw(ScreenRefused("no", alerts=("Too much",)))]
    assert [type(command) for command in commands] == [RequestToken, OpenWindow, SendForm, CloseWindow]
    with pytest.raises(ScreenRefused):
        next(flow)
    assert (logged_in.state, logged_in.shown) == (State.OPEN, "open")
    play(logged_in.send(DEPOSIT), "16ch", PAGE, SUCCESS)


def test_a_refused_login_leaves_the_window_open(at_login, play, session):
    """The person tries again on the same page."""
    with pytest.raises(ScreenRefused):
        play(at_login.send(LOG_IN), ScreenRefused("no"))
    assert at_login.state is State.LOGIN
    play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session))
    assert at_login.shown == "open"


def test_an_action_that_does_not_end_is_a_failed_step(logged_in, play):
    """The page reached is named, and the setting that would make it a success."""
    thanks = Landing(f"{CRM}/thanks", "Thank you", succeeded=False)
    with pytest.raises(StepFailed, match=r"/thanks: the CRM went to 'Thank you'.*crm\.screens\.success"):
        play(logged_in.send(DEPOSIT), "16ch", PAGE, thanks)
    assert logged_in.state is State.ACTION


@pytest.mark.parametrize("token", ["0eZX", None])
def test_logging_out_forgets_the_token_and_shows_the_login_form(at_login, play, session, device, token):
    """Edition 2025, 4.5: the backend is told which token was held, and the next launch has none to try."""
    play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session, token))
    assert play(at_login.log_out(), DENIED, PAGE) == [LogOut(session, token), LOGIN_PAGE]
    assert (at_login.state, at_login.shown, at_login.session) == (State.LOGIN, "login screen", None)
    assert device.access_token is None
    play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session))
    assert at_login.shown == "open"


def test_a_crm_that_knows_the_browser_logs_in_again_after_a_logout(logged_in, play, session):
    """The login screen is opened as at launch, and may lead straight to the success URL."""
    commands = play(logged_in.log_out(), None, SUCCESS, None, Authorised(session))
    assert commands[2:] == [CloseWindow(), AuthoriseByCode("16ch")]
    assert logged_in.shown == "open"


def test_closing_ends_the_session_and_keeps_what_is_stored(at_login, play, session, device):
    """The next launch starts from what the device kept."""
    play(at_login.send(LOG_IN), SUCCESS, None, Authorised(session, "0eZX"))
    assert play(at_login.close()) == [CloseWindow(), EndSession(session)]
    assert (at_login.state, at_login.shown, at_login.account) == (State.CLOSED, "none", None)
    assert device.access_token == "0eZX"
    assert play(at_login.launch(), Authorised(session)) == [AuthoriseByAccessToken("0eZX")]


def test_closing_the_login_screen_ends_no_session(at_login, play):
    """There was none; and the device still knows of no login."""
    assert play(at_login.close()) == [CloseWindow()]
    assert play(at_login.launch(), PAGE) == [SIGN_UP_PAGE]


def test_a_device_where_somebody_logged_in_is_shown_the_login_form(logged_in, play):
    """``firstLogin`` is false from the first session on."""
    play(logged_in.close())
    assert play(logged_in.launch(), PAGE) == [LOGIN_PAGE]


@pytest.mark.parametrize(
    ("state", "act", "what"),
    [
        (State.OPEN, "launch", "in a session: it cannot launch"),
        (State.LOGIN, "launch", "at the login screen: it cannot launch"),
        (State.CLOSED, "close", "closed: it cannot close"),
        (State.LOGIN, "log_out", "at the login screen: it cannot log out"),
        (State.CLOSED, DEPOSIT, "closed: it cannot open an in-app screen"),
        (State.CLOSED, LOG_IN, "closed: nobody can log in there"),
        (State.STARTING, LOG_IN, "starting: nobody can log in there"),
        (State.STARTING, DEPOSIT, "starting: it cannot open an in-app screen"),
        (State.OPEN, LOG_IN, "in a session: nobody can log in there"),
        (State.OPEN, SIGN_UP, "in a session: nobody can sign up there"),
        (State.ACTION, DEPOSIT, "with a screen of the CRM open: it cannot open an in-app screen"),
    ],
)
def test_what_cannot_be_done_where_the_application_stands_is_a_failed_step(application, play, state, act, what):
    """The sentence says where it stands and what cannot be; the state stays."""
    application.state = state
    with pytest.raises(StepFailed) as raised:
        play(application.send(act) if isinstance(act, Form) else getattr(application, act)())
    assert what in str(raised.value)
    assert application.state is state


def test_every_state_can_be_reached_and_left():
    """The table leads from closed to everywhere, and from everywhere back to closed."""

    def reached(start):
        found, todo = set(), [start]
        while todo:
            state = todo.pop()
            if state not in found:
                found.add(state)
                todo.extend(TRANSITIONS[state].values())
        return found

    assert set(TRANSITIONS) == set(State)
    assert all(reached(state) == set(State) for state in State)
    assert {happening for moves in TRANSITIONS.values() for happening in moves} == set(Happening)


def test_every_task_of_a_session_has_its_screen():
    """What a person does at the login screen has none of its own."""
    elsewhere = {Task.LOG_IN, Task.SIGN_UP, Task.SKIP_ACCOUNT, Task.FORGET_PASSWORD, Task.RESET_PASSWORD}
    assert set(SCREEN_OF) == set(Task) - elsewhere - {Task.LEAVE, Task.FILL_IN}
    assert set(SCREEN_OF.values()) == set(Screen) - {Screen.LOGIN, Screen.RIBBON}
