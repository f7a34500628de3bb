"""Storms: many journeys with faults drawn from a seed, and what holds over all of it, judged from the journal alone.

The room is pure: it draws, judges, makes smaller and writes down; ``runtime.storming`` plays. It stands beside
``conformance``, which asks a CRM one question after the other, where a storm asks nothing and looks at what was said.
"""

from mock_ctrader.storm.breach import Breach, Invariant
from mock_ctrader.storm.drawing import Drawing
from mock_ctrader.storm.invariants import INVARIANTS, judge
from mock_ctrader.storm.shrinking import shrink
from mock_ctrader.storm.turns import Turn
from mock_ctrader.storm.writing import written

__all__ = ["INVARIANTS", "Breach", "Drawing", "Invariant", "Turn", "judge", "shrink", "written"]
