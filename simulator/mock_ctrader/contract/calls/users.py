"""Calls about users: paths under ``/cid`` (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import users as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

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

CALLS = (CREATE_USER, LINK_TRADER)
