"""For other people's test suites: a simulator to hold in the hand, without an event loop.

The pytest plugin hands it out as the fixture ``ctrader``.
"""

from mock_ctrader.errors import MockCTraderError, ScreenRefused
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.testing import match
from mock_ctrader.testing.answers import Answers
from mock_ctrader.testing.app import App
from mock_ctrader.testing.bodies import Bodies, bodies
from mock_ctrader.testing.ctrader import CTrader, PlayedJourney
from mock_ctrader.testing.data import Data
from mock_ctrader.testing.faults import Faults
from mock_ctrader.testing.plant import TestedPlant

__all__ = [
    "Answers",
    "App",
    "Bodies",
    "CTrader",
    "CrmSettings",
    "Data",
    "Faults",
    "MockCTraderError",
    "PlayedJourney",
    "ScreenRefused",
    "Settings",
    "TestedPlant",
    "bodies",
    "match",
]
