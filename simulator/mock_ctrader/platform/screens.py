"""Which page of the CRM an application opens, and what it says in the query (contract, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode

from mock_ctrader.platform.device import Device
from mock_ctrader.wire import Pairs


class Screen(StrEnum):
    """The CRM's pages that an application opens."""

    LOGIN = "login"
    """Login and signup: one page, ``firstLogin`` tells which."""
    ACCOUNT = "account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    KYC = "kyc"
    ACTION = "action"
    """The generic action: whatever the broker offers there."""
    CHAT = "chat"
    CHANGE_PASSWORD = "change_password"
    CHANGE_EMAIL = "change_email"
    RIBBON = "ribbon"
    """Whatever page the action of a ribbon names; it has no address of its own."""


DEFAULT_PATHS: Mapping[Screen, str] = {
    Screen.LOGIN: "/auth/login",
    Screen.ACCOUNT: "/account/create",
    Screen.DEPOSIT: "/inapp/deposit",
    Screen.WITHDRAW: "/inapp/withdraw",
    Screen.KYC: "/inapp/kyc",
    Screen.ACTION: "/inapp/action",
    Screen.CHAT: "/inapp/chat",
    Screen.CHANGE_PASSWORD: "/inapp/change-password",
    Screen.CHANGE_EMAIL: "/inapp/change-email",
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
        return self.page_url(self.paths[screen], device, **parameters)

    def page_url(self, address: str, device: Device, **parameters: str) -> str:
        """Return the address of any page of the CRM with the parameters that an application adds to it."""
        address = self._address(address)
        mark = "&" if "?" in address else "?"
        return f"{address}{mark}{_encoded((*parameters.items(), *_common(device)))}"

    def login_url(self, device: Device) -> str:
        """Return the login address; a device where nobody ever logged in asks for the signup form."""
        partner = {"partnerId": device.partner_id} if device.partner_id else {}
        first = "false" if device.has_logged_in else "true"
        return self.url(Screen.LOGIN, device, firstLogin=first, **partner)

    def _address(self, path: str) -> str:
        return path if "://" in path else self.base.rstrip("/") + path


def _common(device: Device) -> Pairs:
    """Return what every screen is told; the campaign on mobile only (contract, section 7)."""
    common = (("lang", device.language), ("source", device.platform.value), ("theme", device.theme))
    if device.campaign and device.platform.is_mobile:
        return (*common, *((f"utm_{name}", value) for name, value in device.campaign.items()))
    return common


@lru_cache(maxsize=1024)  # all applications of a kind say the same
def _encoded(query: Pairs) -> str:
    return urlencode(query)
