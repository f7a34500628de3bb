"""Examples of the calls keep the rules of the models that they are made from."""

import csv
import json

import pytest

from mock_ctrader.contract import examples
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Dialect
from mock_ctrader.contract.reading import Problems, read, read_object

CALLS = list(ENDPOINTS.values())


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_every_example_can_be_read(call):
    """Each body is one that the model takes, in each of its forms; so is the query."""
    for example in examples.requests(call):
        found = read(call.request, example.text.encode(), as_xml=example.media_type == examples.XML)
        assert not isinstance(found, Problems), found
    for example in examples.answers(call):
        if example.media_type == examples.CSV:
            header, row = csv.reader(example.text.splitlines())
            assert len(header) == len(row)
        else:
            held = json.loads(example.text) if example.media_type == examples.JSON else None
            value = held[0] if call.grid else held
            assert value is None or not isinstance(read_object(call.answer, value), Problems)
    query = examples.query_values(call)
    assert set(call.parameters) <= set(query)
    if call.query is not None:
        assert not isinstance(read_object(call.query, query), Problems)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_every_form_has_an_example(call):
    """JSON for all bodies, XML beside it where the family of paths speaks it; nothing where there is no body."""
    forms = [example.media_type for example in examples.requests(call)]
    wanted = [examples.JSON, examples.XML] if call.dialect is Dialect.WEBSERV else [examples.JSON]
    assert forms == (wanted if call.request else [])
    assert bool(examples.answers(call)) is (call.answer is not None)
    assert "{" not in examples.path_of(call)


def test_a_request_has_what_must_be_there():
    """Keys that may be left out are, save in an object where all may be."""
    assert set(examples.request_value(ENDPOINTS["create_user"])) == {"brokerCrmName", "email"}
    (ribbon,) = examples.request_value(ENDPOINTS["set_inapp_controls"])["rules"]["ribbons"]
    assert ribbon["title"] == "Deposit today"
    assert examples.request_value(ENDPOINTS["read_trader"]) == {}
