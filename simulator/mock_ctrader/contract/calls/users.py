"""Calls about users: paths under ``/cid`` (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import users as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction, Provenance

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
    summary="Link a trading account to a user; only with returnAccountDetails has the answer a body.",
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

CREATE_CTID = Endpoint(
    id="create_ctid",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/ctid/create",
    summary="Create a user by e-mail alone, outside the SSO solution, or learn who has that e-mail.",
    dialect=Dialect.CID,
    edition=Edition.WEBSERVICES,
    section="WebServices, 5.1",
    assumed=("status",),
    request=models.NewCtid,
    answer=models.CtidCreated,
    refusals=(Code.CH_PLANT_INVALID, Code.CID_DEFAULT_REGION_NOT_FOUND),
)

MOVE_TRADER = Endpoint(
    id="move_trader",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/ctid/changeCtidTraderAccount",
    summary="Move a linked account to another broker of the plant.",
    dialect=Dialect.CID,
    edition=Edition.WEBSERVICES,
    section="WebServices, 5.3",
    provenance=Provenance.OBSERVED,
    assumed=("status",),
    request=models.AccountMove,
    refusals=(Code.CH_PLANT_INVALID, Code.CH_TRADER_ACCOUNT_NOT_FOUND, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND),
)

_OF_A_CRM = (Code.CH_BROKER_NOT_FOUND, Code.CH_INSUFFICIENT_PERMISSIONS)
"""What any call may be refused with that names a CRM."""

CHANGE_EMAIL = Endpoint(
    id="change_email",
    direction=Direction.TO_CTRADER,
    method="PUT",
    path="/cid/oauth2/ctid/changeEmail",
    aliases=(("POST", "/cid/oauth2/ctid/changeEmail"),),
    summary="Tell cTrader that a user's e-mail changed in the CRM.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.10",
    request=models.NewEmail,
    status=204,
    refusals=(*_OF_A_CRM, Code.CH_CTID_NOT_FOUND, Code.CH_EMAIL_ALREADY_EXISTS),
)

FIND_USER = Endpoint(
    id="find_user",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/cid/oauth2/ctid/userId",
    summary="Find the user of a CRM by e-mail.",
    dialect=Dialect.CID,
    edition=Edition.E2025,
    section="edition 2025, 3.11",
    assumed=("method", "path", "status"),
    query=models.UserByEmail,
    answer=models.UserFound,
    refusals=_OF_A_CRM,
)

LOGOUT_USER = Endpoint(
    id="logout_user",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/oauth2/ctid/logout",
    summary="Log a user out of all cTrader applications.",
    dialect=Dialect.CID,
    edition=Edition.E2025,
    section="edition 2025, 3.12",
    assumed=("method", "path", "status"),
    query=models.UserMeant,
    refusals=(*_OF_A_CRM, Code.CH_CTID_NOT_FOUND),
)

ACCEPT_AGREEMENT = Endpoint(
    id="accept_agreement",
    direction=Direction.TO_CTRADER,
    method="PUT",
    path="/cid/oauth2/ctid/acceptAgreement",
    summary="Tell cTrader that a user accepted the broker's agreement.",
    dialect=Dialect.CID,
    edition=Edition.E2025,
    section="edition 2025, 3.13",
    assumed=("status",),
    query=models.UserMeant,
    refusals=(*_OF_A_CRM, Code.CH_CTID_NOT_FOUND),
)

CALLS = (
    CREATE_USER,
    CREATE_CTID,
    LINK_TRADER,
    MOVE_TRADER,
    CHANGE_EMAIL,
    FIND_USER,
    LOGOUT_USER,
    ACCEPT_AGREEMENT,
)
