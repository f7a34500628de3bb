"""HTTP Archives: valid ones are written, and what was captured elsewhere becomes a recording."""

import base64
import json
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from mock_ctrader.errors import RecordingError
from mock_ctrader.journal.captured import Surroundings, from_har
from mock_ctrader.journal.har import to_har
from mock_ctrader.journal.recording import Header, Recording, to_lines
from mock_ctrader.wire import Direction

PAGES = {"/auth/login": "login", "/callback/success": "success", "/hooks/new": "new_user_webhook"}
ANYWHERE = Surroundings(pages=PAGES)
VENDOR = "https://demo-acme.webapi.ctrader.com:8443"

REQUIRED = {
    "log": {"version": str, "creator": dict, "entries": list},
    "creator": {"name": str, "version": str},
    "entry": {
        "startedDateTime": str,
        "time": (int, float),
        "request": dict,
        "response": dict,
        "cache": dict,
        "timings": dict,
    },
    "request": {"method": str, "url": str, "httpVersion": str, "cookies": list, "headers": list, "queryString": list}
    | {"headersSize": int, "bodySize": int},
    "response": {"status": int, "statusText": str, "httpVersion": str, "cookies": list, "headers": list}
    | {"content": dict, "redirectURL": str, "headersSize": int, "bodySize": int},
    "content": {"size": int, "mimeType": str},
    "postData": {"mimeType": str, "params": list, "text": str},
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
    "pair": {"name": str, "value": str},
}
"""What the format demands, and of which type."""


def check(part, kind):
    for name, wanted in REQUIRED[kind].items():
        assert isinstance(part[name], wanted), (kind, name)


def check_har(text):
    """Hold a HAR against the format's text."""
    log = json.loads(text)["log"]
    check(log, "log")
    check(log["creator"], "creator")
    assert log["version"] == "1.2"
    for entry in log["entries"]:
        check(entry, "entry")
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
        check(entry["timings"], "timings")
        assert min(entry["timings"].values()) >= 0
        assert entry["time"] == sum(entry["timings"].values())
        check(entry["request"], "request")
        assert urlsplit(entry["request"]["url"]).netloc
        check(entry["response"], "response")
        check(entry["response"]["content"], "content")
        if "postData" in entry["request"]:
            check(entry["request"]["postData"], "postData")
        for message in (entry["request"], entry["response"]):
            for pair in (*message["headers"], *message["cookies"], *message.get("queryString", ())):
                check(pair, "pair")
    return log


@pytest.fixture
def recording(make_exchange):
    """Bodies of every form, cookies, a redirect, no answer, no request."""
    form = {"headers": [["Content-Type", "application/x-www-form-urlencoded"], ["Cookie", "a=1; b=[cookie-1];"]]}
    cookies = [["Set-Cookie", "s=[cookie-1]; Path=/; Domain=h; HttpOnly; Secure; Max-Age=5"], ["Location", "/next"]]
    binary = base64.b64encode(b"\xff").decode()
    return Recording(
        header=Header(program="mock-ctrader 0.0", plant="sandbox"),
        exchanges=(
            make_exchange(1, duration=0.5, step={"journey": "sign-up", "number": 2, "name": "sign up"}),
            make_exchange(2, request={"method": "POST", "url": "/x?b=", "body": {"text": "a=1&b="}, **form}),
            make_exchange(3, response={"status": 302, "headers": cookies}, facts=[["title", "T"]]),
            make_exchange(4, request={"method": "PUT", "url": "http://h/", "body": {"base64": binary}}, duration=-1),
            make_exchange(5, response={"status": 200, "body": {"base64": binary}}, endpoint=""),
            make_exchange(6, response=None, error="no route"),
            make_exchange(7, request=None, response=None, direction="app-to-ctrader", endpoint="authorise"),
        ),
    )


def test_what_is_exported_is_valid(recording):
    """Creator, entries, messages, cookies, timings; what no HTTP was spoken for is told of and left out."""
    log = check_har(to_har(recording))
    assert log["creator"] == {"name": "mock-ctrader", "version": "0.0"}
    assert "1 sessions are left out" in log["comment"]
    first, second, third, fourth, fifth, sixth = log["entries"]
    assert first["time"] == 500
    assert first["comment"] == "create_user (sign-up, step 2 sign up)"
    assert second["request"]["url"] == "http://unknown.invalid/x?b="
    assert second["request"]["queryString"] == [{"name": "b", "value": ""}]
    assert second["request"]["postData"]["params"] == [{"name": "a", "value": "1"}, {"name": "b", "value": ""}]
    assert [cookie["name"] for cookie in second["request"]["cookies"]] == ["a", "b"]
    assert third["response"]["redirectURL"] == "/next"
    cookie = {"name": "s", "value": "[cookie-1]", "path": "/", "domain": "h", "httpOnly": True, "secure": True}
    assert third["response"]["cookies"] == [cookie]
    assert fourth["request"]["postData"]["_encoding"] == fifth["response"]["content"]["encoding"] == "base64"
    assert (sixth["response"]["status"], sixth["response"]["comment"]) == (0, "no route")
    assert check_har(to_har(Recording()))["creator"]["name"] == "mock-ctrader"


def test_our_own_export_is_read_again(recording):
    """Direction, endpoint, step, facts and bodies are as they were."""
    captured = from_har(to_har(recording).encode(), "it", Surroundings(), keep_unknown=True)
    kept = captured.recording.exchanges
    assert [one.endpoint for one in kept] == ["create_user"] * 4 + ["", "create_user"]
    assert kept[0].step.journey == "sign-up"
    assert kept[2].facts == [("title", "T")]
    assert kept[3].request.body == recording.exchanges[3].request.body
    assert kept[4].response.body == recording.exchanges[4].response.body
    assert (kept[5].response, kept[5].error) == (None, "no answer was captured")


def entry(method, url, second=0, **more):
    """Return an entry as a proxy writes it."""
    headers = more.pop("headers", [])
    posted = {"postData": more.pop("posted")} if "posted" in more else {}
    answer = {"status": 200, "headers": [], "content": {"text": more.pop("answer", "")}}
    return {
        "startedDateTime": f"2026-01-05T09:00:{second:02d}.5Z",
        "time": 12.5,
        "request": {"method": method, "url": url, "headers": headers, **posted},
        "response": answer,
        **more,
    }


def har(*entries):
    return json.dumps({"log": {"entries": entries}}).encode()


@pytest.mark.parametrize(
    ("method", "url", "known"),
    [
        ("POST", f"{VENDOR}/v2/webserv/traders?token=abc", (Direction.TO_CTRADER, "create_trader")),
        ("GET", "http://127.0.0.1:8765/acme/live/v2/webserv/symbols", (Direction.TO_CTRADER, "list_symbols")),
        ("POST", "https://crm.example.com/base/oauth2/onetime/authorize", (Direction.TO_CRM, "exchange_ot_token")),
        ("POST", "https://crm.example.com/cid/oauth2/crmApiToken/", (Direction.TO_CRM, "crm_api_token")),
        ("POST", "https://crm.example.com/hooks/new", (Direction.TO_CRM, "new_user_webhook")),
        ("GET", "https://crm.example.com/auth/login/?lang=en", (Direction.SCREEN, "login")),
        ("GET", f"{VENDOR}/v2/none", (Direction.TO_CTRADER, "")),
        ("GET", f"{VENDOR}/auth/login", (Direction.SCREEN, "")),
        ("GET", "https://crm.example.com/", (Direction.SCREEN, "")),
    ],
)
def test_requests_are_recognised(method, url, known):
    """Calls to cTrader by the catalogue, calls to the CRM and its screens by their paths."""
    captured = from_har(har(entry(method, url)), "it", ANYWHERE, keep_unknown=True)
    (one,) = captured.recording.exchanges
    assert (one.direction, one.endpoint) == known
    assert captured.unknown == (not known[1])
    left = from_har(har(entry(method, url)), "it", ANYWHERE).recording
    assert len(left.exchanges) == left.header.exchanges == bool(known[1])


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://crm.example.com/base/oauth2/authorize", "verify_access_token"),
        ("https://crm.example.com/other/oauth2/authorize", ""),
        ("https://crm.example.com/basement/oauth2/authorize", ""),
        ("https://crm.example.com/base/more/oauth2/authorize", ""),
        ("https://else.example.com/base/oauth2/authorize", ""),
    ],
)
def test_a_crm_with_an_address_is_known_by_it(url, endpoint):
    """What goes elsewhere is none of its calls."""
    surroundings = Surroundings("https://crm.example.com/base/")
    (one,) = from_har(har(entry("POST", url)), "it", surroundings, keep_unknown=True).recording.exchanges
    assert one.endpoint == endpoint


def test_secrets_are_masked_wherever_they_stand():
    """Also before the exchange that shows what they are, and in requests that are left out."""
    later = entry("GET", "https://else.example.com/?password=n1ghtingale", 30)
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "password", "value": "r0bin-red"}]}
    first = entry("POST", "https://crm.example.com/auth/login", 10, posted=form, answer="n1ghtingale r0bin-red")
    bearer = [{"name": ":method", "value": "GET"}, {"name": "Authorization", "value": "Bearer sk1lark-token"}]
    second = entry("GET", f"{VENDOR}/v1/users", 5, headers=bearer, answer='{"a": "sk1lark-token"}')
    recording = from_har(b"\xef\xbb\xbf" + har(later, first, second), "it", ANYWHERE).recording
    text = to_lines(recording)
    assert not [bird for bird in ("n1ghtingale", "r0bin-red", "sk1lark") if bird in text]
    assert [one.endpoint for one in recording.exchanges] == ["registered_users", "login"]
    assert [one.number for one in recording.exchanges] == [1, 2]
    assert recording.exchanges[1].facts == [("password", "[password-1]")]
    assert recording.exchanges[1].request.body == {}
    assert recording.header.plant == "acme"


def test_bodies_and_times_are_read_as_they_come():
    """A body in base64, a kind without its header, a moment without a zone, no time."""
    answer = {"status": 200, "content": {"text": base64.b64encode(b'{"userId": 5}').decode(), "encoding": "base64"}}
    posted = {"mimeType": "application/json", "text": '{"brokerName": "X"}'}
    one = entry("POST", f"{VENDOR}/cid/oauth2/ctid/create", posted=posted, response=answer, time=None)
    typed = entry("POST", f"{VENDOR}/cid/ctid/link", posted=posted, headers=[{"name": "content-type", "value": "a/b"}])
    typed["startedDateTime"] = "2027-01-05T09:00:00"
    first, second = from_har(har(one, typed), "it", ANYWHERE).recording.exchanges
    assert first.response.body == {"json": {"userId": 5}}
    assert first.request.body == {"json": {"brokerName": "X"}}
    assert (first.duration, second.duration) == (None, 0.0125)
    assert second.moment == 1_799_139_600_000
    assert second.request.headers == [("content-type", "a/b")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it: is no HAR: "),
        (b"\xff", "Export the traffic as HAR 1.2, with the bodies."),
        (b'{"log": {"entries": [{}]}}', "is no HAR: Object missing required field `startedDateTime`"),
        (har(entry("GET", "http://[x/")), "it, entry 1: is no HAR: "),
        (har(entry("GET", "http://h/", startedDateTime="soon")), "it, entry 1: is no HAR: Invalid isoformat"),
        (har(entry("GET", "http://h/", posted={"text": "abcde", "_encoding": "base64"})), "it, entry 1: is no HAR: "),
    ],
)
def test_what_is_no_har_is_told(data, message):
    """One message with the file, the entry and what to do."""
    with pytest.raises(RecordingError) as failure:
        from_har(data, "it", ANYWHERE)
    assert message in str(failure.value)
