"""Handlers of the calls about tokens and codes that cTrader makes."""

from collections.abc import Mapping

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.tokens import CopyCode, CopyCodeWish, InappToken, InappTokenRedeemed
from mock_ctrader.plant import tokens
from mock_ctrader.refusal import Refusal


def redeem_inapp_token(call: Call, body: InappToken) -> InappTokenRedeemed | Refusal:
    """Say once whom a token stands for (edition 2026, 3.14)."""
    redeemed = tokens.redeem(call.plant, call.manager, body.token, call.now)
    if isinstance(redeemed, Refusal):
        return redeemed
    call.happened("inapp_token_redeemed", user_id=redeemed.user.user_id, login=redeemed.login)
    return InappTokenRedeemed(
        user_id=redeemed.user.user_id,
        email=redeemed.user.email,
        trading_login=UNSET if redeemed.login is None else redeemed.login,
    )


def create_copy_code(call: Call, body: CopyCodeWish) -> CopyCode | Refusal:
    """Make a code for a Copy widget (edition 2026, 12)."""
    code = tokens.create_copy_code(call.plant, call.manager, body.user_id, body.broker_names, call.now)
    if isinstance(code, Refusal):
        return code
    call.happened("copy_code_created", user_id=body.user_id)
    return CopyCode(code=code)


HANDLERS: Mapping[str, Handler] = {
    "redeem_inapp_token": redeem_inapp_token,
    "create_copy_code": create_copy_code,
}
