"""Handlers of the calls about users."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.users import LinkCreated, NewLink, NewUser, UserCreated
from mock_ctrader.plant import users
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


def link_trader(call: Call, body: NewLink) -> LinkCreated | Refusal | None:
    """Link an account to a user (edition 2025, 3.4)."""
    wanted = users.LinkWish(
        login=body.trader_login,
        password_hash=body.trader_password_hash,
        user_id=body.user_id,
        environment=body.environment_name,
        broker=body.broker_name,
    )
    link = users.link_trader(call.plant, call.manager, wanted)
    if isinstance(link, Refusal):
        return link
    call.happened("trader_linked", user_id=link.user_id, login=link.login)
    return LinkCreated(ctid_trader_account_id=link.link_id) if body.return_account_details else None


HANDLERS: Mapping[str, Handler] = {"create_user": create_user, "link_trader": link_trader}
