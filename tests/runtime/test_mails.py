"""The link for a new password, in mails of every make."""

from base64 import b64encode
from email.message import EmailMessage
from quopri import encodestring

import pytest

from mock_ctrader.runtime.mails import newest_link, reset_link

URL = "https://crm.example.com/auth/reset?code=abc123"
SOUND = f"Choose a new one: {URL}.\nNot you? See https://crm.example.com/help?topic=mail"


def mail(text: str, html: str = "", *, subject: str = "Hello", to: str = "Ann <ann@example.com>") -> bytes:
    made = EmailMessage()
    made["To"], made["Subject"] = to, subject
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def raw(head: str, body: bytes) -> bytes:
    return f"To: ann@example.com\r\nSubject: x\r\n{head}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "made",
    [
        mail(SOUND),
        mail(f"<{URL}>"),
        mail("Nothing here", f'<p><a href="{URL}&amp;x=1">Go</a></p>'.replace("&amp;x=1", "")),
        mail("Nothing here", f'<a name="top">x</a><a href="mailto:a@b">m</a><a HREF=" {URL} "><b>Go</b></a> there'),
        raw("Content-Transfer-Encoding: base64", b64encode(SOUND.encode())),
        raw("Content-Transfer-Encoding: quoted-printable", encodestring(SOUND.encode())),
        raw("Content-Type: text/plain; charset=no-such-charset", SOUND.encode()),
        raw("Content-Type: text/plain; charset=utf-8", b"\xff\xfe " + SOUND.encode()),
    ],
)
def test_the_link_is_found_however_it_is_written(made: bytes) -> None:
    """Text or HTML, encoded or not, in letters that there are or not."""
    assert reset_link(made) == URL


@pytest.mark.parametrize(
    ("made", "link"),
    [
        (mail("", '<a href="https://t.example.com/c?x=1">News</a> <a href="https://t.example.com/c?x=2">Reset</a>'), 2),
        (mail("Your password: https://t.example.com/c?x=2"), 2),
        (mail("https://t.example.com/c?x=2", subject="Password"), 2),
        (mail("See https://t.example.com/c?x=2"), None),
        (mail("password: https://t.example.com/c?x=1 or https://t.example.com/c?x=2"), None),
        (mail("Your password: https://t.example.com/"), None),
        (b"", None),
    ],
)
def test_what_tells_the_link(made: bytes, link: int | None) -> None:
    """The words that lead to it tell it, or that it is the only one of a mail about passwords."""
    assert reset_link(made) == (link and f"https://t.example.com/c?x={link}")


def test_a_long_path_is_as_good_as_a_parameter() -> None:
    """A secret may stand in the path."""
    assert reset_link(mail("https://x.example.com/password/0123456789abcdef")) is not None


def test_the_newest_mail_to_the_person_counts() -> None:
    """Mails to others, and without a link, are passed over."""
    mails = [
        mail(SOUND.replace("abc123", "bob"), to="bob@example.com"),
        mail("Welcome"),
        mail(SOUND.replace("abc123", "new"), to="ANN@example.com"),
        mail(SOUND),
    ]
    assert newest_link(mails, "ann@example.com") == URL.replace("abc123", "new")
    assert newest_link(mails, "eve@example.com") is None
