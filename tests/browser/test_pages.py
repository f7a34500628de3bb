"""Where a real browser goes: redirects, scripts, refreshes, files, further windows, and where it stops."""

import asyncio

import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.forms import AddressKind, Landing, PageVisit
from mock_ctrader.screens import view

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
FORM = (
    "<title>Log in</title><form method=post action=/enter>"
    "<input type=email name=email><input type=password name=pw><button>Log in</button></form>"
)
GET_FORM = (
    "<form action=/callback/success><input name=token value=abc+1></form><script>document.forms[0].submit()</script>"
)


async def test_page_is_landed_on_with_all_that_it_shows(crm, window):
    """A page that stays is reported once, with title, text, addresses and a picture."""
    crm.page("/start", "<title> Wel\n come </title><p>Hello <a href=/next>there</a><iframe src=/frame></iframe>")
    crm.page("/frame", "<p>Within")
    landing = await window.open("/start?lang=en")
    assert (landing.url, landing.title, landing.succeeded) == (f"{crm.base}/start?lang=en", "Wel come", False)
    assert landing.text == "Hello there"
    found = [(one.url, one.text, one.kind) for one in landing.addresses]
    assert found == [
        (f"{crm.base}/next", "there", AddressKind.LINK),
        (f"{crm.base}/frame", "", AddressKind.FRAME),
    ]
    (visit,) = window.visits
    assert visit == PageVisit("GET", landing.url, (), 200, "Wel come", visit.screenshot)


async def test_redirects_are_told_one_by_one(crm, window):
    """Each stop on the way is a visit of its own, and an address of the way."""
    crm.redirect("/start", "/next", 303)
    crm.redirect("/next", "there")
    crm.page("/there", "<title>There</title>")
    landing = await window.open("/start")
    assert landing.visited == (f"{crm.base}/start", f"{crm.base}/next", f"{crm.base}/there")
    assert [(visit.status, visit.title) for visit in window.visits] == [(303, ""), (302, ""), (200, "There")]


@pytest.mark.parametrize(
    "html",
    [
        "<script>location.href = '/callback/success?token=abc%2B1#top'</script>",
        "<script>onload = () => location.replace('/callback/success?token=abc%2B1')</script>",
        "<script>fetch('/me').then(() => location = '/callback/success?token=abc%2B1')</script>",
        "<script>history.pushState({}, '', '/callback/success?token=abc%2B1')</script>",
        "<meta http-equiv=refresh content='0; url=/callback/success?token=abc%2B1'>",
        GET_FORM,
        "<script>window.open('/callback/success?token=abc%2B1')</script>",
        "<script>window.open('/to-success')</script>",
    ],
)
async def test_success_url_ends_the_visit_and_is_never_fetched(crm, window, html):
    """Whatever leads to the success URL, its token is taken and nothing is asked there."""
    crm.page("/start", html)
    crm.page("/me", "{}", Content_Type="application/json")
    crm.redirect("/to-success", "/callback/success?token=abc%2B1")
    landing = await window.open("/start")
    assert (landing.succeeded, landing.token) == (True, "abc+1")
    assert landing.visited[-1] == landing.url
    assert not any("success?" in path for path in crm.paths)


async def test_success_by_redirect_is_not_fetched_either(crm, window):
    """A redirect's target is looked at before it is followed."""
    crm.redirect("/start", "/next")
    crm.redirect("/next", "/callback/success?token=t")
    landing = await window.open("/start")
    assert (landing.succeeded, landing.token) == (True, "t")
    assert crm.paths == ["GET /start", "GET /next"]
    assert [visit.status for visit in window.visits] == [302, 302]


@pytest.mark.parametrize("by_script", [True, False])
async def test_success_url_may_have_a_scheme_of_an_application(crm, person, make_window, by_script):
    """An address that no web server could answer ends the visit as well."""
    if by_script:
        crm.page("/start", "<script>location.href = 'myapp://done/here?token=t'</script>")
    else:
        crm.redirect("/start", "myapp://done/here?token=t")
    landing = await make_window(person, "myapp://done/here").open("/start")
    assert (landing.succeeded, landing.token) == (True, "t")


async def test_success_url_may_be_opened_itself(crm, window):
    """An address that is the success URL is not fetched even when it is the first one."""
    landing = await window.open("/callback/success")
    assert landing == Landing(f"{crm.base}/callback/success", "", succeeded=True, visited=(landing.url,))
    assert crm.paths == []


async def test_other_addresses_of_applications_are_errors(crm, window):
    """A page that leads out of the web, and not to the success URL, is named."""
    crm.redirect("/start", "myapp://elsewhere?token=secret")
    with pytest.raises(
        ScreenError, match=r"leads to 'myapp://elsewhere\?token=\*\*\*', which is no address of the web"
    ):
        await window.open("/start")


async def test_refresh_is_waited_for(crm, window):
    """A page that sends its visitor on after a moment is no place to stay."""
    crm.page("/start", "<meta http-equiv=refresh content='0.1; url=/next'>Please wait")
    crm.page("/next", "<title>Next</title>")
    assert (await window.open("/start")).title == "Next"


async def test_endless_redirects_are_given_up(crm, window):
    """Pages that send the visitor to each other are left after as many as browsers follow."""
    crm.redirect("/start", "/start")
    with pytest.raises(ScreenError, match="redirects"):
        await window.open("/start")
    crm.page("/again", "<script>location.reload()</script>")
    with pytest.raises(ScreenError, match="more than 20 redirects in a row"):
        await window.open("/again")


@pytest.mark.parametrize("status", [404, 500])
async def test_error_status_is_told(crm, window, status):
    """An address that answers an error is no page, whatever it shows."""
    crm.page("/start", "<title>Sorry</title><p role=alert>Closed", status=status)
    with pytest.raises(ScreenError, match=f"the CRM answered {status} instead of a page. 'Closed'"):
        await window.open("/start")
    assert window.visits[0].status == status


async def test_what_is_no_html_is_named(crm, window):
    """Text, an empty answer and a redirect to nowhere are no screens."""
    crm.page("/text", "hello", Content_Type="text/plain")
    with pytest.raises(ScreenError, match="'text/plain', which is no HTML page"):
        await window.open("/text")
    crm.page("/empty", "", status=204, Content_Type="")
    with pytest.raises(ScreenError, match="204"):
        await window.open("/empty")
    crm.redirect("/nowhere", "")
    with pytest.raises(ScreenError, match="302 without saying where to go"):
        await window.open("/nowhere")
    with pytest.raises(ScreenError, match="no address of the web"):
        await window.real.open("nonsense")


async def test_file_to_keep_is_no_page_and_breaks_nothing(crm, window):
    """A download that is opened is an error; one that a page starts leaves the page where it is."""
    crm.page("/file", "a,b", Content_Type="text/csv", Content_Disposition="attachment; filename=a.csv")
    with pytest.raises(ScreenError, match="no HTML page"):
        await window.open("/file")
    crm.page("/statement", "<title>Statement</title><script>onload = () => location = '/file'</script>" + FORM)
    assert (await window.open("/statement")).title == "Statement"
    crm.redirect("/enter", "/callback/success?token=t")
    assert (await window.submit()).token == "t"


async def test_dialog_boxes_do_not_hold_the_page_up(crm, window):
    """Boxes are answered with yes, also the one that asks whether to leave."""
    crm.page("/start", "<title>Start</title><script>alert('Hi'); if (confirm('On?')) location = '/next'</script>")
    crm.page("/next", "<title>Next</title><script>onbeforeunload = (event) => event.preventDefault()</script>")
    assert (await window.open("/start")).title == "Next"
    crm.page("/third", "<title>Third</title>")
    assert (await window.open("/third")).title == "Third"


async def test_further_window_is_told_and_looked_at(crm, window):
    """A window that a page opens is where the visitor goes on, until it is closed."""
    crm.page("/start", "<title>Start</title><script>onload = () => window.open('/pay')</script>")
    crm.page("/pay", f"<title>Pay</title>{FORM}")
    crm.page("/enter", "<script>window.close()</script>")
    landing = await window.open("/start")
    assert landing.title == "Pay"
    assert [visit.url for visit in window.visits] == [f"{crm.base}/start", f"{crm.base}/pay"]
    assert (await window.submit()).title == "Start"


@pytest.mark.parametrize("in_body", [True, False])
async def test_page_that_never_comes_is_given_up(crm, person, make_window, in_body):
    """A CRM that is silent, or stops half-way, is not waited for without end."""
    gone = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        if in_body:
            await response.prepare(request)
            await response.write(b"<title>Half</title>" + b"<p>" * 2000)
        await gone.wait()
        return response

    crm.handlers["/start"] = hang
    with pytest.raises(TransportError, match=r"did not answer within 0\.3 seconds"):
        await make_window(person, timeout=0.3).open("/start")
    gone.set()


async def test_tab_that_does_not_close_holds_nobody_up(crm, window, monkeypatch):
    """A window is closed though the browser never says that its tab is: the profile takes it along."""
    crm.page("/start", "<title>Start</title>")
    await window.open("/start")
    monkeypatch.setattr(view, "_PATIENCE", 0.01)
    monkeypatch.setattr(window.real._view._tab.real, "close", asyncio.Event().wait)
    await window.real.close()
    with pytest.raises(ScreenError, match="there is no page"):
        await window.submit()


async def test_unreachable_crm_is_told(person, make_window, unused_tcp_port):
    """Where nothing listens, the message says so and what to check."""
    with pytest.raises(TransportError, match="the CRM cannot be reached: connection refused"):
        await make_window(person, base=f"http://127.0.0.1:{unused_tcp_port}").open("/")


async def test_cookies_are_kept_by_the_person_and_nobody_else(crm, browsers, person, make_window):
    """Windows of one person share cookies, a person beside has none, and they are gone with the person's profile."""
    crm.redirect("/enter", "/home", sid="1")
    crm.page("/home", "<title>Home</title>")
    await make_window(person).open("/enter")
    await make_window(person).open("/home")
    other = browsers.person(person_look := person._look)
    await make_window(other).open("/home")
    await other.close()
    await make_window(other).open("/home")
    await other.close()
    assert person_look.width == 1366
    homes = [request.cookies.get("sid") for request in crm.requests if request.path == "/home"]
    assert homes == ["1", "1", None, None]
