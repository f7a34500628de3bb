"""A link as a picture that a phone's camera reads."""

import io
from typing import Final

from mock_ctrader.errors import RequestError
from mock_ctrader.wire import Response

LONGEST: Final = 600
"""Characters; more of them make squares that are too small for a screen."""


def qr_code(text: str) -> Response:
    """Return a QR code of a text, black on white, as SVG.

    Raises:
        RequestError: the text is empty or too long.
    """
    import segno

    if not text or len(text) > LONGEST:
        raise RequestError(f"a QR code holds 1 to {LONGEST} characters here.")
    written = io.BytesIO()
    segno.make(text, micro=False, error="m").save(
        written, kind="svg", border=4, scale=1, light="#fff", dark="#000", xmldecl=False, omitsize=True
    )
    headers = (
        ("Content-Type", "image/svg+xml"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    )
    return Response(200, headers, written.getvalue())
