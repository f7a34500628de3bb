"""What the platform refuses, in its own words: the error codes that a broker's CRM reads."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The error codes of the cTrader backend (contract, section 6)."""

    UNKNOWN_ERROR = "UNKNOWN_ERROR"
    INVALID_REQUEST = "INVALID_REQUEST"
    NOT_ENOUGH_RIGHTS = "NOT_ENOUGH_RIGHTS"
    REQUEST_FREQUENCY_EXCEEDED = "REQUEST_FREQUENCY_EXCEEDED"
    TRADER_NOT_FOUND = "TRADER_NOT_FOUND"
    TRADER_GROUP_NOT_FOUND = "TRADER_GROUP_NOT_FOUND"
    NOT_ENOUGH_MONEY = "NOT_ENOUGH_MONEY"
    CHANGE_BALANCE_BAD_AMOUNT = "CHANGE_BALANCE_BAD_AMOUNT"
    WRONG_PASSWORD = "WRONG_PASSWORD"
    CANT_ROUTE_REQUEST = "CANT_ROUTE_REQUEST"
    INSUFFICIENT_PERMISSIONS = "INSUFFICIENT_PERMISSIONS"
    CH_INSUFFICIENT_PERMISSIONS = "CH_INSUFFICIENT_PERMISSIONS"
    CH_BROKER_NOT_FOUND = "CH_BROKER_NOT_FOUND"
    CH_PLANT_INVALID = "CH_PLANT_INVALID"
    CH_EMAIL_ALREADY_EXISTS = "CH_EMAIL_ALREADY_EXISTS"
    CH_CTID_NOT_FOUND = "CH_CTID_NOT_FOUND"
    CH_CTID_ALREADY_CONFIRMED = "CH_CTID_ALREADY_CONFIRMED"
    CH_CTID_TRADER_ACCOUNT_NOT_FOUND = "CH_CTID_TRADER_ACCOUNT_NOT_FOUND"
    CID_DEFAULT_REGION_NOT_FOUND = "CID_DEFAULT_REGION_NOT_FOUND"
    CID_TOKEN_EXPIRED = "CID_TOKEN_EXPIRED"
    CID_NON_EXISTED_TOKEN = "CID_NON_EXISTED_TOKEN"
    CH_TRADER_ACCOUNT_NOT_FOUND = "CH_TRADER_ACCOUNT_NOT_FOUND"
    CH_TRADER_ACCOUNT_CANNOT_BE_LINKED = "CH_TRADER_ACCOUNT_CANNOT_BE_LINKED"
    CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS = "CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS"


class Situation(StrEnum):
    """Refusals that have an HTTP status of their own, whatever their code."""

    UNKNOWN_CALLER = "UNKNOWN_CALLER"
    """The manager's credentials or token are missing or wrong."""
    NO_SUCH_CALL = "NO_SUCH_CALL"
    """No call has that path."""
    WRONG_METHOD = "WRONG_METHOD"
    """The path is a call's, the method is not."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The platform's 'no': a value that the contract turns into an answer. What was refused changed nothing."""

    code: Code
    description: str
    situation: Situation | None = None
    """What decides the HTTP status in place of the code."""
