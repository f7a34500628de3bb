"""Handlers of the calls about users."""

from collections.abc import Mapping

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.users import (
    AccountMove,
    CtidCreated,
    LinkCreated,
    NewCtid,
    NewEmail,
    NewLink,
    NewUser,
    UserByEmail,
    UserCreated,
    UserFound,
    UserMeant,
)
from mock_ctrader.plant import links, users
from mock_ctrader.refusal import Refusal


def create_user(call: Call, body: NewUser) -> UserCreated | Refusal:
    """Create a user for the CRM (edition 2025, 3.2)."""
    wanted = users.Registration(
        crm_name=body.broker_crm_name,
        email=body.email,
        nickname=body.wanted_nickname,
        first_name=body.first_name,
        language=body.preferred_language,
    )
    user = users.create_user(call.plant, call.manager, wanted, call.now)
    if isinstance(user, Refusal):
        return user
    call.happened("user_created", user_id=user.user_id)
    return UserCreated(user_id=user.user_id)


def create_ctid(call: Call, body: NewCtid) -> CtidCreated | Refusal:
    """Create a user by e-mail; who was there before is told by number alone (WebServices 5.1)."""
    wanted = users.CtidRegistration(body.email, body.broker_name, body.preferred_language)
    user = users.create_ctid(call.plant, call.manager, wanted, call.now)
    if isinstance(user, Refusal):
        return user
    if isinstance(user, int):
        return CtidCreated(user_id=user)
    call.happened("user_created", user_id=user.user_id)
    return CtidCreated(
        user_id=user.user_id,
        nickname=user.nickname,
        email=user.email,
        preferred_language=user.language or UNSET,
        utc_create_timestamp=user.created,
        status="CTID_NEW",
    )


def link_trader(call: Call, body: NewLink) -> LinkCreated | Refusal | None:
    """Link an account to a user (edition 2025, 3.4)."""
    wanted = links.LinkWish(
        login=body.trader_login,
        password_hash=body.trader_password_hash,
        user_id=body.user_id,
        environment=body.environment_name,
        broker=body.broker_name,
    )
    link = links.link_trader(call.plant, call.manager, wanted)
    if isinstance(link, Refusal):
        return link
    call.happened("trader_linked", user_id=link.user_id, login=link.login)
    return LinkCreated(ctid_trader_account_id=link.link_id) if body.return_account_details else None


def move_trader(call: Call, body: AccountMove) -> Refusal | None:
    """Move a linked account to another broker (WebServices 5.3)."""
    wanted = links.Move(body.trader_login, body.environment_name, body.broker_name)
    trader = links.move_trader(call.plant, call.manager, wanted, call.now)
    if isinstance(trader, Refusal):
        return trader
    call.happened("trader_moved", login=trader.login)
    return None


def change_email(call: Call, body: NewEmail) -> Refusal | None:
    """Give a user another e-mail (edition 2025, 3.10)."""
    user = users.find_user(call.plant, call.manager, body.broker_crm_name, body.user_id)
    refusal = user if isinstance(user, Refusal) else users.change_email(call.plant, user, body.new_email)
    if refusal is None:
        call.happened("email_changed", user_id=body.user_id)
    return refusal


def find_user(call: Call, query: UserByEmail) -> UserFound | Refusal | None:
    """Find a user by e-mail (edition 2025, 3.11)."""
    user = users.find_by_email(call.plant, call.manager, query.broker_crm_name, query.email)
    if user is None or isinstance(user, Refusal):
        return user
    return UserFound(user_id=user.user_id)


def logout_user(call: Call, query: UserMeant) -> Refusal | None:
    """Log a user out of all applications; whoever keeps sessions hears of it (edition 2025, 3.12)."""
    user = users.find_user(call.plant, call.manager, query.broker_crm_name, query.user_id)
    if isinstance(user, Refusal):
        return user
    call.happened("user_logged_out", user_id=user.user_id)
    return None


def accept_agreement(call: Call, query: UserMeant) -> Refusal | None:
    """Note that a user accepted the broker's agreement (edition 2025, 3.13)."""
    user = users.find_user(call.plant, call.manager, query.broker_crm_name, query.user_id)
    if isinstance(user, Refusal):
        return user
    users.accept_agreement(user, call.now)
    call.happened("agreement_accepted", user_id=user.user_id)
    return None


HANDLERS: Mapping[str, Handler] = {
    "create_user": create_user,
    "create_ctid": create_ctid,
    "link_trader": link_trader,
    "move_trader": move_trader,
    "change_email": change_email,
    "find_user": find_user,
    "logout_user": logout_user,
    "accept_agreement": accept_agreement,
}
