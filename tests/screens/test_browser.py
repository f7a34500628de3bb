"""Where the browser goes: redirects, refreshes, links, and where it stops."""

import pytest

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import Landing, PageVisit, Task

LOGIN = (
    "<title>Log in</title><form method=post action=/enter>"
    "<input type=email name=email><input type=password name=pw></form>"
)


async def test_page_is_landed_on_with_its_title(crm, window):
    """A page that leads nowhere is where the browser stands, and it is reported once."""
    crm.page("/auth/login", "<title> Wel\n come </title><p>Hello")
    browser = window()
    url = f"{crm.base}/auth/login?lang=en"
    landing = await browser.open("/auth/login?lang=en")
    assert landing == Landing(url, "Wel come", succeeded=False, text="Hello", visited=(url,))
    (visit,) = browser.visits
    assert visit == PageVisit("GET", landing.url, (), 200, "Wel come")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_relative_ones_too(crm, window, status):
    """Every redirect status leads on, and each hop is a visit of its own."""
    crm.redirect("/a/start", "../b/next?x=1", status)
    crm.redirect("/b/next", "page", status)
    crm.page("/b/page", "<title>There</title>")
    browser = window()
    landing = await browser.open("/a/start")
    assert landing.title == "There"
    assert crm.paths == ["GET /a/start", "GET /b/next?x=1", "GET /b/page"]
    assert [(visit.status, visit.title) for visit in browser.visits] == [(status, ""), (status, ""), (200, "There")]


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
async def test_redirects_after_a_post_keep_or_drop_it_like_a_browser(crm, window, status, method):
    """Only 307 and 308 send the form once more."""
    crm.page("/login", LOGIN)
    crm.redirect("/enter", "/next", status)
    crm.page("/next", "<title>In</title>")
    browser = window()
    await browser.open("/login")
    await browser.submit(Task.LOG_IN)
    assert crm.paths[-1] == f"{method} /next"
    assert bool(crm.bodies[-1]) is (method == "POST")
    assert bool(browser.visits[-1].submitted) is (method == "POST")


async def test_success_url_ends_the_visit_and_is_never_fetched(crm, window):
    """The redirect to the success URL is seen, its token taken, and nothing is asked there."""
    crm.redirect("/auth/login", "/callback/success?lang=en&token=abc%2B1#top")
    browser = window()
    landing = await browser.open("/auth/login")
    assert (landing.succeeded, landing.token) == (True, "abc+1")
    assert landing.url.startswith(f"{crm.base}/callback/success")
    assert crm.paths == ["GET /auth/login"]
    assert len(browser.visits) == 1


async def test_success_url_may_be_opened_itself(crm, window):
    """An address that is the success URL is not fetched even when it is the first one."""
    landing = await window().open("/callback/success")
    assert (landing.succeeded, landing.token, crm.paths) == (True, None, [])


async def test_success_url_may_have_a_scheme_of_an_application(crm, window):
    """A success URL that no web server could answer is recognised as well."""
    crm.redirect("/auth/login", "myapp://done/here?token=t")
    landing = await window("myapp://done/here").open("/auth/login")
    assert (landing.succeeded, landing.token) == (True, "t")


@pytest.mark.parametrize("to", ["/callback/success/more", "/callback", "/callback/success/"])
async def test_another_path_is_not_the_success_url(crm, window, to):
    """Only scheme, host, port and path together make the success URL."""
    crm.redirect("/start", to)
    crm.page(to, "<p>")
    assert not (await window().open("/start")).succeeded


async def test_another_port_is_not_the_success_url(crm, window):
    """The same path of another server is a page like any other."""
    crm.page("/callback/success", "<p>")
    assert not (await window("http://127.0.0.1:1/callback/success").open("/callback/success")).succeeded


async def test_success_through_meta_refresh_link_and_get_form(crm, window):
    """Whatever leads to the success URL ends the visit: a refresh, a link, a form sent by GET or POST."""
    crm.page("/refresh", "<meta http-equiv=refresh content='0; url=/callback/success?token=r'>")
    crm.page("/link", "<a href='/callback/success?token=l'>Log in</a>")
    fields = "<input name=token type=hidden value=g><input name=amount><button>Deposit</button>"
    crm.page("/get", f"<form action=/callback/success>{fields}</form>")
    crm.page("/post", f"<form method=post action='/callback/success?token=p'>{fields}</form>")
    browser = window()
    assert (await browser.open("/refresh")).token == "r"
    await browser.open("/link")
    assert (await browser.submit(Task.LOG_IN)).token == "l"
    await browser.open("/get")
    assert (await browser.submit(Task.DEPOSIT, amount="10")).token == "g"
    await browser.open("/post")
    assert (await browser.submit(Task.DEPOSIT, amount="10")).token == "p"
    assert not any("success" in path for path in crm.paths)


@pytest.mark.parametrize(
    ("content", "leads_on"),
    [
        ("0;url=/next", True),
        ("3; URL='/next'", True),
        (".5,/next", True),
        ("600; url=/next", False),
        ("soon", False),
        (".", False),
    ],
)
async def test_meta_refresh_is_followed_at_once_if_it_is_soon(crm, window, content, leads_on):
    """A refresh within seconds is followed without waiting; a far one is where a person would stay."""
    crm.page("/start", f'<title>Start</title><meta http-equiv="Refresh" content="{content}">')
    crm.page("/next", "<title>Next</title>")
    landing = await window().open("/start")
    assert landing.title == ("Next" if leads_on else "Start")


async def test_refresh_header_counts_like_the_meta_element(crm, window):
    """The header form of a refresh is followed too."""
    crm.page("/start", "<title>Start</title>", Refresh="1; url=next")
    crm.page("/next", "<title>Next</title>")
    assert (await window().open("/start")).title == "Next"


async def test_page_with_a_form_that_reloads_itself_stays(crm, window):
    """A form page that keeps itself fresh is not reloaded for ever."""
    crm.page("/login", f"<meta http-equiv=refresh content=5>{LOGIN}")
    landing = await window().open("/login")
    assert (landing.title, len(crm.paths)) == ("Log in", 1)


async def test_waiting_page_is_reloaded_until_it_gives_up(crm, window):
    """A page that says "please wait" for ever is a loop like any other."""
    crm.page("/wait", "<meta http-equiv=refresh content=1>Please wait")
    with pytest.raises(ScreenError, match="more than 20 redirects"):
        await window().open("/wait")
    assert len(crm.paths) == 21


async def test_endless_redirect_ends_after_twenty(crm, window):
    """A loop is given up, and the message hides the secrets of the addresses."""
    crm.redirect("/a", "/b?token=secret1")
    crm.redirect("/b", "/a?code=secret2&lang=en")
    with pytest.raises(ScreenError, match="more than 20 redirects") as caught:
        await window().open("/a?accessToken=secret3")
    assert "secret" not in str(caught.value)
    assert "accessToken=***" in str(caught.value)
    assert len(crm.paths) == 21


async def test_redirect_without_location_is_named(crm, window):
    """A redirect to nowhere is an error with a cure."""
    crm.redirect("/a", "")
    browser = window()
    with pytest.raises(ScreenError, match="302 without saying where"):
        await browser.open("/a")
    assert browser.visits[0].status == 302


async def test_redirect_out_of_the_web_is_named(crm, window):
    """A scheme that is neither the web's nor the success URL's is an error that names both."""
    crm.redirect("/a", "ctrader://open?token=secret")
    with pytest.raises(ScreenError, match="no address of the web") as caught:
        await window().open("/a")
    assert "ctrader://open?token=***" in str(caught.value)
    assert "/callback/success" in str(caught.value)


@pytest.mark.parametrize("to", ["http://[::bad/", "http://crm.example.com:port/", "https:///nowhere"])
async def test_redirect_to_nonsense_is_named(crm, window, to):
    """An address that makes no sense is an error of the page, not of ours."""
    crm.redirect("/a", to)
    with pytest.raises(ScreenError, match="makes no sense"):
        await window().open("/a")


@pytest.mark.parametrize(
    "url", ["http://[::bad", "http://crm.example.com:port/", "mailto:ann@example.com", "http:///x"]
)
async def test_opening_nonsense_is_named(window, url):
    """A screen URL that makes no sense is a screen error."""
    with pytest.raises(ScreenError):
        await window().browser.open(url)


async def test_cookies_are_kept_across_redirects_and_windows(crm, window):
    """Cookies set on any hop come back on the next, also in another window with the same jar."""
    crm.redirect("/a", "/b", session="42")
    crm.page("/b", "<p>")
    await window().open("/a")
    assert crm.requests[-1].cookies == {"session": "42"}
    await window().open("/b")
    assert crm.requests[-1].cookies == {"session": "42"}


async def test_headers_of_the_application_go_with_every_request(crm, window):
    """The given headers are sent on each hop, and a page is asked for."""
    crm.redirect("/a", "/b")
    crm.page("/b", "<p>")
    await window(headers={"User-Agent": "cTrader/5", "Accept-Language": "el"}).open("/a")
    for request in crm.requests:
        assert request.headers["User-Agent"] == "cTrader/5"
        assert request.headers["Accept-Language"] == "el"
        assert request.headers["Accept"].startswith("text/html")


async def test_referer_and_origin_are_sent_as_browsers_do(crm, window):
    """Pages that check where a form comes from are satisfied."""
    crm.page("/login", LOGIN)
    crm.page("/enter", "<p>")
    browser = window()
    await browser.open("/login?lang=en#form")
    await browser.submit(Task.LOG_IN)
    assert "Referer" not in crm.requests[0].headers
    assert crm.requests[1].headers["Referer"] == f"{crm.base}/login?lang=en"
    assert crm.requests[1].headers["Origin"] == crm.base


async def test_link_to_sign_up_is_followed_once(crm, window):
    """A login page without a sign-up form is left by its link, relative to the page's base."""
    crm.page("/auth/login", f"<base href=/accounts/>{LOGIN}<a href='#'>Sign up</a><a href=register?x=1>Sign up</a>")
    crm.page(
        "/accounts/register", "<form method=post><input name=email><input type=password name=a><button>Register</form>"
    )
    browser = window()
    await browser.open("/auth/login")
    crm.handlers["/accounts/register"], form = crm.handlers["/auth/login"], crm.handlers["/accounts/register"]
    with pytest.raises(ScreenError, match="no form to sign up"):
        await browser.submit(Task.SIGN_UP)
    assert crm.paths == ["GET /auth/login", "GET /accounts/register?x=1"]
    crm.handlers["/accounts/register"] = form
    crm.redirect("/accounts/done", "/callback/success?token=t")
    await browser.open("/auth/login")

    async def done(request):
        return await (form if request.method == "GET" else crm.handlers["/accounts/done"])(request)

    crm.handlers["/accounts/register"] = done
    landing = await browser.submit(Task.SIGN_UP)
    assert landing.token == "t"
    assert crm.paths[-1] == "POST /accounts/register?x=1"


@pytest.mark.parametrize("link", ["Neues Konto hier", "/x/new", "#join-link"])
async def test_profile_names_a_link(crm, window, link):
    """The profile's link is taken by text, by address or by id, although another says it better."""
    page = "<a href=/wrong>Sign up</a><a href=/x/new id=join-link>Neues  Konto hier!</a>"
    crm.page("/login", LOGIN + page)
    crm.page("/x/new", "<h1>Register</h1>" + LOGIN)
    browser = window(links={"sign up": link})
    await browser.open("/login")
    with pytest.raises(ScreenError):  # the address of the form is not served
        await browser.submit(Task.SIGN_UP)
    assert crm.paths[1:] == ["GET /x/new", "POST /enter"]


async def test_link_of_the_profile_that_is_missing_is_named(crm, window):
    """A stale link in the profile is told of, with the links there are."""
    crm.page("/login", LOGIN + "<a href=/r?token=secret></a><a href=/s>Sign up</a><a href='http://[bad'>x</a>")
    browser = window(links={"sign_up": "Join us"})
    await browser.open("/login")
    with pytest.raises(ScreenError, match="'Join us'") as caught:
        await browser.submit(Task.SIGN_UP)
    assert "Links: /r?token=***, Sign up, x" in str(caught.value)


async def test_page_without_a_matching_form_is_described(crm, window):
    """The message holds title, status, forms with their fields, alerts, what was looked for, and the cure."""
    crm.page(
        "/page",
        "<title>Welcome</title><div role=alert>Maintenance <b>tonight</b></div><input name=free>"
        "<form action='/s?token=x'><label>Find<input name=q required></label><button>Go</button></form>",
    )
    browser = window()
    await browser.open("/page")
    with pytest.raises(ScreenError) as caught:
        await browser.submit(Task.LOG_IN)
    text = str(caught.value)
    for part in (
        f"{crm.base}/page: no form to log in was found",
        "Looked for a form with an e-mail or user name",
        "'Welcome' (status 200)",
        "GET /s?token=*** (q [text, required] 'Find'; buttons 'Go')",
        "Alerts: Maintenance tonight",
        "only a script can send: free",
        '[crm.fields] email = "',
        '[crm.links] "log in" = "',
        '[crm.buttons] "log in" = "',
        "mock-ctrader.toml",
    ):
        assert part in text
    assert "[crm.buttons]" in caught.value.cure


async def test_nothing_can_be_sent_without_a_page(crm, window):
    """Before a page is open, after success and after closing there is nothing to fill in."""
    browser = window()
    with pytest.raises(ScreenError, match="no page to log in on"):
        await browser.submit(Task.LOG_IN)
    crm.page("/login", LOGIN)
    await browser.open("/login")
    await browser.browser.close()
    with pytest.raises(ScreenError, match="no page"):
        await browser.submit(Task.LOG_IN)


async def test_form_shown_again_is_a_refusal_with_its_alerts(crm, window):
    """The alert comes first, and the form shown again can be sent once more."""
    crm.page("/login", LOGIN)
    crm.page("/enter", f"<div class='alert'><p class=error-text>Wrong password</p></div>{LOGIN}")
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenRefused) as caught:
        await browser.submit(Task.LOG_IN)
    assert caught.value.what.startswith("the CRM showed the form again: 'Wrong password'")
    assert caught.value.alerts == ("Wrong password",)
    crm.redirect("/enter", "/callback/success?token=t")
    assert (await browser.submit(Task.LOG_IN)).succeeded


async def test_form_shown_again_without_an_alert_says_so(crm, window):
    """A refusal without a reason is told of as such."""
    crm.page("/login", LOGIN)
    crm.page("/enter", LOGIN)
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenError, match="again, with no visible alert"):
        await browser.submit(Task.LOG_IN)


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_error_status_after_sending_is_a_refusal(crm, window, kind):
    """A status of 400 or more refuses the form, whatever comes with it."""
    crm.page("/login", LOGIN)
    crm.page("/enter", "<p class='is-invalid'>Too many attempts", status=429, Content_Type=kind)
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenRefused, match=r"the CRM answered 429[:,] ") as caught:
        await browser.submit(Task.LOG_IN)
    assert ("Too many attempts" in str(caught.value)) is (kind == "text/html")
    assert browser.visits[-1].status == 429


async def test_a_fault_of_the_crm_is_no_refusal(crm, window):
    """A status of 500 and above is told like a refusal, but nobody can have expected it."""
    crm.page("/login", LOGIN)
    crm.page("/enter", LOGIN, status=502)
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenError, match="the CRM answered 502, with no visible alert") as caught:
        await browser.submit(Task.LOG_IN)
    assert not isinstance(caught.value, ScreenRefused)
    assert "a fault of the CRM: its log tells more." in caught.value.cure


@pytest.mark.parametrize(("status", "is_refusal"), [(500, False), (502, True), (503, True), (504, True)])
async def test_a_crm_that_cannot_reach_ctrader_may_say_so(crm, window, status, is_refusal):
    """With words for the person on the page: then it is a refusal like any other."""
    crm.page("/login", LOGIN)
    crm.page("/enter", f"<p role=alert>cTrader cannot be reached</p>{LOGIN}", status=status)
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenError, match=f"the CRM answered {status}: ") as caught:
        await browser.submit(Task.LOG_IN)
    assert isinstance(caught.value, ScreenRefused) is is_refusal


async def test_next_page_after_sending_is_a_landing(crm, window):
    """After signing up the account form is the next page, not a refusal."""
    crm.page("/signup", "<h1>Register</h1>" + LOGIN)
    crm.page("/enter", "<title>Account</title><form><select name=currency><option>EUR</select></form>")
    browser = window()
    await browser.open("/signup")
    landing = await browser.submit(Task.SIGN_UP)
    assert (landing.succeeded, landing.title) == (False, "Account")
    assert [visit.method for visit in browser.visits] == ["GET", "POST"]
    assert browser.visits[1].submitted == (("email", "ann@example.com"), ("pw", "s3cret-Word"))
