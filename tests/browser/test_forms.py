"""Filling in and sending the forms of real pages, scripts and all."""

import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import Task
from support import PERSON

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
LOGIN = (
    "<form method=post action=/enter><input type=email name=email><input type=password name=pw>{}"
    "<button name=go value=1>Log in</button></form>"
)
SIGN_UP = """<title>Join</title><style>.away { display: none }</style>
<form method=post action=/join>
<input type=hidden name=csrf value=c>
<label>First name <input name=first></label><label>Last name <input name=last></label>
<label>E-mail <input name=email></label>
<label>Password <input type=password name=pw></label><label>Again <input type=password name=pw2></label>
<div class=away><input name=email2 placeholder=E-mail></div>
<select name=country><option value="">Choose<option value=ES>Spain<option value=CY>Cyprus</select>
<label>Language: <input type=radio name=language value=es> Spanish</label>
<label><input type=radio name=language value=en> English</label>
<label><input type=checkbox class=away name=terms value=yes required> I accept the terms</label>
<button name=go value=1>Sign up</button></form>"""
# A page as frameworks make it: no form element, no names, and a call instead of a document.
APP = """<title>App</title><div id=app>Loading</div><script>
setTimeout(() => {
  app.innerHTML = `<h1>Log in</h1><label>E-mail <input id=user></label><label>Password <input id=secret type=password>
    </label><p role=alert></p><button type=button disabled>Log in</button>`;
  const button = app.querySelector("button");
  app.oninput = () => { button.disabled = !(user.value && secret.value); };
  button.onclick = async () => {
    const body = JSON.stringify({user: user.value, secret: secret.value});
    const answer = await fetch("/api", {method: "POST", body});
    const said = await answer.json();
    if (answer.ok) location = said.url; else app.querySelector("p").textContent = said.error;
  };
}, 150);
</script>"""


async def test_form_is_filled_in_as_the_form_driver_does(crm, window):
    """Texts, choices and boxes are set on the page itself, traps and hidden fields left alone, and the visit told."""
    crm.page("/start", SIGN_UP)
    crm.page("/join", "<title>Welcome</title>")
    await window.open("/start")
    landing = await window.submit(Task.SIGN_UP, email="ann@example.com", password="s3cret-Word", first_name="Ann",
                                  last_name="Example", country="CY", language="en", agreement=True)  # fmt: skip
    assert landing.title == "Welcome"
    assert crm.fields["/join"] == [
        ("csrf", "c"), ("first", "Ann"), ("last", "Example"), ("email", "ann@example.com"),
        ("pw", "s3cret-Word"), ("pw2", "s3cret-Word"), ("email2", ""), ("country", "CY"), ("language", "en"),
        ("terms", "yes"), ("go", "1"),
    ]  # fmt: skip
    visit = window.visits[-1]
    assert (visit.method, visit.url, visit.status) == ("POST", f"{crm.base}/join", 200)
    assert visit.submitted == tuple(crm.fields["/join"])


async def test_page_made_by_its_scripts_is_used_like_any_other(crm, window):
    """Fields that come late, in no form and without names, are filled in, and the button that this enables pressed."""
    crm.page("/start", APP)
    asked = []

    async def api(request: web.Request) -> web.StreamResponse:
        asked.append(await request.json())
        if asked[-1]["secret"] == "wrong":
            return web.json_response({"error": "That is not the password."}, status=403)
        return web.json_response({"url": "/callback/success?token=t"})

    crm.handlers["/api"] = api
    await window.open("/start")
    with pytest.raises(ScreenRefused) as refused:
        await window.submit(email="ann@example.com", password="wrong")
    assert refused.value.alerts == ("That is not the password.",)
    landing = await window.submit()
    assert (landing.succeeded, landing.token) == (True, "t")
    assert asked[-1] == {"user": "ann@example.com", "secret": "s3cret-Word"}


async def test_form_shown_again_is_a_refusal(crm, window):
    """The page with the same form says why, and can be used once more."""
    crm.page("/start", f"<title>Log in</title>{LOGIN}")
    crm.page("/enter", f"<title>Log in</title><p role=alert>Wrong password</p>{LOGIN}", status=200)
    await window.open("/start")
    with pytest.raises(ScreenRefused, match="Wrong password") as refused:
        await window.submit()
    assert refused.value.alerts == ("Wrong password",)
    crm.redirect("/enter", "/callback/success?token=t")
    assert (await window.submit()).token == "t"


async def test_error_status_after_sending(crm, window):
    """A status of the visitor's fault is a refusal, one of the CRM's own fault is none."""
    crm.page("/start", LOGIN)
    crm.page("/enter", "<p role=alert>No such user", status=403)
    await window.open("/start")
    with pytest.raises(ScreenRefused, match="No such user"):
        await window.submit()
    crm.page("/enter", "Oops", status=500)
    await window.open("/start")
    with pytest.raises(ScreenError, match="the CRM answered 500") as error:
        await window.submit()
    assert not isinstance(error.value, ScreenRefused)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("<input name=code required pattern=[0-9]+ value=x aria-label=Code>", "match the requested format"),
        ("<script>document.forms[0].onsubmit = () => { alert('Not today'); return false }</script>", "Not today"),
    ],
)
async def test_what_the_browser_does_not_send_is_a_refusal(crm, window, more, said):
    """A field that its own rules forbid, or a script that says no, keeps the form on the page."""
    crm.page("/start", LOGIN.format(more))
    await window.open("/start")
    with pytest.raises(ScreenRefused, match=said):
        await window.submit()
    assert crm.paths == ["GET /start"]


async def test_form_without_anything_happening_is_refused_in_time(crm, window):
    """A button that does nothing is not waited for beyond the limit."""
    crm.page("/start", LOGIN.replace("<form", "<form onsubmit='return false'"))
    await window.open("/start")
    window.lose_patience()
    with pytest.raises(ScreenRefused, match="no visible alert"):
        await window.submit()


async def test_button_that_stays_out_of_use_is_a_refusal(crm, window):
    """Nobody can press a button that the page keeps disabled."""
    crm.page("/start", LOGIN.replace("<button", "<button disabled"))
    await window.open("/start")
    with pytest.raises(ScreenRefused, match="the button 'Log in' is out of use"):
        await window.submit()


async def test_form_without_a_button_is_sent(crm, window):
    """Where there is nothing to press, the form is sent as by the enter key."""
    crm.page("/start", "<form method=post action=/pay><input name=amount></form><h1>Deposit</h1>")
    crm.page("/pay", "<title>Paid</title>")
    await window.open("/start")
    assert (await window.submit(Task.DEPOSIT, amount="10")).title == "Paid"
    assert crm.fields["/pay"] == [("amount", "10")]


async def test_link_to_the_form_is_followed(crm, window):
    """A page without the form is left by the link that leads to it, though something lies over it."""
    cover = "<div style='position: fixed; inset: 0'>We use cookies</div>"
    crm.page("/start", f"<a href=/login>Log in</a>{cover}")
    crm.page("/login", LOGIN)
    crm.redirect("/enter", "/callback/success?token=t")
    await window.open("/start")
    landing = await window.submit()
    assert landing.visited == tuple(f"{crm.base}{path}" for path in ("/login", "/enter", "/callback/success?token=t"))


async def test_form_in_a_frame_of_the_same_site_is_used(crm, window):
    """A page that shows the form in a frame is left for what the frame shows."""
    crm.page("/start", "<title>Around</title><iframe src=/login></iframe>")
    crm.page("/login", LOGIN)
    crm.redirect("/enter", "/callback/success?token=t")
    await window.open("/start")
    assert (await window.submit()).token == "t"


async def test_skipping_is_pressing(crm, window):
    """What is no form is a link or a button that says so."""
    crm.page("/start", "<h1>Open an account</h1><a href='/callback/success?token=s'>Skip for now</a>")
    await window.open("/start")
    assert (await window.submit(Task.SKIP_ACCOUNT)).token == "s"


async def test_sign_up_goes_on_over_its_pages(crm, window):
    """Page after page of a sign-up is filled in."""
    first = "<h1>Sign up</h1><form method=post action=/two><input type=email name=email><button>Next</button></form>"
    crm.page("/start", first)
    crm.page("/two", "<h1>Sign up</h1><form method=post action=/three><input type=password name=pw "
                     "autocomplete=new-password><input name=first_name><button>Sign up</button></form>")  # fmt: skip
    crm.redirect("/three", "/callback/success?token=t", 303)
    await window.open("/start")
    assert (await window.submit(Task.SIGN_UP)).token == "t"
    assert crm.fields["/two"] == [("email", "ann@example.com")]
    assert crm.fields["/three"] == [("pw", "s3cret-Word"), ("first_name", "Ann")]


async def test_document_is_uploaded(crm, window):
    """A picture goes where the form demands a file."""
    fields = "<input type=file name=passport required><input name=note><button>Send</button>"
    crm.page("/start", f"<h1>Verify</h1><form method=post action=/kyc enctype=multipart/form-data>{fields}</form>")
    crm.page("/kyc", "<title>Thanks</title>")
    await window.open("/start")
    assert (await window.submit(Task.PASS_KYC, note="hello")).title == "Thanks"
    (_, picture), note = crm.fields["/kyc"]
    assert picture.startswith(b"\x89PNG")
    assert note == ("note", "hello")
    assert window.visits[-1].submitted == (("passport", "document.png"), ("note", "hello"))


async def test_page_without_the_form_is_described(crm, window):
    """When the time is over and no form has come, the message tells what was there."""
    crm.page("/start", "<title>Empty</title><p>Nothing")
    await window.open("/start")
    window.lose_patience()
    with pytest.raises(ScreenError, match=r"no form to log in was found.*The page is 'Empty'"):
        await window.submit()
    assert (await window.open("/start")).title == "Empty"


async def test_form_demands_what_nobody_knows(crm, window):
    """A required field without a value is told before anything is sent, and the page stays."""
    crm.page("/start", LOGIN.format("<input name=otp required aria-label='One-time code'>"))
    await window.open("/start")
    with pytest.raises(ScreenError, match="demands the field 'otp'"):
        await window.submit()
    assert crm.paths == ["GET /start"]


async def test_nothing_can_be_sent_without_a_page(crm, window):
    """Before a page is open, and after the success URL, there is nothing to do."""
    with pytest.raises(ScreenError, match="there is no page to log in on"):
        await window.submit()
    await window.open("/callback/success?token=t")
    with pytest.raises(ScreenError, match="there is no page to log in on"):
        await window.submit()


async def test_success_that_comes_later_is_found(crm, window):
    """A page that goes on by itself after it was landed on needs no form any more."""
    crm.page("/start", "<title>Wait</title>")
    assert not (await window.open("/start")).succeeded
    await window.run("setTimeout(() => { location = '/callback/success?token=t' }, 100)")
    assert (await window.submit()).token == "t"


async def test_written_dates_of_birth_reach_a_date_field(crm, window):
    """A date field takes the date whatever the language shows."""
    crm.page("/start", SIGN_UP.replace("<button", "<input type=date name=birth_date><button"))
    crm.page("/join", "<title>Welcome</title>")
    await window.open("/start")
    await window.submit(Task.SIGN_UP, email="ann@example.com", password="s3cret-Word", first_name="Ann",
                        last_name="Example", country="CY", agreement=True, birth_date="1990-01-31")  # fmt: skip
    assert dict(crm.fields["/join"])["birth_date"] == "1990-01-31"


async def test_form_that_changes_while_it_is_filled_in(crm, window):
    """A choice that brings further choices, and a field that a script replaces, are filled in anew."""
    script = """<script>
    country.onchange = () => { state.innerHTML = "<option value=''>Choose<option value=LIM>Limassol"; };
    first.oninput = () => { first.oninput = null; first.outerHTML = "<input id=first name=first_name>"; };
    </script>"""
    fields = (
        "<input id=first name=first_name><select id=country name=country><option>ES<option>CY</select>"
        "<select id=state name=state><option value=''>Choose</select>"
    )
    crm.page(
        "/start",
        SIGN_UP.replace("<input name=first>", "").replace("<select name=country>", f"{fields}<select>") + script,
    )
    crm.page("/join", "<title>Welcome</title>")
    await window.open("/start")
    await window.submit(Task.SIGN_UP, **{**PERSON, "state": "Limassol"})
    sent = dict(crm.fields["/join"])
    assert (sent["first_name"], sent["country"], sent["state"]) == ("Ann", "CY", "LIM")


async def test_task_without_an_end_is_given_up(crm, window):
    """A sign-up that asks for ever more is left."""

    async def more(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("n", "0")) + 1
        asked = "<input type=email name=email>" if number == 1 else f"<input name=first_name id=f{number}>"
        form = f"<h1>Sign up</h1><form method=post action='/{number}?n={number}'>{asked}<button>Next</button></form>"
        return web.Response(text=form, content_type="text/html")

    crm.handlers |= dict.fromkeys(("/start", *(f"/{number}" for number in range(1, 9))), more)
    await window.open("/start")
    with pytest.raises(ScreenError, match="after 6 pages the CRM still asks for more"):
        await window.submit(Task.SIGN_UP)


async def test_link_may_be_what_is_wanted(crm, window):
    """A link is pressed by its text like a button, and a value that fits no control is told."""
    crm.page("/start", "<a href=/terms>Terms</a>" + LOGIN)
    crm.page("/terms", "<title>Terms</title>")
    await window.open("/start")
    window.lose_patience()
    with pytest.raises(ScreenError, match="shoe size"):
        await window.submit(Task.FILL_IN, **{"email": "ann@example.com", "shoe size": "42"})
    assert (await window.submit(Task.FILL_IN, button="Terms")).title == "Terms"


async def test_window_that_is_gone_is_told(crm, person, window):
    """When the profile was closed under a window, nothing can be done in it until it is opened anew."""
    crm.page("/start", LOGIN)
    await window.open("/start")
    await person.close()
    with pytest.raises(ScreenError, match="the page has closed its window"):
        await window.submit()
    assert not (await window.open("/start")).succeeded
