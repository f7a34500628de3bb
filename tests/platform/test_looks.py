"""How each application's browser shows itself."""

import pytest

from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.looks import look_of


@pytest.mark.parametrize(
    ("platform", "says"),
    [
        (Platform.WEB, "Windows NT"),
        (Platform.ANDROID, "; wv)"),
        (Platform.IOS, "iPhone"),
        (Platform.MACOS, "Macintosh"),
        (Platform.DESKTOP, "Edg/"),
    ],
)
def test_user_agent_names_the_kind_of_device(platform, says):
    """A page can tell the applications apart by what their browsers call themselves."""
    assert [other for other in Platform if says in look_of(other).user_agent][:1] == [platform]


def test_only_phones_are_touched_and_narrow():
    """Android and iOS are held upright and touched; the others are wide and have a mouse."""
    phones = {platform for platform in Platform if look_of(platform).is_mobile}
    assert phones == {Platform.ANDROID, Platform.IOS}
    assert phones == {platform for platform in Platform if look_of(platform).has_touch}
    assert phones == {platform for platform in Platform if look_of(platform).width < look_of(platform).height}
    assert phones == {platform for platform in Platform if look_of(platform).scale > 2}
