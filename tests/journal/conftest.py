"""An empty journal, and exchanges of a recording."""

from typing import Any, Protocol

import msgspec
import pytest

from mock_ctrader.journal import Journal, Secrets
from mock_ctrader.journal.recording import Exchange


@pytest.fixture
def journal(secrets: Secrets) -> Journal:
    return Journal("sandbox", secrets)


class MakeExchange(Protocol):
    def __call__(self, number: int = 1, **changes: Any) -> Exchange: ...


@pytest.fixture
def make_exchange() -> MakeExchange:
    """A call of the CRM, and its answer; keys of the wire are given as they are written."""

    def make(number: int = 1, **changes: Any) -> Exchange:
        standard: dict[str, Any] = {
            "plant": "sandbox",
            "direction": "crm-to-ctrader",
            "endpoint": "create_user",
            "moment": 1_000 * number,
            "request": {"method": "POST", "url": "http://h:1/cid/oauth2/ctid/create?token=[webservToken-1]"},
            "response": {"status": 201, "body": {"json": {"userId": 12345678}}},
        }
        return msgspec.convert({"number": number, **standard, **changes}, Exchange)

    return make
