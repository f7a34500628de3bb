"""Addresses of mailboxes."""

import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.mail_address import ImapAddress, read_imap
from mock_ctrader.runtime.settings import load


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("imaps://ann@mail.example.com", ImapAddress("mail.example.com", 993, "ann", "INBOX", is_secure=True)),
        (
            "imaps://ann%40example.com@mail.example.com:1993/Tests/CRM%20mails",
            ImapAddress("mail.example.com", 1993, "ann@example.com", "Tests/CRM mails", is_secure=True),
        ),
        ("imap://ann@127.0.0.1:1143/in", ImapAddress("127.0.0.1", 1143, "ann", "in", is_secure=False)),
    ],
)
def test_an_address_is_read(address: str, read: ImapAddress) -> None:
    """Port and folder have defaults; letters may be encoded."""
    assert read_imap(address) == read


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://mail.example.com", "no address of a mailbox"),
        ("imaps://mail.example.com", "no address of a mailbox"),
        ("imaps://ann@:993", "no address of a mailbox"),
        ("imaps://ann@host:99999", "no address of a mailbox"),
        ("imaps://ann:s3cret@host", "holds a password"),
        ("imap://ann@mail.example.com", "sends the password in clear"),
        ("imaps://ann%22@host", "letters that no mailbox has"),
        ("imaps://ann@host/in%0d%0abox", "letters that no mailbox has"),
    ],
)
def test_what_is_no_address(address: str, message: str) -> None:
    """The message never repeats a password."""
    with pytest.raises(SettingsError, match=message) as refused:
        read_imap(address)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("outbox", "message"),
    [
        ({"by": "imap"}, "crm.outbox.by: there is no crm.outbox.imap"),
        ({"by": "maildir"}, "there is no crm.outbox.maildir"),
        ({"maildir": "/m", "imap": "imaps://a@h"}, "crm-outbox-imap: there is a Maildir, too"),
        ({"within": 0}, "more than zero seconds"),
        ({"imap": "pop://a@h"}, "no address of a mailbox"),
    ],
)
def test_settings_of_a_mailbox_are_checked(outbox: dict[str, object], message: str) -> None:
    """What cannot be meant is told before anything is played."""
    with pytest.raises(SettingsError, match=message):
        load({f"crm.outbox.{name}": value for name, value in outbox.items()}, environment={})


@pytest.mark.parametrize(
    ("outbox", "source"),
    [
        ({}, "page"),
        ({"maildir": "/m"}, "maildir"),
        ({"imap": "imaps://a@h"}, "imap"),
        ({"maildir": "/m", "by": "page"}, "page"),
        ({"by": "person"}, "person"),
    ],
)
def test_where_mails_are_read(outbox: dict[str, object], source: str) -> None:
    """A mailbox that is named is used, unless something else is said."""
    settings = load({f"crm.outbox.{name}": value for name, value in outbox.items()}, environment={})
    assert settings.crm.outbox.source == source
