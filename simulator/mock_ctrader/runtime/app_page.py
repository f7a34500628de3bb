"""What stands where the applications' links lead: a page that says so, for browsers that frame or follow them."""

from mock_ctrader.wire import Request, Response

ROOT = "app"
"""First part of the path; no plant can have this name."""
_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>cTrader</title></head>
<body><main><h1>cTrader</h1>
<p>An application of the simulated cTrader is here. Journeys play it: the session that this address opens is
theirs, and nothing is shown on this page.</p></main></body></html>
"""
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Referrer-Policy", "no-referrer"),
)


def is_of_applications(request: Request) -> bool:
    """Tell whether a request is for an application's address, and not for the backend."""
    return request.path.startswith(f"/{ROOT}") and request.path[len(ROOT) + 1 :][:1] in ("", "/")


def show(request: Request) -> Response:
    """Answer the page; it takes no notice of a token, which is the journey's to use."""
    if request.method not in ("GET", "HEAD"):
        return Response(405, (("Allow", "GET, HEAD"),))
    return Response(200, _HEADERS, _PAGE)
