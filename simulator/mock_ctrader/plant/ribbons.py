"""Ribbons: which a user has, and which of them a session sees (edition 2025, 3.9)."""

import re
from collections.abc import Sequence

from mock_ctrader.plant.model import Ribbon, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal

_COLOR = re.compile(r"#?[0-9A-Fa-f]{6}")


def set_ribbons(plant: Plant, user: User, ribbons: Sequence[Ribbon]) -> Refusal | None:
    """Give a user these ribbons in place of all before, or say why not; none at all clears them."""
    for number, ribbon in enumerate(ribbons):
        refusal = _check(plant, user, ribbon, f"rules.ribbons[{number}]")
        if refusal:
            return refusal
    if ribbons:
        plant.ribbons[user.user_id] = list(ribbons)
    else:
        plant.ribbons.pop(user.user_id, None)
    return None


def _check(plant: Plant, user: User, ribbon: Ribbon, where: str) -> Refusal | None:
    if not _COLOR.fullmatch(ribbon.color):
        return Refusal(Code.INVALID_REQUEST, f"{where}.color: expected six hexadecimal digits, got '{ribbon.color}'")
    if bool(ribbon.url_external) == bool(ribbon.url_in_app):
        described = f"{where}.action: expected either urlExternal or urlinApp, got {_how_many(ribbon)}"
        return Refusal(Code.INVALID_REQUEST, described)
    if ribbon.broker is not None and ribbon.broker not in plant.brokers:
        return Refusal(Code.CH_PLANT_INVALID, f"{where}.brokerName: no broker '{ribbon.broker}'")
    if ribbon.link_id is not None and ribbon.link_id not in (link.link_id for link in user.links):
        described = f"{where}.ctidTraderAccountId: user {user.user_id} has no linked account {ribbon.link_id}"
        return Refusal(Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, described)
    return None


def _how_many(ribbon: Ribbon) -> str:
    return "both" if ribbon.url_external else "neither"


def visible(ribbons: Sequence[Ribbon], link_id: int | None, broker: str | None) -> tuple[Ribbon, ...]:
    """Return what a session sees that shows this account of this broker (contract, section 6).

    Ribbons for the account come first; if there are none, those for the broker; if none, those with neither.
    One that is not enabled is as if it were not there (assumed).
    """
    shown = [ribbon for ribbon in ribbons if ribbon.enabled]
    for_account = [ribbon for ribbon in shown if ribbon.link_id is not None and ribbon.link_id == link_id]
    without_account = [ribbon for ribbon in shown if ribbon.link_id is None]
    for_broker = [ribbon for ribbon in without_account if ribbon.broker is not None and ribbon.broker == broker]
    return tuple(for_account or for_broker or (ribbon for ribbon in without_account if ribbon.broker is None))
