"""cTrader Web and the Copy widget inside the client area."""

from urllib.parse import parse_qs, urlsplit

import pytest

PAGES = ["/web", "/copy"]
WEB = "https://ctrader.example.com/app"


def addresses(page):
    """Return the addresses in the frame and in the link to a new tab, and what their queries say."""
    [frame], [tab] = page.tree.xpath("//iframe/@src"), page.tree.xpath("//a[@target='_blank']/@href")
    queries = [{name: values[0] for name, values in parse_qs(urlsplit(one).query).items()} for one in (frame, tab)]
    return [one.partition("?")[0] for one in (frame, tab)], queries


async def test_ctrader_web_opens_with_a_token_in_the_frame_and_another_in_the_link(start_crm):
    """Both say who and which account, each token works once, and both grant an accessToken."""
    area = await start_crm(web_url=WEB)
    _, who = await area.exchange(await area.join())
    page = await area.browser.get("/web", lang="es", theme="dark")
    opened, queries = addresses(page)
    assert opened == [f"{WEB}/info"] * 2
    tokens = [query.pop("token") for query in queries]
    assert queries == [{"source": "web", "acc": "8000004", "lang": "es", "theme": "dark"}] * 2
    answers = [await area.exchange(token) for token in tokens]
    assert [(status, answer["userId"]) for status, answer in answers] == [(200, who["userId"])] * 2
    accesses = {answer["accessToken"] for _, answer in answers}
    assert len(accesses) == 2
    assert [(await area.exchange(token))[0] for token in tokens] == [404, 404]


async def test_every_showing_makes_new_tokens(area):
    """A page that is loaded again can be used again."""
    await area.join()
    shown = [addresses(await area.browser.get("/web"))[1] for _ in range(2)]
    assert len({query["token"] for queries in shown for query in queries}) == 4


async def test_an_account_can_be_chosen(area):
    """The address names one of the user's own accounts; the page offers them all and marks the one that is shown."""
    await area.join()
    await area.browser.submit(await area.browser.get("/account/create"))
    first = await area.browser.get("/web")
    choices = first.tree.xpath("//nav/a")
    assert [choice.text for choice in choices] == ["8000004", "8000006"]
    second = await area.browser.get(choices[1].get("href"))
    assert [query["acc"] for query in addresses(second)[1]] == ["8000006"] * 2
    assert second.tree.xpath("//nav/a[@aria-current='page']/text()") == ["8000006"]


@pytest.mark.parametrize("acc", ["1", "", "x"])
async def test_nobody_elses_account_is_shown(area, acc):
    """An account that is not the user's own is refused, whoever wrote the address."""
    await area.join()
    page = await area.browser.get("/web", acc=acc)
    assert (page.status, page.alert) == (403, "This trading account is not one of yours.")


async def test_user_without_an_account_gets_to_ctrader_web(area):
    """There is no account to be named then, and none to choose from."""
    await area.sign_up()
    page = await area.browser.get("/web")
    assert ["acc" in query for query in addresses(page)[1]] == [False, False]
    assert page.tree.xpath("//nav") == []


async def test_the_page_in_the_frame_is_not_taken_from_the_request(start_crm):
    """Whatever else the address says, what is shown is cTrader Web as the settings have it."""
    area = await start_crm(web_url=WEB)
    await area.join()
    page = await area.browser.get("/web?path=//evil.example.com&web_url=https://evil.example.com")
    assert addresses(page)[0] == [f"{WEB}/info"] * 2
    assert "evil" not in page.text


async def test_copy_widget_opens_with_a_code_of_ctraders(start_crm, ctrader):
    """The code that cTrader is asked for is good for all our brokers: one for the frame, one for the link."""
    area = await start_crm(web_url=WEB, brokers=("ONE", "TWO"))
    await area.join()
    opened, queries = addresses(await area.browser.get("/copy", theme="light"))
    assert opened == [f"{WEB}/copy-widget/"] * 2
    calls = ctrader.called("onetimecode")
    assert [(call.method, call.path) for call in calls] == [("POST", "/cid/ctid/onetimecode")] * 2
    assert [call.body for call in calls] == [{"userId": 8_000_002, "brokerNames": ["ONE", "TWO"]}] * 2
    first, second = (query.pop("authCode") for query in queries)
    assert first != second
    assert queries == [{"lang": "en", "theme": "light"}] * 2


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [(400, {"error": {"errorCode": "CH_PLANT_INVALID", "description": "no"}}, 422), (200, {}, 502), (500, "", 502)],
)
async def test_copy_widget_without_a_code_is_not_shown(area, ctrader, status, body, shown):
    """A refusal, a strange answer and an outage are told; there is neither frame nor link then."""
    await area.join()
    ctrader.answer_next("onetimecode", status, body)
    page = await area.browser.get("/copy")
    assert page.status == shown
    assert page.alert
    assert page.tree.xpath("//iframe | //a[@target]") == []


@pytest.mark.parametrize("path", PAGES)
async def test_visitor_is_led_to_the_login_form(area, path):
    """These pages are for users who are logged in; an OT token in the address does not help."""
    page = await area.browser.get(path, lang="es", token="anything")
    assert (page.status, page.location) == (303, "/auth/login?lang=es")


@pytest.mark.parametrize("path", PAGES)
async def test_frames_are_allowed_from_ctrader_alone_and_on_these_pages_alone(start_crm, path):
    """The policy names the origin, without the path; nothing else of it changes, and other pages may hold no frame."""
    area = await start_crm(web_url=WEB)
    await area.join()
    strict = (await area.browser.get("/")).headers["Content-Security-Policy"]
    loose = (await area.browser.get(path)).headers["Content-Security-Policy"]
    assert "frame-src" not in strict
    assert loose == f"{strict}; frame-src https://ctrader.example.com"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "es"])
async def test_frame_has_a_name_and_the_page_a_way_back(area, path, lang):
    """Who cannot see the frame hears what it is, and every page leads back to the start."""
    await area.join()
    page = await area.browser.get(path, lang=lang)
    assert page.tree.get("lang") == lang
    assert page.tree.xpath("//iframe/@title") == page.tree.xpath("//h1/text()")
    assert page.links[-1] == f"/?lang={lang}"
    assert page.tree.xpath("//script | //@style") == []
    assert path in (await area.browser.get("/")).links
