from mock_ctrader.backend.feed import Feed
from mock_ctrader.backend.sessions import Session
from mock_ctrader.plant.model import Link, Ribbon


def test_a_session_sees_the_accounts_of_its_user(backend):
    """All of them, or those of the brokers that a Copy code names."""
    plant = backend.plant
    plant.add_link(Link(50_000_001, 10333, 8673590))
    feed, user = Feed(plant), plant.users[10333]
    assert feed.accounts(Session(user)) == (8673590,)
    assert feed.accounts(Session(user, brokers=("OTHER",))) == ()


def test_ribbons_follow_account_and_broker(backend):
    """Edition 2025, 3.9: an account that is shown goes before its broker, and that before everybody."""
    plant = backend.plant
    plant.add_link(Link(50_000_001, 10333, 8673590))
    feed, session = Feed(plant), Session(plant.users[10333])
    assert feed.ribbons(session, None) == ()
    everybody, broker = (
        Ribbon(color="#ff33ee", title="Hello", enabled=True, closable=True, url_external="https://x", broker=broker)
        for broker in (None, "BESTBROKER")
    )
    plant.ribbons[10333] = [everybody, broker]
    assert feed.ribbons(session, None) == (everybody,)
    assert feed.ribbons(session, 8673590) == (broker,)


def test_the_partner_identifier_of_the_account_goes_before_that_of_the_user(backend):
    """Edition 2025, 5.8: at account level or at user level, as the broker chose."""
    plant = backend.plant
    plant.add_link(Link(50_000_001, 10333, 8673590))
    feed, session = Feed(plant), Session(plant.users[10333])
    assert feed.partner_id(session, 8673590) is None
    plant.partners_of_users[10333] = "P1"
    assert feed.partner_id(session, 9017800) == "P1"
    plant.partners_of_accounts[50_000_001] = "P2"
    assert (feed.partner_id(session, 8673590), feed.partner_id(session, None)) == ("P2", "P1")
