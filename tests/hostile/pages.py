"""What a hostile CRM answers when its login page is opened, byte for byte."""

Named = tuple[str, bytes]


def _answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    said = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
        "Connection: close",
    )
    return "\r\n".join([*said, "", ""]).encode() + body


def _to(location: str, status: str = "302 Found") -> bytes:
    return _answer(b"", f"Location: {location}", status=status)


def _form(inside: str, attributes: str = "method=post action=/in") -> bytes:
    return _answer(f"<title>Log in</title><form {attributes}>{inside}</form>".encode())


_FIELDS = "<input name=email><input type=password name=password><button>Log in</button>"
PAGES: tuple[Named, ...] = (
    ("nothing at all", b""),
    ("no HTTP", b"\x00\x01\x02\r\n\r\n"),
    ("a greeting of SSH", b"SSH-2.0-OpenSSH_9.9\r\n"),
    ("a status that is none", b"HTTP/1.1 abc OK\r\n\r\n"),
    ("half a head", b"HTTP/1.1 200 OK\r\nContent-Le"),
    ("a head without an end", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000),
    ("a thousand headers", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000),
    ("a body that is cut off", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<form>"),
    ("a body that never comes", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n<STALL>"),
    ("an answer that never comes", b"<STALL>"),
    ("chunks that are none", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ("no gzip", _answer(b"hello", "Content-Encoding: gzip")),
    ("a body without an end", _answer(b"<p>" + b"x" * 3_000_000)),
    ("elements in elements", _answer(b"<div>" * 100_000 + b"hello")),
    ("forms in forms", _answer(b"<form>" * 50_000)),
    ("fifty thousand fields", _answer(b"<form method=post>" + b"<input name=a>" * 50_000 + b"</form>")),
    ("a field of a megabyte", _form(f"<input name={'a' * 1_000_000}>")),
    ("frames in frames", _answer(b"<iframe src=/></iframe>" * 100)),
    ("an attribute without an end", _answer(b"<form action='" + b"a" * 1_000_000)),
    ("comments without an end", _answer(b"<!--" * 100_000)),
    ("a document type with entities", _answer(b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;')),
    ("bytes of another charset", _answer(bytes(range(128, 256)) * 100)),
    ("a charset that is none", _answer(b"<p>hello", kind="text/html; charset=../../x")),
    ("a charset that is code", _answer(b"<p>\\x41", kind="text/html; charset=unicode_escape")),
    ("a charset that is an archive", _answer(b"<p>hello", kind="text/html; charset=zip")),
    ("a page that is a picture", _answer(b"\x89PNG", kind="image/png")),
    ("a page that is a file", _answer(b"hello", "Content-Disposition: attachment", kind="application/octet-stream")),
    ("a page without a form", _answer(b"<title>Welcome</title>")),
    ("a form without a field", _form("")),
    ("a form without a password", _form("<input name=email><button>Go</button>")),
    ("a form that is disabled", _form(f"<fieldset disabled>{_FIELDS}</fieldset>")),
    ("a form to a script", _form(_FIELDS, "method=post action=javascript:alert(1)")),
    ("a form to a file", _form(_FIELDS, "method=post action=file:///etc/passwd")),
    ("a form to mail", _form(_FIELDS, "method=post action=mailto:x@example.com")),
    ("a form to no address", _form(_FIELDS, "method=post action=http://[")),
    ("a form to another host", _form(_FIELDS, "method=post action=http://evil.example.com/in")),
    ("a form to metadata", _form(_FIELDS, "method=post action=http://169.254.169.254/latest/meta-data/")),
    ("a form to another port", _form(_FIELDS, "method=post action=http://127.0.0.1:1/")),
    (
        "a form below another base",
        _answer(b"<base href=http://evil.example.com/>" + _form(_FIELDS).split(b"\r\n\r\n")[1]),
    ),
    ("a form that is shown again and again", _form(_FIELDS, "method=post action=/")),
    ("a redirect to itself", _to("/")),
    ("a redirect to nowhere", _answer(b"", status="302 Found")),
    ("a redirect to no address", _to("http://[")),
    ("a redirect to another host", _to("http://evil.example.com/")),
    ("a redirect to metadata", _to("http://169.254.169.254/latest/meta-data/")),
    ("a redirect to metadata as a number", _to("http://2852039166/latest/meta-data/")),
    ("a redirect to metadata over IPv6", _to("http://[::ffff:169.254.169.254]/latest/")),
    ("a redirect to a private address", _to("http://10.0.0.1/")),
    ("a redirect to a neighbour's port", _to("http://127.0.0.1:1/", "307 Temporary Redirect")),
    ("a redirect to a file", _to("file:///etc/passwd")),
    ("a redirect to a script", _to("javascript:alert(1)")),
    ("a redirect to data", _to("data:text/html,<form>")),
    ("a redirect with a name and a password", _to("http://crm.example.com@evil.example.com/")),
    ("a refresh to itself", _answer(b"", "Refresh: 0; url=/")),
    ("a refresh to another host", _answer(b"<meta http-equiv=refresh content='0;url=http://evil.example.com/'>")),
    ("a server that failed", _answer(b"<title>Oops</title>", status="500 Internal Server Error")),
    ("a status that nobody knows", _answer(b"hello", status="799 Odd")),
    ("a switch of protocols", _answer(b"", "Upgrade: websocket", status="101 Switching Protocols")),
)
