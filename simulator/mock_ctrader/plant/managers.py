"""What managers may ask: their token, and whether they may act."""

from hmac import compare_digest

from mock_ctrader.plant.model import Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal


def token_for(plant: Plant, login: int, password_hash: str) -> str | Refusal:
    """Return the token of a manager: the same for the same credentials until the password changes."""
    manager = plant.managers.get(login)
    if manager is None or not compare_digest(manager.password_hash.encode(), password_hash.encode()):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, "manager login or password is wrong", status=401)
    return manager.token


def by_token(plant: Plant, token: str | None) -> Manager | Refusal:
    """Return the manager whom a token stands for."""
    if not token:
        return Refusal(Code.NOT_ENOUGH_RIGHTS, "the manager token is missing", status=401)
    manager = plant.managers_by_token.get(token)
    return manager or Refusal(Code.NOT_ENOUGH_RIGHTS, "token is not valid on this plant", status=401)
