"""The configuration of nginx: what can be written, and what is refused."""

import msgspec
import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.nginx import Certificate, Process, configuration, read_process
from mock_ctrader.runtime.settings import Settings

PROCESSES = [Process(("acme",), "127.0.0.1:8701"), Process(("bravo", "charlie"), "127.0.0.1:8702")]


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("acme=http://127.0.0.1:8701", PROCESSES[0]),
        ("bravo, charlie=http://127.0.0.1:8702/", PROCESSES[1]),
        ("uat=http://[::1]:8701", Process(("uat",), "[::1]:8701")),
        ("uat=http://ctrader_1:8701", Process(("uat",), "ctrader_1:8701")),
    ],
)
def test_a_process_is_plants_and_an_address(text: str, process: Process) -> None:
    """Several plants may be one process's."""
    assert read_process(text) == process


@pytest.mark.parametrize(
    "text",
    [
        *("acme", "acme=", "=http://127.0.0.1:8701", "acme=127.0.0.1:8701", "acme=https://127.0.0.1:8701"),
        *(
            "acme=http://127.0.0.1",
            "acme=http://127.0.0.1:8701/x",
            "ACME=http://h:1",
            "app=http://h:1",
            "a,,b=http://h:1",
        ),
        *("a=http://u@h:1", "a=http://h:1?x", "a=http://h;:1", "a=http://h}:1", "a=http://$h:1"),
    ],
)
def test_what_is_no_process_is_refused(text: str) -> None:
    """Names are those that plants can have; addresses are such that nothing else could be read from them."""
    with pytest.raises(SettingsError, match="--serve: "):
        read_process(text)


@pytest.mark.parametrize(("plant", "others"), [("sandbox", "serve_1"), ("charlie", "serve_2")])
def test_what_names_no_plant_is_the_default_plants(plant: str, others: str) -> None:
    """The bare address means the default plant here, too; if nobody has it, the first process."""
    text = configuration(Settings(plant=plant), PROCESSES)
    assert f"default {others};" in text
    assert text.count("bravo serve_2;") == 2


def test_it_listens_on_this_machine_alone() -> None:
    """Unless the settings name another address; with a certificate it speaks https."""
    assert "listen 127.0.0.1:8765 backlog" in configuration(Settings(), PROCESSES)
    text = configuration(Settings(host="::1", port=8443), PROCESSES, certificate=Certificate("/c.pem", "/k.pem"))
    assert "listen [::1]:8443 ssl backlog" in text
    assert 'ssl_certificate_key "/k.pem";' in text


def test_limits_and_times_are_those_of_the_settings() -> None:
    """So that it is the processes that refuse what is too large, in their words."""
    limits = msgspec.structs.replace(Settings().limits, url=100_000, header_time=7.5)
    text = configuration(Settings(limits=limits), PROCESSES, timeout=2)
    assert "large_client_header_buffers 8 99k;" in text
    assert "client_header_timeout 7500ms;" in text
    assert "proxy_read_timeout 2000ms;" in text


def test_a_file_that_breaks_the_quotes_is_refused() -> None:
    """A name is never read as a part of the configuration."""
    with pytest.raises(SettingsError, match="cannot be written into nginx"):
        configuration(Settings(), PROCESSES, certificate=Certificate("/c.pem", '/k"; x "'))


@pytest.mark.parametrize(
    ("settings", "processes", "message"),
    [
        (Settings(tls=True), PROCESSES, "tls: is for processes that are called without nginx."),
        (Settings(host="h;"), PROCESSES, "host: 'h;' is no address."),
        (Settings(port=0), PROCESSES, "port: nginx takes no free port by itself."),
        (Settings(port=8701), PROCESSES, "nginx itself is to listen on 127.0.0.1:8701."),
        (Settings(), [*PROCESSES, Process(("acme",), "h:1")], "the plant 'acme' is given twice."),
        (Settings(), [*PROCESSES, Process(("x",), "127.0.0.1:8701")], "the address '127.0.0.1:8701' is given twice."),
        (Settings(plants={"brava": PlantDescription()}), PROCESSES, "no process has the plant 'brava' .* 'bravo'"),
    ],
)
def test_what_does_not_go_together_is_refused(settings: Settings, processes: list[Process], message: str) -> None:
    """One message says what is to be mended."""
    with pytest.raises(SettingsError, match=message):
        configuration(settings, processes)
