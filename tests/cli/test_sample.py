"""The sample CRM that commands start for themselves."""

import socket

import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.errors import StartError


async def test_what_fails_beside_it_is_not_its_fault() -> None:
    """An error of the system in what is done with it goes on as it is: no port was taken."""
    with pytest.raises(FileNotFoundError):
        async with sample_crm("http://127.0.0.1:1"):
            raise FileNotFoundError


async def test_a_port_that_is_taken_is_told() -> None:
    """The message names it, and how to have another."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(StartError, match=f"127.0.0.1:{port}: cannot listen: .* choose another port with --port"):
            async with sample_crm("http://127.0.0.1:1", port=port):
                raise AssertionError("nobody can listen there")
