"""Calls about trading accounts: paths under ``/webserv/traders`` (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import traders as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

CREATE_TRADER = Endpoint(
    id="create_trader",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders",
    summary="Open a trading account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.E2023,
    section="WebServices, 4.1",
    assumed=("status",),
    request=models.NewTrader,
    answer=models.TraderObject,
    element="traderTO",
    status=201,
    refusals=(Code.CH_PLANT_INVALID, Code.TRADER_GROUP_NOT_FOUND),
)

READ_TRADER = Endpoint(
    id="read_trader",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/traders/{login}",
    summary="Read a trading account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.2",
    answer=models.TraderObject,
    element="traderTO",
    refusals=(Code.TRADER_NOT_FOUND,),
)

CHANGE_BALANCE = Endpoint(
    id="change_balance",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders/{login}/changebalance",
    summary="Deposit to or withdraw from an account, money or credit.",
    dialect=Dialect.WEBSERV,
    edition=Edition.E2023,
    section="WebServices, 4.7",
    assumed=("skipMarginCheck",),
    request=models.ChangeBalance,
    answer=models.BalanceChanged,
    element="balanceHistoryTO",
    refusals=(Code.TRADER_NOT_FOUND, Code.NOT_ENOUGH_MONEY, Code.CHANGE_BALANCE_BAD_AMOUNT),
)

CALLS = (CREATE_TRADER, READ_TRADER, CHANGE_BALANCE)
