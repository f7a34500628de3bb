"""Which differences are the contract's matter, and how sure it is there."""

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.journal.comparing import Deviation, Kind
from mock_ctrader.journal.drifts import drifts_of


def judged(endpoint, field, before=None, after=None, make=None):
    """Return the provenances of what one difference comes to."""
    return [
        one.provenance.value
        for one in drifts_of(ENDPOINTS[endpoint], [Deviation(Kind.DIFFERS, make(), field, before, after)])
    ]


@pytest.mark.parametrize(
    ("endpoint", "field", "before", "after", "provenances"),
    [
        ("create_user", "response.status", 200, 201, ["documented"]),
        ("create_trader", "response.status", 200, 201, ["assumed"]),
        ("create_user", "response.status", 418, 400, ["assumed"]),
        ("redeem_inapp_token", "response.status", 404, 403, ["documented"]),
        ("create_user", "response.body.userId", 1, "1", ["documented"]),
        ("create_copy_code", "response.body.code", 1, "1", ["assumed"]),
        ("create_user", "response.header.content-type", "application/json", "text/xml; a=b", ["assumed"]),
        ("create_user", "response.header.content-type", "application/json", "Application/JSON; charset=x", []),
        ("create_user", "response.header.x-served-by", "a", "b", []),
        ("list_traders", "response.body.trader[0].login", 1, 2, []),
        ("open_positions", "response.body", "a", "b", []),
        ("read_trader", "response.body.lastConnectionTimestamp", 1, 2, []),
        ("create_user", "error", "a", "b", []),
    ],
)
def test_each_field_has_a_provenance(make_exchange, endpoint, field, before, after, provenances):
    """That of its clause; what depends on the server, on sessions or on what was there before is left out."""
    assert judged(endpoint, field, before, after, make_exchange) == provenances


def test_after_another_status_nothing_else_is_told(make_exchange):
    """The answer is another one then."""
    one = make_exchange()
    found = [
        Deviation(Kind.MISSING, one, "response.body.userId", 1),
        Deviation(Kind.DIFFERS, one, "response.status", 200, 400),
    ]
    (left,) = drifts_of(ENDPOINTS["create_user"], found)
    assert left.deviation.field == "response.status"
