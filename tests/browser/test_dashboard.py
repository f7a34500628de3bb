"""The dashboard in a real browser: what happens on a plant arrives live."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.journal import Step
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.runtime.library import find
from mock_ctrader.wire import Provenance, Request, Response, Violation
from support import MARKUP

pytestmark = [pytest.mark.asyncio(loop_scope="session")]
BREACH = Violation("create_trader.request.groupName", "a string", "12", Provenance.DOCUMENTED, "edition 2025, 3.2")

AT_END = """() => {
  const { scrollHeight, scrollTop, clientHeight } = document.getElementById("diagram");
  return scrollHeight - scrollTop - clientHeight < 24;
}"""


def shown(page: Any) -> Any:
    return page.locator(".exchange")


def numbers_of(page: Any) -> Any:
    return page.locator(".exchange .number")


async def test_a_journey_arrives_live_and_can_be_looked_into(simulator, look):
    """Its exchanges stand under their steps as the journal has them; filters narrow them down; one opens in full."""
    page = await look(simulator.link(), permissions=["clipboard-read", "clipboard-write"])
    await expect(page.locator("#empty")).to_be_visible()
    async with sample_crm(simulator.url) as url:
        crm = msgspec.structs.replace(simulator.settings.crm, url=url)
        await simulator.play(find("deposit"), crm=crm)
    entries = simulator.world().journal.entries
    await expect(numbers_of(page)).to_have_text([f"#{entry.number}" for entry in entries])
    await expect(page.locator(".journey", has_text="deposit")).to_have_count(1)
    await expect(page.locator(".heading.step").nth(2)).to_be_visible()

    form = page.locator("#filter")
    await form.locator("[name=endpoint]").select_option("change_balance")
    wanted = [f"#{entry.number}" for entry in entries if entry.endpoint == "change_balance"]
    await expect(numbers_of(page)).to_have_text(wanted)
    await shown(page).first.click()
    details = page.locator("#details")
    await expect(details.locator("h2")).to_have_text(f"{wanted[0]} change_balance")
    for text in ("documented", "WebServices", "deposit"):
        await expect(details).to_contain_text(text)
    await expect(details.locator("pre.body").first).to_contain_text('"')
    await details.get_by_role("button", name="Copy").click()
    await expect(details.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl --globoff ")
    assert next(iter(simulator.world().plant.managers.values())).token not in await page.content()
    await details.get_by_role("button", name="Close").click()
    await expect(details).to_be_hidden()
    await form.get_by_role("button", name="Clear").click()
    await expect(shown(page)).to_have_count(len(entries))


async def test_filters_narrow_down_what_is_shown(simulator, look, say):
    """By journey, status, findings and free text; what is filtered out still counts."""
    say(step=Step("sign-up", 1, "log in", "trader"))
    say(response=Response(404), endpoint="read_trader")
    say(response=Response(503))
    say(response=None, error="refused: connection")
    say(violations=(BREACH,))
    page = await look(simulator.link())
    await expect(shown(page)).to_have_count(5)
    form = page.locator("#filter")
    cases = [
        ("journey", "sign-up", ["#1"]),
        ("endpoint", "read_trader", ["#2"]),
        ("status", "4", ["#2"]),
        ("status", "5", ["#3"]),
        ("status", "none", ["#4"]),
        ("findings", "breach", ["#5"]),
        ("findings", "note", []),
        ("findings", "any", ["#5"]),
    ]
    for name, value, numbers in cases:
        await form.locator(f"[name={name}]").select_option(value)
        await expect(numbers_of(page)).to_have_text(numbers)
        await expect(page.locator("#counts")).to_have_attribute("data-total", "5")
        await form.get_by_role("button", name="Clear").click()
    for text, numbers in (("REFUSED", ["#4"]), ("#3", ["#3"]), ("nothing of it", [])):
        await form.locator("[name=text]").fill(text)
        await expect(numbers_of(page)).to_have_text(numbers)
    say(error="refused again", response=None)
    await form.locator("[name=text]").fill("refused")
    await expect(shown(page)).to_have_count(2)


async def test_findings_are_shown_field_by_field(simulator, look, say):
    """What was expected, what was found, and who states it."""
    say(violations=(BREACH,))
    page = await look(simulator.link())
    await shown(page).click()
    finding = page.locator(".finding")
    await expect(finding.locator(".clause")).to_have_text(BREACH.clause)
    await expect(finding.locator("td")).to_have_text(["a string", "12"])
    await expect(finding).to_contain_text("documented")


async def test_the_keyboard_goes_everywhere(simulator, look, say):
    """Down, up, open, close, filter, help and theme need no mouse."""
    say(5)
    page = await look(simulator.link())
    await expect(shown(page)).to_have_count(5)
    current = page.locator(".exchange[aria-current=true] .number")
    for key, number in (("j", "#5"), ("k", "#4"), ("ArrowUp", "#3"), ("ArrowDown", "#4"), ("k", "#3")):
        await page.keyboard.press(key)
        await expect(current).to_have_text(number)
    await page.keyboard.press("Enter")
    await expect(page.locator("#details h2")).to_contain_text("#3")
    await page.keyboard.press("Escape")
    await expect(page.locator("#details")).to_be_hidden()
    await page.keyboard.press("j")
    await expect(current).to_have_text("#4")
    await page.keyboard.press("/")
    await page.keyboard.type("jkt?")
    await expect(page.locator("[name=text]")).to_have_value("jkt?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.keyboard.press("t")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.locator("#tab-exchanges").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#view-state")).to_be_visible()


async def test_a_reader_further_up_is_not_moved(simulator, look, say):
    """What comes is counted on a button, which leads to it."""
    say(60)
    page = await look(simulator.link())
    await expect(shown(page)).to_have_count(60)
    diagram = page.locator("#diagram")
    await page.wait_for_function(AT_END)
    await diagram.evaluate("d => { d.scrollTop = 0; }")
    say(3)
    newer = page.locator(".newer")
    await expect(newer).to_have_text("3 new ↓")
    await expect(page.locator("#counts")).to_have_text("60 of 63 exchanges shown")
    await expect(diagram).to_have_js_property("scrollTop", 0)
    await newer.click()
    await expect(shown(page)).to_have_count(63)
    await expect(newer).to_be_hidden()
    await expect(page.locator("#counts")).to_have_text("63 of 63 exchanges shown")
    say()
    await expect(shown(page)).to_have_count(64)
    await page.wait_for_function(AT_END)
    await page.locator("#tab-state").click()
    say()
    await page.locator("#tab-exchanges").click()
    await expect(shown(page)).to_have_count(65)
    await page.wait_for_function(AT_END)


def held_until(event: asyncio.Event) -> Callable[[Any], Awaitable[None]]:
    """Let a page ask for something no earlier than an event."""

    async def hold(route: Any) -> None:
        await event.wait()
        await route.continue_()

    return hold


async def test_a_lost_stream_is_taken_up_without_gap_or_double(simulator, look, say):
    """The server ends it again and again, while exchanges go on."""
    page = await look(simulator.link(), expected=("ERR_", "Failed to load"))
    await expect(page.locator("#connection")).to_have_text("live")
    for round_ in (1, 2):
        say(20)
        may_come_back = asyncio.Event()
        await page.route("**/events?*", held_until(may_come_back), times=1)
        for streaming in list(simulator._server._streaming):
            streaming.cancel()
        await expect(page.locator("#connection")).to_have_text("reconnecting")
        say(10)
        may_come_back.set()
        await expect(page.locator("#connection")).to_have_text("live")
        await expect(shown(page)).to_have_count(30 * round_)
    await expect(numbers_of(page)).to_have_text([f"#{number}" for number in range(1, 61)])
    await expect(page.locator("#counts")).to_have_text("60 of 60 exchanges shown")


async def test_a_reset_plant_starts_with_an_empty_page(simulator, look, say):
    """The page asks first, and follows the new journal."""
    say(3)
    page = await look(simulator.link())
    await expect(shown(page)).to_have_count(3)
    await page.locator("#tab-controls").click()
    for answer in ("Cancel", "Reset"):
        await page.locator("#reset").click()
        await page.locator("#ask").get_by_role("button", name=answer).click()
        await expect(page.locator("#ask")).to_be_hidden()
    await expect(page.locator("#plant-controls .said")).to_contain_text("first day")
    await page.locator("#tab-exchanges").click()
    await expect(page.locator("#empty")).to_be_visible()
    say()
    await expect(shown(page)).to_have_count(1)


async def test_the_state_is_searched_and_paged(simulator, look):
    """The server does both; each register has its table."""
    from mock_ctrader.plant.bulk import create_many
    from mock_ctrader.runtime.wishes import TraderTemplate

    plant = simulator.world().plant
    create_many(plant, TraderTemplate().opening(plant), 120, 0)
    page = await look(simulator.link())
    await page.locator("#tab-state").click()
    await page.get_by_role("button", name=re.compile("^accounts")).click()
    logins = page.locator("#rows td[data-name=login]")
    everyone = [str(login) for login in plant.traders]
    pages = [everyone[first : first + 50] for first in range(0, len(everyone), 50)]
    assert len(pages) == 3
    for number, there in enumerate(pages):
        await expect(logins).to_have_text(there)
        if number < 2:
            await page.locator("#next").click()
    await expect(page.locator("#next")).to_be_disabled()
    await page.locator("#previous").click()
    await expect(logins).to_have_text(pages[1])
    await page.locator("#search [name=q]").fill(everyone[-1])
    await page.get_by_role("button", name="Search").click()
    await expect(logins).to_have_text([everyone[-1]])
    for name in ("users", "links", "partners", "ribbons", "sessions", "tokens", "managers"):
        await page.get_by_role("button", name=re.compile(f"^{name}")).click()
        await expect(page.get_by_role("button", name=re.compile(f"^{name}"))).to_have_attribute("aria-pressed", "true")


async def test_markup_is_shown_as_text_everywhere(simulator, look, say):
    """In names, addresses, headers, bodies, findings, and whatever else somebody else chose."""
    plant = simulator.world().plant
    user = plant.users[10333]
    user.email = user.nickname = user.first_name = user.crm_name = MARKUP
    trader = next(iter(plant.traders.values()))
    trader.group = trader.broker = trader.name = MARKUP
    plant.ribbons[10333] = [Ribbon(MARKUP, MARKUP, True, True, url_external=MARKUP, broker=MARKUP)]
    plant.partners_of_users[10333] = MARKUP
    say(
        endpoint="create_trader",
        request=Request("POST", f"/{MARKUP}", f"q={MARKUP}", ((MARKUP, MARKUP),), MARKUP.encode(), host="a.example"),
        response=Response(200, (("X-Title", MARKUP),), json.dumps({MARKUP: MARKUP}).encode()),
        step=Step(MARKUP, 1, MARKUP, MARKUP),
        violations=(Violation(MARKUP, MARKUP, MARKUP, Provenance.DOCUMENTED, MARKUP),),
        error=MARKUP,
        facts=((MARKUP, MARKUP),),
        events=(MARKUP,),
    )
    page = await look(simulator.link())
    await expect(shown(page)).to_have_count(1)
    await expect(page.locator(".journey")).to_contain_text(MARKUP)
    await shown(page).click()
    await expect(page.locator("#details")).to_contain_text(re.compile(f"({re.escape(MARKUP)}.*){{12}}", re.DOTALL))
    await expect(page.locator("main img, main b")).to_have_count(0)
    for register in ("users", "accounts", "ribbons", "partners"):
        await page.goto(f"{simulator.url}/_mock/?#state")
        await page.get_by_role("button", name=re.compile(f"^{register}")).click()
        await expect(page.locator("#rows")).to_contain_text(MARKUP)
        await expect(page.locator("main img, main b")).to_have_count(0)


async def test_plants_come_and_go(simulator, look, say):
    """A new one can be chosen, by its address too; when it is gone, the page follows one that is there."""
    say(2)
    page = await look(simulator.link(), expected=("status of 404",))  # a page may ask for what goes just then
    await expect(shown(page)).to_have_count(2)
    simulator.plants.add("acme", simulator.world().description)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(page.locator("#plant option")).to_have_count(2)
    await page.locator("#plant").select_option("acme")
    await expect(page.locator("#empty")).to_be_visible()
    await page.goto(f"{simulator.url}/_mock/?plant=acme")
    await expect(page.locator("#plant")).to_have_value("acme")
    simulator.plants.remove("acme")
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(page.locator("#plant")).to_have_value("sandbox")
    await expect(shown(page)).to_have_count(2)


async def test_only_the_operator_comes_in(simulator, look):
    """A stranger sees the door; the token opens it, and a used link says why it does not."""
    page = await look(f"{simulator.url}/_mock/", expected=("status of 401", "status of 403"))
    await expect(page.get_by_role("heading", name="These pages are for the operator")).to_be_visible()
    await page.get_by_label("Admin token").fill("guess")
    await page.get_by_role("button", name="Open").click()
    await expect(page.get_by_role("alert")).to_contain_text("not the admin token")
    await page.get_by_label("Admin token").fill("open sesame")
    await page.get_by_role("button", name="Open").click()
    await expect(page.locator("#connection")).to_have_text("live")
    assert await page.evaluate("document.cookie") == ""
