"""Deposits and withdrawals, opened inside cTrader's applications with an OT token (edition 2025, 5.7)."""

from collections.abc import Mapping
from decimal import Decimal

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.ctrader_wire import CTraderError, CTraderRefused, CTraderUnavailable
from mock_ctrader.sample_crm.forms import FormProblem, read_amount, read_payment_id
from mock_ctrader.sample_crm.handoff import enter_screen
from mock_ctrader.sample_crm.pages import PageProblem, go_to_success, read_form, render_form, view_of
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import Account, Duplicate, Payment

PATH = "/inapp/{action:deposit|withdraw}"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up the token
async def show(request: web.Request) -> web.Response:
    """Show the form. The address has to name the user, by OT token, and the account."""
    login = account_number(request)
    session = await enter_screen(request)
    return await show_form(request, session, own_account(request, session, login), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Move the money and send the user back to cTrader."""
    session, form = await read_form(request)
    account = own_account(request, session, account_number(request))
    try:
        await pay(request, account, form)
    except (FormProblem, CTraderError) as problem:
        return await show_form(request, session, account, form, problem)
    return go_to_success(request, session, account.user_id)


async def pay(request: web.Request, account: Account, form: Mapping[str, str]) -> None:
    """Have cTrader change the balance.

    A real cashier takes a deposit from the payment provider before this call. It pays a withdrawal out after this
    call, and only if cTrader has taken the money off the account: else it could be traded away in the meantime.
    """
    crm = request.app[CRM]
    payment = Payment(
        id=read_payment_id(form, account.login),
        environment=account.environment,
        login=account.login,
        type="DEPOSIT" if request.match_info["action"] == "deposit" else "WITHDRAW",
        amount=read_amount(form),
    )
    # Written down before cTrader is asked: whatever happens then, the payment is on our list.
    try:
        crm.store.open_payment(payment)
    except Duplicate as error:
        raise FormProblem("payment_repeated") from error
    try:
        history_id = await crm.ctrader.change_balance(payment)
    except CTraderRefused as refusal:
        crm.store.close_payment(payment.id, "refused", refusal.code)
        raise
    except CTraderUnavailable as error:
        crm.store.close_payment(payment.id, "unknown", str(error))
        raise FormProblem("payment_unknown", status=502, payment=payment.id) from error
    crm.store.close_payment(payment.id, "done", f"balanceHistoryId {history_id}")


async def show_form(
    request: web.Request,
    session: Session,
    account: Account,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form, with a new payment number: sent twice by a double click, the same number pays only once."""
    return render_form(
        request,
        "cashier",
        session,
        typed=form,
        problem=problem,
        action=request.match_info["action"],
        form_url=view_of(request).url(request.path, account=str(account.login)),
        account=account,
        balance=await balance_or_none(request, account),
        payment=request.app[CRM].store.next_payment_id(account),
    )


async def balance_or_none(request: web.Request, account: Account) -> Decimal | None:
    """Return the account's balance; the form does not depend on it, so a problem with it is none of the user's."""
    try:
        return await request.app[CRM].ctrader.read_balance(account)
    except CTraderError:
        return None


def account_number(request: web.Request) -> int:
    """Return the account number in the address."""
    digits = request.query.get("account", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise PageProblem(400, "link_incomplete")
    return int(digits)


def own_account(request: web.Request, session: Session, login: int) -> Account:
    """Return the account with this number, if it is the visitor's own."""
    account = request.app[CRM].store.account(session.user_id, login) if session.user_id else None
    if account is None:
        raise PageProblem(403, "account_not_yours")
    return account
