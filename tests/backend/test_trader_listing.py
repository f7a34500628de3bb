"""Listing accounts, sub-accounts and groups (WebServices 4.3, 4.4, 4.11)."""

import json

import pytest

from mock_ctrader.contract import times, xml
from mock_ctrader.plant import listing
from mock_ctrader.plant.subaccounts import open_subaccount

PATH = "/v2/webserv/traders/"
EVER = "from=2018-01-01T12:12:12.000&to=2038-03-01T12:12:12.000"


@pytest.fixture(scope="session")
def ask():
    """List accounts and read the answer."""

    def ask(backend, query, *, token=None, path=PATH, **more):
        answer = backend.ask("GET", path, query=f"{query}&token={token or backend.token}", **more)
        assert (answer.response.status, answer.violations) == (200, ())
        return json.loads(answer.response.body)

    return ask


@pytest.fixture(scope="session")
def refused():
    """Ask for a list that is refused, and return what is said."""

    def refused(backend, query):
        answer = backend.ask("GET", PATH, query=f"{query}&token={backend.token}")
        assert answer.response.status == 400
        return answer.response.body.decode()

    return refused


@pytest.fixture
def logins(ask, backend):
    return lambda query: [one["login"] for one in ask(backend, query)["trader"]]


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_accounts_are_listed_as_they_are_read(backend, ask, read, path):
    """WebServices 4.3: whole, the newest first, with or without the slash."""
    found = ask(backend, EVER, path=path)
    assert found == {"trader": [read(backend, 9017800), read(backend, 8673590)], "hasMore": False}


def test_the_example_of_the_documentation_works(backend, ask):
    """WebServices 4.3: a span in which nobody came, and a group."""
    query = "from=2018-01-01T12:12:12.000&to=2018-03-01T12:12:12.000&groupId=15"
    assert ask(backend, query) == {"trader": [], "hasMore": False}


def test_a_span_is_of_registrations(backend, open_account, logins):
    """At or after the one time, before the other."""
    moments = [backend.now + 1000 * number for number in (1, 2, 3)]
    opened = []
    for backend.now in moments:
        opened.append(open_account(backend))
    first, _, last = map(times.write, moments)
    assert logins(f"from={first}&to={last}") == [opened[1], opened[0]]
    assert logins(f"from={last}&to=2038-01-01T00:00:00.000") == [opened[2]]


@pytest.mark.parametrize(
    "since",
    ["2026-01-05T09:00:00.000", "2026-01-05T09:00:00.000Z", "2026-01-05T09%3A00%3A00.000", "2026-01-05T09:00:00"],
)
def test_a_time_may_have_each_form_that_clients_send(logins, since):
    """WebServices 12: percent-encoded colons, a trailing Z, no milliseconds."""
    assert logins(f"from={since}&to=2038-01-01T00:00:00Z") == [9017800, 8673590]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        (
            "login,balance,minEquityDaily,maxEquityDaily,registrationTimestamp",
            {"login", "balance", "minEquityDaily", "maxEquityDaily", "registrationTimestamp"},
        ),
        ("login", {"login"}),
        ("login%2C%20contactDetails,", {"login", "contactDetails"}),
        ("login,name,lastConnectionTimestamp", {"login"}),
        ("login,colour,Balance", {"login"}),
        ("colour", set()),
    ],
)
def test_only_the_fields_that_are_asked_for_come(backend, ask, read, fields, keys):
    """WebServices 11.3: a comma list; what has no value is left out, what no account has is ignored (assumed)."""
    found = ask(backend, f"{EVER}&fields={fields}")
    whole = [read(backend, login) for login in (9017800, 8673590)]
    assert found == {"trader": [{key: one[key] for key in keys} for one in whole], "hasMore": False}


@pytest.mark.parametrize("fields", ["", ",", "%20"])
def test_no_fields_are_all(backend, ask, read, fields):
    """A blank list asks for nothing in particular."""
    assert ask(backend, f"{EVER}&fields={fields}")["trader"][1] == read(backend, 8673590)


def test_a_group_is_asked_for_by_its_number(backend, open_account, logins, refused):
    """WebServices 4.3: an unknown one has a code of its own."""
    login = open_account(backend, groupName="newGroup")
    assert logins(f"{EVER}&groupId=16") == [login]
    assert logins(f"{EVER}&groupId=15") == [9017800, 8673590]
    assert refused(backend, f"{EVER}&groupId=14") == "TRADER_GROUP_NOT_FOUND: no group 14"


def test_deals_and_positions_select_accounts(backend, logins):
    """Accounts are chosen by the time of a deal and by open positions, under names that are assumed."""
    backend.plant.traders[8673590].last_deal = backend.now
    span = f"dealFrom={times.write(backend.now)}&dealTo={times.write(backend.now + 1)}"
    assert logins(f"{EVER}&{span}") == [8673590]
    assert logins(f"{EVER}&hasOpenPositions=true") == []
    assert logins(f"{EVER}&hasOpenPositions=false") == [9017800, 8673590]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("to=2018-01-01T12:12:12.000", "from: expected text, got nothing"),
        ("from=2018-01-01T12:12:12.000", "to: expected text, got nothing"),
        (f"{EVER}&groupId=Default", "groupId: expected an integer, got 'Default'"),
        (f"{EVER}&hasOpenPositions=perhaps", "hasOpenPositions: expected true or false, got 'perhaps'"),
        (
            "from=yesterday&to=2018-01-01T12:12:12.000",
            "from: expected a time as 2018-01-01T12:12:12.000, got 'yesterday'",
        ),
        ("from=2018-01-01T12:12:12.000&to=1", "to: expected a time as 2018-01-01T12:12:12.000, got '1'"),
        (
            f"{EVER}&dealFrom=2018-01-01T12:12:12.000",
            "dealTo: expected a time as 2018-01-01T12:12:12.000, got nothing",
        ),
        (
            f"{EVER}&dealTo=2018-01-01T12:12:12.000",
            "dealFrom: expected a time as 2018-01-01T12:12:12.000, got nothing",
        ),
    ],
)
def test_a_wrong_parameter_is_named(backend, refused, query, said):
    """Times are required, deal times come in pairs."""
    assert refused(backend, query) == f"INVALID_REQUEST: {said}"


def test_pages_visit_each_account_once(backend, open_account, ask, monkeypatch):
    """WebServices 4.3: the next page ends where this one began, until there is no more."""
    monkeypatch.setattr(listing, "LARGEST_PAGE", 3)
    for backend.now in [backend.now + step for step in (0, 1, 1, 1, 1, 2, 3, 3, 4)]:
        open_account(backend)
    visited, pages, end = [], [], "2038-01-01T00:00:00.000"
    more = True
    while more:
        page = ask(backend, f"from=2018-01-01T00:00:00.000&to={end}&fields=login,registrationTimestamp")
        visited += [one["login"] for one in page["trader"]]
        pages.append(len(page["trader"]))
        end, more = times.write(page["trader"][-1]["registrationTimestamp"]), page["hasMore"]
    assert pages == [3, 1, 4, 3], "accounts of one millisecond are never parted"
    in_demo = [login for login, trader in backend.plant.traders.items() if trader.environment == "demo"]
    assert sorted(visited) == sorted(in_demo)


def test_a_list_has_what_the_manager_reaches_in_the_environment(crowded, ask, open_account):
    """The address chooses the environment; what is out of reach is left out."""
    login = open_account(crowded, brokerName="RIVAL")
    live = open_account(crowded, brokerName="RIVAL", environment="live")
    limited = crowded.plant.managers[77].token
    assert [one["login"] for one in ask(crowded, EVER, token=limited)["trader"]] == [login]
    assert [one["login"] for one in ask(crowded, EVER, token=limited, environment="live")["trader"]] == [live]


def test_a_list_in_xml_repeats_its_element(backend):
    """A client reads the accounts as repeated elements below whatever root."""
    answer = backend.ask("GET", PATH, query=f"{EVER}&token={backend.token}", headers=())
    assert answer.response.header("Content-Type") == "application/xml;charset=UTF-8"
    assert answer.response.body.count(b"<trader>") == 2
    assert b"<traderListTO>" in answer.response.body
    read = xml.read(answer.response.body)
    assert [one["login"] for one in read["trader"]] == ["9017800", "8673590"]
    assert (read["trader"][0]["depositCurrency"], read["hasMore"]) == ("EUR", "false")


def test_an_empty_or_partial_list_in_xml(backend):
    """No elements where there is nobody, and only those asked for where there are some."""
    for query, written in (
        ("from=2018-01-01T00:00:00.000&to=2018-01-01T00:00:00.000", b"<traderListTO><hasMore>false</hasMore>"),
        (f"{EVER}&fields=login", b"<trader><login>9017800</login></trader><trader><login>8673590</login></trader>"),
    ):
        answer = backend.ask("GET", PATH, query=f"{query}&token={backend.token}", headers=())
        assert written in answer.response.body


def test_an_account_without_subaccounts(backend):
    """WebServices 4.4: an empty list and sums of zero (assumed: no source shows it)."""
    answer = backend.ask("GET", f"{PATH}8673590/subaccounts")
    assert answer.response.status == 200
    assert json.loads(answer.response.body) == {
        "subAccountLogins": {"login": []},
        "totalSubAccountsBalance": 0,
        "totalSubAccountsEquity": 0,
    }


def test_subaccounts_are_told_with_their_money(backend):
    """WebServices 4.4: the form of the example, in JSON and in XML."""
    parent = backend.plant.traders[8673590]
    made = [open_subaccount(backend.plant, parent, backend.now) for _ in range(3)]
    made[0].balance, made[2].balance, made[2].credit = 46000, 16, 1308
    logins = [one.login for one in made]
    found = json.loads(backend.ask("GET", f"{PATH}8673590/subaccounts").response.body)
    assert found == {
        "subAccountLogins": {"login": logins},
        "totalSubAccountsBalance": 46016,
        "totalSubAccountsEquity": 47324,
    }
    written = xml.read(backend.ask("GET", f"{PATH}8673590/subaccounts", headers=()).response.body)
    assert written["subAccountLogins"] == {"login": [str(login) for login in logins]}


def test_groups_are_listed(backend):
    """WebServices 4.11: a description is left out where there is none."""
    answer = backend.ask("GET", "/v2/webserv/tradergroups", query=f"&token={backend.token}")
    assert answer.response.status == 200
    assert json.loads(answer.response.body) == {
        "traderGroup": [
            {"id": 15, "name": "Default", "description": "Default group for new traders"},
            {"id": 16, "name": "newGroup"},
            {"id": 17, "name": "DX_452"},
        ]
    }


def test_groups_in_xml_and_out_of_reach(backend):
    """Repeated elements; groups that a manager does not reach are left out."""
    backend.plant.add_manager(78, "hash", groups=frozenset({"newGroup", "DX_452"}))
    query = f"token={backend.plant.managers[78].token}"
    answer = backend.ask("GET", "/v2/webserv/tradergroups", query=query, headers=())
    assert b"<traderGroupListTO><traderGroup><id>16</id>" in answer.response.body
    assert [one["name"] for one in xml.read(answer.response.body)["traderGroup"]] == ["newGroup", "DX_452"]
