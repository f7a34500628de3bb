"""Certificates: those that the simulator shows as a server, and whom it trusts as a client."""

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from mock_ctrader.errors import SettingsError, StartError

if TYPE_CHECKING:
    import trustme

LOCAL_NAMES = ("localhost", "*.localhost", "127.0.0.1", "::1")
_MOST_NAMES = 100


class Authority:
    """A certificate authority for the life of one simulator; its key never leaves memory.

    The simulator's certificate names this machine and the configured host. A caller that asks for another name (an
    environment's, as in ``demo-sandbox.localhost``, or a container's) is shown a certificate made for that name: many
    clients take no ``*.localhost``.
    """

    def __init__(self, host: str) -> None:
        import trustme  # slow to import, and needed with TLS alone

        self._authority = trustme.CA(organization_name="mock-ctrader")
        self._by_name: dict[str, ssl.SSLContext] = {}
        self._names = (*LOCAL_NAMES, *(() if host in LOCAL_NAMES else (host,)))

    def server_context(self) -> ssl.SSLContext:
        """Return what the server needs to speak TLS."""
        context = _context(self._authority.issue_cert(*self._names))
        context.sni_callback = self._show_certificate
        return context

    def write(self, file: Path) -> Path:
        """Write the certificate that callers must trust, and return the absolute path of its file.

        Raises:
            StartError: the file cannot be written.
        """
        try:
            file.write_bytes(self._authority.cert_pem.bytes())
        except OSError as error:
            cure = "Name another file with --tls-ca."
            raise StartError(f"cannot be written: {error.strerror}.", where=str(file), cure=cure) from None
        return file.absolute()

    def _show_certificate(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name is None or name in self._names:
            return
        if name not in self._by_name and len(self._by_name) < _MOST_NAMES:
            try:
                self._by_name[name] = _context(self._authority.issue_cert(name))
            except ValueError:
                return  # no certificate can be made for such a name: the caller sees the one of this machine
        connection.context = self._by_name.get(name, connection.context)


def trusting(file: str, setting: str) -> ssl.SSLContext | bool:
    """Return what a client needs to trust the authorities in a file beside the system's; ``True`` without a file.

    Raises:
        SettingsError: the file cannot be read or holds no certificate; ``setting`` is what named it.
    """
    if not file:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror if not isinstance(error, ssl.SSLError) else "it holds no certificate in PEM form"
        cure = "Name the file with the certificate of the authority."
        raise SettingsError(f"'{file}' cannot be used: {reason}.", where=setting, cure=cure) from None
    return context


def _context(certificate: "trustme.LeafCert") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]  # it takes pyOpenSSL's as well
    context.set_alpn_protocols(["http/1.1"])
    return context
