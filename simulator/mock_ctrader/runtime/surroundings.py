"""What the settings tell of a CRM whose traffic was captured elsewhere."""

import msgspec

from mock_ctrader.journal.captured import Surroundings
from mock_ctrader.runtime.crm_settings import CrmSettings

WEBHOOKS = {"attribution": "attribution_webhook", "new_user": "new_user_webhook"}
"""Setting of a webhook to the call of the contract."""


def surroundings_of(crm: CrmSettings, *, anywhere: bool) -> Surroundings:
    """Return how a CRM's calls and screens are known; ``anywhere``: whatever the address it was captured at."""
    screens: dict[str, str] = msgspec.structs.asdict(crm.screens)
    webhooks = {WEBHOOKS[name]: getattr(crm.webhooks, name) for name in WEBHOOKS}
    pages = {path.rstrip("/") or "/": name for name, path in {**screens, **webhooks}.items() if path.startswith("/")}
    prefixes = ("", "/cid") if crm.prefix is None else (crm.prefix,)
    return Surroundings("" if anywhere else crm.url, prefixes, pages)
