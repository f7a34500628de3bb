"""How a real browser shows itself on each device, what it leaves behind, and what is said where there is none."""

import struct

import pytest

from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.looks import look_of
from mock_ctrader.screens.real_browser import EXECUTABLE, RealBrowsers

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
MIRROR = """<meta name=viewport content="width=device-width"><title>Mirror</title><p id=out></p><script>
out.textContent = [innerWidth, innerHeight, devicePixelRatio, navigator.maxTouchPoints > 0,
  matchMedia("(prefers-color-scheme: dark)").matches, navigator.language].join(" ");
</script>"""


@pytest.mark.parametrize("platform", list(Platform))
async def test_page_sees_the_device(crm, browsers, make_window, picture_of, platform):
    """Size, touch, theme, language and user agent are as the look says, and the picture is as large as the screen."""
    crm.page("/", MIRROR)
    look = look_of(platform)
    person = browsers.person(look, language="el", theme="dark")
    window = make_window(person, name="login")
    landing = await window.open("/")
    touch = "true" if look.has_touch else "false"
    assert landing.text == f"{look.width} {look.height} {look.scale:g} {touch} true el"
    headers = crm.requests[-1].headers
    assert headers["User-Agent"] == look.user_agent
    assert headers["Accept-Language"].startswith("el")
    assert window.visits[0].screenshot.endswith("-login.png")
    width = struct.unpack(">I", picture_of(window.visits[0])[16:20])[0]
    assert width == pytest.approx(look.width * look.scale, abs=1)
    await person.close()


async def test_pictures_are_numbered_in_order(crm, window):
    """The names of pictures sort as the pages came."""
    crm.page("/", "<title>One</title>")
    await window.open("/")
    await window.open("/")
    paths = [visit.screenshot for visit in window.visits]
    assert paths == sorted(paths)
    assert len({*paths}) == 2


async def test_no_picture_is_taken_without_a_folder(crm, browsers, make_window):
    """Pictures are taken for those who ask for them, and a browser ends with the programme that started it."""
    crm.page("/", "<title>One</title>")
    async with RealBrowsers(EXECUTABLE) as others:
        window = make_window(others.person(look_of(Platform.WEB)))
        await window.open("/")
        running = others._browser
    assert window.visits[0].screenshot == ""
    assert not running.is_connected()
