"""A CRM's profile: what the broker must be given, what cTrader must be given, and what belongs to which module."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.variant import Variant
from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.screens import Screen, Screens
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.description import PlantDescription, variant_of
from mock_ctrader.runtime.reference import address
from mock_ctrader.runtime.settings import Settings

Rows = Iterator[tuple[str, str]]
"""What is given, and its value."""

SCREEN_MODULES: Mapping[Screen, str] = {
    Screen.LOGIN: "sso",
    Screen.ACCOUNT: "open_account",
    Screen.DEPOSIT: "deposit",
    Screen.WITHDRAW: "withdraw",
    Screen.KYC: "kyc",
    Screen.ACTION: "action",
    Screen.CHAT: "chat",
    Screen.CHANGE_PASSWORD: "change_password",
    Screen.CHANGE_EMAIL: "change_email",
}
SCREEN_TASKS: Mapping[Screen, Task] = {
    Screen.LOGIN: Task.LOG_IN,
    Screen.ACCOUNT: Task.OPEN_ACCOUNT,
    Screen.DEPOSIT: Task.DEPOSIT,
    Screen.WITHDRAW: Task.WITHDRAW,
    Screen.KYC: Task.PASS_KYC,
    Screen.ACTION: Task.TAKE_ACTION,
    Screen.CHAT: Task.CHAT,
    Screen.CHANGE_PASSWORD: Task.CHANGE_PASSWORD,
    Screen.CHANGE_EMAIL: Task.CHANGE_EMAIL,
}
PAGE_MODULES: Mapping[str, str] = {
    "web": "embedded_web",
    "copy": "copy",
    "ribbons": "ribbons",
    "white_label": "white_labels",
    "kyc_review": "back_office",
    "invited": "invite",
    "registered": "invite",
}
"""Pages that are not there for the client area alone."""
CALLS_OF_MODULES: Mapping[str, str] = {
    "handoff": "redeem_inapp_token",
    "agreement": "accept_agreement",
    "invite": "invited_users",
    "ribbons": "set_inapp_controls",
    "copy": "create_copy_code",
}
"""Calls without which a module cannot be had; not every edition has them."""
CRM_ENDPOINTS = "sso"
"""The module that the endpoints of a CRM belong to: with the handoff cTrader keeps the login and asks nobody."""
WEBHOOKS = ("attribution", "invite")
"""The modules of which either has the webhooks."""


def description(settings: Settings) -> PlantDescription:
    """Return what the default plant is made from."""
    return settings.plants.get(settings.plant, PlantDescription())


def variant(settings: Settings) -> Variant:
    """Return what the default plant speaks."""
    return variant_of(description(settings))


def crm_address(settings: Settings) -> CrmAddress:
    """Return how calls to the CRM are spelled."""
    crm = settings.crm
    return variant(settings).crm_address(crm.url, crm.prefix, crm.token_parameter)


def screens(crm: CrmSettings) -> Screens:
    """Return the addresses of the CRM's screens."""
    return Screens(crm.url, {one: str(getattr(crm.screens, one.value)) for one in SCREEN_MODULES}, crm.screens.success)


def has_any(crm: CrmSettings, modules: Iterable[str]) -> bool:
    """Tell whether the CRM has one of these modules."""
    return not set(modules).isdisjoint(crm.modules)


def for_the_crm(settings: Settings) -> Rows:
    """Name what the CRM's people must enter, at the simulator's addresses."""
    url, plant = address(settings), description(settings)
    for name in plant.environments:
        base = url if name == settings.environment else f"{url}/{settings.plant}/{name}"
        yield f"WebServices, {name}", f"{base}/v2"
    yield "users", f"{url}/cid"
    for manager in plant.managers:
        yield "manager", f"{manager.login}, hashedPassword {manager.hashed_password}"
    yield "plant", settings.plant
    for broker in plant.brokers:
        yield "broker", f"brokerName {broker.name}, brokerCrmName {broker.crm_name}"
    yield "edition", plant.edition
    if has_any(settings.crm, (CRM_ENDPOINTS,)):
        yield "password", f"{settings.crm.password} (cTrader presents it for a crmApiToken)"
    yield "success URL", screens(settings.crm).success_url
    if has_any(settings.crm, WEBHOOKS):
        yield "webhooks", f"Authorization: {settings.crm.webhooks.authorization}"
    yield "applications", app_url(settings)
    if settings.tls:
        yield "authority", f"{Path(settings.tls_ca).absolute()} (to be trusted)"


def for_ctrader(settings: Settings) -> Rows:
    """Name what the CRM's people must tell: here it stands in the settings, later Spotware is given it."""
    crm, endpoints = settings.crm, crm_address(settings)
    yield "base URL", crm.url
    if has_any(crm, (CRM_ENDPOINTS,)):
        yield "endpoints", f"{endpoints.url.rstrip('/')}{endpoints.prefix}/oauth2/... ?{endpoints.token_parameter}="
    held = screens(crm)
    for screen, module in SCREEN_MODULES.items():
        if module in crm.modules:
            yield f"{screen.value.replace('_', ' ')} screen", crm.address(held.paths[screen])
    if has_any(crm, WEBHOOKS):
        yield "attribution webhook", crm.address(crm.webhooks.attribution) or "none"
        yield "new-user webhook", crm.address(crm.webhooks.new_user) or "none"


def app_url(settings: Settings) -> str:
    """Return the base of links to cTrader applications."""
    return settings.app_url.rstrip("/") or f"{address(settings)}/app"
