"""What is left out while a server's modules are imported."""

import gc
import os
from collections.abc import Iterator

import pytest

from mock_ctrader.cli.starting import importing

NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """What is set aside here is looked at again."""
    yield
    gc.unfreeze()


def test_nothing_is_collected_while_modules_are_imported() -> None:
    """What was imported by then is set aside; afterwards all is as it was."""
    with importing():
        assert not gc.isenabled()
        before = gc.get_freeze_count()
    assert gc.isenabled()
    assert gc.get_freeze_count() > before


@pytest.mark.parametrize("file", [None, "/etc/own.pem"])
def test_authorities_are_hidden_for_that_time_alone(monkeypatch: pytest.MonkeyPatch, file: str | None) -> None:
    """Whoever set files of authorities has them again."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    if file:
        monkeypatch.setenv(NAMES[0], file)
    with importing():
        assert [os.environ[name] for name in NAMES] == [os.devnull] * 2
    assert [os.environ.get(name) for name in NAMES] == [file, None]


def test_a_failed_import_changes_nothing() -> None:
    """The collector works again, whatever went wrong."""
    with pytest.raises(ImportError), importing():
        raise ImportError
    assert gc.isenabled()
