"""What people type into our forms: read, tidied and checked, before anybody is asked to act on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mock_ctrader.sample_crm.countries import COUNTRIES

CURRENCIES = ("EUR", "USD", "GBP", "BTC")
ENVIRONMENTS = ("demo", "live")
LEVERAGES = (30, 50, 100, 200, 500)
DOCUMENTS = ("passport", "identity_card", "driving_licence")
CALL_TIMES = ("morning", "afternoon", "evening")
LONGEST_TEXT = 200
LONGEST_MESSAGE = 2000
SHORTEST_PASSWORD = 8
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")  # eight decimals are the finest that any currency has


class FormProblem(Exception):
    """The form has to be shown again. ``texts`` are keys of ``texts.py``; ``values`` fill their gaps."""

    def __init__(self, *texts: str, status: int = 422, **values: str) -> None:
        super().__init__(*texts)
        self.texts = texts
        self.status = status
        self.values = values


@dataclass(frozen=True, kw_only=True)
class CredentialsForm:
    """What a new user will log in with; on a phone it is a page of its own."""

    email: str
    password: str
    keep_logged_in: bool


@dataclass(frozen=True, kw_only=True)
class PersonForm:
    """Who a new user is."""

    first_name: str
    last_name: str
    phone: str
    country: str
    accepted: bool
    """The terms of business, by a box that may stay open."""


@dataclass(frozen=True, kw_only=True)
class AccountForm:
    """The trading account that a user wants."""

    environment: str
    currency: str
    leverage: int


@dataclass(frozen=True, kw_only=True)
class DocumentForm:
    """The document that a user proves the own identity with."""

    type: str
    number: str


def read_signup(form: Mapping[str, str]) -> tuple[CredentialsForm, PersonForm]:
    """Return a checked signup, or raise FormProblem with everything that is wrong with it."""
    require(person_checks(form) | credentials_checks(form))
    return read_credentials(form), read_person(form)


def read_credentials(form: Mapping[str, str]) -> CredentialsForm:
    """Return what a new user will log in with, or raise FormProblem with everything that is wrong with it."""
    require(credentials_checks(form))
    return CredentialsForm(
        email=clean_email(form), password=form["password"], keep_logged_in=ticked(form, "keep_logged_in")
    )


def read_person(form: Mapping[str, str]) -> PersonForm:
    """Return who a new user is, or raise FormProblem with everything that is wrong with it."""
    require(person_checks(form))
    return PersonForm(
        first_name=text(form, "first_name"),
        last_name=text(form, "last_name"),
        phone=text(form, "phone"),
        country=text(form, "country"),
        accepted=ticked(form, "terms"),
    )


def credentials_checks(form: Mapping[str, str]) -> dict[str, bool]:
    """Return, for each problem that the credentials can have, whether they are free of it."""
    return {
        "email_wrong": is_email(clean_email(form)),
        "password_wrong": SHORTEST_PASSWORD <= len(form.get("password", "")) <= LONGEST_TEXT,
    }


def person_checks(form: Mapping[str, str]) -> dict[str, bool]:
    """Return, for each problem that the details of a person can have, whether they are free of it."""
    return {
        "first_name_wrong": 0 < len(text(form, "first_name")) <= LONGEST_TEXT,
        "last_name_wrong": 0 < len(text(form, "last_name")) <= LONGEST_TEXT,
        "phone_wrong": 0 < len(text(form, "phone")) <= LONGEST_TEXT,
        "country_wrong": text(form, "country") in COUNTRIES,
    }


def require(checks: Mapping[str, bool]) -> None:
    """Raise FormProblem with every check that was not passed."""
    if problems := [problem for problem, passed in checks.items() if not passed]:
        raise FormProblem(*problems)


def read_new_password(form: Mapping[str, str]) -> str:
    """Return a new password that was typed twice alike, or raise FormProblem."""
    password = form.get("new_password", "")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_TEXT:
        raise FormProblem("password_wrong")
    if password != form.get("repeated_password", ""):
        raise FormProblem("repeated_password_wrong")
    return password


def read_new_email(form: Mapping[str, str]) -> str:
    """Return the address that a user wants from now on, or raise FormProblem."""
    email = text(form, "new_email").lower()
    if not is_email(email):
        raise FormProblem("email_wrong")
    return email


def read_account(form: Mapping[str, str]) -> AccountForm:
    """Return a checked choice of account, or raise FormProblem: only what the selects offer is accepted."""
    leverages = {str(leverage): leverage for leverage in LEVERAGES}
    environment, currency, leverage = text(form, "environment"), text(form, "currency"), text(form, "leverage")
    if environment not in ENVIRONMENTS or currency not in CURRENCIES or leverage not in leverages:
        raise FormProblem("choice_wrong")
    return AccountForm(environment=environment, currency=currency, leverage=leverages[leverage])


def read_order(form: Mapping[str, str]) -> str:
    """Return the mark that this form was given when it was shown, or raise FormProblem."""
    order = form.get("order_token", "")
    if not 0 < len(order) <= LONGEST_TEXT:
        raise FormProblem("form_expired")
    return order


def read_document(form: Mapping[str, str]) -> DocumentForm:
    """Return a checked document, or raise FormProblem with everything that is wrong with it."""
    document = DocumentForm(type=text(form, "document_type"), number=text(form, "document_id"))
    require(
        {
            "document_type_wrong": document.type in DOCUMENTS,
            "document_id_wrong": 0 < len(document.number) <= LONGEST_TEXT,
            "confirm_wrong": ticked(form, "confirm"),
        }
    )
    return document


def read_call_time(form: Mapping[str, str]) -> str:
    """Return the time of day at which a user wants to be called, or raise FormProblem."""
    time = text(form, "call_time")
    if time not in CALL_TIMES:
        raise FormProblem("call_time_wrong")
    return time


def read_message(form: Mapping[str, str]) -> str:
    """Return what a user writes to us, or raise FormProblem."""
    message = text(form, "message")
    if not 0 < len(message) <= LONGEST_MESSAGE:
        raise FormProblem("message_wrong")
    return message


def read_amount(form: Mapping[str, str]) -> Decimal:
    """Return a positive amount of money, or raise FormProblem."""
    typed = text(form, "amount")
    if not AMOUNT.fullmatch(typed) or not (amount := Decimal(typed)):
        raise FormProblem("amount_wrong")
    return amount


def read_payment_id(form: Mapping[str, str], account: int) -> str:
    """Return the number that this payment was given when its form was shown, or raise FormProblem.

    It begins with the account's own number: nobody can use up the numbers of somebody else's payments.
    """
    login, dash, count = form.get("payment", "").partition("-")
    if login != str(account) or not dash or not (count.isascii() and count.isdigit() and len(count) <= 9):
        raise FormProblem("form_expired")
    return f"{login}-{count}"


def clean_email(form: Mapping[str, str]) -> str:
    """Return the e-mail as we store and look it up: case and blanks around it make no other address."""
    return text(form, "email").lower()


def is_email(address: str) -> bool:
    """Tell whether this looks like an e-mail address; whether it is one, only a mail to it would show."""
    return EMAIL.fullmatch(address) is not None and len(address) <= LONGEST_TEXT


def ticked(form: Mapping[str, str], name: str) -> bool:
    """Tell whether a checkbox was ticked: a browser sends nothing at all for one that was not."""
    return name in form


def text(form: Mapping[str, str], name: str) -> str:
    """Return what was typed, without blanks around it."""
    return form.get(name, "").strip()
