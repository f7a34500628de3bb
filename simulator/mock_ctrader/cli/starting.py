"""What makes a program start sooner: what is not done while its modules are imported.

Only a program may leave this out, in a process of its own.
"""

import gc
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager

_NO_AUTHORITIES = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}


@contextmanager
def importing() -> Generator[None]:
    """Import what a server needs in the block: nothing is collected meanwhile, and all of it is there to stay.

    aiohttp reads the authorities that the machine trusts while it is imported, twice, which takes a tenth of the
    start. It is shown none: our connections say whom they trust (``transports.outbound``).
    """
    gc.disable()
    try:
        with _environment(_NO_AUTHORITIES):
            yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _environment(changed: Mapping[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
