"""Handler of the manager's call."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.managers import ManagerCredentials, ManagerToken
from mock_ctrader.plant import managers
from mock_ctrader.refusal import Refusal


def manager_token(call: Call, body: ManagerCredentials) -> ManagerToken | Refusal:
    """Answer a manager's credentials with the token (edition 2025, 3.1)."""
    token = managers.token_for(call.plant, body.login, body.hashed_password, call.client)
    return token if isinstance(token, Refusal) else ManagerToken(webserv_token=token)


HANDLERS: Mapping[str, Handler] = {"manager_token": manager_token}
