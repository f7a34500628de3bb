"""What hostile callers send to the backend and to the admin API, byte for byte."""

import gzip
import json
import zlib
from collections.abc import Iterator

TOKEN = "hostile-token"
_TO_BACKEND = "/v2/webserv/managers/token"
Named = tuple[str, bytes]


def _head(method: str, target: str, *headers: str) -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def _get(target: str, *headers: str) -> bytes:
    return _head("GET", target, "Connection: close", *headers)


def _post(
    body: bytes, *headers: str, target: str = _TO_BACKEND, method: str = "POST", kind: str = "application/json"
) -> bytes:
    said = (f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    return _head(method, target, *said) + body


def _raw(head: str, body: bytes = b"") -> bytes:
    return head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


_XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><a><login>&j;</login></a>"
)
_ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "%s">]><a><login>&x;</login></a>'
_BOMB = gzip.compress(b" " * 50_000_000)

HEADS: tuple[Named, ...] = (
    ("no HTTP at all", b"\x00\x01\x02\x03\r\n\r\n"),
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("a version that is none", b"GET / HTTP/9.9x\r\n\r\n"),
    ("a method that is none", b"G\xffT / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a path without an end", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"),
    ("a query without an end", b"GET /?" + b"a=b&" * 30_000 + b" HTTP/1.1\r\n\r\n"),
    ("a header without an end", _get("/", "X: " + "a" * 100_000)),
    ("a name of a header without an end", _get("/", "a" * 100_000 + ": x")),
    ("a thousand headers", _get("/", *(f"X-{number}: {'y' * 30}" for number in range(1000)))),
    ("a negative length", _raw("POST / HTTP/1.1\nHost: x\nContent-Length: -1")),
    ("two lengths", _raw("POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2", b"ab")),
    ("a length in words", _raw("POST / HTTP/1.1\nHost: x\nContent-Length: 0x10")),
    (
        "a length and chunks",
        _raw("POST / HTTP/1.1\nHost: x\nContent-Length: 4\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    ),
    ("chunks that are none", _raw("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked", b"zz\r\n\r\n")),
    (
        "a chunk of a size beyond numbers",
        _raw("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked", b"f" * 40 + b"\r\n"),
    ),
    ("an unknown transfer encoding", _raw("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: rot13", b"uryyb")),
    ("a NUL in a header", _raw("GET / HTTP/1.1\nHost: x\nX: a\x00b")),
    ("a line feed in a header", b"GET / HTTP/1.1\r\nHost: x\r\nX: a\nnot a header\r\n\r\n"),
    ("a header without a colon", _raw("GET / HTTP/1.1\nHost: x\nno colon here")),
    ("a blank before a colon", _raw("GET / HTTP/1.1\nHost : x")),
    ("two hosts", _raw("GET / HTTP/1.1\nHost: x\nHost: y")),
    ("a path with control characters", b"GET /\x01\x02 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a path that is no UTF-8", _raw("GET /\xff\xfe HTTP/1.1\nHost: x\nConnection: close")),
    ("a percent that escapes nothing", _get("/v2/webserv/traders/%zz")),
    ("an escaped NUL", _get("/v2/webserv/traders/%00")),
    ("a way to other folders", _get("/../../../../etc/passwd")),
    ("an escaped way to other folders", _get("/%2e%2e/%2e%2e/etc/passwd")),
    ("another machine as target", _get("http://169.254.169.254/latest/meta-data/")),
    ("a tunnel", b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n"),
    ("all of the server", _head("OPTIONS", "*", "Connection: close")),
    ("an echo of itself", _head("TRACE", "/", "Connection: close")),
    ("a web socket", _get("/", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")),
    ("a host that is no name", _raw("GET / HTTP/1.1\nHost: [::\nConnection: close")),
    ("a plant's host that is a path", _raw("GET / HTTP/1.1\nHost: demo-../x.webapi.ctrader.com\nConnection: close")),
    ("SQL in a number", _get("/v2/webserv/traders/1%27%20OR%201=1--")),
    ("a header hidden in a query", _get("/v2/webserv/traders?from=%0d%0aSet-Cookie:%20a=b")),
    ("a number beyond numbers", _get("/v2/webserv/traders/" + "9" * 5000)),
)
"""Requests that go wrong before their body, or have none."""

_BODIES: tuple[Named, ...] = (
    ("nothing", b""),
    ("blanks", b" " * 1000),
    ("a word", b"hello"),
    ("null", b"null"),
    ("a list", b"[1, 2]"),
    ("a text", b'"text"'),
    ("a cut off object", b'{"login": 1, "hashedPassword": "ab'),
    ("a comma too many", b'{"login": 1,}'),
    ("not a number", b'{"login": NaN, "hashedPassword": "x"}'),
    ("a number beyond floats", b'{"login": 1e99999999, "hashedPassword": "x"}'),
    ("a number of a hundred thousand digits", b'{"login": ' + b"9" * 100_000 + b', "hashedPassword": "x"}'),
    ("a fraction for a number", b'{"login": 1.5, "hashedPassword": "x"}'),
    ("a list for a number", b'{"login": [1], "hashedPassword": "x"}'),
    ("an object for a text", b'{"login": 1, "hashedPassword": {"$ne": null}}'),
    ("lists in lists", b"[" * 100_000),
    ("objects in objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    ("lists in a key that nobody reads", b'{"login": 1, "hashedPassword": "x", "z": ' + b"[" * 900 + b"]" * 900 + b"}"),
    (
        "a key that nobody reads, just deep enough",
        b'{"login": 1, "hashedPassword": "x", "z": ' + b"[" * 60 + b"]" * 60 + b"}",
    ),
    ("bytes that are no UTF-8", b'{"login": 1, "hashedPassword": "\xff\xfe"}'),
    ("half of a character pair", b'{"login": 1, "hashedPassword": "\\ud800"}'),
    ("a NUL in a text", b'{"login": 1, "hashedPassword": "a\\u0000b"}'),
    ("UTF-16", '{"login": 1, "hashedPassword": "x"}'.encode("utf-16")),
    ("a key of half a megabyte", b'{"' + b"k" * 500_000 + b'": 1}'),
    ("a text of a megabyte less a little", b'{"login": 1, "hashedPassword": "' + b"x" * 1_000_000 + b'"}'),
    ("a hundred thousand keys", json.dumps({f"k{number}": 1 for number in range(50_000)}).encode()),
    ("the way to a prototype", b'{"__proto__": {"login": 1}, "constructor": {"prototype": {}}}'),
)
_ODD_BODIES: tuple[Named, ...] = (
    ("a body that is too large", _post(b" " * (2**20 + 1))),
    ("a bomb of gzip", _post(_BOMB, "Content-Encoding: gzip")),
    ("a gzip that is cut off", _post(gzip.compress(b'{"login": 1}')[:-4], "Content-Encoding: gzip")),
    ("no gzip", _post(b'{"login": 1}', "Content-Encoding: gzip")),
    ("a deflate with more behind it", _post(zlib.compress(b"{}") + b"more", "Content-Encoding: deflate")),
    ("two encodings", _post(gzip.compress(gzip.compress(b"{}")), "Content-Encoding: gzip, gzip")),
    ("an unknown encoding", _post(b"{}", "Content-Encoding: br")),
    ("a bomb of entities", _post(_XML_BOMB, kind="application/xml")),
    ("a file by an entity", _post(_ENTITY % b"file:///etc/passwd", kind="application/xml")),
    ("an address by an entity", _post(_ENTITY % b"http://169.254.169.254/latest", kind="text/xml")),
    ("a document type elsewhere", _post(b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', kind="text/xml")),
    ("elements in elements", _post(b"<a>" * 20_000 + b"</a>" * 20_000, kind="text/xml")),
    ("elements that do not end", _post(b"<a><b>", kind="text/xml")),
    ("an XML of nothing", _post(b"", kind="text/xml")),
    ("XML with a NUL", _post(b"<a>\x00</a>", kind="text/xml")),
    ("XML in UTF-7", _post(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', kind="text/xml")),
    ("XML that is called JSON", _post(b"<a><login>1</login></a>")),
    ("JSON that is called XML", _post(b'{"login": 1}', kind="text/xml")),
    ("a form", _post(b"login=1&hashedPassword=x", kind="application/x-www-form-urlencoded")),
    ("an instruction in XML", _post(b'<?xml-stylesheet href="http://127.0.0.1:1"?><a><login/></a>', kind="text/xml")),
)
BODIES: tuple[Named, ...] = (*((f"a body of {name}", _post(body)) for name, body in _BODIES), *_ODD_BODIES)
"""Requests whose body cannot be taken."""

HTTP: tuple[Named, ...] = HEADS + BODIES


def _admin(method: str, path: str, body: object = None) -> bytes:
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return _post(sent, f"Authorization: Bearer {TOKEN}", target=f"/_mock/{path}", method=method)


def _operated() -> Iterator[Named]:
    """Orders to the admin API, with its token, that cannot be carried out."""
    here = "plants/sandbox"
    run = {"source": "x.yaml"}
    yield "no token", _post(b"", target="/_mock/plants", method="GET")
    yield "a wrong token", _post(b"", "Authorization: Bearer x", target="/_mock/plants", method="GET")
    yield "another name", _admin("GET", "plants").replace(b"Host: 127.0.0.1", b"Host: evil.example.com")
    yield "a name that is none", _admin("GET", "plants").replace(b"Host: 127.0.0.1", b"Host: [")
    yield "two names", _admin("GET", "plants").replace(b"Host: 127.0.0.1", b"Host: 127.0.0.1\r\nHost: evil.example.com")
    yield "an unknown path", _admin("GET", "nothing")
    yield "an unknown method", _admin("PATCH", "plants")
    yield "a plant that is not there", _admin("GET", "plants/none")
    yield "a plant that is a path", _admin("GET", "plants/..%2f..%2fetc")
    yield "a plant of ten thousand letters", _admin("GET", "plants/" + "a" * 8000)
    for name in (
        "",
        " ",
        "../x",
        "a/b",
        "A" * 5000,
        "\x00",
        "_mock",
        "sandbox",
        7,
        None,
        ["a"],
        {"a": 1},
        "\ud800",
        "con:1",
    ):
        yield f"a plant called {str(name)[:10]!r}", _admin("POST", "plants", {"name": name})
    for name, body in _BODIES[:10]:
        yield f"a plant made of {name}", _admin("POST", "plants", body)
    yield "a plant with unknown keys", _admin("POST", "plants", {"name": "x", "unknown": 1})
    yield "a plant of wrong kinds", _admin("POST", "plants", {"name": "x", "brokers": "all"})
    yield "a plant of an unknown edition", _admin("POST", "plants", {"name": "x", "edition": "1999"})
    yield "the default plant gone", _admin("DELETE", here)
    yield (
        "a plant of lists in lists",
        _admin("POST", "plants", b'{"name": "x", "brokers": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    )
    yield "a snapshot of nothing", _admin("PUT", f"{here}/snapshot")
    yield "a snapshot of lists in lists", _admin("PUT", f"{here}/snapshot", b"[" * 100_000)
    yield "a foreign snapshot", _admin("PUT", f"{here}/snapshot", {"format": "other", "version": 1})
    yield "a snapshot of the future", _admin("PUT", f"{here}/snapshot", {"format": "mock-ctrader plant", "version": 99})
    torn = {"format": "mock-ctrader plant", "version": 1, "plant": {}, "source": 1, "people": 0, "following": {}}
    yield "a snapshot without registers", _admin("PUT", f"{here}/snapshot", {**torn, "registers": {}})
    yield "a run of nothing", _admin("POST", f"{here}/runs")
    yield "a run of no scenario", _admin("POST", f"{here}/runs", {**run, "scenario": ""})
    yield "a run of a bomb of aliases", _admin("POST", f"{here}/runs", {**run, "scenario": ALIASES})
    yield (
        "a run of an object of Python",
        _admin("POST", f"{here}/runs", {**run, "scenario": "!!python/object/apply:os.abort []"}),
    )
    yield (
        "a run against no address",
        _admin("POST", f"{here}/runs", {**run, "scenario": SOUND, "crm": {"url": "file:///etc"}}),
    )
    yield (
        "a run against nobody",
        _admin("POST", f"{here}/runs", {**run, "scenario": SOUND, "crm": {"url": "http://127.0.0.1:1"}}),
    )
    yield "a run of an unknown edition", _admin("POST", f"{here}/runs", {**run, "scenario": SOUND, "edition": "1999"})
    yield "a run in no columns", _admin("POST", f"{here}/runs", {**run, "scenario": SOUND, "width": "wide"})


def _about_state() -> Iterator[Named]:
    here = "plants/sandbox"
    yield "accounts without number", _admin("POST", f"{here}/traders", {"count": -1})
    yield "more accounts than there are", _admin("POST", f"{here}/traders", {"count": 10**30})
    yield "accounts of wrong kinds", _admin("POST", f"{here}/traders", {"count": 1, "leverageInCents": "x"})
    yield "a user beyond numbers", _admin("GET", f"{here}/users/{'9' * 5000}")
    yield "a user that is a word", _admin("GET", f"{here}/users/me")
    yield "users by the word", _admin("GET", f"{here}/users?limit=many")
    yield "a position in nothing", _admin("POST", f"{here}/positions", {"login": 1})
    yield "a position that is not there", _admin("POST", f"{here}/positions/7/close", {})
    yield "prices that are none", _admin("PUT", f"{here}/prices", {"EURUSD": "NaN"})
    yield "prices below nothing", _admin("PUT", f"{here}/prices", {"EURUSD": -1})
    yield "prices of nothing known", _admin("PUT", f"{here}/prices", {"ABCDEF": 1})
    yield "an answer to no call", _admin("POST", f"{here}/answers", {"endpoint": "none", "status": 500})
    yield "an answer of no status", _admin("POST", f"{here}/answers", {"endpoint": "create_trader", "status": 99999})
    yield "a fault of no name", _admin("POST", f"{here}/faults", {"rule": "(" * 5000})
    yield "a fault without a rule", _admin("POST", f"{here}/faults", {})
    yield "an answer that does not wait", _admin("DELETE", f"{here}/answers/99")
    yield "a password of a stranger", _admin("POST", f"{here}/managers/1/password", {"hashedPassword": "x"})
    yield "a side of the contract that is none", _admin("GET", "openapi.json?side=inner")


ALIASES = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(24)
)
"""Twenty-five lines of YAML that would be thirty million words."""
SOUND = "scenario: sound\npurpose: A journey.\nactors: {ann: {platform: Web}}\nsteps:\n  - {do: launch}\n"
ADMIN: tuple[Named, ...] = (*_operated(), *_about_state())
