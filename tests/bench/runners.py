"""Journeys by programs of others: Locust, fifty users at once; Tavern, which plays one after the other in pytest."""

import json
import math
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import peers
from bench.processes import HERE, LOAD_CORE, pinned

_TAVERN = 20
"""Journeys that Tavern plays; the first quarter warms up."""
_QUERY = {"crmApiToken": "crm-api-token-of-the-bench"}
_SCREEN = {"lang": "en", "source": "iOS", "theme": "light", "firstLogin": "true"}
_TIMING = """
import json, time

ended = []

def pytest_runtest_logfinish(nodeid, location):
    ended.append(time.perf_counter())

def pytest_unconfigure(config):
    with open("ended.json", "w") as file:
        json.dump(ended, file)
"""


def locust(journey: str, url: str, *, client: str, users: int, seconds: float) -> float:
    """Return the journeys a second that Locust's users make.

    Raises:
        Absent: Locust cannot be had.
        RuntimeError: it failed, or a journey did.
    """
    program = peers.python("locust")
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        facts = {"JOURNEY": journey, "CLIENT": client, "RESULT": str(result), "SECONDS_OF_LOAD": str(seconds)}
        options = ["--headless", "--only-summary", "--skip-log", "-u", str(users), "-r", str(users)]
        options += ["-t", f"{math.ceil(seconds) + 2}s", "--host", url]
        command = [str(program), "-m", "locust", "-f", str(HERE / "peer_locust.py"), *options]
        said = _ended(command, folder, {f"BENCH_{name}": value for name, value in facts.items()})
        if not result.exists():
            raise RuntimeError(f"Locust said: {said[-400:]}")
        found = json.loads(result.read_text())
        if found["failed"] or not found["rate"]:
            raise RuntimeError(f"{found['failed']} calls of Locust failed: {said[-400:]}")
        return float(found["rate"])


def tavern(journey: str, url: str) -> float:
    """Return the journeys a second that Tavern plays, from the end of one to the end of the last.

    Raises:
        Absent: Tavern cannot be had.
        RuntimeError: a journey failed.
    """
    program = peers.python("tavern")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "conftest.py").write_text(_TIMING)
        # A test of Tavern is a document of YAML, and JSON is YAML.
        (Path(folder) / "test_journey.tavern.yaml").write_text(json.dumps(written(journey, url), indent=1))
        said = _ended([str(program), "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder, {})
        if f"{_TAVERN} passed" not in said:
            raise RuntimeError(f"Tavern said: {said[-400:]}")
        ended = json.loads((Path(folder) / "ended.json").read_text())[_TAVERN // 4 :]
        return (len(ended) - 1) / float(ended[-1] - ended[0])


def written(journey: str, url: str) -> Mapping[str, object]:
    """Write a journey as a test of Tavern's."""
    stages = {"by API": _by_api, "by page": _by_page, "sign-up": _sign_up}[journey](url)
    marks = [{"parametrize": {"key": "number", "vals": list(range(_TAVERN))}}]
    return {"test_name": f"{journey} {{number}}", "marks": marks, "stages": stages}


def _by_api(url: str) -> Sequence[object]:
    person = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": True}
    first = _stage("log in", f"{url}/api/session", json=person, save={"json": {"token": "token"}})
    return [first, *_exchanged(url), _verified(url)]


def _by_page(url: str) -> Sequence[object]:
    form = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": "on"}
    return [
        _stage("screen", f"{url}/auth/login", method="GET", params=_SCREEN),
        _stage(
            "log in", f"{url}/auth/login", data=form, status=303, save={"redirect_query_params": {"token": "token"}}
        ),
        *_exchanged(url),
        _verified(url),
    ]


def _sign_up(url: str) -> Sequence[object]:
    person = {
        "first_name": "Ann", "last_name": "Example", "email": "ann.{number}@example.com", "password": "Secret-12345",
        "keep_logged_in": "on",
    }  # fmt: skip
    user = {"redirect_query_params": {"user": "user"}}
    token = {"redirect_query_params": {"token": "token"}}
    account = f"{url}/account/create"
    return [
        _stage("screen", f"{url}/auth/login", method="GET", params=_SCREEN),
        _stage("form", f"{url}/auth/signup", method="GET", params=_SCREEN),
        _stage("sign up", f"{url}/auth/signup", data=person, status=303, save=user),
        _stage("account", account, method="GET", params={"user": "{user}"}),
        _stage("open account", account, params={"user": "{user}"}, data={"currency": "EUR"}, status=303, save=token),
        *_exchanged(url),
    ]


def _exchanged(url: str) -> Sequence[object]:
    path, body = f"{url}/oauth2/onetime/authorize", {"code": "{token}"}
    return [_stage("exchange", path, params=_QUERY, json=body, save={"json": {"access": "accessToken"}})]


def _verified(url: str) -> object:
    return _stage("come back", f"{url}/oauth2/authorize", params=_QUERY, json={"accessToken": "{access}"})


def _stage(
    name: str,
    url: str,
    *,
    method: str = "POST",
    status: int = 200,
    save: Mapping[str, object] | None = None,
    **sent: object,
) -> Mapping[str, object]:
    response = {"status_code": status, **({"save": save} if save else {})}
    return {"name": name, "request": {"url": url, "method": method, **sent}, "response": response}


def _ended(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> str:
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            [*pinned(LOAD_CORE), *command],
            cwd=folder,
            env={**given, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError("it did not end in two minutes") from None
    return done.stdout + done.stderr
