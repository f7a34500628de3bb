"""Entries for the journal's tests, made with as few words as possible."""

from typing import Any, Protocol

import pytest

from mock_ctrader.journal import Entry, Journal, Secrets
from mock_ctrader.wire import Direction, Provenance, Request, Response, Violation


class MakeEntry(Protocol):
    def __call__(self, number: int = 1, **changes: Any) -> Entry: ...


@pytest.fixture(scope="session")
def make_entry() -> MakeEntry:
    def make(number: int = 1, **changes: Any) -> Entry:
        standard: dict[str, Any] = {
            "plant": "sandbox",
            "direction": Direction.TO_CTRADER,
            "endpoint": "create_trader",
            "moment": 1_000 * number,
            "duration": 0.01,
            "request": Request("POST", "/v2/webserv/traders"),
            "response": Response(201),
        }
        return Entry(number=number, **{**standard, **changes})

    return make


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
def journal(secrets: Secrets) -> Journal:
    return Journal("sandbox", secrets)


@pytest.fixture(scope="session")
def breach() -> Violation:
    return Violation("create_trader.request.groupName", "a string", "12", Provenance.DOCUMENTED, "edition 2025, 3.2")


@pytest.fixture(scope="session")
def note() -> Violation:
    return Violation("create_trader.response.status", "201", "200", Provenance.ASSUMED, "")
