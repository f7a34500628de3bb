"""Secrets are planted in every place of an exchange, in every spelling; no output may hold one."""

import base64
import json
from urllib.parse import quote, quote_plus, unquote

import pytest
from msgspec.structs import replace

from mock_ctrader.journal import Entry, NotOne, comparable, document, to_json
from mock_ctrader.journal.captured import Surroundings, from_har
from mock_ctrader.journal.comparing import compare
from mock_ctrader.journal.har import to_har
from mock_ctrader.journal.leaks import leaks
from mock_ctrader.journal.recording import Recording, of_journal, to_lines
from mock_ctrader.matching import rules as match
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.differences import difference_lines
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.wire import Direction, Headers, Provenance, Request, Response, Violation

CANARY = 'c4n&ry/ yellow+"bird"<é>'
WRITINGS = {
    "raw": CANARY,
    "percent": quote(CANARY, safe=""),
    "percent, small": quote(CANARY, safe="").lower(),
    "plus": quote_plus(CANARY),
    "JSON": json.dumps(CANARY)[1:-1],
    "XML": "c4n&amp;ry/ yellow+&quot;bird&quot;&lt;é&gt;",
}
TEACHERS: dict[str, tuple[Headers, bytes]] = {
    "JSON": ((("Content-Type", "application/json"),), json.dumps({"a": [{"accessToken": CANARY}]}).encode()),
    "XML": ((("Content-Type", "text/xml"),), f"<a><webservToken>{WRITINGS['XML']}</webservToken></a>".encode()),
    "form": ((("Content-Type", "application/x-www-form-urlencoded"),), f"new_password={quote_plus(CANARY)}".encode()),
    "multipart": (
        (("Content-Type", "multipart/form-data; boundary=b"),),
        f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{CANARY}\r\n--b--'.encode(),
    ),
    "cookie": ((("Cookie", f"sid={CANARY}"),), b""),
    "authorization": ((("Authorization", f"Bearer {CANARY}"),), b""),
    "admin token": ((("X-Admin-Token", CANARY),), b""),
    "referrer": ((("Referer", f"https://crm/callback?token={quote(CANARY)}"),), b""),
}
NIGHTINGALE = "n1ght1ngale-token"
FORMS = ["application/json", "text/xml", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream"]


def body_of(content_type: str, canary: str, writing: str) -> bytes:
    if "json" in content_type:
        return json.dumps(
            {writing: [{"x": writing, "password": writing, "u": f"https://a/?q={quote(canary)}"}]}
        ).encode()
    if "form" in content_type:
        return f"x={quote_plus(writing)}&{quote_plus(writing)}=1&{writing}={writing}".encode()
    text = f"<a {writing}='1'><password>{writing}</password></a>\npassword={writing} {writing}".encode()
    return text + b"\xff" if "octet" in content_type else text


def planted(entry: Entry, canary: str, writing: str, content_type: str) -> Entry:
    """An entry that holds the canary wherever text can stand."""
    headers = (
        ("Content-Type", content_type),
        ("X-Any", f"see {writing}"),
        ("Location", f"https://crm/callback/success?token={quote(canary)}&x={writing}"),
        ("Cookie", f"a={writing}; b={writing}"),
        ("Set-Cookie", f"{writing}={writing}; Path=/{writing}"),
        ("Authorization", f"Basic {writing}"),
        (f"X-{writing}", "1"),
    )
    raw = body_of(content_type, canary, writing)
    request = Request(
        "POST",
        f"/{quote(canary)}/{writing}",
        f"token={quote(canary)}&{quote(canary)}={writing}",
        headers,
        raw,
        host="h:1",
    )
    return replace(
        entry,
        request=request,
        response=Response(200, headers, raw),
        violations=(Violation("clause", writing, f"found {writing}", Provenance.DOCUMENTED, "1"),),
        error=f"no route to https://h/?x={quote(canary)} {writing}",
        facts=(("title", writing), ("password", writing), (writing, "1"), ("landed", f"https://a/?b={quote(canary)}")),
        events=(f"token {writing} issued",),
    )


def outputs(journal):
    written = document(journal, journal.secrets, plant="sandbox")
    yield to_json(written)
    yield to_json(comparable(written))
    for width in (40, 200):
        yield plain(timeline(journal, journal.secrets, width=width, unicode=True))
    for entry in journal:
        yield curl(entry.request, journal.secrets)
    with pytest.raises(NotOne) as failure:
        journal.select().one()
    yield str(failure.value)
    asked = dict.fromkeys(("x", "q", "token", "title", "password", CANARY, WRITINGS["JSON"]), "nothing like it")
    for part in ("json", "form", "query", "answer", "request"):
        for rules in [asked, ["nothing like it"]] if part in ("json", "answer") else [asked]:
            with pytest.raises(NotOne) as failure:
                getattr(journal.select(), f"with_{part}")(rules).one()
            yield str(failure.value)
    for entry in journal:
        for name, value in entry.request.headers:
            with pytest.raises(NotOne) as failure:
                journal.select().with_header(name, match.Not(value)).with_header("x-none", value).one()
            yield str(failure.value)
    recording = of_journal(written)
    archive = to_har(recording)
    imported = from_har(archive.encode(), "it", Surroundings(), keep_unknown=True).recording
    yield to_lines(recording)
    yield archive
    yield to_lines(imported)
    for other in (imported, Recording()):
        yield plain(difference_lines(compare(recording, other).deviations, width=500, unicode=True))
    for entry in written["entries"]:
        for message in (entry["request"], entry["response"]):
            yield base64.b64decode(message.get("body", {}).get("base64", "")).decode("latin-1")


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("teacher", TEACHERS)
@pytest.mark.parametrize("content_type", FORMS)
def test_a_planted_secret_is_in_no_output(journal, make_entry, writing, teacher, content_type):
    """However it was learned and wherever it stands, the canary is gone."""
    headers, body = TEACHERS[teacher]
    journal.record(
        make_entry(journal.begin(), direction=Direction.SCREEN, request=Request("POST", "/", "", headers, body))
    )
    journal.record(planted(make_entry(journal.begin()), CANARY, WRITINGS[writing], content_type))
    for output in outputs(journal):
        for shape in (output, unquote(output), unquote(unquote(output))):
            assert "yellow" not in shape
            assert "c4n" not in shape


@pytest.mark.parametrize("content_type", FORMS)
def test_a_secret_that_is_taught_by_the_same_exchange_is_in_no_output(journal, make_entry, content_type):
    """The exchange that says a secret for the first time is masked as well."""
    journal.record(planted(make_entry(journal.begin()), NIGHTINGALE, NIGHTINGALE, content_type))
    journal.record(make_entry(journal.begin()))
    assert not [output for output in outputs(journal) if "n1ght1ngale" in output]


def captured(writing, content_type):
    """Traffic as a proxy writes it, with the canary wherever text can stand."""
    headers = [{"name": "Content-Type", "value": content_type}, {"name": "X-Any", "value": f"see {writing}"}]
    headers += [
        {"name": "Cookie", "value": f"a={writing}"},
        {"name": "Authorization", "value": f"Bearer {NIGHTINGALE}"},
    ]
    body = body_of(content_type, NIGHTINGALE, writing)
    text = {"text": base64.b64encode(body).decode(), "encoding": "base64", "mimeType": content_type}
    request = {
        "method": "POST",
        "url": f"https://crm.example.com/auth/login/{NIGHTINGALE}?token={NIGHTINGALE}&x={writing}",
        "headers": headers,
        "postData": {"mimeType": content_type, "text": body.decode("latin-1")},
    }
    login = {**request, "url": "https://crm.example.com/auth/login"}
    answer = {"status": 200, "headers": headers, "content": text}
    entries = [
        {"startedDateTime": "2026-01-05T09:00:00Z", "request": one, "response": answer} for one in (login, request)
    ]
    return json.dumps({"log": {"entries": entries}}).encode()


@pytest.mark.parametrize("content_type", FORMS)
def test_a_secret_that_was_captured_is_in_no_recording(content_type):
    """Neither in what is recognised nor in what is kept unknown; the check for secrets finds nothing left."""
    surroundings = Surroundings(pages={"/auth/login": "login"})
    recording = from_har(captured(NIGHTINGALE, content_type), "it", surroundings, keep_unknown=True).recording
    assert [one.endpoint for one in recording.exchanges] == ["login", ""]
    for output in (to_lines(recording), to_har(recording)):
        assert "n1ght1ngale" not in output
        assert leaks(output, [NIGHTINGALE]) == []
