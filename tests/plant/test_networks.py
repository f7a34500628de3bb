import pytest

from mock_ctrader.plant import networks


@pytest.mark.parametrize(
    ("ip_list", "client", "is_taken"),
    [
        ((), "192.0.2.7", True),
        ((), "", True),
        (("192.0.2.7",), "192.0.2.7", True),
        (("192.0.2.7",), "192.0.2.8", False),
        (("192.0.2.7",), "::ffff:192.0.2.7", True),
        (("192.0.2.0/24",), "192.0.2.255", True),
        (("192.0.2.9/24",), "192.0.2.255", True),
        (("192.0.2.0/24",), "192.0.3.0", False),
        (("198.51.100.1", " 2001:db8::/32 "), "2001:db8::1", True),
        (("2001:db8::/32",), "192.0.2.7", False),
        (("0.0.0.0/0",), "2001:db8::1", False),
        (("0.0.0.0/0",), "", False),
        (("0.0.0.0/0",), "crm.example.com", False),
    ],
)
def test_an_address_is_taken_if_a_list_has_it(ip_list, client, is_taken):
    """A list without entries takes everybody; who has no address is on no list."""
    assert networks.takes(ip_list, client) is is_taken


@pytest.mark.parametrize("written", ["", "crm.example.com", "192.0.2.0/33", "192.0.2"])
def test_what_is_no_network_is_refused_at_once(make_plant, written):
    """A list with a slip of the pen would shut everybody out."""
    with pytest.raises(ValueError, match="does not appear to be"):
        make_plant(1).add_manager(3, "hash", ip_list=("192.0.2.7", written))
