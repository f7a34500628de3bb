"""How cTrader's answers and our bodies are written on the wire, and what an answer can mean for us."""

import json
import re
from decimal import Decimal
from typing import Any

from mock_ctrader.sample_crm.database import BIGGEST_INTEGER

TEXT_ERROR = re.compile(r"\s*([A-Z][A-Z_0-9]*)\s*:\s*(.*)", re.DOTALL)


class CTraderError(Exception):
    """cTrader did not do what we asked, or we cannot know whether it did."""


class CTraderRefused(CTraderError):
    """cTrader decided against it (4xx): nothing has happened."""

    def __init__(self, code: str, description: str, status: int) -> None:
        super().__init__(f"{code}: {description} (HTTP {status})")
        self.code = code
        self.description = description
        self.status = status


class CTraderUnavailable(CTraderError):
    """There is no usable answer: cTrader is out of reach, broken (5xx) or not understood. It *may* have happened."""


def refusal(status: int, text: str) -> CTraderRefused:
    """Read a refusal: ``/cid`` sends an object, ``/webserv`` sends the text ``CODE: description``."""
    try:
        error = json.loads(text)["error"]
        return CTraderRefused(str(error["errorCode"]), str(error.get("description", "")), status)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    if parts := TEXT_ERROR.fullmatch(text):
        return CTraderRefused(parts[1], parts[2].strip(), status)
    return CTraderRefused("UNKNOWN_ERROR", text.strip()[:200], status)


def json_object(text: str) -> dict[str, Any]:
    """Read an answer that has to be a JSON object."""
    try:
        answer: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CTraderUnavailable(f"The answer is not JSON: {text[:200]}") from error
    if not isinstance(answer, dict):
        raise CTraderUnavailable(f"The answer is not an object: {text[:200]}")
    return answer  # pyright: ignore[reportUnknownVariableType]


def integer(answer: dict[str, Any], key: str) -> int:
    """Return a whole number out of an answer; one that does not fit into 64 bits is no number of cTrader's."""
    value = answer.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > BIGGEST_INTEGER:
        raise CTraderUnavailable(f"The answer holds no whole number '{key}'.")
    return value


def string(answer: dict[str, Any], key: str) -> str:
    """Return a text out of an answer."""
    value = answer.get(key)
    if not isinstance(value, str):
        raise CTraderUnavailable(f"The answer holds no text '{key}'.")
    return value


def records(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects out of an answer."""
    value: object = answer.get(key)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):  # pyright: ignore[reportUnknownVariableType]
        raise CTraderUnavailable(f"The answer holds no list '{key}'.")
    return value  # pyright: ignore[reportUnknownVariableType]


def to_json(body: dict[str, Any]) -> str:
    """Write an object whose decimals keep exactly their digits: money never passes through a binary float."""
    pairs = (f"{json.dumps(key)}: {to_json_value(value)}" for key, value in body.items())
    return "{" + ", ".join(pairs) + "}"


def to_json_value(value: object) -> str:
    """Write one value; ``json`` itself knows no Decimal."""
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)
