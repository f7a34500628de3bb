"""The dashboard in a real browser: every control does what it says."""

import json
import re

import msgspec
import pytest
from playwright.async_api import expect

from mock_ctrader.cli.sample import sample_crm

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


async def test_a_scenario_is_run_with_overrides(simulator, look):
    """Its result is told, and its exchanges are there; an override that is none is refused with its reason."""
    page = await look(simulator.link(), expected=("status of 400",))
    await page.locator("#tab-controls").click()
    run, ran = page.locator("#run"), page.locator("#ran")
    await run.locator("[name=scenario]").select_option("sign-up")
    await expect(page.locator("#about-scenario")).not_to_be_empty()
    await run.locator("[name=overrides]").fill("nonsense")
    await run.get_by_role("button", name="Run").click()
    await expect(ran).to_contain_text("'nonsense' is no override")
    async with sample_crm(simulator.url) as url:
        simulator.settings = msgspec.structs.replace(
            simulator.settings, crm=msgspec.structs.replace(simulator.settings.crm, url=url)
        )
        await run.locator("[name=overrides]").fill("trader.email=ann@example.com\n")
        await run.locator("[name=seed]").fill("3")
        await run.locator("[name=edition]").select_option("2025")
        await run.locator("[name=faults]").fill("late-answer:create_user for=10ms")
        await run.get_by_role("button", name="Run").click()
        await expect(ran).to_contain_text("sign-up: passed")
    assert "ann@example.com" in simulator.world().plant.users_by_email
    await expect(ran.locator("pre.timeline")).to_contain_text("late-answer")


async def test_faults_are_armed_and_a_plant_is_frozen(simulator, look):
    """The catalogue is offered; what cannot strike is refused; a frozen plant says so on every view."""
    page = await look(simulator.link(), expected=("status of 400",))
    await page.locator("#tab-controls").click()
    arm, said = page.locator("#arm"), page.locator("#arm .said")
    await arm.locator("[name=fault]").select_option("lost-answer")
    await arm.locator("[name=endpoint]").select_option("create_trader")
    await arm.locator("[name=more]").fill("@2 times=3")
    await arm.get_by_role("button", name="Arm", exact=True).click()
    await expect(said).to_contain_text("lost-answer:create_trader@2 times=3")
    assert [str(one.rule) for one in simulator.world().faults.armed] == ["lost-answer:create_trader@2 times=3"]
    await arm.locator("[name=more]").fill("often")
    await arm.get_by_role("button", name="Arm", exact=True).click()
    await expect(said.locator(".breach")).to_be_visible()
    await page.get_by_role("button", name=re.compile("Disarm lost")).click()
    await expect(page.locator("#armed")).to_contain_text("Nothing is armed")
    await page.locator("#freeze").click()
    await expect(page.locator("#frozen")).to_be_visible()
    assert [one.rule.fault.name for one in simulator.world().faults.armed] == ["unavailable"]
    await page.locator("#tab-exchanges").click()
    await page.locator("#thaw").click()
    await expect(page.locator("#frozen")).to_be_hidden()
    assert simulator.world().faults.armed == ()


async def test_the_clock_is_moved(simulator, look):
    """By a length of time and to a moment; it does not go back."""
    page = await look(simulator.link(), expected=("status of 400",))
    await page.locator("#tab-controls").click()
    before = simulator.clock.now()
    await page.locator("#advance").fill("30d")
    await page.get_by_role("button", name="Advance").click()
    await expect(page.locator("#time .said")).to_contain_text("It is ")
    assert simulator.clock.now() - before >= 30 * 86_400_000
    await page.locator("#moment").fill("2090-01-02T03:04:05")
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.locator("#time .said")).to_contain_text("2090-01-02T03:04:05")
    await page.locator("#moment").fill("2020-01-02T03:04:05")
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.locator("#time .said")).to_contain_text("does not go back")


async def test_tokens_are_revoked_and_users_logged_out(simulator, look):
    """From the controls and from the tables; whoever is not there is told so."""
    page = await look(simulator.link(), expected=("status of 404",))
    manager = next(iter(simulator.world().plant.managers.values()))
    before = manager.token
    await page.locator("#tab-controls").click()
    revoke = page.locator("#revoke")
    await revoke.locator("[name=manager]").fill(str(manager.login))
    await revoke.get_by_role("button", name="Revoke").click()
    await expect(revoke.locator(".said")).to_contain_text("opens nothing")
    assert manager.token != before
    await revoke.locator("[name=user]").fill("10333")
    await revoke.get_by_role("button", name="Log out").click()
    await expect(revoke.locator(".said")).to_contain_text("0 sessions ended")
    await revoke.locator("[name=user]").fill("1")
    await revoke.get_by_role("button", name="Log out").click()
    await expect(revoke.locator(".said")).to_contain_text("there is no user 1")
    before = manager.token
    await page.locator("#tab-state").click()
    await page.get_by_role("button", name=re.compile("^managers")).click()
    await page.get_by_role("button", name=f"Revoke token: manager {manager.login}").click()
    await expect(page.locator("#state-said")).to_contain_text(str(manager.login))
    assert manager.token != before


async def test_snapshots_and_journals_are_downloaded_and_restored(simulator, look, say, tmp_path):
    """Each form is a file; a snapshot gives the plant back what it had."""
    say()
    page = await look(simulator.link())
    await page.locator("#tab-controls").click()
    files = {}
    for name in ("Download", "Journal (JSON)", "HAR", "Report"):
        async with page.expect_download() as coming:
            await page.get_by_role("link", name=name, exact=True).click()  # it leads somewhere once the plant is known
        download = await coming.value
        files[name] = tmp_path / download.suggested_filename
        await download.save_as(files[name])
    assert json.loads(files["Journal (JSON)"].read_text())["entries"]
    assert json.loads(files["HAR"].read_text())["log"]["entries"]
    assert "create_trader" in files["Report"].read_text()
    simulator.world().plant.partners_of_users[10333] = "p1"
    await page.locator("#restore").set_input_files(files["Download"])
    await page.locator("#ask").get_by_role("button", name="Restore").click()
    await expect(page.locator("#plant-controls .said")).to_contain_text("Restored from")
    assert simulator.world().plant.partners_of_users == {}
