"""What several tests share: samples of long lists, and text that they write into suites of their own."""

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], *, every: int) -> list[Any]:
    """Mark a long list of cases: one of so many is slow, the others are for the exhaustive run alone."""
    marks = (pytest.mark.slow, pytest.mark.exhaustive)
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks[number % every > 0])
        for number, case in enumerate(cases)
    ]


CRM_CONFTEST = '''
import asyncio
import threading

import pytest

from mock_ctrader.cli.sample import sample_crm


@pytest.fixture(scope="session")
def crm_url(ctrader):
    """The sample CRM, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = sample_crm(ctrader.url)
    yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
'''
