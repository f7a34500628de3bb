"""Answers that a test put in a queue: the next call of an endpoint gets one in place of the backend's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from mock_ctrader.backend.gateway import Answer, error_style, find_breaches
from mock_ctrader.contract import xml
from mock_ctrader.contract.answering import refuse, write_value
from mock_ctrader.contract.catalogue import ENDPOINTS, Match
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.variant import Variant
from mock_ctrader.errors import RequestError, nearest
from mock_ctrader.journal.contents import said_by
from mock_ctrader.matching.rules import Matcher, differences, in_words, rule
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.wire import Direction, Headers, Request, Response

LONGEST = 10_000
"""Answers that may wait at a time."""
FACT = ("enqueued", "1")
"""What the journal notes of an exchange that was answered from the queue."""

Body = Mapping[str, object] | Sequence[object] | str | bytes
"""An object or a list goes in the form that the caller reads, JSON or XML; a text or bytes go as they are."""


@dataclass(frozen=True, slots=True)
class Enqueued:
    """One answer, for some of the next calls of an endpoint."""

    number: int
    """From 1, in the order in which they were enqueued."""
    endpoint: str
    when: Matcher | None = None
    """Rule for what the request says, in its body or else in its query; any request will do without one."""
    status: int | None = None
    code: Code | None = None
    description: str = ""
    """What goes with the code."""
    body: Body | None = None
    headers: Headers = ()
    times: int = 1
    """How many calls it is still for."""

    def __str__(self) -> str:
        when = f" when {in_words(self.when)}" if self.when else ""
        answer = " ".join(str(part) for part in (self.status, self.code) if part is not None) or "a body"
        return f"{self.endpoint}{when}: {answer}, for {self.times} more {'call' if self.times == 1 else 'calls'}"


class AnswerQueue:
    """The answers that wait for calls of the broker on one plant.

    An answer takes the place of everything that the backend does: the caller's token is not looked at, and nothing on
    the plant changes. What the request breaks of the contract is noted all the same.
    """

    def __init__(self) -> None:
        self._waiting: list[Enqueued] = []
        self._count = 0

    @property
    def waiting(self) -> tuple[Enqueued, ...]:
        """The answers that no call has come for, or not often enough, the oldest first."""
        return tuple(self._waiting)

    def add(
        self,
        variant: Variant,
        endpoint: str,
        *,
        when: object = None,
        status: int | None = None,
        code: str | None = None,
        description: str = "",
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
    ) -> Enqueued:
        """Enqueue an answer for the next calls of an endpoint: a status, an error code, a body, or several of these.

        A code brings the status and form that the contract has for it; ``status`` replaces the status. A body
        without a status is a success. ``when`` is a rule for what the request says; see ``matching.rules.rule``.

        Raises:
            RequestError: no broker makes such a call in the plant's edition, there is no such code, or the answer
                cannot be sent.
        """
        _check_endpoint(variant, endpoint)
        _check_answer(status, code, body, times)
        _check_sendable(status, body, headers or {})
        if len(self._waiting) >= LONGEST:
            raise RequestError(f"{LONGEST} answers wait already.", cure="Let calls come for them, or delete some.")
        self._count += 1
        enqueued = Enqueued(
            number=self._count,
            endpoint=endpoint,
            when=None if when is None else rule(when),
            status=status,
            code=_code(code),
            description=description,
            body=body,
            headers=tuple((headers or {}).items()),
            times=times,
        )
        self._waiting.append(enqueued)
        return enqueued

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def remove(self, number: int) -> bool:
        """Take one answer out of the queue; tell whether it was there."""
        before = len(self._waiting)
        self._waiting = [each for each in self._waiting if each.number != number]
        return len(self._waiting) < before

    def clear(self) -> int:
        """Forget all answers; return how many there were."""
        forgotten, self._waiting = len(self._waiting), []
        return forgotten

    def answer(self, path: str, request: Request, variant: Variant) -> Answer | None:
        """Answer a call from the queue, with the oldest answer that is for it; nothing where there is none."""
        if not self._waiting:
            return None
        match = variant.routes.find(request.method, path)
        if not isinstance(match, Match):
            return None
        for place, enqueued in enumerate(self._waiting):
            if enqueued.endpoint == match.endpoint.id and _fits(enqueued, request):
                left = [replace(enqueued, times=enqueued.times - 1)] if enqueued.times > 1 else []
                self._waiting[place : place + 1] = left
                response = _response(enqueued, match.endpoint, request, variant)
                return Answer(response, match.endpoint, find_breaches(match.endpoint, request), facts=(FACT,))
        return None


def _check_endpoint(variant: Variant, endpoint: str) -> None:
    if endpoint in variant.endpoints:
        return
    known = ENDPOINTS.get(endpoint)
    if known is None:
        raise RequestError(f"there is no call '{endpoint}'.", cure=nearest(endpoint, list(variant.endpoints)))
    if known.direction is Direction.TO_CRM:
        raise RequestError(f"'{endpoint}' is a call that cTrader makes: the CRM answers it.")
    raise RequestError(f"edition {variant.edition} has no call '{endpoint}'.")


def _check_answer(status: int | None, code: str | None, body: Body | None, times: int) -> None:
    if status is None and code is None and body is None:
        raise RequestError("an answer is missing.", cure="Give a 'status', a 'code' or a 'body'.")
    if code is not None and body is not None:
        raise RequestError("an answer has a 'code' or a 'body', not both.", cure="The code makes the body.")
    if status is not None and not 200 <= status <= 599:
        raise RequestError(f"{status} is no status of an answer.", cure="Give one from 200 to 599.")
    if times < 1:
        raise RequestError(f"an answer cannot be given {times} times.", cure="Give 1 or more.")


def _check_sendable(status: int | None, body: Body | None, headers: Mapping[str, str]) -> None:
    """Refuse what cannot be written: the call that it is for would find nothing but a broken simulator."""
    if status in (204, 304) and body is not None:
        raise RequestError(f"an answer of status {status} has no body.")
    if any(mark in text for pair in headers.items() for text in pair for mark in "\r\n"):
        raise RequestError("a header has no line breaks.")
    try:
        msgspec.json.encode(_plain(body))
        if isinstance(body, Mapping):
            xml.write("answer", body)
    except (TypeError, ValueError) as error:
        raise RequestError(f"the body cannot be sent: {error}.") from None


def _code(code: str | None) -> Code | None:
    if code is None or code in list(Code):
        return None if code is None else Code(code)
    raise RequestError(f"there is no error code '{code}'.", cure=nearest(code, list(Code)))


def _fits(enqueued: Enqueued, request: Request) -> bool:
    return enqueued.when is None or not any(differences(enqueued.when, said_by(request), "request"))


def _response(enqueued: Enqueued, endpoint: Endpoint, request: Request, variant: Variant) -> Response:
    if enqueued.code is not None:
        refusal = Refusal(enqueued.code, enqueued.description or "as enqueued")
        response = refuse(endpoint.dialect, refusal, error_style(endpoint, variant))
    else:
        response = write_value(endpoint, _plain(enqueued.body), request)
    status = enqueued.status if enqueued.status is not None else response.status
    replaced = {name.lower() for name, _ in enqueued.headers}
    kept = tuple(pair for pair in response.headers if pair[0].lower() not in replaced)
    return Response(status, (*kept, *enqueued.headers), response.body)


def _plain(body: Body | None) -> Mapping[str, object] | list[object] | bytes | None:
    if isinstance(body, str):
        return body.encode()
    if body is None or isinstance(body, bytes | Mapping):
        return body
    return list(body)
