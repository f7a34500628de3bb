"""Sample CRMs with one known bug each, switched on by patching: what a storm is to find."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_ctrader.sample_crm.ctrader import CTraderClient
from mock_ctrader.sample_crm.ctrader_wire import CTraderUnavailable
from mock_ctrader.sample_crm.store import Store
from mock_ctrader.sample_crm.tokens import Grant, Tokens

Patch = pytest.MonkeyPatch


def tries_again(method: str) -> Callable[[Patch], None]:
    """Return a bug: a call without a usable answer is simply made again."""

    def switch_on(patch: Patch) -> None:
        real = getattr(CTraderClient, method)

        async def again(crm: CTraderClient, *arguments: Any, **named: Any) -> Any:
            try:
                return await real(crm, *arguments, **named)
            except CTraderUnavailable:
                return await real(crm, *arguments, **named)

        patch.setattr(CTraderClient, method, again)

    return switch_on


def takes_tokens_twice(patch: Patch) -> None:
    """Look a one-time token up, and take it away only when the user was told: of two at once both get in."""
    real, taken = Tokens.redeem_one_time, dict[str, list[Grant]]()

    def racing(tokens: Tokens, token: str) -> Grant:
        if taken.get(token):
            return taken[token].pop()
        grant = real(tokens, token)
        taken[token] = [grant]
        return grant

    patch.setattr(Tokens, "redeem_one_time", racing)


def keeps_access_tokens(patch: Patch) -> None:
    """Answer a logout, and forget to end the token."""
    patch.setattr(Tokens, "revoke_access", lambda *_: None)


def pays_every_form(patch: Patch) -> None:
    """Pay whatever form comes, whether it was sent before or not."""
    real = Store.open_payment

    def forgetful(store: Store, payment: Any) -> None:
        try:
            real(store, payment)
        except ValueError:
            return

    patch.setattr(Store, "open_payment", forgetful)


def opens_for_every_form(patch: Patch) -> None:
    """Open an account for whatever form comes."""
    patch.setattr(Store, "take_order", lambda *_: None)


def says_done(patch: Patch) -> None:
    """Call a payment made of which cTrader said nothing."""
    real = CTraderClient.change_balance

    async def optimistic(crm: CTraderClient, payment: Any) -> int:
        try:
            return await real(crm, payment)
        except CTraderUnavailable:
            return 1

    patch.setattr(CTraderClient, "change_balance", optimistic)


def leaves_accounts_without_link(patch: Patch) -> None:
    """Go on where an account could not be linked."""
    real = CTraderClient.link_trader

    async def careless(crm: CTraderClient, *arguments: Any, **named: Any) -> int:
        try:
            return await real(crm, *arguments, **named)
        except CTraderUnavailable:
            return 1

    patch.setattr(CTraderClient, "link_trader", careless)


def shares_inapp_tokens(patch: Patch) -> None:
    """Give every user the same inappToken."""
    real = Tokens.issue_inapp

    def shared(tokens: Tokens, user: Any) -> str:
        real(tokens, user)
        tokens._db.execute("UPDATE users SET inapp_token = 'the-same-for-everybody'")
        return "the-same-for-everybody"

    patch.setattr(Tokens, "issue_inapp", shared)


Bug = tuple[Callable[[Patch], None], str, tuple[str, ...], int]
BUGS: dict[str, Bug] = {
    "retries create_trader": (tries_again("create_trader"), "one-account-per-order", ("lost-answer", "reset-after"), 6),
    "credits twice": (tries_again("change_balance"), "paid-once", ("lost-answer", "half-body"), 6),
    "takes a one-time token twice": (
        takes_tokens_twice,
        "one-time-token-taken-once",
        ("ot-token-exchanged-twice", "replayed"),
        6,
    ),
    "keeps the accessToken": (keeps_access_tokens, "logged-out-stays-out", ("access-token-kept",), 6),
    "pays a form twice": (pays_every_form, "paid-once", ("form-sent-twice", "form-sent-again"), 6),
    "opens a form's account twice": (opens_for_every_form, "one-account-per-order", ("form-sent-again",), 6),
    "calls a payment made": (says_done, "money-as-told", ("reset-before", "unavailable"), 6),
    "goes on without a link": (leaves_accounts_without_link, "account-has-link", ("unavailable", "reset-before"), 6),
    "shares inappTokens": (shares_inapp_tokens, "secrets-are-personal", (), 6),
}
"""By what it is called: how it is switched on, the invariant that it breaks, faults that bring it out, and how many
steps are enough to show it."""
