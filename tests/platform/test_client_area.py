import pytest

from mock_ctrader.errors import StepFailed
from mock_ctrader.platform.client_area import ClientArea, page_facts
from mock_ctrader.platform.commands import OpenBrowser, SendInBrowser
from mock_ctrader.platform.forms import Address, AddressKind, Form, Landing, Task
from mock_ctrader.platform.links import AppLink

CRM, APP = "https://crm.example.com/area", "https://app.example.com/app"
PAGES = {
    "home": "/",
    "login": "/auth/login",
    "web": "/web",
    "outbox": "/outbox",
    "mail": "https://mail.example.com/last",
}
PAGE = Landing(f"{CRM}/web", "Trade", succeeded=False)
EMBEDDING = Landing(
    f"{CRM}/web",
    "Trade",
    succeeded=False,
    addresses=(
        Address(f"{CRM}/", "Home"),
        Address(f"{APP}/", "cTrader without a token"),
        Address(f"{APP}/info?token=tab", "New tab"),
        Address(f"{APP}/info?token=frame", "cTrader", AddressKind.FRAME),
    ),
)


@pytest.fixture
def client_area():
    return ClientArea(CRM, PAGES, APP)


@pytest.fixture
def result():
    """Run a flow with the answers given and return what it returns."""

    def result(flow, *answers):
        commands, rest = [], iter(answers)
        try:
            command = next(flow)
            while True:
                commands.append(command)
                command = flow.send(next(rest))
        except StopIteration as done:
            return commands, done.value

    return result


def test_pages_are_visited_by_name_or_by_link(client_area, play):
    """A path is one on the CRM's base; nothing named is the home page."""
    assert play(client_area.visit("web"), PAGE) == [OpenBrowser(f"{CRM}/web")]
    assert play(client_area.visit("mail"), PAGE) == [OpenBrowser("https://mail.example.com/last")]
    assert play(client_area.visit("", "https://crm.example.com/x"), PAGE) == [OpenBrowser("https://crm.example.com/x")]
    assert play(client_area.visit(""), PAGE) == [OpenBrowser(f"{CRM}/")]


def test_a_page_that_the_profile_lacks_is_a_failed_step(client_area, play):
    """The message tells where such a page is named, and the nearest name."""
    with pytest.raises(StepFailed, match=r"no page 'wep'\. Name it in crm\.pages\. Did you mean 'web'"):
        play(client_area.visit("wep"))


def test_a_form_is_filled_in_on_the_page_that_is_shown(client_area, play):
    """Whatever the form is for."""
    form = Form(Task.FILL_IN, {"title": "Gold"})
    assert play(client_area.fill_in(form), PAGE) == [SendInBrowser(form)]


def test_the_client_area_is_entered_and_left(client_area, play):
    """A visitor who is logged in already has nothing to fill in."""
    form = Form(Task.LOG_IN, {"email": "ann@example.com"})
    login = OpenBrowser(f"{CRM}/auth/login")
    assert play(client_area.enter(form), PAGE, PAGE) == [login, SendInBrowser(form)]
    assert play(client_area.enter(form), Landing(f"{CRM}/ok", "", succeeded=True)) == [login]
    assert play(client_area.leave(), PAGE, PAGE) == [OpenBrowser(f"{CRM}/"), SendInBrowser(Form(Task.LEAVE, {}))]


@pytest.mark.parametrize(("how", "token"), [("", "tab"), ("tab", "tab"), ("frame", "frame")])
def test_an_embedded_application_is_known_by_its_address(client_area, result, how, token):
    """The first address with a token, in the way that is asked for."""
    commands, link = result(client_area.embedded("web", how), EMBEDDING)
    assert commands == [OpenBrowser(f"{CRM}/web")]
    assert link == AppLink("/info", token=token)


@pytest.mark.parametrize(
    ("how", "landing", "problem"),
    [
        ("", PAGE, "'Trade' embeds no cTrader application. It is known by its address: https://app.example.com/app/"),
        ("popup", EMBEDDING, "'popup' is no way to embed an application"),
    ],
)
def test_a_page_that_embeds_nothing_is_a_failed_step(client_area, play, how, landing, problem):
    """The setting is named that tells an application's address."""
    with pytest.raises(StepFailed, match=problem.replace("?", r"\?")):
        play(client_area.embedded("web", how), landing)


def test_the_newest_mail_with_a_link_to_reset_is_taken(client_area, result):
    """The first on the page: mails are listed the newest first."""
    link = f"{CRM}/auth/reset?link=2"
    addresses = (Address(f"{CRM}/?lang=en"), Address(link), Address(f"{CRM}/auth/reset?link=1"))
    landing = Landing(f"{CRM}/outbox", "Mails", succeeded=False, addresses=addresses)
    assert result(client_area.mailed_link(), landing) == ([OpenBrowser(f"{CRM}/outbox")], link)
    assert result(client_area.mailed_link("mail"), landing)[0] == [OpenBrowser("https://mail.example.com/last")]


def test_no_mail_is_a_failed_step(client_area, play):
    """The page is named."""
    with pytest.raises(StepFailed, match="no link to reset a password is on the page 'Trade'"):
        play(client_area.mailed_link(), PAGE)


def test_a_scenario_sees_the_page_and_its_links_by_their_texts():
    """Of two links with one text the first counts; one without a text has no name."""
    addresses = (Address("https://a.example.com", "Your link!"), Address("https://b.example.com", "your LINK"))
    page = Landing(
        f"{CRM}/", "Home", succeeded=False, text="Hello", addresses=(*addresses, Address("https://c.example.com"))
    )
    assert page_facts(page) == {
        "url": f"{CRM}/",
        "title": "Home",
        "text": "Hello",
        "links": {"your_link": "https://a.example.com"},
    }
    assert page_facts(None) == {}
