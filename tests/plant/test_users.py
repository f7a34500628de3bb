from dataclasses import replace

import pytest

from mock_ctrader.plant.users import (
    CtidRegistration,
    Registration,
    accept_agreement,
    change_email,
    create_ctid,
    create_user,
    find_by_email,
    find_user,
)
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000
CRM = "BESTBROKERCRM"


@pytest.fixture
def user(plant, manager):
    wanted = Registration(CRM, "president@example.com", "letstrade", "Trader", "en")
    return create_user(plant, manager, wanted, NOW)


def test_a_user_is_entered_as_wanted(plant, user):
    """The user is known by number, e-mail and nickname."""
    assert plant.users == {user.user_id: user}
    assert plant.users_by_email == {"president@example.com": user}
    assert plant.nicknames == {"letstrade"}
    assert (user.first_name, user.language, user.created, user.links) == ("Trader", "en", NOW, [])
    assert (user.broker, user.agreed) == (None, None)


@pytest.mark.parametrize("email", ["president@example.com", "PRESIDENT@Example.com", "\t president@example.com \n"])
def test_an_e_mail_belongs_to_one_user(plant, manager, user, snapshot, email):
    """Case and blanks around it do not make another e-mail."""
    before = snapshot(plant)
    refusal = create_user(plant, manager, Registration(CRM, email), NOW)
    assert refusal.code is Code.CH_EMAIL_ALREADY_EXISTS
    assert snapshot(plant) == before


NO_EMAILS = ["", "example.com", "@example.com", "a@", "a b@example.com", "a@privaterelay.appleid.com"]


@pytest.mark.parametrize(
    ("crm_name", "email", "code"),
    [
        ("NOBODYSCRM", "a@example.com", Code.CH_BROKER_NOT_FOUND),
        ("bestbrokercrm", "a@example.com", Code.CH_BROKER_NOT_FOUND),
        (CRM, "a@example.com", Code.CH_INSUFFICIENT_PERMISSIONS),
        *(("RIVALCRM", email, Code.INVALID_REQUEST) for email in NO_EMAILS),
        ("RIVALCRM", "A@PrivateRelay.AppleID.com ", Code.INVALID_REQUEST),
    ],
)
def test_a_user_who_cannot_be_is_not_created(plant, clerk, snapshot, crm_name, email, code):
    """One broker out of reach is enough to refuse its whole CRM; the plant stays as it was."""
    before = snapshot(plant)
    refusal = create_user(plant, clerk, Registration(crm_name, email), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("broker", "crm_name"),
    [(None, CRM), ("BESTBROKER", CRM), ("WHITELABEL", CRM), ("RIVAL", "RIVALCRM")],
)
def test_a_user_without_sso_belongs_to_the_crm_of_the_broker(plant, manager, broker, crm_name):
    """WebServices 5.1: the nickname is made of the number; without a broker the plant's first one counts."""
    user = create_ctid(plant, manager, CtidRegistration(" President@Example.com", broker), NOW)
    assert (user.nickname, user.email) == (f"ctid{user.user_id}", "president@example.com")
    assert (user.crm_name, user.broker, user.created) == (crm_name, broker, NOW)
    assert plant.users_by_email == {"president@example.com": user}


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), ("", None), ("EN", "en"), ("de", "de"), (" pt-BR ", "pt"), ("zh_CN", "zh")]
)
def test_a_language_is_two_small_letters(plant, manager, given, kept):
    """WebServices 5.1: ``EN`` in, ``en`` out."""
    user = create_ctid(plant, manager, CtidRegistration("a@example.com", language=given), NOW)
    assert user.language == kept


@pytest.mark.parametrize("email", ["president@example.com", " PRESIDENT@example.com"])
@pytest.mark.parametrize("broker", [None, "RIVAL"])
def test_an_e_mail_that_is_there_is_answered_with_its_user(plant, manager, user, snapshot, email, broker):
    """WebServices 5.1: SSO users and others share the e-mails of a plant, whatever their CRM, region or none."""
    plant.options = replace(plant.options, has_default_region=False)
    before = snapshot(plant)
    assert create_ctid(plant, manager, CtidRegistration(email, broker, "EN"), NOW) == user.user_id
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (CtidRegistration("a@example.com", "NOBODY"), Code.CH_PLANT_INVALID),
        (CtidRegistration("a@example.com", "WHITELABEL"), Code.NOT_ENOUGH_RIGHTS),
        *((CtidRegistration(email), Code.INVALID_REQUEST) for email in NO_EMAILS),
        (CtidRegistration("a@example.com", language="eng"), Code.INVALID_REQUEST),
        (CtidRegistration("a@example.com", language="e1"), Code.INVALID_REQUEST),
        (CtidRegistration("a@example.com"), Code.CID_DEFAULT_REGION_NOT_FOUND),
    ],
)
def test_a_user_without_sso_who_cannot_be_is_not_created(plant, clerk, snapshot, wanted, code):
    """The region is missed last; the plant stays as it was."""
    plant.options = replace(plant.options, has_default_region=False)
    before = snapshot(plant)
    refusal = create_ctid(plant, clerk, wanted, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("crm_name", "shift", "code"),
    [
        (CRM, 0, None),
        (CRM, 1, Code.CH_CTID_NOT_FOUND),
        ("RIVALCRM", 0, Code.CH_CTID_NOT_FOUND),
        ("NOBODYSCRM", 0, Code.CH_BROKER_NOT_FOUND),
    ],
)
def test_a_user_is_found_through_the_own_crm_only(plant, manager, user, crm_name, shift, code):
    """The users of another CRM are as if they were not there."""
    found = find_user(plant, manager, crm_name, user.user_id + shift)
    assert found is user if code is None else found.code is code


def test_a_crm_out_of_reach_is_not_searched(plant, clerk, user):
    """A manager finds nobody where one broker is closed to them."""
    for found in (find_user(plant, clerk, CRM, user.user_id), find_by_email(plant, clerk, CRM, user.email)):
        assert found.code is Code.CH_INSUFFICIENT_PERMISSIONS


@pytest.mark.parametrize(
    ("crm_name", "email", "is_found"),
    [
        (CRM, "president@example.com", True),
        (CRM, " PRESIDENT@Example.com", True),
        (CRM, "nobody@example.com", False),
        (CRM, "nonsense", False),
        ("RIVALCRM", "president@example.com", False),
    ],
)
def test_a_user_is_found_by_e_mail(plant, manager, user, crm_name, email, is_found):
    """Edition 2025, 3.11: that nobody has it is no refusal."""
    assert find_by_email(plant, manager, crm_name, email) is (user if is_found else None)


def test_nobody_is_looked_for_behind_a_private_relay(plant, manager):
    """Edition 2025, 7.1: any call with such an address is refused."""
    assert find_by_email(plant, manager, CRM, "a@privaterelay.appleid.com").code is Code.INVALID_REQUEST


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("user@example.com", "user@example.com"),
        (" User@Example.com", "user@example.com"),
        ("user%40example.com", "user@example.com"),
        ("user%2Bfx@example.com", "user%2bfx@example.com"),
        ("PRESIDENT@example.com", "president@example.com"),
    ],
)
def test_a_user_gets_another_e_mail(plant, user, wanted, kept):
    """Edition 2023, 3.10 writes ``%40``; with an at sign of its own an address is taken as it stands."""
    assert change_email(plant, user, wanted) is None
    assert (user.email, plant.users_by_email) == (kept, {kept: user})


@pytest.mark.parametrize("wanted", ["other@example.com", "OTHER%40example.com", *NO_EMAILS])
def test_an_e_mail_that_cannot_be_is_not_given(plant, user, sign_up, snapshot, wanted):
    """Somebody else's, what is none, and a private relay; the plant stays as it was."""
    sign_up(plant, "other")
    before = snapshot(plant)
    taken = wanted.lower().startswith("other")
    refusal = change_email(plant, user, wanted)
    assert refusal.code is (Code.CH_EMAIL_ALREADY_EXISTS if taken else Code.INVALID_REQUEST)
    assert taken or refusal.description.startswith("newEmail: ")
    assert snapshot(plant) == before


def test_an_e_mail_that_was_given_up_is_free(plant, manager, user):
    """The next user may have it."""
    change_email(plant, user, "user@example.com")
    assert not isinstance(create_user(plant, manager, Registration(CRM, "president@example.com"), NOW), Refusal)


def test_an_agreement_is_dated(user):
    """Edition 2025, 3.13: the last acceptance counts."""
    for moment in (NOW, NOW + 5):
        accept_agreement(user, moment)
        assert user.agreed == moment
