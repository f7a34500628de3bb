"""What goes wrong, by name and as data: which fault, at which call, how often; decided without reaching outside."""

from mock_ctrader.faults.catalogue import FAULTS, Deed, Fault, Side
from mock_ctrader.faults.register import FACT, Armed, Called, Effect, Faults
from mock_ctrader.faults.rule import Rule, parse

__all__ = ["FACT", "FAULTS", "Armed", "Called", "Deed", "Effect", "Fault", "Faults", "Rule", "Side", "parse"]
