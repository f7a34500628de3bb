"""Calls about invited and registered users (contract, section 4)."""

from mock_ctrader.contract.endpoint import Authentication, Dialect, Edition, Endpoint
from mock_ctrader.contract.models import invite as models
from mock_ctrader.wire import Direction

INVITED_USERS = Endpoint(
    id="invited_users",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v1/social/invitedUsers",
    summary="List the users who came through the links of partners.",
    dialect=Dialect.CID,
    edition=Edition.INVITE,
    section="edition 2026, 10.2",
    assumed=("status", "limit", "skip"),
    query=models.InvitedWanted,
    answer=models.InvitedUsers,
    authentication=Authentication.BEARER,
)

REGISTERED_USERS = Endpoint(
    id="registered_users",
    direction=Direction.TO_CTRADER,
    method="GET",
    path="/v1/users",
    summary="List the users of the plant; the manager needs the right to authenticate users.",
    dialect=Dialect.CID,
    edition=Edition.INVITE,
    section="edition 2026, 10.4",
    assumed=("status", "limit", "skip"),
    query=models.RegisteredWanted,
    answer=models.RegisteredUsers,
    authentication=Authentication.BEARER,
)

CALLS = (INVITED_USERS, REGISTERED_USERS)
