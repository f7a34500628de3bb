"""The questions of ``mock-ctrader init``."""

from collections.abc import Callable
from typing import TypeVar, get_args

import click

from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import nearest
from mock_ctrader.runtime.profile_file import Answers, modules_of
from mock_ctrader.runtime.settings import is_web_address
from mock_ctrader.scenario.vocabulary import MODULES

Word = TypeVar("Word", bound=str)


def ask() -> Answers:
    """Ask for everything, a line for each question."""
    usual = Answers()
    url = _ask("Base URL of the CRM", usual.url, _url)
    password = _ask("Password that cTrader presents to it", usual.password)
    edition = _choose("Edition of the documentation", get_args(EditionName), usual.edition)
    prefix = _ask("Prefix of its endpoints' paths (Enter: as the edition has it)", "", _path)
    token_parameter = _ask("Query parameter of the crmApiToken (Enter: as the edition has it)", "")
    success = _ask("Success URL, or its path", usual.success, _place)
    screens = _choose("Who opens its pages", ("form", "browser"), usual.screens)
    apis = _ask_for_apis(usual)
    webhooks = _ask_for_webhooks(usual)
    broker = _ask("Its brokerName", usual.broker)
    offered = modules_of(edition)
    click.echo(f"Modules: {', '.join(offered)}")
    modules = _ask("Modules that it has, with commas, or all", "all", _modules)
    return Answers(
        url=url,
        password=password,
        edition=edition,
        prefix=prefix,
        token_parameter=token_parameter,
        success=success,
        screens=screens,
        login_api=apis[0],
        sign_up_api=apis[1],
        token=apis[2],
        attribution=webhooks[0],
        new_user=webhooks[1],
        authorization=webhooks[2],
        broker=broker,
        modules=offered if modules == "all" else tuple(_parts(modules)),
    )


def _ask_for_apis(usual: Answers) -> tuple[str, str, str]:
    if _choose("Log in by its page or by a JSON API", ("page", "api"), "page") == "page":
        return "", "", usual.token
    login = _ask("JSON API to log in, URL or path", "/api/login", _place)
    sign_up = _ask("JSON API to sign up, URL or path (Enter: none)", "", _place)
    return login, sign_up, _ask("Where its answer has the token", usual.token)


def _ask_for_webhooks(usual: Answers) -> tuple[str, str, str]:
    if not click.confirm("Does it have the webhooks of cTrader Invite?", default=True):
        return "", "", usual.authorization
    attribution = _ask("Attribution webhook, URL or path", usual.attribution, _place)
    new_user = _ask("New-user webhook, URL or path", usual.new_user, _place)
    return attribution, new_user, _ask("Their Authorization value", usual.authorization)


def _ask(question: str, usual: str, check: Callable[[str], str] = str) -> str:
    answer: str = click.prompt(question, default=usual, show_default=bool(usual), value_proc=check)
    return answer.strip()


def _choose(question: str, words: tuple[Word, ...], usual: Word) -> Word:
    answer: Word = click.prompt(question, default=usual, type=click.Choice(words))
    return answer


def _url(text: str) -> str:
    if not is_web_address(text):
        raise click.BadParameter(f"'{text}' is no web address: give one as in http://127.0.0.1:8080")
    return text


def _place(text: str) -> str:
    if text and not text.startswith("/") and not is_web_address(text):
        raise click.BadParameter(f"'{text}' is neither a path, as /auth/login, nor a web address")
    return text


def _path(text: str) -> str:
    if text and not text.startswith("/"):
        raise click.BadParameter(f"'{text}' is no path: begin it with /")
    return text


def _modules(text: str) -> str:
    for part in _parts(text):
        if part not in (*MODULES, "all"):
            raise click.BadParameter(f"there is no module '{part}'. {nearest(part, list(MODULES))}")
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
