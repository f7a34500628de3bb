"""Judges of calls, by answers made for them."""

import json
from typing import Any

import pytest

from mock_ctrader.conformance import judges
from mock_ctrader.conformance.said import Held, Judgement, Said
from mock_ctrader.contract.calls.crm import CRM_LOGOUT, EXCHANGE_OT_TOKEN
from mock_ctrader.wire import Response

JSON = (("Content-Type", "application/json"),)
GOOD = {"userId": 7, "accessToken": "long"}


def said(status: int = 200, body: object = GOOD, **changes: Any) -> Said:
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Said(**{"endpoint": EXCHANGE_OT_TOKEN, "response": Response(status, JSON, written), "user_id": 7, **changes})


SILENT = Said(EXCHANGE_OT_TOKEN, error="no answer within 10 seconds")


@pytest.mark.parametrize(
    ("judge", "given", "held", "detail"),
    [
        (judges.succeeds("userId", "accessToken"), said(), Held.YES, "answered 200"),
        (judges.succeeds("userId"), said(404, {}), Held.NO, "answered 404"),
        (judges.succeeds("userId", "accessToken"), said(body={"userId": 7}), Held.NO, "no accessToken"),
        (judges.succeeds("userId"), said(body={}), Held.NO, "no userId"),
        (judges.succeeds("userId"), said(body=b"<html>"), Held.NO, "expected"),
        (judges.succeeds("userId"), said(201), Held.NO, "status: expected 200, got 201"),
        (judges.succeeds(), said(204, b"", endpoint=CRM_LOGOUT), Held.YES, "answered 204"),
        (judges.succeeds("userId"), SILENT, Held.NO, "no answer came"),
        (judges.refuses(404, 417), said(417), Held.YES, "answered 417"),
        (judges.refuses(404, 417), said(400), Held.NO, "404 or 417 is expected (the error table's number"),
        (judges.refuses(403, inferred=False), said(401), Held.NO, "403 is expected"),
        (judges.refuses(404), said(200), Held.NO, "answered 200; 404 is expected"),
        (judges.refuses(404), SILENT, Held.NO, "no answer came"),
        (judges.is_refused, said(400), Held.YES, "answered 400"),
        (judges.is_refused, said(200), Held.NO, "answered 200"),
        (judges.is_refused, said(500), Held.NO, "answered 500"),
        (judges.is_refused, SILENT, Held.NO, "no answer came"),
        (judges.keeps_back("userId", "accessToken"), said(404, {"code": 1}), Held.YES, ""),
        (judges.keeps_back("userId"), said(404, b"gone"), Held.YES, ""),
        (judges.keeps_back("userId", "accessToken"), said(404), Held.NO, "userId and accessToken"),
        (judges.keeps_back("userId"), SILENT, Held.UNKNOWN, "no answer came"),
        (judges.names_user, said(), Held.YES, ""),
        (judges.names_user, said(user_id=8), Held.NO, "another user"),
        (judges.names_user, said(404, {}), Held.UNKNOWN, "names no user"),
        (judges.names_user, SILENT, Held.UNKNOWN, "names no user"),
        (judges.is_number, said(), Held.YES, ""),
        (judges.is_number, said(body={"userId": "7"}), Held.NO, "expected"),
        (judges.is_number, said(404, {}), Held.UNKNOWN, "no answer to look at"),
        (judges.is_number, SILENT, Held.UNKNOWN, "no answer to look at"),
        (judges.brings_token, Said(token="ot"), Held.YES, ""),
        (judges.brings_token, Said(), Held.NO, "without a token"),
        (judges.brings_token, Said(error="refused"), Held.NO, "refused"),
        (judges.in_time, said(seconds=2.9), Held.YES, "2.90 s"),
        (judges.in_time, said(seconds=3.1), Held.NO, "more than 3 s"),
    ],
)
def test_what_a_judge_finds(judge: judges.Judge, given: Said, held: Held, detail: str) -> None:
    """Each judge holds an answer against what the documentation demands."""
    found: Judgement = judge(given)
    assert (found.held, detail in found.detail) == (held, True), found


@pytest.mark.parametrize(
    ("tokens", "held"),
    [(("one", "two"), Held.YES), (("one", "one"), Held.NO), (("one", ""), Held.UNKNOWN)],
)
def test_tokens_are_compared(tokens: tuple[str, str], held: Held) -> None:
    """The same token twice is a fault; a token that did not come is none."""
    assert judges.differ("token")(*(Said(token=token) for token in tokens)).held is held
