"""The login screen of a CRM whose pages need scripts: no page is read, its JSON API is called in their place."""

import json
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final, cast

import msgspec

from mock_ctrader.errors import ScreenError, ScreenRefused, TransportError, Trouble
from mock_ctrader.platform.forms import Form, Landing, PageVisit, Task, Visiting
from mock_ctrader.platform.json_api import SETTINGS, JsonApi, nested, said
from mock_ctrader.screens.addresses import mask, origin_headers
from mock_ctrader.screens.fetching import address
from mock_ctrader.wire import Request, Way

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_ACCEPT: Final = "application/json"
_FILE: Final = "mock-ctrader.toml"
NOT_FETCHED: Final = "not fetched: a JSON API takes its place"
"""Title of the login screen in the record: it was opened, and nobody read it."""


class JsonWindow:
    """One window of one application, for the tasks that have a JSON API.

    Cookies live as long as ``way``. ``visiting`` is entered around the opening, which fetches nothing, and
    around every call. ``headers`` go with every call; ``limit`` is how many bytes an answer may have, ``timeout``
    how many seconds it may take. An ``apis`` value's path is on ``base``.
    """

    def __init__(
        self,
        way: Way,
        base: str,
        apis: Mapping[Task, JsonApi],
        visiting: Visiting,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        limit: int = 2_000_000,
        timeout: float = 10.0,
    ) -> None:
        self._way = way
        self._base = base
        self._apis = apis
        self._visiting = visiting
        self._headers = {"Accept": _ACCEPT, "Content-Type": "application/json", **headers}
        self._limit = limit
        self._timeout = timeout
        self._screen = ""

    async def open(self, url: str) -> Landing:
        """Land on an address without fetching it: its page would say nothing without scripts."""
        with self._visiting(PageVisit("GET", url, ())) as visit:
            visit.title = NOT_FETCHED
        self._screen = url
        return Landing(url, "", succeeded=False, visited=(url,))

    async def submit(self, form: Form) -> Landing:
        """Call the API of a task.

        Raises:
            ScreenRefused: the CRM answered 400 to 499: what was entered is not taken.
            ScreenError: there is no API for the task, or its answer holds no OT token.
            TransportError: nobody answered.
        """
        api = self._apis.get(form.task)
        if api is None:
            raise self._no_api(form.task)
        url = api.url if "://" in api.url else self._base.rstrip("/") + api.url
        pairs = api.pairs(form.values, Request.to("GET", self._screen).parameters())
        submitted = tuple([(key, value if isinstance(value, str) else _shown(value)) for key, value in pairs.items()])
        with self._visiting(PageVisit(api.method, url, submitted)) as visit:
            visit.status, answer = await self._ask(api.method, url, nested(pairs))
        token = _token(api, form.task, url, visit.status, answer)
        return Landing(url, "", succeeded=True, token=token, visited=(url,))

    async def close(self) -> None:
        """Close the window; the cookies stay."""
        self._screen = ""

    def _no_api(self, task: Task) -> ScreenError:
        known = ", ".join(f"'{one.value}'" for one in self._apis)
        return ScreenError(
            f"there is no JSON API to {task.value}; there is one to {known}.",
            where=mask(self._screen),
            cure=f'{_described(task)} Or let a browser do it: screens = "browser".'.strip(),
        )

    async def _ask(self, method: str, url: str, body: Mapping[str, object]) -> tuple[int, bytes]:
        headers = {**self._headers, **origin_headers(self._screen, url, method)}
        request = Request.to(method, address(url), headers=tuple(headers.items()), body=msgspec.json.encode(body))
        try:
            answer = await self._way.send(request, within=self._timeout, limit=self._limit)
        except TransportError as error:
            raise self._unanswered(error, url) from None
        if len(answer.body) > self._limit:
            what = f"the answer is larger than {self._limit:,} bytes."
            raise ScreenError(what, where=mask(url), cure="Is that the address of a JSON API?")
        return answer.status, answer.body

    def _unanswered(self, error: TransportError, url: str) -> TransportError:
        if error.trouble is None:
            return error
        if error.trouble is Trouble.TOO_LATE:
            return TransportError(f"the CRM did not answer within {self._timeout:g} seconds.", where=mask(url))
        what = f"the CRM cannot be asked ({error.reason or error.trouble.value})."
        return TransportError(what, where=mask(url), cure="Is it running, and is that its address?")


def _token(api: JsonApi, task: Task, url: str, status: int, body: bytes) -> str:
    """Return the OT token of an answer, or raise what its status or its body mean."""
    answer = _parsed(body)
    token = api.token_in(answer) if 200 <= status < 300 else None
    if token is not None:
        return token
    message = said(answer)
    told = f": '{message}'" if message else ""
    if 400 <= status < 500:
        raise ScreenRefused(
            f"the CRM answered {status}{told}. Asked was its API to {task.value}.",
            alerts=(message,) if message else (),
            where=mask(url),
            cure=f"If its keys are others, mend [crm.api.{SETTINGS[task]}] in {_FILE}.",
        )
    raise ScreenError(
        f"the CRM answered {status}{told}, without an OT token at '{api.token}'. {_seen(answer)}",
        where=mask(url),
        cure=f'Say in {_FILE} where the token is: [crm.api.{SETTINGS[task]}] token = "data.token".',
    )


def _parsed(body: bytes) -> object:
    """Return the JSON of an answer; ``None`` for what is none."""
    try:
        with suppress(msgspec.DecodeError):  # what the faster reader is too strict for, the other one may take
            return msgspec.json.decode(body)
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _described(task: Task) -> str:
    return f"Describe it in {_FILE}, as [crm.api.{SETTINGS[task]}]." if task in SETTINGS else ""


def _seen(answer: object) -> str:
    """Describe an answer without its values, which may be secrets."""
    if isinstance(answer, dict):
        return f"Its keys are: {', '.join(cast(dict[str, object], answer)) or 'none'}."
    return "It is no JSON object."


def _shown(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else json.dumps(value)
