"""Calls about partner identifiers (contract, section 4)."""

from mock_ctrader.contract.endpoint import Endpoint

CALLS: tuple[Endpoint, ...] = ()
