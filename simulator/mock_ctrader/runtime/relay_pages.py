"""What a relay says itself, where it has nothing of the CRM's to show."""

from html import escape

from mock_ctrader.wire import Response

_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


def say(status: int, title: str, *lines: str) -> Response:
    """Return a page of a few plain sentences."""
    text = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1>{text}</main></body></html>"
    )
    return Response(status, _HEADERS, page.encode())


DONE = say(200, "Done", "The application has taken over. This window can be closed.")
CLOSED = say(410, "This window is closed", "The application shows no page of the CRM now. Open the screen again there.")
STRANGER = say(403, "Not for this page", "Only the application that opened this window may use its address.")
NO_SOCKETS = say(501, "No web sockets here", "The mock application forwards requests and answers, and no web sockets.")
