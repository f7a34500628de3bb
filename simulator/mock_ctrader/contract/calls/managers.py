"""The manager's call (contract, section 4)."""

from mock_ctrader.contract.endpoint import Authentication, Dialect, Edition, Endpoint
from mock_ctrader.contract.models import managers as models
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
    authentication=Authentication.NONE,
)

CALLS = (MANAGER_TOKEN,)
