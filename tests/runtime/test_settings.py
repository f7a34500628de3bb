"""Settings: four sources, one message for each mistake."""

from pathlib import Path

import msgspec
import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import (
    FILE,
    ApiSettings,
    CrmSettings,
    Settings,
    is_web_address,
    load,
    names,
    variable,
)
from mock_ctrader.scenario.vocabulary import MODULES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text, encoding="utf-8")


def test_nothing_given_means_the_defaults(folder: Path) -> None:
    """Without file, variables and flags every setting has its default."""
    assert load(environment={}, folder=folder) == Settings()


def test_the_file_is_read(folder: Path) -> None:
    """Tables of the file reach nested settings, and those whose keys are the user's own."""
    write(
        folder, 'port = 9000\n[crm]\nurl = "http://crm.example.com"\nscreens.login = "/in"\nfields = {email = "mail"}'
    )
    settings = load(environment={}, folder=folder)
    assert (settings.port, settings.crm.screens.login, settings.crm.fields) == (9000, "/in", {"email": "mail"})


def test_a_flag_goes_before_a_variable_and_a_variable_before_the_file(folder: Path) -> None:
    """Sources are read from weak to strong."""
    write(folder, 'port = 1\nhost = "file"\nplant = "file"')
    environment = {"MOCK_CTRADER_PORT": "2", "MOCK_CTRADER_HOST": "variable", "HOME": "ignored"}
    settings = load({"port": 3, "host": None}, environment=environment, folder=folder)
    assert (settings.port, settings.host, settings.plant) == (3, "variable", "file")


def test_every_setting_has_a_variable_of_its_own() -> None:
    """No two settings share an environment variable."""
    assert len({variable(name) for name in names()}) == len(names())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prot = 1", "there is no setting 'prot'. Did you mean 'port'?"),
        ("[crm]\nurll = ''", "there is no setting 'crm.urll'. Did you mean 'crm.url'?"),
        ("port = 'many'", "'port': expected a whole number, got 'many'."),
        ("seed = 'x'", "'seed': expected a whole number, got 'x'."),
        ("host = 5", "'host': expected text, got 5."),
        ("log_format = 'xml'", "'log_format': expected one of auto, text, json, got 'xml'."),
        ("[crm]\ntimeout = 'long'", "'crm.timeout': expected a number, got 'long'."),
        ("[crm]\ntimeout = 0", "'crm.timeout': must be more than zero seconds."),
        ("[crm]\nfields = 3", "'crm.fields': expected a table of texts, got 3."),
        ("[crm]\nurl = 'crm'", "'crm.url': 'crm' is no web address. Give the CRM's base URL"),
        ("port = 70000", "'port': 70000 is no port."),
        ("environment = 'dmeo'", "'environment': there is no environment 'dmeo'. Did you mean 'demo'?"),
        ("journal_capacity = 0", "'journal_capacity': must be at least 1."),
        ("trusted_proxies = ['x']", "'trusted_proxies': 'x' is neither an address nor a network."),
        ("plant = 'My Plant'", "'plant': 'My Plant' cannot be the name of a plant."),
        ("plants = 3", "'plants': expected a table for each plant. As in [plants.uat]."),
        ("[plants.uat]\nedtion = 1", "there is no setting 'plants.uat.edtion'. Did you mean 'edition'?"),
        ("[plants.uat]\nedition = 2024", "'plants.uat.edition': expected one of 2023, 2025, 2026, got 2024."),
        ("[plants.UAT]", "'plants.UAT': 'UAT' cannot be the name of a plant."),
        ("[plants.uat]\nenvironments = []", "'plants.uat.environments': there must be one at least."),
        (
            "[plants.uat.calls.create_user]\nstatus = 200",
            "'plants.uat.calls.create_user.status': the status of 'create_user' is documented",
        ),
        ("[plants.uat.statuses]\nNOT_ENOUGH = 401", "'plants.uat.statuses.NOT_ENOUGH': there is no error code"),
        ("[plants.sandbox]\nenvironments = ['uat']", "there is no environment 'demo'. Known: uat."),
        ("port = ", "is not TOML"),
        ("screens = 'robot'", "'screens': expected one of form, browser, got 'robot'."),
        ("clock = 'fast'", "'clock': expected one of real, virtual, got 'fast'."),
        ("app_url = 'app'", "'app_url': 'app' is no web address."),
        ("[crm]\nmodules = ['depsit']", "'crm.modules': there is no module 'depsit'. Did you mean 'deposit'?"),
        ("[crm]\nmodules = 3", "'crm.modules': expected a list of texts, got 3."),
        ("[crm.pages]\nhome = 'home'", "'crm.pages': 'home' is neither a path nor a web address."),
        ("[crm.screens]\nlogin = 'in'", "'crm.screens.login': 'in' is neither a path nor a web address."),
        ("[crm.webhooks]\nnew_user = 'x'", "'crm.webhooks.new_user': 'x' is neither a path nor a web address."),
        ("[crm.api.login]\nurl = 'in'", "'crm.api.login': 'in' is neither a path nor a web address."),
        ("[crm.api.login]\nfields = {}", "'crm.api.login': 'url' is missing."),
        (
            "[crm.api.login]\nurl = '/in'\ntoekn = 'a'",
            "there is no setting 'crm.api.login.toekn'. Did you mean 'token'?",
        ),
        ("[crm.api.login]\nurl = '/in'\nmethod = 'GET'", "'crm.api.login.method': expected one of POST, PUT, PATCH"),
        ("[crm.api]\nlogin = '/in'", "'crm.api.login': expected a table, got '/in'."),
    ],
)
def test_a_mistake_in_the_file_names_file_and_setting(folder: Path, text: str, message: str) -> None:
    """A wrong file is told in one message: which file, which setting, what to do."""
    write(folder, text)
    with pytest.raises(SettingsError) as caught:
        load(environment={}, folder=folder)
    assert FILE in str(caught.value)
    assert message in str(caught.value)


def test_an_unknown_variable_is_refused(folder: Path) -> None:
    """A misspelled variable would be ignored in silence otherwise."""
    with pytest.raises(SettingsError, match=r"environment: there is no setting 'MOCK_CTRADER_PROT'.*_PORT"):
        load(environment={"MOCK_CTRADER_PROT": "1"}, folder=folder)


def test_a_wrong_flag_is_named_as_it_was_written(folder: Path) -> None:
    """The message speaks of --crm, as the user did."""
    with pytest.raises(SettingsError, match=r"^--crm: 'nowhere' is no web address"):
        load({"crm.url": "nowhere"}, environment={}, folder=folder)


def test_a_named_file_must_exist(folder: Path) -> None:
    """The default file may be missing, a named one not."""
    with pytest.raises(SettingsError, match=r"other\.toml: cannot be read: No such file"):
        load(file=folder / "other.toml", environment={}, folder=folder)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    """Bytes that are not UTF-8 are told as such."""
    (folder / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not a text file in UTF-8"):
        load(environment={}, folder=folder)


@pytest.mark.parametrize("url", ["", "crm", "ftp://x", "http://", "http://x:0", "http://x:99999", "http://[::1"])
def test_what_is_no_web_address(url: str) -> None:
    """Only http and https, with a host and a port that exists."""
    assert not is_web_address(url)


def test_plants_are_read_from_the_file(folder: Path) -> None:
    """A table for each, with tables for its calls; keys as everywhere in the file."""
    write(
        folder,
        """
        environment = "uat"
        [plants.sandbox]
        environments = ["uat"]
        edition = 2025
        brokers = [{name = "ONE", crm_name = "CRM"}]
        webserv_errors = "object"
        options.closed_positions_order = "documented"
        statuses.NOT_ENOUGH_RIGHTS = 401
        [plants.sandbox.calls.find_user]
        path = "/cid/ctid/find"
        method = "POST"
        [plants.sandbox.calls.list_traders.names]
        dealFrom = "lastDealFrom"
        [plants.other]
        """,
    )
    plants = load(environment={}, folder=folder).plants
    assert list(plants) == ["sandbox", "other"]
    assert plants["other"] == PlantDescription()
    described = plants["sandbox"]
    assert (described.environments, described.edition, described.brokers[0].crm_name) == (("uat",), "2025", "CRM")
    assert described.calls["find_user"].path == "/cid/ctid/find"
    assert described.calls["list_traders"].names == {"dealFrom": "lastDealFrom"}
    assert described.options.closed_positions_order == "documented"


def test_plants_have_no_variable(folder: Path) -> None:
    """A table does not fit into one."""
    with pytest.raises(SettingsError, match="there is no setting 'MOCK_CTRADER_PLANTS'"):
        load(environment={"MOCK_CTRADER_PLANTS": "x"}, folder=folder)


def test_a_list_may_stand_in_a_variable(folder: Path) -> None:
    """Modules are a list in the file, and stand with commas in a variable."""
    write(folder, 'crm.modules = ["sso", "kyc"]')
    assert load(environment={}, folder=folder).crm.modules == ["sso", "kyc"]
    given = load(environment={"MOCK_CTRADER_CRM_MODULES": "sso, deposit,"}, folder=folder)
    assert given.crm.modules == ["sso", "deposit"]


def test_a_crm_has_every_module_unless_told_otherwise() -> None:
    """Whoever says nothing of modules leaves nothing out."""
    assert CrmSettings().modules == list(MODULES)


def test_pages_that_are_not_given_are_the_sample_crm_s(folder: Path) -> None:
    """Naming one page does not take the others away."""
    write(folder, '[crm.pages]\nhome = "https://www.example.com/"\nnews = "/news"')
    pages = load(environment={}, folder=folder).crm.pages
    assert (pages["home"], pages["news"], pages["outbox"]) == ("https://www.example.com/", "/news", "/outbox")


def test_json_apis_are_read_from_the_file(folder: Path) -> None:
    """A table for each, told apart by the task that it does."""
    write(
        folder,
        """
        [crm.api.login]
        url = "/api/login"
        method = "PUT"
        fields = {email = "user.login", password = "user.password"}
        extra = {brand = 7}
        token = "data.token"
        """,
    )
    crm = load(environment={}, folder=folder).crm
    expected = JsonApi(
        url="/api/login",
        method="PUT",
        fields={"email": "user.login", "password": "user.password"},
        extra={"brand": 7},
        token="data.token",
    )
    assert crm.api.by_task() == {Task.LOG_IN: expected}


def test_json_apis_have_no_variable(folder: Path) -> None:
    """A table does not fit into one."""
    with pytest.raises(SettingsError, match="there is no setting 'MOCK_CTRADER_CRM_API_LOGIN'"):
        load(environment={"MOCK_CTRADER_CRM_API_LOGIN": "x"}, folder=folder)


def test_the_crm_s_settings_survive_being_sent() -> None:
    """`run` sends them to the simulator that plays, JSON APIs and pages included."""
    crm = CrmSettings(api=ApiSettings(sign_up=JsonApi(url="/api/join", extra={"a": [1]})), pages={"home": "/start"})
    assert msgspec.json.decode(msgspec.json.encode(crm), type=CrmSettings) == crm


@pytest.mark.parametrize(
    ("place", "url"),
    [("/in", "https://crm.example.com/base/in"), ("https://x.example.com/y", "https://x.example.com/y"), ("", "")],
)
def test_a_place_is_a_path_or_a_url(place: str, url: str) -> None:
    """Paths are on the base URL, which may hold one."""
    assert CrmSettings(url="https://crm.example.com/base/").address(place) == url
