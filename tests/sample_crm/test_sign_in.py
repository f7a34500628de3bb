"""Signing up and logging in."""

import pytest


async def test_first_login_shows_the_signup_form(area):
    """The signup form asks for all that is needed, in fields that browsers and password managers know."""
    page = await area.browser.get("/auth/login", firstLogin="true")
    assert page.status == 200
    assert page.title == "Open your account - BESTBROKER"
    fields = {field.name: field for field in page.tree.forms[0].inputs if field.get("type") != "hidden"}
    names = ["first_name", "last_name", "phone", "country", "email", "password", "keep_logged_in", "terms"]
    assert list(fields) == names
    labelled = set(page.tree.xpath("//label/@for"))
    assert labelled == set(fields)
    assert fields["password"].get("autocomplete") == "new-password"
    assert fields["email"].get("type") == "email"


@pytest.mark.parametrize("query", [{}, {"firstLogin": "false"}, {"firstLogin": "1"}])
async def test_anything_else_shows_the_login_form(area, query):
    """Without firstLogin=true the page is for people who have signed up."""
    page = await area.browser.get("/auth/login", **query)
    assert page.title == "Log in - BESTBROKER"
    assert page.tree.forms[0].inputs["password"].get("autocomplete") == "current-password"


async def test_signup_and_login_link_to_each_other_and_keep_the_wishes(area):
    """Each form has a link to the other one, which keeps language, theme, source and partner."""
    wishes = {"lang": "es", "theme": "dark", "source": "Web", "partnerId": "p&1"}
    signup = await area.browser.get("/auth/login", firstLogin="true", **wishes)
    login = await area.browser.get(signup.links[0])
    assert "firstLogin=false&lang=es&theme=dark&source=Web&partnerId=p%261" in login.url
    assert login.title.startswith("Iniciar")
    again = await area.browser.get(login.links[0])
    assert again.title == signup.title
    assert again.tree.forms[0].action.endswith("lang=es&theme=dark&source=Web&partnerId=p%261")


async def test_signing_up_creates_the_user_at_ctrader(area, ctrader):
    """Signing up tells cTrader e-mail, first name and language, by a call with a manager token."""
    page = await area.browser.get("/auth/login", firstLogin="true", lang="es-MX")
    answer = await area.browser.submit(page, **area.person(email=" Ada@Example.com "))
    assert (answer.status, answer.location) == (303, "/account/create?lang=es-MX")
    token, create, _ = ctrader.calls
    assert (token.method, token.path, token.token) == ("POST", "/v2/webserv/managers/token", None)
    assert token.body == {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
    assert (create.method, create.path, create.token) == ("POST", "/cid/oauth2/ctid/create", "manager-8000001")
    assert create.headers["Accept"] == create.headers["Content-Type"] == "application/json"
    assert create.body == {
        "brokerCrmName": "BESTBROKERCRM",
        "email": "ada@example.com",
        "firstName": "Ada",
        "preferredLanguage": "es",
    }


async def test_accepted_terms_are_told_to_ctrader(area, ctrader):
    """After the user was created cTrader learns that this user has accepted the terms."""
    await area.sign_up()
    assert ctrader.calls[-1] == ctrader.called("acceptAgreement")[0]
    call = ctrader.calls[-1]
    assert (call.method, call.path, call.text) == ("PUT", "/cid/oauth2/ctid/acceptAgreement", "")
    assert call.query == {"token": "manager-8000001", "brokerCrmName": "BESTBROKERCRM", "userId": "8000002"}
    assert area.crm.store.loose_ends() == []


@pytest.mark.parametrize(("status", "state"), [(400, "HTTP 400"), (500, "HTTP 500")])
async def test_terms_that_ctrader_does_not_take_undo_no_signup(area, ctrader, status, state):
    """The visitor notices nothing when cTrader does not take the agreement; support finds it on its list."""
    ctrader.answer_next("acceptAgreement", status, {"error": {"errorCode": "ODD", "description": "x"}})
    page = await area.sign_up()
    assert (page.status, page.location) == (303, "/account/create")
    [(user_id, matter, detail)] = area.crm.store.loose_ends()
    assert (user_id, matter) == (1, "agreement")
    assert state in detail


async def test_telling_of_the_terms_is_a_setting(start_crm, ctrader):
    """A broker whose users accept the terms elsewhere does not tell cTrader."""
    area = await start_crm(confirm_agreement=False)
    await area.join()
    assert ctrader.called("acceptAgreement") == []


async def test_signing_up_leads_to_success(area):
    """From the form by way of the first account to the success page, with an OT token that is the user's."""
    page = await area.browser.follow(await area.sign_up())
    assert page.title == "New trading account - BESTBROKER"
    done = await area.browser.submit(page)
    assert (done.status, done.location) == (303, f"/callback/success?token={done.token}")
    success = await area.browser.follow(done)
    assert success.status == 200
    assert "You may close this window" in success.text
    assert done.token not in success.text
    assert (await area.exchange(done.token))[1]["userId"] == 8_000_002


async def test_partner_who_brought_the_user_is_told_to_ctrader(area, ctrader):
    """The partnerId of the signup address becomes the first-level partner of the user's accounts."""
    page = await area.browser.get("/auth/login", firstLogin="true", partnerId="cool")
    account = await area.browser.follow(await area.browser.submit(page, **area.person()))
    await area.browser.submit(account)
    assert ctrader.called("traders")[0].body["contactDetails"]["introducingBroker1"] == "cool"


async def test_email_that_is_taken_here_is_refused(area, ctrader):
    """A second signup with the same e-mail gets the form back, filled in but for the password."""
    await area.join()
    before = len(ctrader.calls)
    page = await area.sign_up(email="ADA@example.com", first_name="Other", keep_logged_in="true")
    assert page.status == 422
    assert page.alert == "There is a client with this e-mail already. Please log in."
    assert page.value("first_name") == "Other"
    assert page.value("country") == "ES"
    assert page.value("keep_logged_in") == page.value("terms") == "true"
    assert "correct horse" not in page.text
    assert len(ctrader.calls) == before


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"first_name": " "}, "first name"),
        ({"last_name": "x" * 201}, "last name"),
        ({"email": "ada"}, "valid e-mail"),
        ({"phone": ""}, "phone"),
        ({"country": "XX"}, "country"),
        ({"password": "short"}, "8 characters"),
    ],
)
async def test_incomplete_signup_is_refused(area, ctrader, typed, problem):
    """What is missing is said in an alert, and cTrader is not asked."""
    page = await area.sign_up(**typed)
    assert page.status == 422
    assert problem in page.alert
    assert ctrader.calls == []


async def test_everything_that_is_wrong_is_said_at_once(area):
    """A signup with two mistakes shows both."""
    page = await area.sign_up(country="", email="ada")
    assert page.alert == "Please choose your country. Please enter a valid e-mail."


async def test_signup_that_ctrader_refuses_can_be_repeated(area, ctrader):
    """After a refusal nothing is left over: the same e-mail can sign up again."""
    error = {"error": {"errorCode": "INVALID_REQUEST", "description": "email <b>is</b> odd"}}
    ctrader.answer_next("create", 400, error)
    page = await area.sign_up()
    assert page.status == 422
    assert page.alert == "cTrader has refused this: email <b>is</b> odd (INVALID_REQUEST)"
    assert (await area.sign_up()).status == 303


async def test_email_that_only_ctrader_knows_is_explained(area, ctrader):
    """When an earlier answer was lost, the visitor reads what to do, and still has no account to log in to."""
    ctrader.answer_next("create", 500, "boom")
    assert (await area.sign_up()).status == 502
    ctrader.answer_next("create", 400, {"error": {"errorCode": "CH_EMAIL_ALREADY_EXISTS", "description": "x"}})
    page = await area.sign_up()
    assert page.status == 422
    assert "cTrader knows this e-mail already" in page.alert
    assert (await area.log_in()).status == 422


async def test_signup_without_ctrader_says_so(start_crm, free_port):
    """When cTrader cannot be reached the form comes back with 502 and a sentence for people."""
    area = await start_crm(ctrader_url=f"http://127.0.0.1:{free_port}")
    page = await area.sign_up()
    assert page.status == 502
    assert page.alert == "cTrader cannot be reached at the moment. Please try again in a few minutes."
    assert page.value("email") == "ada@example.com"


async def test_user_id_of_another_client_is_not_accepted(area, ctrader):
    """If cTrader answers a userId that belongs to somebody else, the visitor is not let in as that person."""
    await area.join()
    ctrader.answer_next("create", 201, {"userId": 8_000_002})
    page = await area.sign_up(email="bo@example.com")
    assert page.status == 502
    assert "does not fit our records" in page.alert


async def test_logging_in_leads_to_success(area):
    """A known user gets an OT token at once; blanks and capitals in the e-mail do not matter."""
    await area.join()
    page = await area.log_in(email=" ADA@example.com ")
    assert page.location == f"/callback/success?token={page.token}"
    assert (await area.exchange(page.token))[0] == 200


async def test_user_without_an_account_opens_one_first(area, ctrader):
    """Who logs in before having an account is led to the form, and "Keep me logged in" is not forgotten."""
    ctrader.answer_next("traders", 400, "INVALID_REQUEST: no")
    page = await area.browser.follow(await area.sign_up())
    assert (await area.browser.submit(page)).status == 422
    page = await area.log_in(keep_logged_in="true")
    assert page.location == "/account/create"
    done = await area.browser.submit(await area.browser.follow(page))
    assert "accessToken" in (await area.exchange(done.token))[1]


async def test_wrong_password_and_unknown_email_look_alike(area):
    """A stranger cannot learn from the login form whose e-mails we know."""
    await area.join()
    wrong = await area.log_in(password="wrong")
    unknown = await area.log_in(email="nobody@example.com", password="nobody")
    assert wrong.status == unknown.status == 422
    assert wrong.alert == unknown.alert == "The e-mail or the password is wrong."
    assert wrong.value("email") == "ada@example.com"


async def test_signing_in_starts_a_new_session(area):
    """The session secret from before signing in is not good afterwards, so nobody can plant one."""
    before = (await area.browser.get("/auth/login")).set_cookie
    await area.join()
    after = (await area.log_in()).set_cookie
    assert before.split(";")[0] != after.split(";")[0]


async def test_form_without_its_csrf_token_is_turned_away(area, ctrader):
    """A form that another site sends in the visitor's name does nothing."""
    page = await area.browser.get("/auth/login", firstLogin="true")
    for csrf in (None, "", "wrong", "\N{SNOWMAN}"):
        answer = await area.browser.submit(page, **area.person(csrf=csrf))
        assert answer.status == 403
        assert answer.alert == "This form has expired. Please open it again."
    assert ctrader.calls == []


async def test_form_without_a_session_is_turned_away(area):
    """Without the cookie the CSRF token is worth nothing."""
    page = await area.browser.get("/auth/login", firstLogin="true")
    area.browser.http.cookie_jar.clear()
    assert (await area.browser.submit(page, **area.person())).status == 403


async def test_session_ends_after_an_hour(area, clock):
    """A form that lay about for too long has to be opened again."""
    page = await area.browser.get("/auth/login", firstLogin="true")
    clock.seconds += 3600
    assert (await area.browser.submit(page, **area.person())).status == 403
    assert (await area.sign_up()).status == 303


async def test_form_that_cannot_be_read_is_a_bad_request(area):
    """Bytes that are no form get a page that says so."""
    kind = "application/x-www-form-urlencoded; charset=klingon"
    page = await area.browser.post("/auth/login", b"email=a", **{"Content-Type": kind})
    assert (page.status, page.alert) == (400, "The request could not be understood.")


async def test_markup_in_a_name_stays_text(area):
    """What somebody types is never markup on our pages, neither when it comes back nor later."""
    name = "<script>alert(1)</script>\"'>"
    page = await area.sign_up(first_name=name, country="")
    assert page.value("first_name") == name
    assert "<script" not in page.text
    await area.join(first_name=name)
    home = await area.browser.get("/")
    assert home.tree.findtext(".//h1") == f"Hello, {name}"
    assert "<script" not in home.text
