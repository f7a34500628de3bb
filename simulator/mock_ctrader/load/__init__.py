"""A population at a CRM: which journeys are played how often, when people come, how long they think, what came of it.

The room is pure: it shares out, draws, counts and puts together; ``runtime.locustfile`` plays, on Locust.
"""

from mock_ctrader.load.arrivals import CURVES, Curve, Tide
from mock_ctrader.load.mix import Mix, Share, read_share
from mock_ctrader.load.people import Register, numbered
from mock_ctrader.load.result import Failure, Kept, Line, Report, Result, Tally
from mock_ctrader.load.thinking import Think

__all__ = [
    "CURVES",
    "Curve",
    "Failure",
    "Kept",
    "Line",
    "Mix",
    "Register",
    "Report",
    "Result",
    "Share",
    "Tally",
    "Think",
    "Tide",
    "numbered",
    "read_share",
]
