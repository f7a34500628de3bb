"""The way into the back office."""

import pytest

from mock_ctrader.sample_crm.staff import PAGES

OFFICE = ["/staff", *(f"/staff/{page}" for page in PAGES)]


@pytest.mark.parametrize("path", [*OFFICE, "/staff/login"])
async def test_there_is_no_back_office_without_a_password(area, path):
    """Where the settings have none, the pages are not there, whatever cookie or password is sent."""
    assert (await area.browser.get(path)).status == 404
    area.browser.http.cookie_jar.update_cookies({"crm_staff": ""})
    assert (await area.browser.get(path)).status == 404
    assert (await area.browser.post(path, {"password": ""})).status in {404, 405}


@pytest.mark.parametrize("path", OFFICE)
@pytest.mark.parametrize("spelling", ["{}", "/%73taff{}"])
async def test_pages_lead_whoever_is_unknown_to_the_login_form(start_crm, path, spelling):
    """However the address is spelled, nothing is shown or done before the password; wishes are kept."""
    area = await start_crm(staff_password="back-office")
    address = path if spelling == "{}" else spelling.format(path.removeprefix("/staff"))
    page = await area.browser.get(address, lang="es")
    assert page.status == 303
    assert page.location.startswith("/staff/login?page=")
    assert page.query["lang"] == "es"
    assert (await area.browser.post(path, {"email": "ada@example.com"})).status in {303, 405}


@pytest.mark.parametrize("path", OFFICE)
async def test_password_opens_the_page_that_was_wanted(start_crm, ctrader, path):
    """After the login form the visitor is where the visitor wanted to be, and stays known."""
    ctrader.answer_next("invitedUsers", 200, {"invitedUsers": []})
    ctrader.answer_next("users", 200, {"users": []})
    area = await start_crm(staff_password="back-office")
    form = await area.browser.follow(await area.browser.get(path))
    answer = await area.browser.submit(form, password="back-office")
    assert "httponly" in answer.set_cookie.lower()
    assert "SameSite=Strict" in answer.set_cookie
    page = await area.browser.follow(answer)
    assert (page.status, page.url) == (200, area.url + path)


@pytest.mark.parametrize("wanted", ["//evil.example.com", "../login", "https://evil.example.com", "nothing"])
async def test_login_leads_to_pages_of_the_office_only(start_crm, wanted):
    """The address of the form cannot lead anywhere else."""
    area = await start_crm(staff_password="back-office")
    form = await area.browser.get("/staff/login", page=wanted)
    assert (await area.browser.submit(form, password="back-office")).location == "/staff"


@pytest.mark.parametrize("password", ["", "wrong", "back-office "])
async def test_wrong_password_opens_nothing(start_crm, password):
    """The form says so, and the pages stay closed."""
    area = await start_crm(staff_password="back-office")
    page = await area.browser.submit(await area.browser.get("/staff/login"), password=password)
    assert (page.status, page.alert) == (422, "The password is wrong.")
    assert (await area.browser.get("/staff")).status == 303


async def test_form_from_elsewhere_opens_nothing(start_crm):
    """The login form, too, is taken from our own page only."""
    area = await start_crm(staff_password="back-office")
    await area.browser.get("/staff/login")
    assert (await area.browser.post("/staff/login", {"password": "back-office"})).status == 403


async def test_client_who_is_logged_in_is_no_staff(start_crm):
    """A client's session opens nothing here, not even when its secret is sent as that of staff."""
    area = await start_crm(staff_password="back-office")
    await area.join()
    [cookie] = [cookie for cookie in area.browser.http.cookie_jar if cookie.key == "crm_session"]
    area.browser.http.cookie_jar.update_cookies({"crm_staff": cookie.value})
    assert (await area.browser.get("/staff")).status == 303


async def test_office_closes_after_an_hour(office, clock):
    """Then the password is asked for again; forgotten sessions do not pile up."""
    assert (await office.browser.get("/staff")).status == 200
    clock.seconds += 3600
    assert (await office.browser.get("/staff")).status == 303
    form = await office.browser.get("/staff/login")
    await office.browser.submit(form, password="back-office")
    assert (await office.browser.get("/staff")).status == 200


async def test_first_page_links_to_all_others(office):
    """Whoever comes in sees what there is."""
    assert (await office.browser.get("/staff")).links == [*OFFICE[1:], "/"]


@pytest.mark.parametrize("path", ["/staff/login", "/staff/ribbons", "/staff/white-label"])
@pytest.mark.parametrize("lang", ["en", "es"])
async def test_forms_label_every_field_in_every_language(office, path, lang):
    """Every field has a label, every button a name, and there is neither script nor style in the page."""
    page = await office.browser.get(path, lang=lang, theme="dark")
    assert (page.tree.get("lang"), page.tree.get("data-theme")) == (lang, "dark")
    form = page.tree.forms[0]
    fields = {field.name for field in form.inputs if field.get("type") not in {"hidden", "submit"}}
    assert set(page.tree.xpath("//label/@for")) == fields
    assert all(form.xpath(".//button/@name"))
    assert page.tree.xpath("//script | //@style") == []
    assert form.action.endswith(f"lang={lang}&theme=dark")
