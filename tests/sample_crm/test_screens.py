"""What all screens have in common that an application opens with an OT token."""

import pytest

SCREENS = ["/inapp/kyc", "/inapp/action", "/inapp/chat"]
ALSO_IN_THE_CLIENT_AREA = ["/inapp/change-password", "/inapp/change-email", "/partner"]


@pytest.mark.parametrize("path", SCREENS + ALSO_IN_THE_CLIENT_AREA)
@pytest.mark.parametrize("lang", ["en", "es"])
async def test_screen_has_a_way_back_in_every_language(open_screen, path, lang):
    """Each screen can be left by a Back link, keeps the wishes and labels every field."""
    page = await open_screen(path, lang=lang, theme="dark")
    assert page.status == 200
    assert page.tree.get("lang") == lang
    assert page.tree.get("data-theme") == "dark"
    [back] = page.tree.xpath("//p[@class='other']/a")
    assert (back.text, back.get("href")) == ({"en": "Back", "es": "Volver"}[lang], f"/?lang={lang}&theme=dark")
    assert page.tree.forms[0].action.endswith(f"?lang={lang}&theme=dark")
    fields = {field.name for field in page.tree.forms[0].inputs if field.get("type") != "hidden"}
    assert set(page.tree.xpath("//label/@for")) == fields


@pytest.mark.parametrize("path", SCREENS)
async def test_screen_needs_a_token_that_works_once(area, open_screen, path):
    """Without a token, or with a used one, nothing opens; asking for headers alone uses up nothing."""
    page = await area.browser.get(path)
    assert (page.status, page.alert) == (400, "This link is not complete. Please open the page from cTrader.")
    token = (await area.log_in()).token
    area.browser.http.cookie_jar.clear()
    async with area.http.head(area.url + path, params={"token": token}) as answer:
        assert answer.status == 405
    assert [(await area.browser.get(path, token=token)).status for _ in range(2)] == [200, 404]


@pytest.mark.parametrize("path", ALSO_IN_THE_CLIENT_AREA)
async def test_screen_opens_for_whoever_is_logged_in(area, path):
    """These screens open without a token for a user who is logged in; anybody else is led to the login form."""
    page = await area.browser.get(path, lang="es")
    assert (page.status, page.location) == (303, "/auth/login?lang=es")
    await area.join()
    assert (await area.browser.get(path)).status == 200
    assert path in (await area.browser.get("/")).links


@pytest.mark.parametrize("path", SCREENS + ALSO_IN_THE_CLIENT_AREA)
async def test_screen_takes_forms_of_its_user_only(area, open_screen, ctrader, path):
    """A form without the CSRF token, or of a visitor who came without an OT token, does nothing."""
    page = await open_screen(path)
    before = len(ctrader.calls)
    assert (await area.browser.submit(page, csrf="wrong")).status == 403
    area.browser.http.cookie_jar.clear()
    login = await area.browser.get("/auth/login")
    assert (await area.browser.post(path, {"csrf": login.value("csrf")})).status == 403
    assert len(ctrader.calls) == before
    assert area.crm.store.messages() == []
