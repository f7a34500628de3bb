"""Calls about one-time tokens and codes that cTrader makes (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import tokens as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

REDEEM_INAPP_TOKEN = Endpoint(
    id="redeem_inapp_token",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/ctid2/inAppToken/redeem",
    aliases=(("POST", "/cid/ctid2/inAppToken/redeem"),),
    summary="Learn for whom an application opened a page of the broker, where cTrader is the identity provider.",
    dialect=Dialect.CID,
    edition=Edition.E2026,
    section="edition 2026, 3.14",
    assumed=("path",),
    request=models.InappToken,
    answer=models.InappTokenRedeemed,
    error_statuses=(401, 403, 404),
    refusals=(
        Code.CID_NON_EXISTED_TOKEN,
        Code.CID_TOKEN_EXPIRED,
        Code.CH_INSUFFICIENT_PERMISSIONS,
    ),
)

CREATE_COPY_CODE = Endpoint(
    id="create_copy_code",
    direction=Direction.TO_CTRADER,
    method="POST",
    path="/cid/ctid/onetimecode",
    summary="Get a code that opens a Copy widget for a user, with the accounts of the brokers named.",
    dialect=Dialect.CID,
    edition=Edition.WEBSERVICES,
    section="edition 2026, 12",
    assumed=("method", "path", "status", "request", "answer"),
    request=models.CopyCodeWish,
    answer=models.CopyCode,
    refusals=(Code.CH_CTID_NOT_FOUND, Code.CH_PLANT_INVALID),
)

CALLS = (REDEEM_INAPP_TOKEN, CREATE_COPY_CODE)
