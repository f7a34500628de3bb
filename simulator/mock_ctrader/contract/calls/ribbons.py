"""The call about ribbons, the in-app controls (contract, section 4)."""

from mock_ctrader.contract.endpoint import Endpoint

CALLS: tuple[Endpoint, ...] = ()
