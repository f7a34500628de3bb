"""The nine calls about attributes of traders, groups and managers (contract, section 4)."""

from mock_ctrader.contract.endpoint import Endpoint

CALLS: tuple[Endpoint, ...] = ()
