"""Which page of the CRM an application opens, and what it says in the query (contract, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from mock_ctrader.platform.device import Device


class Screen(StrEnum):
    """The CRM's pages that an application opens."""

    LOGIN = "login"
    """Login and signup: one page, ``firstLogin`` tells which."""
    ACCOUNT = "account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"


DEFAULT_PATHS: Mapping[Screen, str] = {
    Screen.LOGIN: "/auth/login",
    Screen.ACCOUNT: "/account/create",
    Screen.DEPOSIT: "/inapp/deposit",
    Screen.WITHDRAW: "/inapp/withdraw",
}
DEFAULT_SUCCESS_PATH = "/callback/success"


@dataclass(frozen=True, slots=True)
class Screens:
    """The addresses of a CRM's pages: each a path on the CRM's base, or a whole URL of its own."""

    base: str
    paths: Mapping[Screen, str] = field(default_factory=lambda: DEFAULT_PATHS)
    success: str = DEFAULT_SUCCESS_PATH

    @property
    def success_url(self) -> str:
        """Where the CRM sends the browser when a screen is done."""
        return self._address(self.success)

    def url(self, screen: Screen, device: Device, **parameters: str) -> str:
        """Return the address that an application opens: the screen's own parameters, then the common ones."""
        address = self._address(self.paths[screen])
        common = {"lang": device.language, "source": device.platform.value, "theme": device.theme}
        mark = "&" if "?" in address else "?"
        return f"{address}{mark}{urlencode({**parameters, **common})}"

    def login_url(self, device: Device) -> str:
        """Return the login address; a device where nobody ever logged in asks for the signup form."""
        return self.url(Screen.LOGIN, device, firstLogin="false" if device.has_logged_in else "true")

    def _address(self, path: str) -> str:
        return path if "://" in path else self.base.rstrip("/") + path
