"""The clock that a test sets."""

import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.errors import StartError

WEEK = 7 * 24 * 3600


async def put(area, body):
    async with area.http.put(area.url + "/test/clock", json=body) as answer:
        return answer.status


async def test_clock_is_the_machines_until_it_is_set(start_crm, clock):
    """Until the first time is told, tokens age as the machine's clock says."""
    area = await start_crm(test_clock=True)
    token = await area.join()
    clock.seconds += 60
    assert (await area.exchange(token))[0] == 410


async def test_time_passes_as_it_is_told(start_crm, clock):
    """A token is as old as the clock that was set makes it, and the machine's time goes on from there."""
    area = await start_crm(test_clock=True)
    start = int(clock.seconds) * 1000 + 5 * WEEK * 1000
    assert await put(area, {"now": start}) == 204
    api_token, token = await area.new_api_token(), await area.join()
    clock.seconds += 59
    assert (await area.exchange(token))[0] == 200
    assert await put(area, {"now": start + WEEK * 1000 - 1}) == 204
    assert (await area.call("/oauth2/authorize", {"accessToken": "x"}, crmApiToken=api_token))[0] == 404
    assert await put(area, {"now": start + WEEK * 1000}) == 204
    assert (await area.call("/oauth2/authorize", {"accessToken": "x"}, crmApiToken=api_token))[0] == 403


@pytest.mark.parametrize("body", [{}, {"now": "noon"}, {"now": 0}, []])
async def test_what_is_no_time_is_a_bad_request(start_crm, body):
    """Only milliseconds since 1970 set the clock."""
    assert await put(await start_crm(test_clock=True), body) == 400


async def test_without_the_setting_there_is_no_clock_to_set(area):
    """Nobody else can make old tokens young again."""
    async with area.http.put(area.url + "/test/clock", json={"now": 1}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "Not Found")


async def test_clock_is_not_set_from_other_machines():
    """The client area does not start where strangers could reach its clock."""
    with pytest.raises(StartError, match="for this machine alone") as caught:
        async with sample_crm("http://127.0.0.1:1", host="0.0.0.0", test_clock=True):
            raise AssertionError("it must not be served")
    assert caught.value.where == "0.0.0.0"


async def test_clock_is_served_on_this_machine(area):
    """On loopback the flag is all that is needed."""
    async with (
        sample_crm("http://127.0.0.1:1", test_clock=True) as url,
        area.http.put(url + "/test/clock", json={"now": 1}) as answer,
    ):
        assert answer.status == 204
