"""A port that speaks https, and tells callers of plain http so instead of hanging up on them."""

import asyncio
import socket
import ssl
from collections.abc import Callable

ProtocolFactory = Callable[[], asyncio.BaseProtocol]
_HANDSHAKE = b"\x16"
"""First byte of every TLS connection (RFC 8446, 5.1); no HTTP request begins with it."""
PATIENCE = 30.0
"""Seconds that a caller may take for its first byte, and again for the handshake."""


class Doorkeeper:
    """Looks at the first byte of each connection, without taking it, and hands the connection on."""

    def __init__(self, secure: ProtocolFactory, plain: ProtocolFactory, context: ssl.SSLContext) -> None:
        self._secure = secure
        self._plain = plain
        self._context = context
        self._server: asyncio.Server | None = None
        self._admissions: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> int:
        """Listen and return the port.

        Raises:
            OSError: the address cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Doorstep(self.admit), host, port)
        taken: int = self._server.sockets[0].getsockname()[1]
        return taken

    async def close(self) -> None:
        """Stop listening, and leave those who have not said anything yet."""
        if self._server is not None:
            self._server.close()
        for admission in self._admissions:
            admission.cancel()
        await asyncio.gather(*self._admissions, return_exceptions=True)

    def admit(self, connection: socket.socket) -> None:
        """Take a new connection."""
        admission = asyncio.get_running_loop().create_task(self._admit(connection))
        self._admissions.add(admission)  # a task without a reference may vanish
        admission.add_done_callback(self._admissions.discard)

    async def _admit(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                first = await _peek(connection)
            if first == _HANDSHAKE:
                await loop.connect_accepted_socket(
                    self._secure, connection, ssl=self._context, ssl_handshake_timeout=PATIENCE
                )
            elif first:
                await loop.connect_accepted_socket(self._plain, connection)
            else:
                connection.close()
        except OSError:  # the handshake failed, the caller left or took too long: that is the caller's affair
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise


class _Doorstep(asyncio.Protocol):
    """Receives a connection from the loop and gives its socket away before a byte is read from it."""

    def __init__(self, admit: Callable[[socket.socket], None]) -> None:
        self._admit = admit

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        self._admit(transport.get_extra_info("socket").dup())
        transport.abort()  # closes its own descriptor; the connection lives on in the copy


async def _peek(connection: socket.socket) -> bytes:
    """Wait for the first byte and return it without taking it; nothing where the caller hung up."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(connection, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)
