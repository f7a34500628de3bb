"""Text that several tests write into suites of their own."""

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
