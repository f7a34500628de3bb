from copy import copy
from dataclasses import replace

from mock_ctrader.plant.model import Link, User


def test_a_plant_knows_its_brokers_and_their_crms(plant):
    """The first broker is the one meant where none is named, and several may share a CRM."""
    assert plant.default_broker.name == "BESTBROKER"
    assert plant.crm_names() == {"BESTBROKERCRM", "RIVALCRM"}
    assert [broker.name for broker in plant.brokers_of("BESTBROKERCRM")] == ["BESTBROKER", "WHITELABEL"]
    assert plant.brokers_of("NOBODYSCRM") == ()


def test_a_link_is_known_on_both_sides(plant, open_trader):
    """The user knows the account, the account knows the user, and the plant knows the link."""
    user = User(10333, "president@example.com", "President", "BESTBROKERCRM", 0)
    plant.add_user(user)
    trader = open_trader(plant)
    link = Link(50_000_001, 10333, trader.login)
    plant.add_link(link)
    assert (user.links, trader.link, plant.links) == ([link], link, {link.link_id: link})
    assert (plant.users[10333], plant.users_by_email["president@example.com"]) == (user, user)
    assert plant.nicknames == {"president"}


def test_accounts_are_kept_in_the_order_of_their_registration(plant, open_trader):
    """One that is entered late stands where its moment belongs, each in its environment."""
    first, second = open_trader(plant), open_trader(plant)
    live = open_trader(plant, environment="live")
    early = replace(second, login=second.login + 9, registered=first.registered - 1)
    plant.add_trader(early)
    assert plant.registrations == {"demo": [early, first, second], "live": [live]}
    plant.remove_trader(first)
    assert plant.registrations == {"demo": [early, second], "live": [live]}


def test_what_follows_from_the_registers_can_be_found_again(plant, open_trader):
    """A plant that is filled from elsewhere knows everything that it knew before."""
    plant.add_user(User(10333, "president@example.com", "President", "BESTBROKERCRM", 0))
    for environment in ("live", "demo", "live"):
        open_trader(plant, environment=environment)
    names = ("managers_by_token", "users_by_email", "nicknames", "registrations")
    before = {name: copy(getattr(plant, name)) for name in names}
    for name in names:
        setattr(plant, name, type(before[name])())
    plant.reindex()
    assert {name: getattr(plant, name) for name in names} == before
