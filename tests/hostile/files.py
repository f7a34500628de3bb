"""Files that nobody can use: settings, scenarios, recordings and captured traffic."""

import json
from typing import Any

from hostile.over_http import ALIASES, SOUND
from mock_ctrader.journal.recording import VERSION

Named = tuple[str, bytes]
_DEEP = b"[" * 100_000

_NO_TEXT: tuple[Named, ...] = (
    ("bytes that are no UTF-8", b"\xff\xfe\x00\x01"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    ("lists in lists", _DEEP),
    ("a word", b"hello"),
)
SETTINGS: tuple[Named, ...] = (
    *_NO_TEXT,
    *(
        (text[:40].replace("\n", " | "), text.encode())
        for text in (
            "port = ",
            "port = 1\nport = 2",
            "[crm\nurl = 'x'",
            "unknown = 1",
            "prot = 8765",
            "port = 'eight'",
            "port = -1",
            "port = 65536",
            "port = 1.5",
            "port = [8765]",
            f"port = {'9' * 5000}",
            f"port = {'[' * 5000}",
            "port = true",
            "port = nan",
            "port = 1979-05-27",
            "host = 7",
            "host = ['a']",
            "tls = 'maybe'",
            "seed = 'lucky'",
            "seed = inf",
            "journal_capacity = 0",
            "journal_capacity = -5",
            "log_format = 'xml'",
            "log_level = 'loud'",
            "screens = 'none'",
            "clock = 'sundial'",
            "environment = 'moon'",
            "environment = '../live'",
            "plant = ''",
            "plant = 'a/b'",
            "plant = '../x'",
            f"plant = '{'a' * 5000}'",
            "app_url = 'javascript:alert(1)'",
            "app_url = 'file:///etc/passwd'",
            "crm = 'http://127.0.0.1'",
            "[crm]\nurl = 'file:///etc/passwd'",
            "[crm]\nurl = 'http://'",
            "[crm]\nurl = 'http://[::1'",
            "[crm]\nurl = 'http://x:99999'",
            "[crm]\ntimeout = 0",
            "[crm]\ntimeout = -1",
            "[crm]\ntimeout = nan",
            "[crm]\nmodules = ['all']",
            "[crm]\nmodules = 5",
            "[crm]\nhosts = ['http://x/']",
            "[crm]\nhosts = ['']",
            "[crm]\nunknown = 1",
            "[crm.screens]\nlogin = 'javascript:x'",
            "[crm.pages]\nhome = 5",
            "[crm.webhooks]\nnew_user = 'ftp://x/'",
            "[crm.api.login]\nfields = {}",
            "[crm.api.login]\nurl = 'gopher://x/'",
            "[limits]\nbody = 0",
            "[limits]\nbody = 'large'",
            "[limits]\nheader_time = -1",
            "[limits]\nheader_time = nan",
            "[limits]\nidle_time = inf",
            "[limits]\nunknown = 1",
            "[plants]\nx = 1",
            "[plants.'a b']\n",
            "[plants.x]\nunknown = 1",
            "[plants.x]\nedition = '1999'",
            "[plants.x]\nbrokers = 'all'",
            "[plants.x]\nenvironments = []",
            "[plants.x]\nmanagers = [{login = 'x'}]",
        )
    ),
)


def _steps(steps: str, head: str = "") -> bytes:
    lines = f"scenario: x\npurpose: A journey.\n{head}actors: {{ann: {{platform: Web}}}}\nsteps:\n{steps}"
    return lines.encode()


_SCENARIOS = (
    "",
    "# nothing",
    "- a list",
    "scenario: x",
    "scenario: [x]\npurpose: y",
    "a: b: c",
    "a: 'b",
    "\ta: b",
    "a: 1\na: 2",
    "%YAML 9.9\n---\na: 1",
    "a: 1\n---\nb: 2",
    "a: &a [*a]",
    "!!python/object/apply:os.abort []",
    "!!python/name:os.system",
    "a: !!binary aGVsbG8=",
    "? [a, b]\n: c",
    "a: !unknown b",
    "{" * 2000,
    "a: " * 2000,
    "- " * 5000,
    "\x00",
    "a: \ud7ff\x01",
    "<<: {a: 1}",
    SOUND.replace("Web", "Amiga"),
    SOUND.replace("Web", "[Web"),
    SOUND.replace("launch", "lunch"),
    SOUND.replace("launch", "[launch]"),
    SOUND.replace("launch", "1e999"),
    SOUND.replace("purpose", "purpse"),
    SOUND.replace("ann:", "'a b':"),
    SOUND.replace("actors: {ann: {platform: Web}}", "actors: {}"),
    SOUND.replace("actors: {ann: {platform: Web}}", "actors: {ann: {platform: Web, person: ann}}"),
    SOUND.replace("actors: {ann: {platform: Web}}", "actors: {ann: {platform: Web, person: bob}}"),
    SOUND + "begins with: ../../../etc/passwd\n",
    SOUND + "begins with: [a]\n",
    SOUND + "needs: [everything]\n",
    SOUND + "editions: ['1999']\n",
    SOUND + "faults: [no-such-fault]\n",
    SOUND + "faults: ['((((']\n",
    SOUND + "variables: {amount: {a: 1}}\n",
    SOUND + "unknown: 1\n",
)
SCENARIOS: tuple[Named, ...] = (
    *_NO_TEXT,
    ("a bomb of aliases", ALIASES.encode()),
    ("a list of a hundred thousand", b"a: [" + b"x," * 100_000 + b"]"),
    *((text[:40].replace("\n", " | ") or "nothing", text.encode("utf-8", "surrogatepass")) for text in _SCENARIOS),
    ("a step that is a word", _steps("  - launch\n")),
    ("a step of nothing", _steps("  - {}\n")),
    ("an actor who is not there", _steps("  - {do: launch, actor: bob}\n")),
    ("a time that is none", _steps("  - {do: let pass, with: {time: forever}}\n")),
    ("a time beyond the end", _steps("  - {do: let pass, with: {time: 99999999999d}}\n")),
    ("a repetition without an end", _steps("  - {repeat: 1000000000, steps: [{do: launch}]}\n")),
    (
        "repetitions in repetitions",
        _steps("  - {repeat: 99, steps: [{repeat: 99, steps: [{repeat: 99, steps: [{do: launch}]}]}]}\n"),
    ),
    ("a repetition below nothing", _steps("  - {repeat: -1, steps: [{do: launch}]}\n")),
    ("a capture of nothing", _steps("  - {do: launch, capture: {x: ''}}\n")),
    ("a reference to nothing", _steps("  - {do: visit, with: {link: '${nobody.x}'}}\n")),
    ("a reference that does not end", _steps("  - {do: visit, with: {link: '${ann.x'}}\n")),
    ("a wait below nothing", _steps("  - {do: launch, within: -5, eventually: {calls: [manager_token]}}\n")),
    ("a call that is none", _steps("  - {do: launch, expect: {calls: [rm_rf]}}\n")),
    ("a pattern without an end", _steps("  - {do: launch, expect: {screen: {title: 7}}}\n")),
)

_HEADER: dict[str, Any] = {"format": "mock-ctrader recording", "version": VERSION}


def _lines(*values: object) -> bytes:
    return "".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in values).encode()


_EXCHANGE: dict[str, Any] = {"number": 1, "direction": "crm-to-ctrader", "moment": 0}
RECORDINGS: tuple[Named, ...] = (
    *_NO_TEXT,
    ("nothing", b""),
    ("blank lines", b"\n" * 1000),
    ("null", b"null"),
    ("a number", b"7"),
    ("an object of nothing", b"{}"),
    ("an object in objects", b'{"a":' * 50_000),
    ("a number of a million digits", b'{"format": ' + b"9" * 1_000_000 + b"}"),
    ("no format", _lines({"version": 1})),
    ("a foreign format", _lines({"format": "other", "version": 1})),
    ("a format that is a list", _lines({"format": ["mock-ctrader recording"], "version": 1})),
    ("a format that is an object", _lines({"format": {"a": 1}, "version": 1})),
    ("no version", _lines({"format": _HEADER["format"]})),
    ("a version that is a word", _lines({**_HEADER, "version": "1"})),
    ("a version below nothing", _lines({**_HEADER, "version": -1})),
    ("a version of the future", _lines({**_HEADER, "version": 10**9})),
    ("a version of yes", _lines({**_HEADER, "version": None})),
    ("a header of wrong kinds", _lines({**_HEADER, "plant": 7})),
    ("plays that are none", _lines({**_HEADER, "plays": "all"})),
    ("fewer exchanges than promised", _lines({**_HEADER, "exchanges": 5})),
    ("more exchanges than there can be", _lines({**_HEADER, "exchanges": 10**30})),
    ("a number of exchanges that is a word", _lines({**_HEADER, "exchanges": "five"})),
    ("a line that is no JSON", _lines(_HEADER, "hello\n", _EXCHANGE)),
    ("a line of lists in lists", _lines(_HEADER, "[" * 50_000 + "\n")),
    ("a line of nothing", _lines(_HEADER, {})),
    ("a line that is a list", _lines(_HEADER, [])),
    ("a line that is a text", _lines(_HEADER, '"text"\n')),
    ("entries that are a word", _lines({**_HEADER, "entries": "none"})),
    ("entries that are words", _lines({**_HEADER, "entries": ["none"]})),
    *(
        (f"an exchange with {key} {str(value)[:20]}", _lines(_HEADER, {**_EXCHANGE, key: value}))
        for key, value in (
            ("number", "one"),
            ("number", None),
            ("direction", "up"),
            ("direction", 7),
            ("moment", "now"),
            ("moment", 1.5),
            ("moment", 10**400),
            ("duration", "long"),
            ("step", "first"),
            ("step", {"number": "x"}),
            ("request", "GET /"),
            ("request", []),
            ("request", {"method": 1}),
            ("request", {"method": "GET", "url": 7}),
            ("request", {"method": "GET", "url": "/", "headers": {"a": "b"}}),
            ("response", {"status": "ok"}),
            ("response", {"status": 200, "headers": [["a"]]}),
            ("response", 200),
            ("violations", "none"),
            ("facts", {"a": 1}),
            ("facts", [["a"]]),
            ("events", 1),
            ("error", 1),
        )
    ),
)

_ENTRY: dict[str, Any] = {
    "startedDateTime": "2026-01-05T00:00:00.000Z",
    "time": 1,
    "request": {"method": "GET", "url": "https://demo-acme.webapi.ctrader.com:8443/v2/webserv/traders"},
    "response": {"status": 200},
}


def _har(**changes: Any) -> bytes:
    return json.dumps({"log": {"entries": [{**_ENTRY, **changes}]}}).encode()


CAPTURES: tuple[Named, ...] = (
    *_NO_TEXT,
    ("nothing", b""),
    ("null", b"null"),
    ("no log", b"{}"),
    ("a log that is a list", b'{"log": []}'),
    ("no entries", b'{"log": {}}'),
    ("entries that are a word", b'{"log": {"entries": "x"}}'),
    ("an entry that is a word", b'{"log": {"entries": ["x"]}}'),
    ("an entry of nothing", b'{"log": {"entries": [{}]}}'),
    ("a time that is none", _har(startedDateTime="yesterday")),
    ("a time before time", _har(startedDateTime="0000-00-00T00:00:00Z")),
    ("a time that is a number", _har(startedDateTime=7)),
    ("a duration that is a word", _har(time="long")),
    ("a request of nothing", _har(request={})),
    ("a request that is a word", _har(request="GET /")),
    ("an address that is none", _har(request={"method": "GET", "url": "http://["})),
    ("an address that is a number", _har(request={"method": "GET", "url": 7})),
    ("a method that is a number", _har(request={"method": 7, "url": "http://a/"})),
    ("headers that are a word", _har(request={"method": "GET", "url": "http://a/", "headers": "x"})),
    ("a header without a name", _har(request={"method": "GET", "url": "http://a/", "headers": [{}]})),
    ("a body that is no base64", _har(request={**_ENTRY["request"], "postData": {"text": "a", "_encoding": "base64"}})),
    ("an answer that is no base64", _har(response={"status": 200, "content": {"text": "a", "encoding": "base64"}})),
    ("an answer of nothing", _har(response={})),
    ("a status that is a word", _har(response={"status": "ok"})),
    ("a status beyond numbers", _har(response={"status": 10**400})),
)
