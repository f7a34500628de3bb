"""The settings file that describes a CRM: written from answers, read back by ``settings.load``."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mock_ctrader.contract.variant import LATEST, EditionName, make_variant
from mock_ctrader.plant.sandbox import BROKER, SANDBOX
from mock_ctrader.platform.json_api import DEFAULT_TOKEN
from mock_ctrader.platform.screens import DEFAULT_SUCCESS_PATH
from mock_ctrader.runtime.crm_settings import CrmSettings, WebhookSettings
from mock_ctrader.runtime.profile import CALLS_OF_MODULES
from mock_ctrader.scenario.vocabulary import MODULES

_CRM = CrmSettings()
_WEBHOOKS = WebhookSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known of a CRM; a blank text is what is not there, or as the edition has it."""

    url: str = _CRM.url
    password: str = _CRM.password
    edition: EditionName = LATEST
    prefix: str = ""
    token_parameter: str = ""
    success: str = DEFAULT_SUCCESS_PATH
    screens: str = "form"
    login_api: str = ""
    sign_up_api: str = ""
    token: str = DEFAULT_TOKEN
    attribution: str = _WEBHOOKS.attribution
    new_user: str = _WEBHOOKS.new_user
    authorization: str = _WEBHOOKS.authorization
    broker: str = BROKER.name
    modules: tuple[str, ...] = MODULES


def modules_of(edition: EditionName) -> tuple[str, ...]:
    """Return the modules that can be had in an edition."""
    calls = make_variant(edition).endpoints
    return tuple(one for one in MODULES if CALLS_OF_MODULES.get(one) is None or CALLS_OF_MODULES[one] in calls)


def written(answers: Answers) -> str:
    """Return the file, a comment on every key."""
    parts = (_top(answers), _crm(answers), _webhooks(answers), _apis(answers), _plant(answers))
    return "\n".join(line for part in parts for line in part)


def _top(answers: Answers) -> Iterator[str]:
    yield "# Settings of mock-ctrader: what it must know of your CRM."
    yield "# `mock-ctrader doctor` tries every address, and prints what your CRM must be given in return."
    yield ""
    yield "# Who opens your pages: form reads and sends forms without scripts, browser is a real browser."
    yield _pair("screens", answers.screens)
    yield ""


def _crm(answers: Answers) -> Iterator[str]:
    yield "[crm]"
    yield "# Base URL of the endpoints that cTrader calls and of the pages that applications open. Spotware is told it."
    yield _pair("url", answers.url)
    yield "# What cTrader presents to POST /oauth2/crmApiToken. You choose it; Spotware is told it."
    yield _pair("password", answers.password)
    yield "# Put before the path of each endpoint. Left out: as the edition has it, /cid in 2023 and nothing later."
    yield _pair("prefix", answers.prefix, "/cid")
    yield "# Query parameter that carries the crmApiToken. Left out: token in edition 2023, crmApiToken later."
    yield _pair("token_parameter", answers.token_parameter, "crmApiToken")
    yield "# The brokerName that this CRM serves, as it stands in its calls to cTrader."
    yield _pair("broker", answers.broker)
    yield "# What the CRM has; journeys that need another module are not for it."
    yield f"modules = [{_wrapped(answers.modules)}]"
    yield ""
    yield "# Pages that applications open: paths on the base URL, or whole URLs. Spotware is told them."
    yield "[crm.screens]"
    yield "# Where your pages send the browser when they are done, with ?token= behind it. Nothing need be there."
    yield _pair("success", answers.success)
    yield _pair("login", "", "/auth/login")
    yield _pair("deposit", "", "/inapp/deposit")
    yield ""


def _webhooks(answers: Answers) -> Iterator[str]:
    yield "# Where cTrader Invite reports to: paths on the base URL, or whole URLs; blank: nobody is told."
    yield "[crm.webhooks]"
    yield "# A user came through a partner's link."
    yield _pair("attribution", answers.attribution, blank=True)
    yield "# A user registered inside an application."
    yield _pair("new_user", answers.new_user, blank=True)
    yield "# Value of the Authorization header of both. You choose it; Spotware is told it."
    yield _pair("authorization", answers.authorization)
    yield ""


def _apis(answers: Answers) -> Iterator[str]:
    for name, url in (("login", answers.login_api), ("sign_up", answers.sign_up_api)):
        if url:
            yield f"# The JSON API behind the {name.replace('_', '-')} form, called in its place."
            yield f"[crm.api.{name}]"
            yield _pair("url", url)
            yield "# Where the answer has the OT token; dots lead into objects: data.token."
            yield _pair("token", answers.token)
            yield "# Values to the keys of the body; without it every value is sent under its own name."
            yield '# fields = {email = "user.login", password = "user.password"}'
            yield ""


def _plant(answers: Answers) -> Iterator[str]:
    yield "# The simulated cTrader server. Your CRM calls it in place of Spotware's."
    yield f"[plants.{SANDBOX}]"
    yield "# Edition of the documentation that you were given: 2023, 2025 or 2026."
    yield _pair("edition", answers.edition)
    if answers.broker != BROKER.name:
        yield "# Your CRM sends both names with its calls. That the second is so named is assumed: correct it."
        crm_name = _text(f"{answers.broker}CRM")
        yield f"brokers = [{{name = {_text(answers.broker)}, crm_name = {crm_name}}}]"
    yield ""


def _pair(key: str, value: str, example: str = "", *, blank: bool = False) -> str:
    """Return a line; one that is left out, where there is nothing to say, as an example."""
    return f"{key} = {_text(value)}" if value or blank else f"# {key} = {_text(example)}"


def _text(value: str) -> str:
    """Write a text as TOML has it: as JSON does, save for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _wrapped(values: Iterable[str]) -> str:
    lines = [f"\n    {_text(value)}," for value in values]
    return "".join(lines) + "\n" if lines else ""
