"""Tasks that go on over several pages, pages that only confirm, and frames."""

import pytest

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import Task

LOGIN = "<form method=post action=/in><input name=email><input type=password name=p><button>Log in</button></form>"
SUCCESS = "/callback/success?token=t"


async def test_sign_up_over_pages_is_gone_through(crm, window):
    """Credentials, then the person, then the agreement, then a page that only confirms."""
    crm.page(
        "/signup",
        "<h1>Sign up</h1><form method=post action=/two><input name=email><input type=password name=p>"
        "<button>Next</button></form>",
    )
    crm.page(
        "/two",
        "<form method=post action=/three><input name=first_name><input name=last_name><button>Next</button></form>",
    )
    crm.page(
        "/three",
        "<form method=post action=/four><input type=checkbox name=terms required><button>Go on</button></form>",
    )
    crm.page("/four", "<p>Welcome</p><a href='/done'>Continue</a>")
    crm.redirect("/done", SUCCESS)
    browser = window()
    await browser.open("/signup")
    landing = await browser.submit(
        Task.SIGN_UP, email="a@example.com", password="x", first_name="Ann", last_name="E", agreement=True
    )
    assert landing.token == "t"
    assert crm.paths == ["GET /signup", "POST /two", "POST /three", "POST /four", "GET /done"]
    assert crm.fields[2:4] == [[("first_name", "Ann"), ("last_name", "E")], [("terms", "on")]]
    assert [url.removeprefix(crm.base) for url in landing.visited] == ["/two", "/three", "/four", "/done", SUCCESS]


async def test_button_of_the_profile_may_stand_on_one_page_only(crm, window):
    """The pages after it are gone through all the same."""
    crm.page("/signup", "<form method=post action=/two><input name=email><button>Los</button></form>")
    crm.page("/two", "<form method=post action=/three><input name=city><button>Weiter</button></form>")
    crm.page("/three", "<p>Done")
    browser = window(buttons={"sign up": "Los"})
    await browser.open("/signup")
    assert (await browser.submit(Task.SIGN_UP)).text == "Done"
    assert crm.fields[-1] == [("city", "Limassol")]


@pytest.mark.parametrize(
    "page",
    [
        "<form method=post action=/x><input name=first_name value=Ann><input name=city value=L><button>Save</form>",
        "<form method=post action=/x><select name=currency><option>EUR</select><button>Open account</button></form>",
        "<form method=post action=/x><input type=email name=email><button>Subscribe to our newsletter</button></form>",
        "<form method=post action=/x><input name=first_name><button>Search</button></form>",
        "<form method=get action=/x role=search><input name=city></form>",
        "<form method=post action=/x><input name=code><button>Verify</button></form>",
        "<form method=post action=/x><button>Log out</button></form>",
        "<a href=/x>Continue</a><a href=/y>Help</a>",
        "<form action=/x><button>Continue</button><button>Cancel</button></form>",
        "<a href=/x>Home</a>",
    ],
)
async def test_page_after_a_sign_up_that_asks_for_something_else_is_left(crm, window, page):
    """Own data that is there already, an account, a newsletter, a code, a choice: none of it is part of the sign-up."""
    crm.page("/signup", "<h1>Sign up</h1>" + LOGIN.replace("Log in", "Sign up"))
    crm.page("/in", page)
    browser = window()
    await browser.open("/signup")
    await browser.submit(Task.SIGN_UP)
    assert crm.paths == ["GET /signup", "POST /in"]


@pytest.mark.parametrize("first", ["<input type=email name=email>", "<input name=username>"])
async def test_login_in_two_steps(crm, window, first):
    """The e-mail goes first, the password on the next page."""
    crm.page("/login", f"<h1>Log in</h1><form method=post action=/password>{first}<button>Next</button></form>")
    crm.page(
        "/password",
        "<h1>Log in</h1><form method=post action=/in><input type=hidden name=email value=x>"
        "<input type=password name=p><button>Log in</button></form>",
    )
    crm.redirect("/in", SUCCESS)
    browser = window()
    await browser.open("/login")
    assert (await browser.submit(Task.LOG_IN)).token == "t"
    assert crm.fields[-2][0][1] == "ann@example.com"
    assert ("p", "s3cret-Word") in crm.fields[-1]


async def test_wrong_password_in_the_second_step_is_a_refusal(crm, window):
    """The second page shown again is not a third one."""
    crm.page("/login", "<h1>Log in</h1><form method=post action=/in><input name=email><button>Next</button></form>")
    crm.page("/in", "<form method=post action=/in><input type=password name=p><button>Log in</button></form>")
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenRefused, match="showed the form again"):
        await browser.submit(Task.LOG_IN)
    assert crm.paths == ["GET /login", "POST /in", "POST /in"]


async def test_form_that_asks_for_more_with_an_alert_is_a_refusal(crm, window):
    """A riddle against robots beside the form does not make it another form; nor does another address."""
    crm.page("/login", LOGIN)
    crm.page("/in", f"<p role=alert>Wrong</p>{LOGIN.replace('<button>', '<input name=riddle><button>')}")
    browser = window()
    await browser.open("/login")
    with pytest.raises(ScreenRefused, match="'Wrong'"):
        await browser.submit(Task.LOG_IN)
    crm.page("/in", f"<p role=alert>Wrong</p>{LOGIN.replace('/in', '/in2')}")
    await browser.open("/login")
    with pytest.raises(ScreenRefused, match="'Wrong'"):
        await browser.submit(Task.LOG_IN)


async def test_link_and_nonsense_are_not_the_form_again(crm, window):
    """A page that only confirms may be followed by a form that leads nowhere; neither was sent before."""
    crm.page("/kyc", "<form method=post action=/sure><input name=doc><button>Send</button></form>")
    crm.page("/sure", "<a href=/more>Continue</a>")
    crm.page("/more", "<h1>Verification</h1><form method=post action='http://[bad'><input name=b><button>Go</form>")
    browser = window()
    await browser.open("/kyc")
    with pytest.raises(ScreenError, match="makes no sense"):
        await browser.submit(Task.PASS_KYC)
    assert crm.paths == ["GET /kyc", "POST /sure", "GET /more"]


async def test_form_that_never_ends_is_given_up(crm, window):
    """After six pages the CRM is not sent any more."""
    for number in range(9):
        crm.page(
            f"/kyc/{number}", f"<form method=post action=/kyc/{number + 1}><input name=q{number}><button>Next</button>"
        )
    browser = window()
    await browser.open("/kyc/0")
    with pytest.raises(ScreenError, match="after 6 pages the CRM still asks for more to pass kyc"):
        await browser.submit(Task.PASS_KYC)
    assert len([path for path in crm.paths if path.startswith("POST")]) == 6


async def test_kyc_over_pages_ends_at_home(crm, window):
    """Pages of one folder, or of the same words, belong together; the home page's own forms do not."""
    crm.page("/verify/1", "<form method=post action=/verify/2><input name=doc><button>Next</button></form>")
    crm.page("/verify/2", "<form method=post action=/docs><input name=tax><button>Next</button></form>")
    crm.page("/docs", "<h1>Your documents</h1><form method=post action=/home><input name=id><button>Go</button></form>")
    crm.page("/home", "<form method=post action=/x><input name=nickname><button>Save</button></form>")
    browser = window()
    await browser.open("/verify/1")
    landing = await browser.submit(Task.PASS_KYC)
    assert landing.url == f"{crm.base}/home"
    assert [path for path in crm.paths if "POST" in path] == ["POST /verify/2", "POST /docs", "POST /home"]


async def test_kyc_shown_again_is_a_refusal(crm, window):
    """The same form of the broker's own is one that was not taken."""
    crm.page("/kyc", "<form method=post action=/kyc><input name=doc><button>Send</button></form>")
    browser = window()
    await browser.open("/kyc")
    with pytest.raises(ScreenRefused):
        await browser.submit(Task.PASS_KYC)


async def test_payment_is_confirmed_but_never_made_twice(crm, window):
    """A page with one button to confirm is gone on from; a form to pay once more is not sent."""
    crm.page("/pay", "<form method=post action=/sure><input name=amount><button>Deposit</button></form>")
    crm.page(
        "/sure", "<form method=post action=/do><input type=hidden name=amount value=5><button>Confirm</button></form>"
    )
    crm.page("/do", "<p>Thanks")
    browser = window()
    await browser.open("/pay")
    assert (await browser.submit(Task.DEPOSIT, amount="5")).text == "Thanks"
    assert crm.fields[-1] == [("amount", "5")]
    crm.page("/do", "<form method=post action=/again><input name=amount><button>Deposit more</button></form>")
    await browser.open("/pay")
    with pytest.raises(ScreenRefused):
        await browser.submit(Task.DEPOSIT, amount="5")
    assert crm.paths[-1] == "POST /do"


async def test_sign_up_may_begin_with_the_email(crm, window):
    """With no other form and no link, a form for the e-mail alone begins a sign-up that says it is one."""
    crm.page(
        "/join", "<h1>Create account</h1><form method=post action=/two><input name=email><button>Go</button></form>"
    )
    crm.page("/two", "<form method=post action=/in><input type=password name=p><button>Go</button></form>")
    crm.redirect("/in", SUCCESS)
    browser = window()
    await browser.open("/join")
    assert (await browser.submit(Task.SIGN_UP)).succeeded
    crm.page("/start", "<form method=post action=/two><input name=email><button>Go</button></form>")
    await browser.open("/start")
    with pytest.raises(ScreenError, match="no form to sign up"):
        await browser.submit(Task.SIGN_UP)


async def test_form_in_a_frame_of_a_frame_is_found(crm, window):
    """Frames of the same site are looked into, two deep, whatever else cannot be shown."""
    crm.page("/page", "<iframe src=/gone></iframe><iframe src='http://[bad'></iframe><iframe src=/one></iframe>")
    crm.page("/one", "<iframe src=/two></iframe>")
    crm.page("/two", "<form method=post action=/do><input name=amount></form>")
    crm.page("/do", "<p>Done")
    browser = window()
    await browser.open("/page")
    landing = await browser.submit(Task.DEPOSIT, amount="1")
    assert [url.removeprefix(crm.base) for url in landing.visited] == ["/gone", "/one", "/two", "/do"]
    assert crm.requests[-1].headers["Referer"] == f"{crm.base}/two"


async def test_frame_of_another_site_is_not_looked_into(crm, window):
    """Neither another site, nor a third frame deep, nor the success URL, nor what is not of the web."""
    crm.page(
        "/page",
        f"<iframe src='{crm.base.replace('127.0.0.1', 'localhost')}/two'></iframe>"
        "<iframe src=/callback/success></iframe><iframe src='ctrader://x'></iframe><iframe src=/one></iframe>",
    )
    crm.page("/one", "<iframe src=/deep></iframe>")
    crm.page("/deep", "<title>Deep</title><iframe src=/two></iframe>")
    crm.page("/two", "<form method=post action=/do><input name=amount></form>")
    browser = window()
    await browser.open("/page")
    with pytest.raises(ScreenError, match=r"/page: no form to deposit"):
        await browser.submit(Task.DEPOSIT, amount="1")
    assert crm.paths == ["GET /page", "GET /one", "GET /deep"]


async def test_frame_may_end_the_visit(crm, window):
    """A frame that is sent to the success URL is the end."""
    crm.page("/page", "<iframe src=/one></iframe>")
    crm.redirect("/one", SUCCESS)
    browser = window()
    await browser.open("/page")
    assert (await browser.submit(Task.DEPOSIT, amount="1")).token == "t"


async def test_link_is_followed_after_the_frames(crm, window):
    """A page whose frames do not serve the task is left by its link."""
    crm.page("/page", "<iframe src=/one></iframe><a href=/pay>Deposit</a>")
    crm.page("/one", "<p>Chart")
    crm.page("/pay", "<form method=post action=/do><input name=amount></form>")
    crm.page("/do", "<p>Done")
    browser = window()
    await browser.open("/page")
    assert (await browser.submit(Task.DEPOSIT, amount="1")).text == "Done"
    assert crm.requests[2].headers["Referer"] == f"{crm.base}/page"
