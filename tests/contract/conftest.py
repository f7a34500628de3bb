"""A body with a key of every sort, for the tests of reading."""

from decimal import Decimal
from typing import Literal

import pytest
from msgspec import Struct, UnsetType, field

from mock_ctrader.contract.models.body import Body, Long


class Inner(Body, frozen=True, kw_only=True):
    country_id: Long | None = None
    city: str | None = None


class Sample(Body, frozen=True, kw_only=True):
    number: Long
    word: str | None = None
    amount: Decimal | None = None
    flag: bool | None = None
    choice: Literal["MAX", "SUM"] | None = None
    inner: Inner | None = None
    lost: str | UnsetType = field(default="", name="legacy_name")


@pytest.fixture(scope="session")
def sample() -> type[Struct]:
    return Sample
