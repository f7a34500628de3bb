"""Calls about positions, symbols and deposit assets (contract, section 4)."""

from mock_ctrader.contract.endpoint import Endpoint

CALLS: tuple[Endpoint, ...] = ()
