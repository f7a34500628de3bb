"""The calls themselves: those the broker makes to cTrader, and those cTrader makes to the CRM."""

from mock_ctrader.contract import crm_models as crm
from mock_ctrader.contract import models
from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

MANAGER_TOKEN = Endpoint(
    id="manager_token",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/v2/webserv/managers/token",
    summary="Exchange a manager's credentials for the token of all other calls.",
    dialect=Dialect.WEBSERV,
    edition=Edition.E2023,
    section="edition 2025, 3.1",
    request=models.ManagerCredentials,
    answer=models.ManagerToken,
    element="managerTokenTO",
    needs_token=False,
)
CREATE_USER = Endpoint(
    id="create_user",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/oauth2/ctid/create",
    summary="Create the cTrader user that belongs to a user of the CRM.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.2",
    request=models.NewUser,
    answer=models.UserCreated,
    status=201,
    refusals=(Code.CH_BROKER_NOT_FOUND, Code.CH_EMAIL_ALREADY_EXISTS, Code.CH_INSUFFICIENT_PERMISSIONS),
)
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
LINK_TRADER = Endpoint(
    id="link_trader",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/ctid/link",
    summary="Link a trading account to a user.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.4",
    assumed=("status",),
    request=models.NewLink,
    answer=models.LinkCreated,
    refusals=(
        Code.CH_PLANT_INVALID,
        Code.CANT_ROUTE_REQUEST,
        Code.INSUFFICIENT_PERMISSIONS,
        Code.CH_CTID_NOT_FOUND,
        Code.CH_TRADER_ACCOUNT_NOT_FOUND,
        Code.CH_TRADER_ACCOUNT_CANNOT_BE_LINKED,
        Code.CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS,
    ),
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

CRM_API_TOKEN = Endpoint(
    id="crm_api_token",
    direction=Direction.TO_CRM,
    method="POST",
    path="/oauth2/crmApiToken",
    summary="Exchange cTrader's password for the token of all other calls to the CRM.",
    dialect=Dialect.CRM,
    edition=Edition.E2023,
    section="edition 2025, 4.1",
    request=crm.Password,
    answer=crm.CrmApiToken,
    error_statuses=(400, 403),
    needs_token=False,
)
EXCHANGE_OT_TOKEN = Endpoint(
    id="exchange_ot_token",
    direction=Direction.TO_CRM,
    method="POST",
    path="/oauth2/onetime/authorize",
    summary="Verify the OT token of the success URL and learn who logged in.",
    dialect=Dialect.CRM,
    edition=Edition.E2023,
    section="edition 2025, 4.2",
    request=crm.OneTimeCode,
    answer=crm.Authorisation,
    error_statuses=(400, 403, 404, 410, 417),
)
VERIFY_ACCESS_TOKEN = Endpoint(
    id="verify_access_token",
    direction=Direction.TO_CRM,
    method="POST",
    path="/oauth2/authorize",
    summary="Verify the long-term token of an application that starts again.",
    dialect=Dialect.CRM,
    edition=Edition.E2023,
    section="edition 2025, 4.3",
    request=crm.AccessToken,
    answer=crm.Authorisation,
    error_statuses=(400, 403, 404, 410, 417),
)
GENERATE_OT_TOKEN = Endpoint(
    id="generate_ot_token",
    direction=Direction.TO_CRM,
    method="POST",
    path="/oauth2/onetime/generate",
    summary="Ask for an OT token for an in-app action.",
    dialect=Dialect.CRM,
    edition=Edition.E2023,
    section="edition 2025, 4.4",
    request=crm.UserId,
    answer=crm.OneTimeToken,
    error_statuses=(400, 403, 404),
    parameters=("inappToken",),
)
CRM_LOGOUT = Endpoint(
    id="crm_logout",
    direction=Direction.TO_CRM,
    method="POST",
    path="/oauth2/logout",
    summary="Tell the CRM that a user logged out of an application.",
    dialect=Dialect.CRM,
    edition=Edition.E2025,
    section="edition 2025, 4.5",
    assumed=("status",),
    error_statuses=(400, 403, 404),
    parameters=("userId", "accessToken"),
)

BROKER_CALLS = (MANAGER_TOKEN, CREATE_USER, CREATE_TRADER, READ_TRADER, LINK_TRADER, CHANGE_BALANCE)
CRM_CALLS = (CRM_API_TOKEN, EXCHANGE_OT_TOKEN, VERIFY_ACCESS_TOKEN, GENERATE_OT_TOKEN, CRM_LOGOUT)
