"""Calls about trading accounts: paths under ``/webserv/traders`` (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import traders as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction, Provenance

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

LIST_TRADERS = Endpoint(
    id="list_traders",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/traders/",
    summary="Read the trading accounts that were registered in a span of time.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.3",
    assumed=("dealFrom", "dealTo", "hasOpenPositions", "fields that are unknown", "accounts of one millisecond"),
    query=models.ListTraders,
    answer=models.TraderList,
    element="traderListTO",
    refusals=(Code.TRADER_GROUP_NOT_FOUND,),
)

READ_SUBACCOUNTS = Endpoint(
    id="read_subaccounts",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/traders/{login}/subaccounts",
    summary="Read which accounts follow strategies for an account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.4",
    assumed=("status",),
    answer=models.Subaccounts,
    element="subAccountsTotalTO",
    refusals=(Code.TRADER_NOT_FOUND,),
)

REPLACE_TRADER = Endpoint(
    id="replace_trader",
    direction=Direction.TO_CTRADER,
    method="PUT",
    path="/v2/webserv/traders/{login}",
    aliases=(("POST", "/v2/webserv/traders/{login}"),),
    summary="Give a trading account other terms; what is left out gets its default.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.5.1",
    assumed=("keys that may be left out", "a brokerName or leverageInCents left out"),
    request=models.ReplaceTrader,
    status=204,
    refusals=(Code.TRADER_NOT_FOUND, Code.TRADER_GROUP_NOT_FOUND, Code.CH_PLANT_INVALID),
)

UPDATE_TRADER = Endpoint(
    id="update_trader",
    direction=Direction.TO_CTRADER,
    method="PATCH",
    path="/v2/webserv/traders/{login}",
    summary="Change some terms of a trading account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.5.2",
    assumed=("brokerName", "totalMarginCalculationType", "limitedRiskMarginCalculationStrategy"),
    request=models.UpdateTrader,
    status=204,
    refusals=(Code.TRADER_NOT_FOUND, Code.TRADER_GROUP_NOT_FOUND, Code.CH_PLANT_INVALID),
)

DELETE_TRADER = Endpoint(
    id="delete_trader",
    direction=Direction.TO_CTRADER,
    method="DELETE",
    path="/v2/webserv/traders/{login}",
    summary="Close a trading account down.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.6",
    assumed=("an account with money or positions",),
    status=204,
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

CHANGE_BONUS = Endpoint(
    id="change_bonus",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders/{login}/changebonus",
    summary="Add to or take from the bonus of an account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.10",
    assumed=("status", "CHANGE_BALANCE_BAD_AMOUNT"),
    request=models.ChangeBonus,
    answer=models.BonusChanged,
    element="bonusHistoryTO",
    refusals=(Code.TRADER_NOT_FOUND, Code.NOT_ENOUGH_MONEY, Code.CHANGE_BALANCE_BAD_AMOUNT),
)

CHANGE_PASSWORD = Endpoint(
    id="change_password",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders/{login}/changepassword",
    summary="Give a trading account another password.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.8",
    request=models.Password,
    status=204,
    refusals=(Code.TRADER_NOT_FOUND,),
)

CHECK_PASSWORD = Endpoint(
    id="check_password",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders/{login}/checkpassword",
    summary="Tell whether a password is that of a trading account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.9",
    assumed=("path", "status"),
    request=models.Password,
    status=204,
    refusals=(Code.TRADER_NOT_FOUND, Code.WRONG_PASSWORD),
)

WITHDRAW_REQUEST = Endpoint(
    id="withdraw_request",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/traders/{login}/withdrawRequest",
    summary="Note that money is wanted out of an account.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.x",
    provenance=Provenance.OBSERVED,
    assumed=("what it checks", "that it moves nothing"),
    request=models.NewWithdrawRequest,
    status=204,
    refusals=(Code.TRADER_NOT_FOUND, Code.NOT_ENOUGH_MONEY, Code.CHANGE_BALANCE_BAD_AMOUNT),
)

LIST_GROUPS = Endpoint(
    id="list_groups",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v2/webserv/tradergroups",
    summary="Read the groups of trading accounts.",
    dialect=Dialect.WEBSERV,
    edition=Edition.WEBSERVICES,
    section="WebServices, 4.11",
    assumed=("status",),
    answer=models.GroupList,
    element="traderGroupListTO",
)

CALLS = (
    CREATE_TRADER,
    READ_TRADER,
    LIST_TRADERS,
    READ_SUBACCOUNTS,
    REPLACE_TRADER,
    UPDATE_TRADER,
    DELETE_TRADER,
    CHANGE_BALANCE,
    CHANGE_BONUS,
    CHANGE_PASSWORD,
    CHECK_PASSWORD,
    WITHDRAW_REQUEST,
    LIST_GROUPS,
)
