"""Starting the sample CRM, for the commands that need one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from sqlite3 import Error as DatabaseError

from aiohttp import web

from mock_ctrader.cli.defaults import STAFF_PASSWORD
from mock_ctrader.errors import StartError
from mock_ctrader.sample_crm import CrmConfig, create_app

LOCAL = ("127.0.0.1", "localhost", "::1")


@asynccontextmanager
async def sample_crm(
    ctrader: str,
    *,
    ctrader_ca: str = "",
    host: str = "127.0.0.1",
    port: int = 0,
    database: str = ":memory:",
    test_clock: bool = False,
    kyc_review: bool = False,
    quick_passwords: bool = False,
    web_url: str = "",
    staff_password: str = STAFF_PASSWORD,
) -> AsyncGenerator[str]:
    """Serve the sample CRM for a while; gives its base URL.

    ``quick_passwords`` is for thousands of made-up users. Without a ``web_url``, cTrader Web is where a simulator
    has it.

    Raises:
        StartError: the port is taken, or the database or the file of a certificate authority cannot be opened, or
            others than this machine could set the clock.
    """
    if test_clock and host not in LOCAL:
        cure = "Listen on 127.0.0.1, or leave out --test-clock."
        raise StartError("a clock that anybody can set is for this machine alone.", where=host, cure=cure)
    try:
        config = CrmConfig(
            ctrader_url=ctrader,
            ctrader_ca=ctrader_ca,
            database=database,
            test_clock=test_clock,
            kyc_review=kyc_review,
            quick_passwords=quick_passwords,
            web_url=web_url.rstrip("/") or f"{ctrader.rstrip('/')}/app",
            staff_password=staff_password,
        )
        app = create_app(config)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
    except (DatabaseError, OSError) as error:
        cure = "Name a file that can be written, or :memory:."
        raise StartError(f"the database cannot be opened: {error}.", where=database, cure=cure) from error
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            cure = "End the program that listens there, or choose another port with --port (0 takes a free one)."
            raise StartError(f"cannot listen: {error.strerror}.", where=f"{host}:{port}", cure=cure) from error
        taken: int = runner.addresses[0][1]
        yield f"http://{host}:{taken}"
    finally:
        await runner.cleanup()
