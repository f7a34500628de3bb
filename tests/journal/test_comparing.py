"""Two recordings compared: tokens, ids and people are mapped, and nothing else is."""

import msgspec
import pytest

from mock_ctrader.journal.comparing import CRM_ONLY, EVERYBODY, Deviation, Kind, compare
from mock_ctrader.journal.recording import Recording

UUID = "6fd2b6e4-6f1b-4c69-8d2f-0d3a0d3a0d3a"


def told(first, second, judged=EVERYBODY):
    """Return the differences as they are read."""
    found = compare(Recording(exchanges=tuple(first)), Recording(exchanges=tuple(second)), judged)
    return [(one.kind.value, one.field, one.before, one.after) for one in found.deviations]


def answered(**body):
    return {"response": {"status": 201, "body": {"json": body}}}


def asked(**body):
    return {"request": {"method": "POST", "url": "/x", "body": {"json": body}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"userId": 1}, {"userId": 2}),
        ({"a": 12345678}, {"a": 87654321}),
        ({"a": "ann@example.com"}, {"a": "bob.b@example.org"}),
        ({"a": UUID}, {"a": UUID.replace("6", "7")}),
        ({"a": 1_700_000_000_000}, {"a": 1_800_000_000_000}),
        ({"a": "at 2026-01-05T09:00:00.000Z"}, {"a": "at 2027-02-06T10:00:00Z"}),
        ({"a": "[token-1]"}, {"a": "[token-7]"}),
        ({"orderTimestamp": 5}, {"orderTimestamp": 6}),
    ],
)
def test_what_is_made_anew_in_each_run_makes_no_difference(make_exchange, before, after):
    """Ids, addresses, moments and tokens that cTrader gives stand for one another."""
    assert told([make_exchange(**answered(**before))], [make_exchange(**answered(**after))]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 15000}, {"a": 20000}),
        ({"a": 1234567}, {"a": 12345678}),
        ({"a": "1"}, {"a": 1}),
        ({"a": True}, {"a": 1}),
        ({"a": None}, {"a": "x"}),
        ({"a": "one word"}, {"a": "two words more"}),
        ({"a": "demo"}, {"a": "live"}),
        ({"a": "[token-1]"}, {"a": "[code-1]"}),
        ({"a": "[token-1]"}, {"a": "plain"}),
        ({"userId": "1"}, {"userId": 1}),
        ({"userId": "a b"}, {"userId": "a"}),
    ],
)
def test_what_is_said_otherwise_is_named(make_exchange, before, after):
    """By its field, with both values."""
    (name,) = before
    found = told([make_exchange(**answered(**before))], [make_exchange(**answered(**after))])
    assert found == [("differs", f"response.body.{name}", before[name], after[name])]


def test_a_token_stands_for_one_token_only(make_exchange):
    """The second place of a token is held against its first, in both directions."""
    once = [make_exchange(**answered(a="[token-1]", b="[token-2]"))]
    assert told(once, [make_exchange(**answered(a="[token-5]", b="[token-5]"))]) != []
    assert told([make_exchange(**answered(a="[token-5]", b="[token-5]"))], once) != []
    assert told(once, [make_exchange(**answered(a="[token-6]", b="[token-5]"))]) == []


def test_an_id_is_recognised_where_it_comes_again(make_exchange):
    """In another key, in a path, in a sentence; the CRM may repeat what it was given and nothing else."""

    def session(user, repeated):
        request = {
            "method": "GET",
            "url": f"/traders/{repeated}?q=a%20{repeated}",
            "headers": [["X", f"see {repeated}"]],
        }
        return [make_exchange(1, **answered(userId=user)), make_exchange(2, request=request)]

    assert told(session(11111111, 11111111), session(22222222, 22222222)) == []
    fields = [field for _, field, _, _ in told(session(11111111, 11111111), session(22222222, 33333333))]
    assert fields == ["request.path", "request.query.q", "request.header.x"]


def test_missing_and_new_fields_are_named(make_exchange):
    """With the value that there is; an empty object is a value."""
    found = told([make_exchange(**answered(a=1, b={}, c=[2]))], [make_exchange(**answered(a=1, c=[2, 3], d=[]))])
    assert found == [
        ("missing", "response.body.b", "{}", None),
        ("new", "response.body.c[1]", None, 3),
        ("new", "response.body.d", None, "[]"),
    ]


def test_bodies_of_every_form_are_compared(make_exchange):
    """Fields of a form one by one, other text as a whole."""

    def sent(kind, text):
        request = {"method": "POST", "url": "/x", "headers": [["Content-Type", kind]], "body": {"text": text}}
        return [make_exchange(request=request)]

    form = "application/x-www-form-urlencoded"
    assert told(sent(form, "a=1&b=2&b=3"), sent(form, "a=1&b=2&b=4")) == [("differs", "request.body.b", "2, 3", "2, 4")]
    assert told(sent("text/xml", "<a>1</a>"), sent("text/xml", "<a>2</a>")) == [
        ("differs", "request.body", "<a>1</a>", "<a>2</a>")
    ]


def test_exchanges_are_paired_by_step_and_endpoint(make_exchange):
    """Missing, added and moved ones are named; which journey it was called does not matter."""

    def one(number, step, endpoint, journey="sign-up", **more):
        place = {"journey": journey, "number": step, "name": "x", "device": "trader"}
        return make_exchange(number, step=place, endpoint=endpoint, **more)

    first = [one(1, 1, "create_user"), one(2, 1, "create_user"), one(3, 2, "link_trader"), one(4, 2, "read_trader")]
    second = [one(7, 1, "create_user", "sign-up#2"), one(8, 2, "read_trader", "sign-up#2")]
    second += [one(9, 2, "link_trader", "sign-up#2"), one(10, 3, "link_trader", "sign-up#2")]
    found = compare(Recording(exchanges=tuple(first)), Recording(exchanges=tuple(second)))
    assert [(one.kind, one.exchange.number) for one in found.deviations] == [
        (Kind.MISSING, 2),
        (Kind.MOVED, 4),
        (Kind.NEW, 10),
    ]
    assert found.compared == 3


def test_what_nothing_is_known_of_is_paired_by_address(make_exchange):
    """An unmatched request by its address, an entry without a request by its direction."""
    unmatched = [make_exchange(endpoint="", request={"method": "GET", "url": f"/{name}"}) for name in "ab"]
    bare = make_exchange(endpoint="", request=None, response=None, direction="app-to-ctrader", error="5 tries")
    assert told([*unmatched, bare], [unmatched[1], unmatched[0], bare]) == [("moved", "", None, None)]
    other = msgspec.structs.replace(bare, error="6 tries")
    assert told([bare], [other]) == [("differs", "error", "5 tries", "6 tries")]


class TestWhereOnlyTheCrmIsJudged:
    """What cTrader and its traders say is mapped; what the CRM makes of it is not."""

    def test_what_we_say_otherwise_is_learned(self, make_exchange):
        """Names and amounts, too, if the CRM repeats them; short numbers would be found by chance."""

        def session(name, count, repeated):
            return [
                make_exchange(1, direction="ctrader-to-crm", response=None, **asked(name=name, count=count)),
                make_exchange(2, **asked(full=repeated[0], letter=f"Dear {repeated[0]}", count=repeated[1])),
            ]

        first = session("Ann Lee", 1, ("Ann Lee", 1))
        assert told(first, session("Bob Ray", 1, ("Bob Ray", 1)), CRM_ONLY) == []
        assert told(first, session("Bob Ray", 2, ("Bob Ray", 2)), CRM_ONLY) == [("differs", "request.body.count", 1, 2)]
        found = told(session("Ann", 1, ("Ann", 1)), session("Mary Ann", 1, ("Mary Ann", 1)), CRM_ONLY)
        assert found == [("differs", "request.body.letter", "Dear Ann", "Dear Mary Ann")]

    def test_a_page_names_the_fields_that_the_trader_fills(self, make_exchange):
        """A value is ours, a field and a title are the CRM's; a picture is nobody's."""

        def visit(*facts):
            return [make_exchange(direction="screen-to-crm", endpoint="login", facts=list(facts))]

        first = visit(("opened", "true"), ("title", "Sign up"), ("email", "a@b.cd"), ("city", "X"), ("screenshot", "1"))
        second = visit(("opened", "true"), ("title", "Join"), ("email", "b@b.cd"), ("town", "X"), ("screenshot", "2"))
        assert told(first, second, CRM_ONLY) == [
            ("differs", "title", "Sign up", "Join"),
            ("missing", "form.city", "X", None),
            ("new", "form.town", None, "X"),
        ]

    def test_where_a_page_leads_is_judged(self, make_exchange):
        """The address of the screen that an application opens is ours, of the page behind it the CRM's."""

        def visits(path, facts=()):
            request = {"method": "GET", "url": f"http://h{path}"}
            return [make_exchange(direction="screen-to-crm", endpoint="login", request=request, facts=list(facts))]

        assert told(visits("/aa"), visits("/bb"), CRM_ONLY) == [("differs", "request.path", "/aa", "/bb")]
        opened = [("opened", "true")]
        assert told(visits("/aa", opened), visits("/bb", opened), CRM_ONLY) == []

    def test_facts_of_calls_are_theirs_who_ask(self, make_exchange):
        """A fact of a session is ours."""
        session = {"direction": "app-to-ctrader", "endpoint": "authorise", "request": None}
        first, second = ([make_exchange(facts=[["user", who]], **session)] for who in ("12", "13"))
        assert told(first, second, CRM_ONLY) == []

    def test_calls_of_ours_that_stay_away_are_counted(self, make_exchange):
        """They follow from what the CRM did, which is named; calls of the CRM are named."""
        ours = make_exchange(1, direction="ctrader-to-crm", endpoint="generate_ot_token")
        found = compare(Recording(exchanges=(ours, make_exchange(2))), Recording(exchanges=(ours,)), CRM_ONLY)
        assert found.deviations == (Deviation(Kind.MISSING, found.deviations[0].exchange),)
        found = compare(
            Recording(exchanges=(ours, make_exchange(2))), Recording(exchanges=(make_exchange(2),)), CRM_ONLY
        )
        assert (found.deviations, found.consequences) == ((), 1)

    def test_how_long_a_token_is_kept_makes_no_difference(self, make_exchange):
        """Calls for a token, and those made with a dead one and made again, are left out on both sides."""
        refused = make_exchange(1, response={"status": 401})
        fetched = make_exchange(2, endpoint="manager_token")
        again = make_exchange(3)
        assert told([refused, fetched, again], [again], CRM_ONLY) == []
        assert told([again], [refused, fetched, again], CRM_ONLY) == []
        assert told([again], [refused], CRM_ONLY) == []
        assert len(told([again], [again, refused], CRM_ONLY)) == 1
