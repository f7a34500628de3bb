"""Calls about one-time tokens and codes that cTrader makes (contract, section 4)."""

from mock_ctrader.contract.endpoint import Endpoint

CALLS: tuple[Endpoint, ...] = ()
