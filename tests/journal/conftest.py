"""An empty journal."""

import pytest

from mock_ctrader.journal import Journal, Secrets


@pytest.fixture
def journal(secrets: Secrets) -> Journal:
    return Journal("sandbox", secrets)
