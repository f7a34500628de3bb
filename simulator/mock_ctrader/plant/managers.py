"""What managers may ask: their token, and whether they may act."""

from hmac import compare_digest

from mock_ctrader.plant import networks
from mock_ctrader.plant.model import Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.rights import RIGHT_FOR
from mock_ctrader.refusal import Code, Refusal, Situation


def token_for(plant: Plant, login: int, password_hash: str, client: str = "") -> str | Refusal:
    """Return the token of a manager: the same for the same credentials until the password changes."""
    manager = plant.managers.get(login)
    if manager is None or not compare_digest(manager.password_hash.encode(), password_hash.encode()):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, "manager login or password is wrong", Situation.UNKNOWN_CALLER)
    return check_place(plant, manager, client) or manager.token


def by_token(plant: Plant, token: str | None) -> Manager | Refusal:
    """Return the manager whom a token stands for."""
    if not token:
        return Refusal(Code.NOT_ENOUGH_RIGHTS, "the manager token is missing", Situation.UNKNOWN_CALLER)
    manager = plant.managers_by_token.get(token)
    return manager or Refusal(Code.NOT_ENOUGH_RIGHTS, "token is not valid on this plant", Situation.UNKNOWN_CALLER)


def check_place(plant: Plant, manager: Manager | None, client: str) -> Refusal | None:
    """Refuse a manager who is disabled, or a caller from an address that is not on the lists.

    Both are answered 403 (assumed: the documentation does not show what such a caller sees).
    """
    if manager is not None and not manager.enabled:
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager {manager.login} is disabled")
    own = manager.ip_list if manager else ()
    if not (networks.takes(plant.options.ip_list, client) and networks.takes(own, client)):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"address {client or 'unknown'} is not on the IP list")
    return None


def check_right(manager: Manager, call: str) -> Refusal | None:
    """Refuse a manager who lacks the right for a call, named by its id."""
    right = RIGHT_FOR[call]
    if right is None or right in manager.rights:
        return None
    return Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager {manager.login} lacks the right {right}")


def change_password(plant: Plant, login: int, password_hash: str) -> Manager | None:
    """Give a manager a new password, and so a new token: the one before is worth nothing (WebServices 2.2).

    Returns nothing where there is no such manager.
    """
    manager = plant.managers.get(login)
    if manager is not None:
        manager.password_hash = password_hash
        _renew_token(plant, manager)
    return manager


def revoke_token(plant: Plant, login: int) -> Manager | None:
    """Make a manager's token worthless, as an operator may: the next token call gives a new one.

    Returns nothing where there is no such manager.
    """
    manager = plant.managers.get(login)
    if manager is not None:
        _renew_token(plant, manager)
    return manager


def _renew_token(plant: Plant, manager: Manager) -> None:
    manager.tokens_given += 1
    plant.draw_token(manager)
