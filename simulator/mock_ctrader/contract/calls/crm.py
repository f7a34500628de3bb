"""Calls that cTrader makes to the CRM (contract, section 5)."""

from mock_ctrader.contract.endpoint import Authentication, Dialect, Edition, Endpoint
from mock_ctrader.contract.models import crm
from mock_ctrader.wire import Direction

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
    authentication=Authentication.NONE,
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

ATTRIBUTION_WEBHOOK = Endpoint(
    id="attribution_webhook",
    direction=Direction.TO_CRM,
    method="POST",
    path="",
    summary="Tell the broker that a user came through a partner's link; the URL is the broker's own.",
    dialect=Dialect.CRM,
    edition=Edition.INVITE,
    section="edition 2026, 10.1",
    request=crm.Attribution,
    answer=crm.Attributed,
    authentication=Authentication.SHARED,
)

NEW_USER_WEBHOOK = Endpoint(
    id="new_user_webhook",
    direction=Direction.TO_CRM,
    method="POST",
    path="",
    summary="Tell the broker that a user registered inside an application; the URL is the broker's own.",
    dialect=Dialect.CRM,
    edition=Edition.INVITE,
    section="edition 2026, 10.3",
    assumed=("status",),
    request=crm.RegisteredInApplication,
    authentication=Authentication.SHARED,
)

CALLS = (
    CRM_API_TOKEN,
    EXCHANGE_OT_TOKEN,
    VERIFY_ACCESS_TOKEN,
    GENERATE_OT_TOKEN,
    CRM_LOGOUT,
    ATTRIBUTION_WEBHOOK,
    NEW_USER_WEBHOOK,
)
