"""A new password for who has forgotten the old one, and the outbox that stands in for e-mail."""

import pytest

NEW = {"new_password": "battery staple", "repeated_password": "battery staple"}
EXPIRED = (410, "This link has expired or has been used. Please ask for a new one.")


async def ask(area, email="ada@example.com", **wishes):
    """Ask for a link, from the login page on."""
    login = await area.browser.get("/auth/login", **wishes)
    return await area.browser.submit(await area.browser.get(login.links[1]), email=email)


async def link_in_mail(area):
    """Return the newest mail's link, without the host."""
    return (await area.browser.get("/outbox")).links[0].removeprefix(area.url)


async def open_link(area, **wishes):
    await ask(area, **wishes)
    return await area.browser.get(await link_in_mail(area))


async def test_link_in_the_mail_gives_a_new_password(area):
    """From the login page by the mail to a password that works in the old one's place."""
    await area.join()
    page = await open_link(area)
    assert page.title == "Choose a new password - BESTBROKER"
    done = await area.browser.submit(page, **NEW)
    assert (done.status, done.location) == (303, "/")
    assert "Hello, Ada" in (await area.browser.follow(done)).text
    assert (await area.log_in()).status == 422
    assert (await area.log_in(password="battery staple")).status == 303


async def test_user_from_an_application_goes_straight_on_to_it(area):
    """Who asked for the link in an application's browser ends at the success URL with an OT token."""
    await area.join()
    wishes = {"source": "iOS", "lang": "es", "theme": "dark"}
    done = await area.browser.submit(await open_link(area, **wishes), **NEW)
    assert done.location == f"/callback/success?token={done.token}&lang=es&theme=dark&source=iOS"
    assert (await area.exchange(done.token))[0] == 200


async def test_user_without_an_account_opens_one_before_going_on(area):
    """The way from the application is the same as after logging in: first an account, then back."""
    await area.sign_up()
    done = await area.browser.submit(await open_link(area, source="Web"), **NEW)
    assert done.location == "/account/create?source=Web"


async def test_link_works_once(area):
    """A link that was used opens nothing and sets nothing."""
    await area.join()
    page = await open_link(area)
    assert (await area.browser.submit(page, **NEW)).status == 303
    used = await area.browser.get(await link_in_mail(area))
    assert (used.status, used.alert) == EXPIRED
    fresh = await area.browser.get("/auth/login")
    again = await area.browser.submit(page, **NEW, csrf=fresh.value("csrf"))
    assert (again.status, again.alert) == EXPIRED


async def test_link_lives_for_half_an_hour(area, clock):
    """Half an hour after it was sent a link is worth nothing, also to a form that was opened in time."""
    await area.join()
    page = await open_link(area)
    link = await link_in_mail(area)
    clock.seconds += 30 * 60 - 1
    assert (await area.browser.get(link)).status == 200
    clock.seconds += 1
    assert (await area.browser.get(link)).status == 410
    late = await area.browser.submit(page, **NEW)
    assert (late.status, late.alert) == EXPIRED
    assert (await area.log_in()).status == 303


async def test_newer_link_ends_the_older_one(area):
    """Of several links that were asked for only the last works."""
    await area.join()
    old = await open_link(area)
    new = await open_link(area)
    assert (await area.browser.submit(old, **NEW)).status == 410
    assert (await area.browser.submit(new, **NEW)).status == 303


@pytest.mark.parametrize("query", [{}, {"link": ""}, {"link": "made-up"}])
async def test_made_up_link_opens_nothing(area, query):
    """A link that we never sent gets a page that says so."""
    page = await area.browser.get("/auth/reset", **query)
    assert (page.status, page.alert) == EXPIRED


async def test_unknown_email_gets_the_same_answer_and_no_mail(area):
    """A stranger cannot learn here whose e-mails we know."""
    await area.join()
    unknown = await ask(area, email="nobody@example.com")
    assert "There are no mails yet." in (await area.browser.get("/outbox")).text
    known = await ask(area, email=" ADA@example.com ")
    assert unknown.status == known.status == 200
    assert unknown.text == known.text
    assert len(area.crm.outbox) == 1


async def test_new_password_ends_all_that_the_old_one_opened(area):
    """Who knew the old password is out: other browsers, accessTokens and OT tokens end."""
    _, who = await area.exchange(await area.join(keep_logged_in="true"))
    logged_in = await area.log_in()
    other_browser = logged_in.set_cookie.split(";")[0]
    area.browser.http.cookie_jar.clear()
    await area.browser.submit(await open_link(area), **NEW)
    assert (await area.call("/oauth2/authorize", {"accessToken": who["accessToken"]}))[0] == 404
    assert (await area.exchange(logged_in.token))[0] == 404
    async with area.http.get(area.url + "/", headers={"Cookie": other_browser}) as answer:
        assert "Hello, Ada" not in await answer.text()


async def test_passwords_that_do_not_fit_leave_the_link_alone(area):
    """After a slip the form comes back, empty, and the link still works."""
    await area.join()
    page = await area.browser.submit(await open_link(area), new_password="battery staple", repeated_password="x")
    assert (page.status, page.alert) == (422, "The two new passwords are not alike.")
    assert "battery" not in page.text
    assert (await area.browser.submit(page, **NEW)).status == 303


@pytest.mark.parametrize("path", ["/auth/forgotten", "/auth/reset"])
async def test_forms_need_the_csrf_token(area, path):
    """Another site can neither ask for a mail nor set a password."""
    await area.join()
    form = {"csrf": "wrong", "email": "ada@example.com"} | NEW
    assert (await area.browser.post(path, form)).status == 403
    assert len(area.crm.outbox) == 0


async def test_outbox_says_what_it_is(area):
    """The page calls itself a stand-in, and shows a mail's markup as text, in the language it was asked for in."""
    await area.join(first_name="<b>Ada</b>")
    await ask(area, lang="es")
    page = await area.browser.get("/outbox")
    assert "A stand-in for e-mail" in page.text
    [mail] = page.tree.xpath("//article")
    facts = [fact.text for fact in mail.xpath(".//dd")]
    assert facts == ["ada@example.com", "Su contraseña nueva"]
    assert "Hola, <b>Ada</b>." in mail.text_content()
    assert mail.xpath(".//b") == []


async def test_link_in_the_mail_leads_to_where_the_broker_says(start_crm):
    """With a public address in the settings, whoever asks for the mail has no say in where its link leads."""
    area = await start_crm(public_url="https://crm.example.com")
    await area.join()
    await ask(area)
    assert (await area.browser.get("/outbox")).links[0].startswith("https://crm.example.com/auth/reset?link=")
