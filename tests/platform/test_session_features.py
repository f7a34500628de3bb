"""What an application offers in a session beside screens: ribbons, links, accounts; and the ways to come in."""

import pytest

from mock_ctrader.backend.sessions import Authorised, Denied
from mock_ctrader.errors import PeerViolation, ScreenRefused, StepFailed
from mock_ctrader.plant.model import Link, Ribbon
from mock_ctrader.platform.commands import (
    AuthoriseByAccessToken,
    AuthoriseByCode,
    AuthoriseByCopyCode,
    CloseWindow,
    Introduce,
    LogInAtCTrader,
    LogOut,
    OpenBrowser,
    OpenWindow,
    RegisterAtCTrader,
    RequestToken,
    SendForm,
)
from mock_ctrader.platform.device import Identity, Platform
from mock_ctrader.platform.forms import Form, Landing, Task
from mock_ctrader.platform.links import AppLink
from mock_ctrader.platform.screens import Screen
from mock_ctrader.platform.states import State

CRM = "https://crm.example.com"
COMMON = "lang=de&source=iOS&theme=dark"
PAGE = Landing(f"{CRM}/inapp/deposit", "Deposit", succeeded=False)
SUCCESS = Landing(f"{CRM}/callback/success?token=16ch", "", succeeded=True, token="16ch")
DEPOSIT = Form(Task.DEPOSIT, {"amount": "150.50"})
RESET = Form(Task.RESET_PASSWORD, {"new_password": "Bb2-new"})
DENIED = Denied("nobody", 401)


def ribbon(title, **wanted):
    return Ribbon(color="#ff33ee", title=title, enabled=True, closable=True, **wanted)


@pytest.fixture
def logged_in(application, play, session):
    """The application in a session of a user with one account."""
    play(application.launch(), SUCCESS, None, Authorised(session))
    return application


@pytest.fixture
def ribbons(plant):
    """Give the user ribbons."""

    def give(*wanted):
        plant.ribbons[10333] = list(wanted)

    return give


def test_ribbons_are_on_show_in_a_session_only(application, play, session, ribbons):
    """They belong to the user, and nobody is known before."""
    ribbons(ribbon("Deposit now", url_in_app=f"{CRM}/inapp/deposit"))
    assert application.facts()["ribbons"] == []
    play(application.launch(), SUCCESS, None, Authorised(session))
    assert application.facts()["ribbons"] == ["Deposit now"]


def test_a_ribbon_of_another_account_comes_with_that_account(logged_in, play, plant, user, ribbons):
    """Edition 2025, 3.9: the session's account decides; switching it changes what is on show."""
    plant.add_link(Link(50_000_002, 10333, 9017800))
    ribbons(ribbon("First", url_external=CRM, link_id=50_000_001), ribbon("All", url_external=CRM))
    assert logged_in.facts()["ribbons"] == ["All"]
    play(logged_in.switch_account("8673590"))
    assert (logged_in.account, logged_in.facts()["ribbons"]) == (8673590, ["First"])
    assert logged_in.facts()["accounts"] == ["8673590", "9017800"]


def test_a_ribbon_opens_its_page_in_the_application(logged_in, play, session, ribbons):
    """With a token and the account; then the trader does there what the page is for."""
    ribbons(ribbon("Deposit now", url_in_app=f"{CRM}/inapp/deposit?from=ribbon"))
    commands = play(logged_in.use_ribbon("Deposit now"), "16ch", PAGE)
    url = f"{CRM}/inapp/deposit?from=ribbon&token=16ch&account=8673590&{COMMON}"
    assert commands == [RequestToken(session, 8673590), OpenWindow(Screen.RIBBON, url)]
    assert logged_in.state is State.ACTION
    assert play(logged_in.send(DEPOSIT), SUCCESS) == [SendForm(DEPOSIT), CloseWindow()]
    assert logged_in.state is State.OPEN


def test_a_ribbon_of_a_session_without_account_names_none(logged_in, play, user, ribbons):
    """The parameter is left out."""
    user.links.clear()
    ribbons(ribbon("Hello", url_in_app=f"{CRM}/hello"))
    assert "account=" not in play(logged_in.use_ribbon("Hello"), "16ch", PAGE)[1].url


def test_a_page_of_a_ribbon_may_be_done_at_once(logged_in, play, ribbons):
    """The CRM sends the browser to the success URL."""
    ribbons(ribbon("Hello", url_in_app=f"{CRM}/hello"))
    assert play(logged_in.use_ribbon("Hello"), "16ch", SUCCESS)[-1] == CloseWindow()
    assert logged_in.state is State.OPEN


def test_a_ribbon_may_lead_outside(logged_in, play, ribbons):
    """An external address opens in the device's browser, without any token."""
    ribbons(ribbon("News", url_external=f"{CRM}/news"))
    assert play(logged_in.use_ribbon("News"), PAGE) == [OpenBrowser(f"{CRM}/news")]
    assert logged_in.state is State.OPEN


def test_a_closed_ribbon_is_there_again_at_the_next_launch(logged_in, play, session, device, ribbons):
    """Edition 2025, 3.9."""
    ribbons(ribbon("News", url_external=CRM), ribbon("Gold", url_external=CRM))
    play(logged_in.close_ribbon("News"))
    assert logged_in.facts()["ribbons"] == ["Gold"]
    play(logged_in.close())
    device.access_token = "0eZX"
    play(logged_in.launch(), Authorised(session))
    assert logged_in.facts()["ribbons"] == ["News", "Gold"]


def test_a_ribbon_that_cannot_be_closed_stays(logged_in, play, ribbons):
    """The broker says so."""
    ribbons(Ribbon(color="#ff33ee", title="Pay", enabled=True, closable=False, url_external=CRM))
    with pytest.raises(StepFailed, match="the ribbon 'Pay' cannot be closed"):
        play(logged_in.close_ribbon("Pay"))


@pytest.mark.parametrize(("shown", "cure"), [((), "There is none"), (("News",), "Did you mean 'News'")])
def test_a_ribbon_that_is_not_on_show_is_a_failed_step(logged_in, play, ribbons, shown, cure):
    """The nearest title is named."""
    ribbons(*(ribbon(title, url_external=CRM) for title in shown))
    with pytest.raises(StepFailed, match=f"no ribbon 'Newz' is on show.*{cure}"):
        play(logged_in.use_ribbon("Newz"))


def test_an_in_app_screen_is_left_by_going_back(logged_in, play, ribbons):
    """Back and X are the application's; the session goes on."""
    ribbons(ribbon("Hello", url_in_app=f"{CRM}/hello"))
    play(logged_in.use_ribbon("Hello"), "16ch", PAGE)
    assert play(logged_in.go_back()) == [CloseWindow()]
    with pytest.raises(StepFailed, match="it cannot close the in-app screen"):
        play(logged_in.go_back())


def test_looking_changes_nothing(logged_in, play):
    """The trader looks at what is on show."""
    assert play(logged_in.look()) == []
    assert logged_in.shown == "open"


def test_an_account_that_is_not_there_cannot_be_switched_to(logged_in, play, user):
    """The accounts that are there are named."""
    with pytest.raises(StepFailed, match=r"no account '1'\. It has 8673590\."):
        play(logged_in.switch_account("1"))
    user.links.clear()
    with pytest.raises(StepFailed, match=r"no account '1'\.$"):
        play(logged_in.switch_account("1"))


def test_a_new_account_is_switched_to(logged_in, play, plant):
    """Conformance 6.3.6: whatever was shown before, the new one is after."""
    play(logged_in.switch_account("8673590"))
    plant.add_link(Link(50_000_002, 10333, 9017800))
    assert logged_in.account == 8673590
    play(logged_in.send(Form(Task.OPEN_ACCOUNT, {})), "16ch", PAGE, SUCCESS)
    assert logged_in.account == 9017800


def test_an_invite_link_holds_the_nickname_and_a_partners_link_the_identifier(logged_in, play, plant, user):
    """Edition 2025, 5.8: the identifier of the account goes before that of the user; either kind may be asked for."""
    app = "https://app.example.com/app"
    links = []

    def share(kind=""):
        play(logged_in.share_link(kind))
        links.append(logged_in.facts()["link"])

    share()
    with pytest.raises(StepFailed, match="no partner identifier"):
        share("partner")
    plant.partners_of_users[10333] = "P1"
    share()
    plant.partners_of_accounts[50_000_001] = "P2"
    share("partner")
    share("invite")
    invite = f"{app}/?u={user.nickname}"
    assert links == [invite, f"{app}/?partnerId=P1", f"{app}/?partnerId=P2", invite]
    assert logged_in.facts()["partner_id"] == "P2"


def test_a_link_is_shared_in_a_session_only(application, play):
    """Before, nobody is known."""
    with pytest.raises(StepFailed, match="closed: nobody can share a link"):
        play(application.share_link())


def test_a_partners_link_leads_to_the_login_screen_with_the_identifier(application, play):
    """Edition 2025, 5.8, stages 11 and 12; the device remembers it."""
    link = AppLink("/", partner_id="P1")
    url = f"{CRM}/auth/login?firstLogin=true&partnerId=P1&{COMMON}"
    assert play(application.open_link(link), PAGE) == [OpenWindow(Screen.LOGIN, url)]
    assert play(application.open_link(AppLink("/", language="en")), PAGE)[0].url == url.replace("=de", "=en")


def test_an_invited_user_is_introduced_with_the_session(application, play, session, device):
    """CTrader Invite: once, with the first session after the link."""
    play(application.open_link(AppLink("/", nickname="ctid10345533")), PAGE)
    form = Form(Task.SIGN_UP, {})
    commands = play(application.send(form), SUCCESS, None, Authorised(session, first=True))
    assert commands[-1] == Introduce(session, "ctid10345533", first=True)
    play(application.close())
    assert not [one for one in play(application.launch(), SUCCESS, None, Authorised(session)) if type(one) is Introduce]


def test_a_deep_link_starts_the_application_and_shows_its_place(application, play, session, plant, device):
    """Account and place are shown once the session is open; the language stays with the application."""
    plant.add_link(Link(50_000_002, 10333, 9017800))
    device.access_token = "0eZX"
    link = AppLink("/symbols/EURUSD/info", account=8673590, language="en", theme="light")
    assert play(application.open_link(link), Authorised(session)) == [AuthoriseByAccessToken("0eZX")]
    facts = application.facts()
    assert (application.account, facts["path"], facts["language"]) == (8673590, "/symbols/EURUSD/info", "en")
    assert play(application.open_link(AppLink("/deposit", account=1))) == []
    assert (application.account, application.facts()["path"]) == (8673590, "/deposit")


def test_embedded_ctrader_web_opens_with_the_token_of_the_page(application, play, session, device):
    """Edition 2025, 5.6: the token is exchanged, no screen is opened, and the new token is kept."""
    commands = play(application.open_link(AppLink("/info", token="f44b")), Authorised(session, "0eZX"))
    assert commands == [AuthoriseByCode("f44b")]
    assert (device.access_token, application.facts()["embedded"]) == ("0eZX", "web")


def test_a_copy_widget_opens_with_its_code(application, play, session):
    """Edition 2026, section 12: only the accounts of the code's brokers are there."""
    session.brokers = ("OTHER",)
    commands = play(application.open_link(AppLink("/copy-widget/", copy_code="3b8a")), Authorised(session))
    assert commands == [AuthoriseByCopyCode("3b8a")]
    assert (application.account, application.facts()["embedded"]) == (None, "copy")
    session.brokers = ("BESTBROKER",)
    assert application.account == 8673590


def test_a_page_that_embeds_with_an_old_token_leads_to_the_login_screen(application, play):
    """As without any: the trader logs in there."""
    commands = play(application.open_link(AppLink("/info", token="f44b")), DENIED, PAGE)
    assert [type(command) for command in commands] == [AuthoriseByCode, OpenWindow]
    assert application.shown == "login screen"


def test_a_widget_with_a_bad_code_breaks_the_contract(application, play):
    """A Copy widget has no login screen; it is closed again."""
    with pytest.raises(PeerViolation, match="the broker's page gave a code that opened no session: nobody"):
        play(application.open_link(AppLink("/copy-widget/", copy_code="3b8a")), DENIED)
    assert application.state is State.CLOSED


def test_a_dropped_session_is_over_for_the_application(logged_in, play, session, device):
    """Edition 2025, 3.12: the next launch asks the CRM anew."""
    device.access_token = "0eZX"
    session.ended = True
    assert logged_in.shown == "none"
    with pytest.raises(StepFailed, match="closed: it cannot open an in-app screen"):
        play(logged_in.send(DEPOSIT))
    commands = play(logged_in.launch(), DENIED, PAGE)
    assert commands[0] == AuthoriseByAccessToken("0eZX")
    assert logged_in.shown == "login screen"


def test_a_forgotten_password_is_reset_behind_the_mailed_link(application, play, session):
    """Conformance 6.3.9: the user is in the application afterwards."""
    play(application.launch(), PAGE)
    forgotten = Form(Task.FORGET_PASSWORD, {"email": "ann@example.com"})
    assert play(application.send(forgotten), PAGE) == [SendForm(forgotten)]
    link = f"{CRM}/auth/reset?link=1"
    commands = play(application.reset_password(link, RESET), PAGE, SUCCESS, None, Authorised(session))
    assert commands[:3] == [OpenWindow(Screen.LOGIN, link), SendForm(RESET), CloseWindow()]
    assert application.shown == "open"
    with pytest.raises(StepFailed, match="in a session: nobody can reset password there"):
        play(application.reset_password(link, RESET))


def test_phones_send_firebase_the_names_that_the_crm_gave(application, play, session):
    """Edition 2025, 2.4: unchanged, one for each screen, in their order."""
    steps = (f"{CRM}/auth/signup?eventName=signup_step_1", f"{CRM}/auth/login", f"{CRM}/x?eventName=a&eventName=b")
    play(application.launch(), Landing(steps[0], "", succeeded=False, visited=steps))
    assert application.facts()["events"] == ["signup_step_1", "a"]


def test_other_applications_send_firebase_nothing(application, play, device):
    """It is a matter of cTrader Mobile."""
    device.platform = Platform.DESKTOP
    play(application.launch(), Landing(CRM, "", succeeded=False, visited=(f"{CRM}/?eventName=a",)))
    assert application.facts()["events"] == []


def test_phones_tell_the_campaign_that_brought_them(application, play, device):
    """Contract, section 7: on every screen, on mobile only."""
    device.campaign = {"source": "newsletter", "gclid": "Cj0"}
    assert play(application.launch(), PAGE)[0].url.endswith(f"{COMMON}&utm_source=newsletter&utm_gclid=Cj0")
    play(application.close())
    device.platform = Platform.MACOS
    assert "utm_" not in play(application.launch(), PAGE)[0].url


@pytest.fixture
def handoff(application, device):
    """An application of a broker whose users log in at cTrader."""
    device.identity = Identity.HANDOFF
    return application


def test_where_ctrader_keeps_the_login_no_screen_of_the_crm_opens(handoff, play, session, ribbons):
    """Edition 2026, one-time token handoff: cTrader asks by itself, and ribbons are not to be had."""
    ribbons(ribbon("News", url_external=CRM))
    assert play(handoff.launch()) == []
    assert handoff.shown == "login screen"
    form = Form(Task.LOG_IN, {"email": "user10333@example.com"})
    session.of_ctrader = True
    assert play(handoff.send(form), Authorised(session)) == [LogInAtCTrader("user10333@example.com")]
    assert (handoff.shown, handoff.facts()["ribbons"]) == ("open", [])
    assert play(handoff.log_out(), None) == [LogOut(session, None)]


def test_a_user_may_register_at_ctrader(handoff, play, session):
    """The CRM has no part in it."""
    play(handoff.launch())
    form = Form(Task.SIGN_UP, {"email": "ann@example.com", "first_name": "Ann"})
    assert play(handoff.send(form), Authorised(session)) == [RegisterAtCTrader("ann@example.com", "Ann")]


def test_ctrader_refuses_whom_it_does_not_know(handoff, play):
    """A refusal like that of a page: the login form is still there."""
    play(handoff.launch())
    with pytest.raises(ScreenRefused, match="cTrader refused: nobody") as raised:
        play(handoff.send(Form(Task.LOG_IN, {})), DENIED)
    assert raised.value.alerts == ("nobody",)
    assert handoff.shown == "login screen"


def test_ctraders_own_form_logs_in_and_signs_up_only(handoff, play):
    """There is no account to be opened there."""
    play(handoff.launch())
    with pytest.raises(StepFailed, match="cTrader's own login form is open: nobody can open account there"):
        play(handoff.send(Form(Task.OPEN_ACCOUNT, {})))
