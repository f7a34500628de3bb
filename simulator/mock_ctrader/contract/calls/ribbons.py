"""The call about ribbons, the in-app controls (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import ribbons as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

SET_INAPP_CONTROLS = Endpoint(
    id="set_inapp_controls",
    direction=Direction.TO_CTRADER,
    method="PUT",
    path="/cid/oauth2/ctid/inAppControls",
    summary="Show ribbons to a user in place of those before, or clear them.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.9",
    request=models.InappControls,
    status=201,
    refusals=(
        Code.CH_BROKER_NOT_FOUND,
        Code.CH_INSUFFICIENT_PERMISSIONS,
        Code.CH_CTID_NOT_FOUND,
        Code.CH_PLANT_INVALID,
        Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND,
    ),
)

CALLS = (SET_INAPP_CONTROLS,)
