"""A login without a page: the JSON API of a CRM whose login screen needs scripts.

What follows from the settings is decided here: the body that is sent, and what the answer means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from mock_ctrader.platform.forms import Task

SETTINGS: Mapping[Task, str] = {Task.LOG_IN: "login", Task.SIGN_UP: "sign_up"}
"""The tasks that may have an API, and the tables of ``[crm.api]`` that describe it."""
DEFAULT_TOKEN = "token"
_NO_PARAMETERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class JsonApi:
    """One JSON API that takes the place of a form."""

    url: str
    """A path on the CRM's base, or a whole URL."""
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """Purpose of a value, as ``email``, or parameter of the screen, as ``partnerId``, to its key in the body.

    Dots lead into objects: ``user.email``. Without ``fields`` every value is sent under its own name.
    """
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    """Keys that always have the same value; dots as in ``fields``."""
    token: str = DEFAULT_TOKEN
    """Where the answer has the OT token; dots lead into objects: ``data.token``."""

    def pairs(
        self, values: Mapping[str, str | bool], parameters: Mapping[str, str] = _NO_PARAMETERS
    ) -> Mapping[str, object]:
        """Return what is sent, by dotted keys: what is fixed, then the values that have a key."""
        keys = self.fields or {purpose: purpose for purpose in values}
        known = {**parameters, **values}
        return {**self.extra, **{key: known[purpose] for purpose, key in keys.items() if purpose in known}}

    def token_in(self, answer: object) -> str | None:
        """Return the OT token of an answer; ``None`` where its place holds no text."""
        found = _at(answer, self.token)
        return found if isinstance(found, str) and found else None


def nested(pairs: Mapping[str, object]) -> dict[str, object]:
    """Return dotted keys as objects inside one another; the last of two that disagree counts."""
    body: dict[str, object] = {}
    for key, value in pairs.items():
        if "." not in key:  # most
            body[key] = value
            continue
        *path, last = key.split(".")
        inner = body
        for part in path:
            held = inner.get(part)
            inner[part] = held if isinstance(held, dict) else {}
            inner = cast(dict[str, object], inner[part])
        inner[last] = value
    return body


_SAID = ("message", "error_description", "description", "detail", "error", "errors", "title", "errorCode", "code")
"""Keys under which APIs say what is wrong, from most to least telling."""


def said(answer: object) -> str:
    """Return what a refusal says in words; blank where it says nothing that can be recognised."""
    match answer:
        case str():
            return answer.strip()
        case dict():
            held = cast(dict[str, object], answer)
            return next((text for key in _SAID if (text := said(held.get(key)))), "")
        case list():
            return "; ".join(text for one in cast(list[object], answer) if (text := said(one)))
        case _:
            return ""


def _at(answer: object, path: str) -> object:
    for key in path.split("."):
        if not isinstance(answer, dict):
            return None
        answer = cast(dict[str, object], answer).get(key)
    return answer
