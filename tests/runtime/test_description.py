"""What a plant is made from: everything has a default, and what does not fit together is told."""

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError
from mock_ctrader.plant.model import Currency
from mock_ctrader.plant.sandbox import make_sandbox
from mock_ctrader.runtime.description import PlantDescription, check, check_name, make_plant
from mock_ctrader.runtime.tables import Source, read

NOW = 1_767_603_600_000


def described(**table: object) -> PlantDescription:
    found = read(PlantDescription, table, Source())
    check(found)
    return found


def test_nothing_said_means_the_sandbox() -> None:
    """The plant that is there from the start is what all others differ from."""
    made, sandbox = make_plant("x", described(), Chance(1), NOW), make_sandbox(Chance(1), NOW, "x")
    for name in vars(sandbox).keys() - {"chance", "ids"}:
        assert getattr(made, name) == getattr(sandbox, name), name
    assert made.ids.following == sandbox.ids.following


def test_everything_said_is_there() -> None:
    """Environments, brokers, groups, currencies and managers are those that are said."""
    plant = make_plant(
        "uat",
        described(
            environments=["uat"],
            brokers=[{"name": "ONE", "crmName": "CRM"}, {"name": "TWO", "crm_name": "CRM"}],
            groups=["A", {"name": "B", "id": 7}, {"name": "C", "description": "the third"}],
            currencies=["BTC", "JPY", "XYZ", {"name": "EUR", "moneyDigits": 1}, {"name": "DOGE", "money_digits": 8}],
            managers=[
                {
                    "login": 5,
                    "hashedPassword": "h",
                    "groups": ["A"],
                    "disabledBrokers": ["TWO"],
                    "rights": ["READ"],
                    "ipList": ["192.0.2.0/24"],
                    "requestsPerHour": 10,
                    "enabled": False,
                }
            ],
            options={"closedPositionsOrder": "documented", "ip_list": ["192.0.2.7"]},
        ),
        Chance(1),
        NOW,
    )
    manager = plant.managers[5]
    assert plant.environments == ("uat",)
    assert plant.crm_names() == {"CRM"}
    assert [(group.id, group.name) for group in plant.groups.values()] == [(1, "A"), (7, "B"), (8, "C")]
    assert list(plant.currencies.values()) == [
        Currency("BTC", 8, 8),
        Currency("JPY", 2, 0),
        Currency("XYZ"),
        Currency("EUR", 1, 1),
        Currency("DOGE", 8, 2),
    ]
    assert (manager.groups, manager.disabled_brokers, manager.rights) == ({"A"}, {"TWO"}, {"READ"})
    assert (manager.ip_list, manager.requests_per_hour, manager.enabled) == (("192.0.2.0/24",), 10, False)
    assert plant.options.closed_positions_order == "documented"
    assert (plant.users, plant.traders) == ({}, {})


@pytest.mark.parametrize(
    "other",
    [
        {"examples": False},
        {"brokers": [{"name": "BESTBROKER", "crmName": "OTHER"}]},
        {"environments": ["demo"]},
        {"groups": ["VIP"]},
        {"currencies": ["USD"]},
        {"currencies": [{"name": "EUR", "moneyDigits": 3}]},
    ],
)
def test_the_people_of_the_examples_come_where_they_have_a_place(other: dict[str, object]) -> None:
    """Without their broker, environments, group or currency, or by wish, they are left out."""
    assert make_plant("x", described(), Chance(1), NOW).users
    assert not make_plant("x", described(**other), Chance(1), NOW).users


def test_an_edition_decides_what_it_decides() -> None:
    """Edition 2023 counts hundredths, and takes addresses of the relay; options of one's own stay."""
    early = make_plant(
        "x", described(edition=2023, options={"closed_positions_order": "documented"}), Chance(1), NOW
    ).options
    assert (early.balance_in_cents, early.takes_private_relay, early.closed_positions_order) == (
        True,
        True,
        "documented",
    )
    assert not make_plant("x", described(edition="2025"), Chance(1), NOW).options.balance_in_cents


def test_overrides_reach_what_is_spoken() -> None:
    """Calls, statuses and the form of errors."""
    variant = check(
        described(
            calls={"find_user": {"path": "/cid/who", "names": {}}},
            statuses={"NOT_ENOUGH_RIGHTS": 401},
            webserv_errors="object",
        )
    )
    assert variant.endpoints["find_user"].path == "/cid/who"
    assert (variant.errors.statuses["NOT_ENOUGH_RIGHTS"], variant.errors.webserv) == (401, "object")  # type: ignore[index]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"environments": []}, "environments: there must be one at least."),
        ({"environments": ["a", "a"]}, "environments: 'a' is there twice."),
        ({"environments": ["a-b"]}, "environments[0]: 'a-b' cannot be an environment."),
        ({"brokers": []}, "brokers: there must be one at least."),
        ({"groups": ["A", "A"]}, "groups: 'A' is there twice."),
        ({"groups": ["A", {"name": "B", "id": 1}]}, "groups: '1' is there twice."),
        ({"currencies": ["EUR", "EUR"]}, "currencies: 'EUR' is there twice."),
        ({"currencies": [{"name": "EUR", "moneyDigits": 9}]}, "currencies[0]: EUR cannot have 9 moneyDigits"),
        ({"currencies": [{"name": "EUR", "decimals": 3}]}, "EUR cannot have 2 moneyDigits and 3 decimals."),
        ({"currencies": [{"name": "JPY", "moneyDigits": 0}], "edition": 2023}, "Give moneyDigits from 2 to 8"),
        ({"managers": []}, "managers: there must be one at least."),
        (
            {"managers": [{"login": 1, "hashedPassword": "h", "groups": ["Deflaut"]}]},
            "managers[0].groups: there is no 'Deflaut'. Did you mean 'Default'?",
        ),
        (
            {"managers": [{"login": 1, "hashedPassword": "h", "disabledBrokers": ["X"]}]},
            "managers[0].disabled_brokers: there is no 'X'. Known: BESTBROKER, BESTBROKERPRO.",
        ),
        (
            {"managers": [{"login": 1, "hashedPassword": "h", "rights": ["MONYE"]}]},
            "managers[0].rights: there is no 'MONYE'. Did you mean 'MONEY'?",
        ),
        (
            {"managers": [{"login": 1, "hashedPassword": "h", "ipList": ["home"]}]},
            "managers[0].ip_list: 'home' does not appear to be an IPv4 or IPv6 network.",
        ),
        ({"options": {"ip_list": ["1.2.3.4/99"]}}, "options.ip_list: "),
        ({"calls": {"create_user": {"status": 200}}}, "calls.create_user.status: "),
    ],
)
def test_what_does_not_fit_together_is_told(table: dict[str, object], message: str) -> None:
    """The message says where."""
    with pytest.raises(SettingsError) as caught:
        described(**table)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["sandbox", "0", "big-bank", "test_one", "a" * 63])
def test_what_can_name_a_plant(name: str) -> None:
    """It stands in paths and host names."""
    check_name(name)


@pytest.mark.parametrize("name", ["", "-a", "A", "a b", "a/b", "a" * 64, "v2", "cid", "é"])
def test_what_cannot_name_a_plant(name: str) -> None:
    """Nor can it be the first part of the vendor's own paths."""
    with pytest.raises(SettingsError, match="cannot be the name of a plant"):
        check_name(name)
