import json

import pytest

from mock_ctrader.contract import xml
from mock_ctrader.contract.calls.attributes import CALLS
from mock_ctrader.plant.rights import ALL_RIGHTS, SUPER_ADMIN
from mock_ctrader.wire import Provenance

IDS = {"traders": [8673590, 9017800], "groups": [15, 16], "managers": [2309, 9017800]}
"""Ids that every kind has on the sandbox."""
XML = (("Content-Type", "application/xml"),)


@pytest.fixture(scope="session")
def call():
    def call(backend, what, body, **how):
        """Make one of the nine calls: ``traders/list``."""
        return backend.ask("POST", f"/v2/webserv/attributes/{what}", body, **how)

    return call


@pytest.fixture(scope="session")
def ok(call):
    def ok(backend, what, body, **how):
        response = call(backend, what, body, **how).response
        assert response.status == 200, response.body
        return json.loads(response.body)

    return ok


@pytest.fixture
def regular(backend):
    """A manager who is no super-admin and reaches one group only; returns the query with the token."""
    manager = backend.plant.add_manager(789, "hash", groups=frozenset({"newGroup"}), rights=ALL_RIGHTS - {SUPER_ADMIN})
    return f"token={manager.token}"


def labelled(number, **labels):
    return {"id": number, "attributes": [{"name": name, "value": value} for name, value in labels.items()]}


@pytest.mark.parametrize("endpoint", CALLS, ids=lambda endpoint: endpoint.id)
def test_a_call_says_what_in_it_is_assumed(endpoint):
    """The rules are documented, every name is ours: nobody is failed on one."""
    verb, kind, _ = endpoint.id.split("_")
    assert endpoint.path == f"/v2/webserv/attributes/{kind}s/{verb}"
    assert (endpoint.method, endpoint.status, endpoint.provenance) == ("POST", 200, Provenance.DOCUMENTED)
    parts = ("method", "path", "request", "answer", "status")
    assert {endpoint.provenance_of(part) for part in parts} == {Provenance.ASSUMED}
    assert endpoint.section == f"WebServices, 4.{14 + CALLS.index(endpoint)}"


@pytest.mark.parametrize("kind", IDS)
def test_attributes_are_added_changed_listed_and_deleted(backend, ok, call, kind):
    """WebServices 8.10 to 8.19: labels, colours and tags come and go, in JSON."""
    first, second = IDS[kind]
    items = [labelled(first, label="VIP", colour="#ff0000"), labelled(second, tag="new")]
    answer = call(backend, f"{kind}/update", {"items": items})
    assert (answer.response.status, answer.response.body) == (200, b"{}")
    assert [event.kind for event in answer.events] == ["attributes_updated"]
    backend.now += 5
    assert ok(backend, f"{kind}/update", {"items": [labelled(first, colour="#00ff00", language="en")]}) == {}
    listed = [
        {**labelled(first, label="VIP", colour="#00ff00", language="en"), "lastUpdateTimestamp": backend.now},
        {**labelled(second, tag="new"), "lastUpdateTimestamp": backend.now - 5},
    ]
    assert ok(backend, f"{kind}/list", {"ids": [first, second]}) == {"attributes": listed}
    assert ok(backend, f"{kind}/list", {"ids": [first, second], "since": backend.now}) == {"attributes": listed[:1]}
    narrowed = {**labelled(first, colour="#00ff00"), "lastUpdateTimestamp": backend.now}
    assert ok(backend, f"{kind}/list", {"ids": [first, second], "nameFilter": "LOU"}) == {"attributes": [narrowed]}
    answer = call(backend, f"{kind}/delete", {"ids": [first], "names": ["label", "colour"]})
    assert (answer.response.body, [event.kind for event in answer.events]) == (b"{}", ["attributes_deleted"])
    assert ok(backend, f"{kind}/delete", {"ids": [second]}) == {}
    left = {**labelled(first, language="en"), "lastUpdateTimestamp": backend.now}
    assert ok(backend, f"{kind}/list", {"ids": [first, second]}) == {"attributes": [left]}


@pytest.mark.parametrize("kind", IDS)
def test_attributes_are_spoken_of_in_xml_too(backend, call, kind):
    """Lists are repeated elements, and one element is a list of one."""
    first, second = IDS[kind]
    label = "<attributes><name>label</name><value>VIP</value></attributes>"
    item = f"<items><id>{first}</id>{label}</items>"
    assert call(backend, f"{kind}/update", f"<a>{item}</a>", headers=XML).response.status == 200
    more = f"{label}<attributes><name>tag</name><value> 7 </value></attributes>"
    both = f"<a>{item}<items><id>{second}</id>{more}</items></a>"
    response = call(backend, f"{kind}/update", both, headers=XML).response
    assert (response.status, xml.read(response.body)) == (200, {})
    response = call(backend, f"{kind}/list", f"<a><ids>{first}</ids><ids>{second}</ids></a>", headers=XML).response
    assert response.header("Content-Type") == "application/xml;charset=UTF-8"
    vip, moment = {"name": "label", "value": "VIP"}, str(backend.now)
    assert xml.read(response.body) == {
        "attributes": [
            {"id": str(first), "attributes": vip, "lastUpdateTimestamp": moment},
            {"id": str(second), "attributes": [vip, {"name": "tag", "value": " 7 "}], "lastUpdateTimestamp": moment},
        ]
    }
    deleted = f"<a><ids>{second}</ids><names>tag</names></a>"
    assert call(backend, f"{kind}/delete", deleted, headers=XML).response.status == 200
    response = call(backend, f"{kind}/list", f"<a><ids>{second}</ids></a>", headers=XML).response
    assert xml.read(response.body)["attributes"]["attributes"] == vip


@pytest.mark.parametrize("ids", [{}, {"ids": []}, {"ids": None}])
def test_without_ids_accounts_come_in_pages(backend, ok, ids):
    """WebServices 4.14: ``nextCursor`` leads on while there is more; beyond the end the list is empty."""
    ok(backend, "traders/update", {"items": [labelled(number, tag="x") for number in IDS["traders"]]})
    first = ok(backend, "traders/list", {**ids, "pageSize": 1})
    assert [one["id"] for one in first["attributes"]] == [8673590]
    second = ok(backend, "traders/list", {**ids, "pageSize": 1, "cursor": first["nextCursor"]})
    assert [one["id"] for one in second["attributes"]] == [9017800]
    assert "nextCursor" not in second
    assert ok(backend, "traders/list", {**ids, "cursor": 9017800}) == {"attributes": []}
    assert len(ok(backend, "traders/list", ids)["attributes"]) == 2
    assert ok(backend, "traders/list", ids, environment="live") == {"attributes": []}


def test_a_page_holds_ten_thousand_unless_another_size_is_asked_for(backend, ok, monkeypatch):
    """WebServices 4.14: that is the default and the largest; a smaller one stands in for it here."""
    monkeypatch.setattr("mock_ctrader.backend.handlers.attributes.LARGEST_PAGE", 1)
    ok(backend, "traders/update", {"items": [labelled(number, tag="x") for number in IDS["traders"]]})
    assert ok(backend, "traders/list", {})["nextCursor"] == 8673590
    assert "nextCursor" not in ok(backend, "traders/list", {"pageSize": 10_000})


def texts(length):
    """A text of so many characters, each of several bytes."""
    return "ß😀"[length % 2] * length


GOOD = [
    ("update", {"items": [labelled(0, **{texts(64): texts(512)})]}),
    ("update", {"items": [labelled(0, a="1")] * 100}),
    ("update", {"items": [labelled(0, **{str(n): "1" for n in range(100)})]}),
    ("update", {"items": [{"id": "{0}", "attributes": [{"name": 5, "value": 7}]}], "unknown": 1}),
    ("delete", {"ids": [0] * 10_000}),
    ("delete", {"ids": [0], "names": []}),
    ("delete", {"ids": [0], "names": None}),
    ("delete", {"ids": [0], "names": [texts(64)] * 100}),
    ("list", {"ids": [0] * 10_000, "nameFilter": texts(64)}),
    ("list", {"ids": [0], "nameFilter": "", "since": "0"}),
    ("list", {"ids": [0], "nameFilter": None, "since": None, "pageSize": None, "cursor": None}),
]
BAD = [
    ("update", {}, "items"),
    ("update", {"items": None}, "items"),
    ("update", {"items": []}, "items"),
    ("update", {"items": {}}, "items"),
    ("update", {"items": [labelled(0, a="1")] * 101}, "items"),
    ("update", {"items": [{"id": 0}]}, "items[0].attributes"),
    ("update", {"items": [labelled(0)]}, "items[0].attributes"),
    ("update", {"items": [labelled(0, **{str(n): "1" for n in range(101)})]}, "items[0].attributes"),
    ("update", {"items": [{**labelled(0, a="1"), "id": None}]}, "items[0].id"),
    ("update", {"items": [labelled(0, a="1"), labelled(0, a=None)]}, "items[1].attributes[0].value"),
    ("update", {"items": [labelled(0, a="")]}, "items[0].attributes[0].value"),
    ("update", {"items": [labelled(0, a=texts(513))]}, "items[0].attributes[0].value"),
    ("update", {"items": [labelled(0, **{"": "1"})]}, "items[0].attributes[0].name"),
    ("update", {"items": [labelled(0, **{texts(65): "1"})]}, "items[0].attributes[0].name"),
    ("update", {"items": [{"id": 0, "attributes": [{"value": "1"}]}]}, "items[0].attributes[0].name"),
    ("update", {"items": [None]}, "items[0]"),
    ("delete", {}, "ids"),
    ("delete", {"ids": []}, "ids"),
    ("delete", {"ids": [0] * 10_001}, "ids"),
    ("delete", {"ids": [0, None]}, "ids[1]"),
    ("delete", {"ids": [0, "VIP"]}, "ids[1]"),
    ("delete", {"ids": [0], "names": ["a"] * 101}, "names"),
    ("delete", {"ids": [0], "names": ["a", ""]}, "names[1]"),
    ("delete", {"ids": [0], "names": [texts(65)]}, "names[0]"),
    ("list", {"ids": [0] * 10_001}, "ids"),
    ("list", {"ids": 0}, "ids"),
    ("list", {"ids": [2**63]}, "ids[0]"),
    ("list", {"ids": [0], "nameFilter": texts(65)}, "nameFilter"),
    ("list", {"ids": [0], "since": "yesterday"}, "since"),
]
OF_TRADERS = [
    ({"pageSize": 0}, "pageSize"),
    ({"pageSize": 10_001}, "pageSize"),
    ({"cursor": -1}, "cursor"),
    ({"cursor": 2**63}, "cursor"),
    ({"ids": [8673590], "pageSize": 25}, "pageSize"),
    ({"ids": [8673590], "cursor": 0}, "cursor"),
]


def about(body, number):
    """Put an id that exists in the place of each zero."""
    if isinstance(body, dict):
        return {key: number if key == "id" and value == 0 else about(value, number) for key, value in body.items()}
    if isinstance(body, list):
        return [number if one == 0 else about(one, number) for one in body]
    return str(number) if body == "{0}" else body


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize(("verb", "body"), GOOD)
def test_what_is_just_allowed_is_taken(backend, call, kind, verb, body):
    """WebServices 5: sizes and lengths up to the limits, counted in characters; null is 'not given' but in a value."""
    assert call(backend, f"{kind}/{verb}", about(body, IDS[kind][0])).response.status == 200


@pytest.mark.parametrize(
    ("kind", "verb", "body", "key"),
    [
        *((kind, *row) for kind in IDS for row in BAD),
        *((kind, "list", {"ids": ids}, "ids") for kind in ("groups", "managers") for ids in (None, [])),
        *(("traders", "list", *row) for row in OF_TRADERS),
    ],
)
def test_what_is_not_allowed_is_named(backend, call, kind, verb, body, key):
    """INVALID_REQUEST names the key and what it must hold; nothing is changed, not even by the good items beside it."""
    before = backend.snapshot()
    response = call(backend, f"{kind}/{verb}", about(body, IDS[kind][0])).response
    assert response.status == 400
    assert response.body.decode().startswith(f"INVALID_REQUEST: {key}: ")
    assert backend.snapshot() == before


@pytest.mark.parametrize(
    ("what", "body", "description"),
    [
        ("traders/delete", {"ids": []}, "ids: expected a list of 1 to 10000, got a list of 0"),
        ("traders/delete", {"ids": [1], "names": [""]}, "names[0]: expected text of 1 to 64 characters, got ''"),
        ("traders/list", {"ids": [1], "cursor": 5}, "cursor: allowed only without ids"),
    ],
)
def test_a_refusal_says_what_is_allowed(backend, call, what, body, description):
    """The limit that was broken stands in the description."""
    assert call(backend, what, body).response.body.decode() == f"INVALID_REQUEST: {description}"


@pytest.mark.parametrize("verb", ["list", "update", "delete"])
@pytest.mark.parametrize(
    ("kind", "reached", "out_of_reach"),
    [("traders", 9017800, 8673590), ("groups", 16, 15), ("managers", 789, 2309)],
)
def test_ids_out_of_reach_are_left_out_and_nothing_but_them_is_refused(
    backend, call, ok, regular, verb, kind, reached, out_of_reach
):
    """WebServices 5: the rest succeeds; when nothing is left the answer is 403."""
    backend.plant.traders[9017800].group = "newGroup"
    ok(backend, f"{kind}/update", {"items": [labelled(number, a="1") for number in (reached, out_of_reach)]})

    def body(*ids):
        return {"items": [labelled(number, a="2") for number in ids]} if verb == "update" else {"ids": list(ids)}

    refused = call(backend, f"{kind}/{verb}", body(out_of_reach, 999), query=regular).response
    assert refused.status == 403
    assert refused.body.startswith(b"NOT_ENOUGH_RIGHTS: none of these ")
    answer = ok(backend, f"{kind}/{verb}", body(out_of_reach, reached, 999), query=regular)
    assert [one["id"] for one in answer.get("attributes", ())] == ([reached] if verb == "list" else [])
    held = ok(backend, f"{kind}/list", {"ids": [reached, out_of_reach]})["attributes"]
    values = {one["id"]: one["attributes"][0]["value"] for one in held}
    left = {"list": {reached: "1"}, "update": {reached: "2"}, "delete": {}}[verb]
    assert values == {**left, out_of_reach: "1"}


def test_only_what_is_within_reach_is_on_the_pages(backend, ok, regular):
    """Without ids nobody is refused, though there may be nothing to see."""
    ok(backend, "traders/update", {"items": [labelled(number, a="1") for number in IDS["traders"]]})
    assert ok(backend, "traders/list", {}, query=regular) == {"attributes": []}
    backend.plant.traders[9017800].group = "newGroup"
    assert [one["id"] for one in ok(backend, "traders/list", {}, query=regular)["attributes"]] == [9017800]
