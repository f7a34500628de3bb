"""A browser without scripts: cookies, redirects, pages and forms over HTTP."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urldefrag

import aiohttp

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.forms import Form, Landing, PageVisit, ScreenProfile, Visiting
from mock_ctrader.screens import complaints
from mock_ctrader.screens.addresses import fetchable, join, mask, origin_headers, same_place, token_of
from mock_ctrader.screens.answering import REDIRECTS, Answer, page_of, redirected, refreshed
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.page import Page, ParsedForm
from mock_ctrader.screens.sending import Submission
from mock_ctrader.screens.tasks import best_form, find_link

MOST_REDIRECTS: Final = 20
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class FormBrowser:
    """One browser window of one application.

    Cookies live in the jar of ``client``, as long as its owner keeps it. ``visiting`` is entered around every
    page fetched, each stop of a redirect included.
    ``headers`` go with every request; ``limit`` is how many bytes a page may have, ``timeout`` how many
    seconds it may take. Nothing is fetched any more once the profile's success URL comes up (contract,
    section 7).
    """

    def __init__(
        self,
        client: aiohttp.ClientSession,
        profile: ScreenProfile,
        visiting: Visiting,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        limit: int = 2_000_000,
        timeout: float = 10.0,
    ) -> None:
        self._client = client
        self._profile = profile
        self._visiting = visiting
        self._headers = {"Accept": _ACCEPT, **headers}
        self._limit = limit
        self._timeout = timeout
        self._page: Page | None = None

    async def open(self, url: str) -> Landing:
        """Visit an address and follow where it leads.

        Raises :class:`ScreenError` for an error status, an endless redirect and what is no page, and
        :class:`TransportError` where there is no answer.
        """
        landing, page = await self._go(Submission("GET", url), "")
        if page is not None and page.status >= 400:
            raise complaints.bad_status(page)
        return landing

    async def submit(self, form: Form) -> Landing:
        """Find the form for a task, fill it in and send it.

        A page without that form is left, once, by the link that leads to it. Raises :class:`ScreenError`
        where no form is found, where it cannot be filled in, and where the CRM refuses it: with an error
        status, or by showing the form again.
        """
        found = await self._find(form)
        if isinstance(found, Landing):
            return found
        parsed, page = found
        landing, answered = await self._go(fill(form, parsed, page, self._profile), page.url)
        if answered is not None and (answered.status >= 400 or self._form_on(answered, form)):
            raise complaints.refused(answered, form.task)
        return landing

    async def close(self) -> None:
        """Close the window; the client and its cookies stay."""
        self._page = None

    async def _find(self, form: Form) -> tuple[ParsedForm, Page] | Landing:
        page = self._page
        if page is None:
            raise ScreenError(
                f"there is no page to {form.task.value} on.",
                cure="Open a screen first; the browser closes once the success URL is reached.",
            )
        parsed = self._form_on(page, form)
        link = None if parsed else find_link(page, form.task, self._profile)
        if link is not None:
            landing, followed = await self._go(Submission("GET", join(page.base, link.href)), page.url)
            if followed is None:
                return landing
            page, parsed = followed, self._form_on(followed, form)
        if parsed is None:
            raise complaints.no_form(page, form.task, self._profile)
        return parsed, page

    def _form_on(self, page: Page, form: Form) -> ParsedForm | None:
        return best_form(page, form.task, self._profile)

    async def _go(self, asked: Submission, source: str) -> tuple[Landing, Page | None]:
        """Fetch, and follow where that leads, until a page stays or the success URL comes up: then no page."""
        self._page = None
        start = asked.url
        for _ in range(MOST_REDIRECTS + 1):
            if same_place(asked.url, self._profile.success_url):
                return Landing(asked.url, "", succeeded=True, token=token_of(asked.url)), None
            found = await self._visit(asked, source)
            if isinstance(found, Page):
                onward = refreshed(found)
                if onward is None:
                    self._page = found
                    return Landing(found.url, found.title, succeeded=False), found
                source = found.url
                found = onward
            asked = found
        raise ScreenError(
            f"more than {MOST_REDIRECTS} redirects in a row, the last to {mask(asked.url)}.",
            where=mask(start),
            cure="Browsers give up here too: look for pages of the CRM that send the visitor to each other.",
        )

    async def _visit(self, asked: Submission, source: str) -> Page | Submission:
        """Make one request, tell of it, and return the page or the redirect it was answered with."""
        with self._visiting(PageVisit(asked.method, asked.url, asked.pairs)) as visit:
            answer = await self._fetch(asked, source)
            visit.status = answer.status
            found = redirected(asked, answer) or page_of(asked, answer, self._limit)
            visit.title = found.title if isinstance(found, Page) else ""
        return found

    async def _fetch(self, asked: Submission, source: str) -> Answer:
        if not fetchable(asked.url):
            raise ScreenError(
                f"the page leads to '{mask(asked.url)}', which is no address of the web.",
                where=mask(source),
                cure=f"Is it meant to end the visit? The success URL is set to {self._profile.success_url}.",
            )
        headers = {**self._headers, **origin_headers(source, asked.url, asked.method)}
        if asked.content_type:
            headers["Content-Type"] = asked.content_type
        try:
            return await self._ask(asked, headers)
        except TimeoutError:
            raise TransportError(
                f"the CRM did not answer within {self._timeout:g} seconds.", where=mask(asked.url)
            ) from None
        except aiohttp.InvalidURL:
            raise ScreenError("a browser cannot make sense of this address.", where=mask(asked.url)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _broken(error, asked.url) from None

    async def _ask(self, asked: Submission, headers: Mapping[str, str]) -> Answer:
        async with self._client.request(
            asked.method,
            urldefrag(asked.url).url,
            data=asked.body if asked.method == "POST" else None,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self._timeout),
        ) as response:
            is_redirect = response.status in REDIRECTS
            body, is_cut = (b"", False) if is_redirect else await _read(response, self._limit)
            return Answer(
                response.status,
                location=response.headers.get("Location", ""),
                refresh=response.headers.get("Refresh", ""),
                content_type=response.content_type if "Content-Type" in response.headers else "",
                charset=response.charset,
                body=body,
                is_cut=is_cut,
            )


async def _read(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """Read at most so many bytes; return also whether there were more."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > limit:
            return bytes(body[:limit]), True
    return bytes(body), False


def _broken(error: Exception, url: str) -> TransportError:
    """Tell in a person's words what went wrong; aiohttp's own may hold the address with its secrets."""
    where = mask(url)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return TransportError(
            f"the CRM's certificate is not trusted: {error.certificate_error}.",
            where=where,
            cure="Trust its authority, or use http on this machine.",
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return TransportError(
            f"the CRM cannot be reached: {error.os_error.strerror or type(error.os_error).__name__}.",
            where=where,
            cure="Check that it is running and that the host and port are right.",
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return TransportError(f"the CRM did not answer in HTTP: {error.message}.", where=where)
    return TransportError(f"the CRM broke the answer off ({type(error).__name__}).", where=where)
