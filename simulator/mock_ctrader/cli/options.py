"""Flags that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_ctrader.errors import SettingsError, StepFailed

if TYPE_CHECKING:
    from mock_ctrader.runtime.settings import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_CONFIG: Decorator = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file.  [default: mock-ctrader.toml, if there]"
)
_FLAGS: dict[str, Decorator] = {
    "host": click.option("--host", help="Address to listen on.  [default: 127.0.0.1]"),
    "port": click.option("--port", type=int, help="Port to listen on; 0 takes a free one.  [default: 8765]"),
    "tls": click.option("--tls", is_flag=True, default=None, help="Speak https, with a certificate made at start."),
    "tls_ca": click.option(
        "--tls-ca", metavar="FILE", help="Where to write what the CRM must trust.  [default: mock-ctrader-ca.pem]"
    ),
    "admin_token": click.option("--admin-token", help="Token of the admin API.  [default: generated and printed]"),
    "seed": click.option(
        "--seed", type=int, help="Where ids, tokens and people come from; the same seed, the same run."
    ),
    "environment": click.option("--environment", help="Environment that the bare address means.  [default: demo]"),
    "data": click.option(
        "--data", metavar="DIR", help="Folder to keep plants and journals in; a crash loses nothing.  [default: none]"
    ),
    "screens": click.option(
        "--screens", metavar="KIND", help="Who drives the CRM's pages: form, or browser, a real one.  [default: form]"
    ),
    "browser": click.option(
        "--browser", metavar="PROGRAM", help="The real browser's program.  [default: /usr/bin/chromium]"
    ),
    "screenshots": click.option("--screenshots", metavar="FOLDER", help="Where the real browser leaves pictures."),
    "clock": click.option("--clock", metavar="KIND", help="real, or virtual: nobody waits.  [default: real]"),
    "crm.url": click.option(
        "--crm", "crm_url", metavar="URL", help="Base URL of the CRM.  [default: http://127.0.0.1:8080]"
    ),
    "crm.password": click.option("--crm-password", help="What cTrader presents to the CRM for a crmApiToken."),
    "crm.ca": click.option("--crm-ca", metavar="FILE", help="Certificate authority of a CRM that speaks https."),
    "log_format": click.option("--log-format", help="auto, text or json: readable in a terminal, else JSON lines."),
    "log_level": click.option("--log-level", help="debug, info, warning or error.  [default: info]"),
}


def flags(*names: str) -> Decorator:
    """Add the flags of these settings, and ``--config``."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        decorated = _CONFIG(function)
        for name in reversed(names):
            decorated = _FLAGS[name](decorated)
        return decorated

    return decorate


LISTENS_AT: Decorator = click.option("--port", type=int, help="Port that it listens on.  [default: 8765]")
"""The port of another program, which takes no free one."""


def settings(config: Path | None, **given: object) -> "Settings":
    """Read the settings under the flags that were given: ``crm_url`` stands for ``crm.url``."""
    from mock_ctrader.runtime.settings import load

    return load({name.replace("crm_", "crm.", 1): value for name, value in given.items()}, file=config)


def length_of_time(written: str) -> float:
    """Read what is given with ``--time``, and return it in seconds.

    Raises:
        SettingsError: it is no length of time.
    """
    from mock_ctrader.scenario.durations import seconds_of

    try:
        return seconds_of(written)
    except StepFailed as wrong:
        raise SettingsError(wrong.what, where="--time", cure=wrong.cure) from None
