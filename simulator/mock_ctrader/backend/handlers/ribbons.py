"""Handler of the call about ribbons."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.ribbons import InappControls, RibbonRule
from mock_ctrader.plant import ribbons, users
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.refusal import Code, Refusal


def set_inapp_controls(call: Call, body: InappControls) -> Refusal | None:
    """Show ribbons to a user in place of those before, or clear them (edition 2025, 3.9)."""
    if body.wanted_user is None:
        return Refusal(Code.INVALID_REQUEST, "userId: expected an integer, got nothing")
    user = users.find_user(call.plant, call.manager, body.broker_crm_name, body.wanted_user)
    if isinstance(user, Refusal):
        return user
    wanted = [_ribbon(rule) for rule in body.rules.ribbons or ()]
    refusal = ribbons.set_ribbons(call.plant, user, wanted)
    if refusal is None:
        call.happened("ribbons_set" if wanted else "ribbons_cleared", user_id=user.user_id)
    return refusal


def _ribbon(rule: RibbonRule) -> Ribbon:
    return Ribbon(
        color=rule.color,
        title=rule.title,
        enabled=rule.enabled,
        closable=rule.closable,
        url_external=rule.action.url_external or None,
        url_in_app=rule.action.url_in_app or None,
        link_id=rule.ctid_trader_account_id,
        broker=rule.broker_name,
    )


HANDLERS: Mapping[str, Handler] = {"set_inapp_controls": set_inapp_controls}
