"""Calls about partner identifiers (contract, section 4)."""

from mock_ctrader.contract.endpoint import Dialect, Edition, Endpoint
from mock_ctrader.contract.models import partners as models
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction

_PATH = "/cid/oauth2/ctid/referral"
_REFUSALS = (
    Code.CH_BROKER_NOT_FOUND,
    Code.CH_INSUFFICIENT_PERMISSIONS,
    Code.CH_CTID_NOT_FOUND,
    Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND,
)

SET_PARTNER = Endpoint(
    id="set_partner",
    direction=Direction.TO_CTRADER,
    method="PUT",
    path=_PATH,
    aliases=(("PUT", "/v2/oauth2/ctid/setReferral"),),
    summary="Attach a partner identifier to a user or to an account.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.6",
    assumed=("answer",),
    request=models.NewPartner,
    answer=models.PartnerSet,
    refusals=_REFUSALS,
)

READ_PARTNER = Endpoint(
    id="read_partner",
    direction=Direction.TO_CTRADER,
    method="GET",
    path=_PATH,
    summary="Read the partner identifier of a user or of an account.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.7",
    query=models.PartnerWanted,
    answer=models.PartnerFound,
    refusals=_REFUSALS,
)

DELETE_PARTNER = Endpoint(
    id="delete_partner",
    direction=Direction.TO_CTRADER,
    method="DELETE",
    path=_PATH,
    summary="Take the partner identifier of a user or of an account away.",
    dialect=Dialect.CID,
    edition=Edition.E2023,
    section="edition 2025, 3.8",
    query=models.PartnerUnwanted,
    refusals=_REFUSALS,
)

CALLS = (SET_PARTNER, READ_PARTNER, DELETE_PARTNER)
