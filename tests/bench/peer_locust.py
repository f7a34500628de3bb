"""The journeys as one writes them for Locust, checked: run by Locust in an environment of its own.

The journeys that ended while all users were there, after a second to warm up, are counted; the rate is written to a
file.
"""

import json
import os
import time
from itertools import count
from pathlib import Path

from locust import FastHttpUser, HttpUser, constant, events

_QUERY = "crmApiToken=crm-api-token-of-the-bench"
_SCREEN = "lang=en&source=iOS&theme=light&firstLogin=true"
_CREDENTIALS = {"password": "Secret-12345", "keep_logged_in": "on"}
_WARM, _SECONDS = 1.0, float(os.environ["BENCH_SECONDS_OF_LOAD"])
_numbers = count(1)
_ended: list[float] = []
_spawned: list[float] = []
_now = time.perf_counter  # noqa: TID251 - a benchmark reads the machine's clock


class _Trader:
    wait_time = constant(0)

    def journey(self):
        {"by API": self._by_api, "by page": self._by_page, "sign-up": self._sign_up}[os.environ["BENCH_JOURNEY"]]()
        _ended.append(_now())

    def _by_api(self):
        person = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": True}
        with self.client.post("/api/session", json=person, catch_response=True) as answer:
            token = self._json(answer, "token")
        self._come_back(self._exchange(token))

    def _by_page(self):
        self._get(f"/auth/login?{_SCREEN}", "log in")
        token = self._send("/auth/login", {"email": "ann@example.com", **_CREDENTIALS}, "log in")
        self._come_back(self._exchange(token))

    def _sign_up(self):
        self._get(f"/auth/login?{_SCREEN}", "log in")
        self._get(f"/auth/signup?{_SCREEN}", "sign up")
        person = {"first_name": "Ann", "last_name": "Example", "email": f"ann.{next(_numbers)}@example.com"}
        path = f"/account/create?user={self._send('/auth/signup', {**person, **_CREDENTIALS}, 'sign up')}"
        self._get(path, "open account")
        self._exchange(self._send(path, {"currency": "EUR"}, "open account"))

    def _exchange(self, token):
        path = f"/oauth2/onetime/authorize?{_QUERY}"
        with self.client.post(path, json={"code": token}, name="exchange", catch_response=True) as answer:
            return self._json(answer, "accessToken")

    def _come_back(self, access):
        path = f"/oauth2/authorize?{_QUERY}"
        with self.client.post(path, json={"accessToken": access}, name="verify", catch_response=True) as answer:
            self._json(answer, "userId")

    def _get(self, path, name):
        with self.client.get(path, name=name, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"answered {answer.status_code}")

    def _send(self, path, form, name):
        with self.client.post(path, data=form, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 303:
                answer.failure(f"answered {answer.status_code}")
            answer.success()
            return answer.headers["Location"].rpartition("=")[2]

    @staticmethod
    def _json(answer, key):
        said = answer.json()
        if answer.status_code != 200 or not said.get(key):
            answer.failure(f"answered {answer.status_code} without {key}")
        return said[key]


if os.environ["BENCH_CLIENT"] == "FastHttpUser":

    class FastTrader(_Trader, FastHttpUser):
        """A trader on Locust's quick client."""

        tasks = [_Trader.journey]  # noqa: RUF012 - as Locust has it

else:

    class Trader(_Trader, HttpUser):
        """A trader on Locust's usual client, which is requests."""

        tasks = [_Trader.journey]  # noqa: RUF012 - as Locust has it


@events.spawning_complete.add_listener
def _all_there(user_count, **_):
    _spawned.append(_now())


@events.quitting.add_listener
def _tell(environment, **_):
    start = _spawned[0] + _WARM
    counted = sum(start <= moment < start + _SECONDS for moment in _ended)
    found = {"rate": counted / _SECONDS, "failed": environment.stats.total.num_failures}
    Path(os.environ["BENCH_RESULT"]).write_text(json.dumps(found))
