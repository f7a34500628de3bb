"""What all pages have in common, and the pages around the edges."""

import pytest
from aiohttp import web

from mock_ctrader.errors import StartError
from mock_ctrader.sample_crm import CrmConfig, create_app
from mock_ctrader.sample_crm.texts import TEXTS

PAGES = [
    "/",
    "/auth/login",
    "/auth/login?firstLogin=true",
    "/callback/success",
    "/nothing",
    "/auth/forgotten",
    "/outbox",
]


def page_language(page):
    return page.tree.get("lang")


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_protected(area, path):
    """No scripts, no inline styles, no referrer, no caching; framing is left open for cTrader Web."""
    headers = (await area.browser.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors" not in policy
    assert "X-Frame-Options" not in headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
async def test_pages_need_no_scripts_and_nothing_from_elsewhere(area, path):
    """Pages are whole by themselves: the only file they load is our style sheet."""
    page = await area.browser.get(path)
    assert page.tree.xpath("//script | //@style | //@onclick | //style") == []
    assert page.tree.xpath("//link/@href | //img/@src") == ["data:,", "/static/style.css"]
    assert page.tree.xpath("//meta[@name='viewport']")


async def test_style_sheet_is_served(area):
    """The style sheet comes with its type, may be kept, and knows both themes and narrow screens."""
    page = await area.browser.get("/static/style.css")
    assert page.headers["Content-Type"] == "text/css; charset=utf-8"
    assert page.headers["Cache-Control"] == "max-age=3600"
    assert "prefers-color-scheme: dark" in page.text
    assert "max-width" in page.text


async def test_session_cookie_is_out_of_reach_of_scripts(area):
    """The cookie is HttpOnly and SameSite=Lax."""
    cookie = (await area.browser.get("/auth/login")).set_cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("wanted", "language"), [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("en", "en"), ("fr", "en"), ("", "en")]
)
async def test_language_follows_the_address(area, wanted, language):
    """The page speaks the language of the address if it can, else the broker's own, and keeps the wish."""
    page = await area.browser.get("/auth/login", lang=wanted)
    assert page_language(page) == language
    assert page.links[0].endswith(f"lang={wanted}")


async def test_default_language_is_a_setting(start_crm):
    """A broker chooses what to speak to people whose language it does not have."""
    area = await start_crm(default_language="es")
    assert page_language(await area.browser.get("/auth/login", lang="fr")) == "es"
    assert page_language(await area.browser.get("/auth/login")) == "es"


def test_languages_say_the_same_things():
    """Every text exists in every language, with the same gaps to fill."""
    english = TEXTS["en"]
    for texts in TEXTS.values():
        assert texts.keys() == english.keys()
        for key, text in texts.items():
            assert text.count("{") == english[key].count("{"), key


@pytest.mark.parametrize(("wanted", "theme"), [("light", "light"), ("dark", "dark"), ("pink", None), ("", None)])
async def test_theme_follows_the_address(area, wanted, theme):
    """A theme that we have is used; anything else leaves the choice to the device."""
    page = await area.browser.get("/auth/login", theme=wanted)
    assert page.tree.get("data-theme") == theme


async def test_success_page_never_repeats_the_token(area):
    """What stands in the address does not come back on the page."""
    page = await area.browser.get("/callback/success", token="secret-token", lang="es")
    assert page.status == 200
    assert "Puede cerrar esta ventana" in page.text
    assert "secret-token" not in page.text


async def test_success_path_is_a_setting(start_crm):
    """A broker's success page is where Spotware was told it is."""
    area = await start_crm(success_path="/done")
    token = await area.join()
    assert (await area.browser.get("/done", token=token)).status == 200
    assert (await area.browser.get("/callback/success")).status == 404


async def test_nobody_is_led_to_an_address_from_the_query(area):
    """No parameter decides where a visitor is sent."""
    elsewhere = "https://evil.example.com/"
    query = dict.fromkeys(("next", "redirect", "returnUrl", "success", "source", "lang", "theme"), elsewhere)
    page = await area.browser.get("/account/create", **query)
    assert page.location.startswith("/auth/login?")
    await area.join()
    page = await area.browser.get("/auth/login", **query)
    answer = await area.browser.submit(page, email="ada@example.com", password="correct horse")
    assert answer.location.startswith("/callback/success?token=")


async def test_home_explains_itself(area):
    """A visitor reads what this is and finds the ways to sign up and log in."""
    page = await area.browser.get("/")
    assert "BESTBROKER is a made-up broker" in page.text
    assert page.links == ["/auth/login?firstLogin=true", "/auth/login?firstLogin=false", "/partner/apply"]


async def test_home_of_a_visitor_who_only_looked_at_a_form(area):
    """A session that nobody signed in to shows no more than no session."""
    await area.browser.get("/auth/login")
    assert (await area.browser.get("/")).links[0] == "/auth/login?firstLogin=true"


async def test_home_shows_the_accounts_and_logs_out(area):
    """A user sees the own accounts, and after logging out sees them no more."""
    await area.join()
    page = await area.browser.get("/", theme="dark")
    assert page.tree.xpath("//li/strong")[0].text == "8000004"
    out = await area.browser.submit(page)
    assert (out.status, out.location) == (303, "/?theme=dark")
    assert "8000004" not in (await area.browser.get("/")).text


async def test_stolen_cookie_is_worth_nothing_after_logging_out(area):
    """Logging out ends the session itself, not only the browser's memory of it."""
    await area.join()
    page = await area.browser.get("/")
    stolen = page.set_cookie.split(";")[0]
    await area.browser.submit(page)
    async with area.http.get(area.url + "/", headers={"Cookie": stolen}) as answer:
        assert "8000004" not in await answer.text()


async def test_logging_out_needs_the_csrf_token(area):
    """Another site cannot log the user out."""
    await area.join()
    assert (await area.browser.post("/logout", {"csrf": "wrong"})).status == 403
    assert "8000004" in (await area.browser.get("/")).text


async def test_unknown_page_is_readable(area):
    """An address that leads nowhere gets a page, in the visitor's language."""
    page = await area.browser.get("/nothing", lang="es")
    assert (page.status, page.alert) == (404, "Esta página no existe.")


async def test_wrong_method_is_readable(area):
    """A page that cannot be posted to says so."""
    page = await area.browser.post("/", {})
    assert (page.status, page.alert) == (405, "The request could not be understood.")


async def test_our_own_mistake_shows_no_traceback(area, monkeypatch, caplog):
    """If something breaks, the visitor reads a sentence, and the log has the rest without the address's secrets."""
    monkeypatch.setattr(type(area.crm.tokens), "redeem_one_time", lambda *_: 1 / 0)
    page = await area.browser.get("/account/create", token="secret-token")
    assert (page.status, page.alert) == (500, "Something went wrong on our side. Please try again.")
    assert "ZeroDivisionError" not in page.text
    status, body = await area.exchange("secret-token")
    assert (status, body["error"]) == (500, "Internal Server Error")
    ours = [record for record in caplog.records if record.name == "mock_ctrader.sample_crm.app"]
    assert len(ours) == 2
    assert all("secret-token" not in record.getMessage() for record in ours)


async def test_database_outlives_the_program(start_crm, tmp_path):
    """With a database file users and tokens are there after a restart, and no token can be read in the file."""
    path = tmp_path / "crm.sqlite"
    first = await start_crm(database=str(path))
    token = await first.join()
    second = await start_crm(database=str(path))
    assert (await second.log_in()).status == 303
    assert token.encode() not in path.read_bytes()
    assert b"correct horse" not in path.read_bytes()
    assert (await second.exchange(token))[0] == 200


@pytest.mark.parametrize("make", ["directory", "rubbish"])
async def test_unusable_database_is_explained(tmp_path, make):
    """A database that cannot be opened is the user's to mend, and the error says where."""
    path = tmp_path
    if make == "rubbish":
        path = tmp_path / "rubbish"
        path.write_bytes(b"not a database" * 100)
    runner = web.AppRunner(create_app(CrmConfig(database=str(path))))
    with pytest.raises(StartError, match="cannot open its database") as caught:
        await runner.setup()
    assert caught.value.where == str(path)
