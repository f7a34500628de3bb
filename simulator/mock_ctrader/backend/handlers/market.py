"""Handlers of the market calls."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Handler

HANDLERS: Mapping[str, Handler] = {}
