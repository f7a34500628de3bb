"""A bare aiohttp application that answers given bytes; bodies of requests are read as what they are and thrown away."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from lxml import etree


def _answers(status: int, text: str, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    body, headers, is_json = text.encode(), {"Content-Type": kind} if kind else {}, "xml" not in kind

    async def answer(request: web.Request) -> web.Response:
        if request.method != "GET":
            if is_json:
                await request.json()
            else:
                etree.fromstring(await request.read())
        return web.Response(status=status, body=body, headers=headers)

    return answer


def main(port: str, file: str) -> None:
    """Answer on a port until the end."""
    application = web.Application()
    for method, path, status, text, kind in json.loads(Path(file).read_text()):
        parts = ["{login}" if part.isdigit() else part for part in path.split("/")]
        application.router.add_route(method, "/".join(parts), _answers(status, text, kind))
    web.run_app(application, host="127.0.0.1", port=int(port), access_log=None, print=None)


main(*sys.argv[1:])
