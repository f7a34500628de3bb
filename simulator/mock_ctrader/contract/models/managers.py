"""Bodies of the manager's call."""

from mock_ctrader.contract.models.body import Body, Long


class ManagerCredentials(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.1: the manager's login and the MD5 of the password."""

    login: Long
    hashed_password: str


class ManagerToken(Body, frozen=True, kw_only=True):
    """Edition 2025, 3.1: the token for every other call."""

    webserv_token: str
