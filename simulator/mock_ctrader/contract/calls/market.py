"""Calls about positions, symbols and deposit assets (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import market as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

OPEN_POSITIONS = Endpoint(
    id="open_positions",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/openPositions",
    summary="Read the open positions of an account, or of all within reach.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.12",
    assumed=("status",),
    query=models.OpenPositionsQuery,
    answer=models.OpenPosition,
    grid=True,
    refusals=(Code.TRADER_NOT_FOUND,),
)

CLOSED_POSITIONS = Endpoint(
    id="closed_positions",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/closedPositions",
    summary="Read what was closed within at most two days.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.13",
    assumed=("status",),
    query=models.ClosedPositionsQuery,
    answer=models.ClosedPosition,
    grid=True,
    refusals=(Code.TRADER_NOT_FOUND,),
)

LIST_SYMBOLS = Endpoint(
    id="list_symbols",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/symbols",
    summary="List what can be traded.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 6.1",
    answer=models.SymbolList,
    element="symbolListTO",
)

LIST_DEPOSIT_ASSETS = Endpoint(
    id="list_deposit_assets",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/depositAssets",
    summary="List the currencies that an account may have.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 6.2",
    answer=models.DepositAssetList,
    element="depositAssetListTO",
)

CALLS = (OPEN_POSITIONS, CLOSED_POSITIONS, LIST_SYMBOLS, LIST_DEPOSIT_ASSETS)
