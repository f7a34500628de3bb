"""Signing up over two pages on phones, the agreement, and what campaigns leave behind."""

import sqlite3

import pytest

from mock_ctrader.sample_crm import passwords

HASHER = passwords.HASHER  # as it ships: the tests have a quicker one
UTM = {"utm_source": "mail", "utm_campaign": "spring & summer", "utm_gclid": "g1"}


@pytest.fixture(params=["Android", "iOS"])
def source(request):
    """The platforms whose applications run on phones."""
    return request.param


async def first_page(area, **query):
    page = await area.browser.get("/auth/login", firstLogin="true", **query)
    return await area.browser.follow(page)


async def second_page(area, typed=None, **query):
    page = await area.browser.submit(await first_page(area, **query), **credentials(area, **(typed or {})))
    return await area.browser.follow(page)


def credentials(area, **typed):
    person = area.person(**typed)
    return {name: person[name] for name in ("email", "password", "keep_logged_in") if name in person}


def details(area, **typed):
    person = area.person(**typed)
    return {name: person[name] for name in ("first_name", "last_name", "phone", "country", "terms")}


def fields(page):
    return [field.name for field in page.tree.forms[0].inputs if field.get("type") != "hidden"]


async def test_phone_signs_up_over_two_pages_and_firebase_hears_of_each(area, ctrader, source):
    """Every address on the way names its event, keeps the wishes, and asks for its part."""
    wishes = f"lang=es&source={source}"
    page = await area.browser.get("/auth/login", firstLogin="true", lang="es", source=source)
    assert (page.status, page.location) == (303, f"/auth/signup?step=1&eventName=signup_step_1&{wishes}")
    page = await area.browser.follow(page)
    assert fields(page) == ["email", "password", "keep_logged_in"]
    answer = await area.browser.submit(page, **credentials(area, email=" ADA@example.com", keep_logged_in="true"))
    assert answer.location == f"/auth/signup?step=2&eventName=signup_step_2&{wishes}"
    assert ctrader.calls == []
    page = await area.browser.follow(answer)
    assert fields(page) == ["first_name", "last_name", "phone", "country", "terms"]
    answer = await area.browser.submit(page, **details(area))
    assert answer.location == f"/account/create?eventName=account_create_view&{wishes}"
    assert ctrader.called("create")[0].body["email"] == "ada@example.com"
    done = await area.browser.submit(await area.browser.follow(answer))
    assert "accessToken" in (await area.exchange(done.token))[1]
    area.browser.http.cookie_jar.clear()
    assert (await area.log_in()).location.startswith("/callback/success")


@pytest.mark.parametrize("wanted", ["Web", "Desktop", "MacOS", ""])
async def test_elsewhere_signing_up_is_one_page_without_events(area, wanted):
    """Firebase belongs to the phones: all others get the whole form at the login address."""
    page = await area.browser.get("/auth/login", firstLogin="true", source=wanted)
    assert page.status == 200
    assert {"email", "first_name"} <= set(fields(page))
    assert "eventName" not in (await area.browser.submit(page, **area.person())).location


async def test_phone_without_an_account_hears_of_the_account_page_too(area):
    """Who logs in on a phone before having an account is led on with the same event."""
    await area.sign_up()
    page = await area.browser.get("/auth/login", firstLogin="false", source="iOS")
    answer = await area.browser.submit(page, **credentials(area))
    assert answer.location == "/account/create?eventName=account_create_view&source=iOS"


async def test_password_never_comes_back_to_the_browser(area, source):
    """What was typed on the first page waits on the server: no page and no database holds the password."""
    page = await second_page(area, source=source)
    assert "correct horse" not in page.text
    assert "ada@example.com" not in page.text
    [hidden] = page.tree.xpath("//input[@type='hidden']")
    assert hidden.name == "csrf"
    kept = area.crm.sessions.credentials(await session_of(area))
    assert kept.password_hash.startswith("$argon2")


async def session_of(area):
    cookies = {cookie.key: cookie.value for cookie in area.browser.http.cookie_jar}
    return area.crm.sessions.find(cookies["crm_session"])


async def test_signed_up_leaves_nothing_waiting(area, source):
    """After the second page the visitor's session is over, and what waited there with it."""
    page = await second_page(area, source=source)
    session = await session_of(area)
    await area.browser.submit(page, **details(area))
    assert area.crm.sessions.find(session.secret) is None
    assert area.crm.sessions.credentials(session) is None


async def test_second_page_needs_the_first(area, source):
    """Who opens or sends the second page without having been on the first is led there."""
    page = await area.browser.get("/auth/signup", step="2", source=source)
    assert (page.status, page.location) == (303, f"/auth/signup?step=1&eventName=signup_step_1&source={source}")
    form = {"csrf": (await area.browser.follow(page)).value("csrf"), **details(area)}
    answer = await area.browser.post(f"/auth/signup?step=2&source={source}", form)
    assert answer.location == page.location


@pytest.mark.parametrize(
    ("typed", "problem"), [({"email": "ada"}, "valid e-mail"), ({"password": "x"}, "8 characters")]
)
async def test_first_page_says_what_is_wrong(area, ctrader, typed, problem):
    """The first page comes back with what was typed, but for the password."""
    page = await area.browser.submit(await first_page(area, source="iOS"), **credentials(area, **typed))
    assert page.status == 422
    assert problem in page.alert
    assert page.value("password") in {None, ""}
    assert ctrader.calls == []


async def test_email_that_is_taken_is_told_on_the_first_page(area):
    """Nobody fills in a second page in vain."""
    await area.join()
    page = await area.browser.submit(await first_page(area, source="iOS"), **credentials(area))
    assert (page.status, page.alert) == (422, "There is a client with this e-mail already. Please log in.")


async def test_second_page_can_be_sent_again_and_left(area, ctrader):
    """A problem on the second page keeps the first one's answers, and its link leads back to them."""
    page = await second_page(area, source="iOS", theme="dark")
    wrong = await area.browser.submit(page, **details(area, country=""))
    assert (wrong.status, wrong.alert) == (422, "Please choose your country.")
    assert wrong.value("first_name") == "Ada"
    assert wrong.links == ["/auth/signup?step=1&eventName=signup_step_1&theme=dark&source=iOS"]
    ctrader.answer_next("create", 500, "boom")
    assert (await area.browser.submit(wrong, country="ES")).status == 502
    assert (await area.browser.submit(wrong, country="ES")).status == 303


async def test_second_page_needs_its_csrf_token(area, ctrader):
    """Another site cannot finish a signup."""
    page = await second_page(area, source="iOS")
    assert (await area.browser.submit(page, **details(area), csrf="wrong")).status == 403
    assert ctrader.calls == []


@pytest.mark.parametrize("query", [{}, {"source": "iOS"}])
async def test_terms_may_stay_open(area, ctrader, query):
    """Without the tick cTrader is told nothing, and the text beside the box says who asks then."""
    if query:
        page = await second_page(area, **query)
    else:
        page = await area.browser.get("/auth/login", firstLogin="true")
    box = page.tree.forms[0].inputs["terms"]
    assert not box.get("required")
    [hint] = page.tree.xpath("//*[@id=$id]", id=box.get("aria-describedby"))
    assert "cTrader then asks you" in hint.text
    typed = details(area, terms=None) if query else area.person(terms=None)
    assert (await area.browser.submit(page, **typed)).status == 303
    assert ctrader.called("acceptAgreement") == []
    assert area.crm.store.loose_ends() == []


async def test_broker_who_leaves_the_terms_to_ctrader_shows_no_box(start_crm):
    """With the setting off nobody is asked here."""
    area = await start_crm(confirm_agreement=False)
    assert "terms" not in fields(await area.browser.get("/auth/login", firstLogin="true"))


async def test_campaign_is_carried_and_kept_with_the_user(area):
    """The utm parameters stay in every address on the way, and end in the user's row."""
    page = await second_page(area, source="Android", **UTM)
    answer = await area.browser.submit(page, **details(area))
    assert {name: answer.query[name] for name in UTM} == UTM
    [user] = [area.crm.store.user(1)]
    assert user.campaign == "utm_source=mail&utm_campaign=spring+%26+summer&utm_gclid=g1"
    assert "spring" not in (await area.browser.get("/")).text


async def test_user_without_a_campaign_has_none(area):
    """Most users come by themselves."""
    await area.join()
    assert area.crm.store.user(1).campaign == ""


async def test_older_database_gets_the_columns_that_it_lacks(start_crm, tmp_path):
    """A file from before there were campaigns goes on working, with the users in it."""
    path = str(tmp_path / "crm.sqlite")
    await (await start_crm(database=path)).join()
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE users DROP COLUMN campaign")
        db.execute("ALTER TABLE accounts DROP COLUMN adopted")
    db.close()
    area = await start_crm(database=path)
    assert (await area.log_in()).location.startswith("/callback/success")
    assert area.crm.store.user(1).campaign == ""


async def test_session_that_ends_while_the_password_is_hashed_is_told(area, monkeypatch):
    """The visitor took an hour for the first page: the form is too old, and nothing fails."""

    async def slow(_, *, quick):
        area.crm.sessions.end(area.crm.sessions.find(next(iter(area.browser.http.cookie_jar)).value))
        return "hash"

    monkeypatch.setattr("mock_ctrader.sample_crm.sign_up.hash_password", slow)
    page = await area.browser.submit(await first_page(area, source="iOS"), **credentials(area))
    assert (page.status, page.alert) == (403, "This form has expired. Please open it again.")


async def test_passwords_are_hashed_as_argon2_advises(start_crm, monkeypatch):
    """Whoever takes the store away guesses no password in it: each guess takes its time and 64 MiB."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    area = await start_crm()
    await area.join()
    stored = area.crm.store.user_by_email("ada@example.com").password_hash
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (await area.log_in()).status == 303


async def test_quick_passwords_are_passwords(start_crm, monkeypatch):
    """A test with thousands of users hashes them at next to no cost, and they log in all the same."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    area = await start_crm(quick_passwords=True)
    await area.join()
    stored = area.crm.store.user_by_email("ada@example.com").password_hash
    assert "m=1024,t=1,p=1" in stored
    assert (await area.log_in()).status == 303
