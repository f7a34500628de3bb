"""Invariants about tokens and sessions."""

import pytest

ANN, BOB = {"userId": 1}, {"userId": 2}


def test_a_one_time_token_that_is_taken_twice_is_found(journal):
    """A refused second use is right, and a blank code is none."""
    journal.call("exchange_ot_token", {"code": "c"}, ANN)
    journal.call("exchange_ot_token", {"code": "c"}, status=404)
    journal.call("exchange_ot_token", {"code": ""}, ANN)
    journal.call("exchange_ot_token", {"code": ""}, ANN)
    assert journal.numbers("one-time-token-taken-once") == []
    journal.call("exchange_ot_token", {"code": "c"}, ANN)
    assert journal.numbers("one-time-token-taken-once") == [[1, 5]]


def test_a_token_that_is_issued_twice_is_found(journal):
    """One-time tokens and crmApiTokens alike; an answer without any issues none."""
    journal.call("generate_ot_token", ANN, {"token": "a"})
    journal.call("generate_ot_token", ANN, {"token": "b"})
    journal.call("generate_ot_token", ANN, {})
    journal.call("generate_ot_token", ANN, {})
    assert journal.numbers("tokens-issued-once") == []
    journal.call("crm_api_token", {"password": "p"}, {"crmApiToken": "k"})
    journal.call("crm_api_token", {"password": "p"}, {"crmApiToken": "k"})
    assert journal.numbers("tokens-issued-once") == [[5, 6]]


def test_a_secret_that_two_users_have_is_found(journal):
    """One user may be told the same again; without a user nobody was told."""
    journal.call("exchange_ot_token", {"code": "c"}, {**ANN, "inappToken": "i", "accessToken": "a"})
    journal.call("verify_access_token", {"accessToken": "a"}, {**ANN, "inappToken": "i"})
    journal.call("generate_ot_token", ANN, {"token": "t"})
    journal.call("verify_access_token", {"accessToken": "b"}, {"inappToken": "i"})
    assert journal.numbers("secrets-are-personal") == []
    journal.call("verify_access_token", {"accessToken": "b"}, {**BOB, "inappToken": "i"})
    assert journal.numbers("secrets-are-personal") == [[1, 2, 5]]


def log_in(journal, email, user, *, succeeded="true"):
    """Somebody logs in on the login page, and the token opens a session."""
    journal.visit("login", email=email, succeeded=succeeded)
    journal.session()
    return journal.call("exchange_ot_token", {"code": "c"}, user)


@pytest.fixture
def known(journal):
    """A journal in which two users signed up."""
    for number, email in ((1, "Ann@example.com "), (2, "bob@example.com")):
        journal.call("create_user", {"email": email}, {"userId": number}, status=201)
    return journal


def test_a_session_of_somebody_else_is_found(known):
    """Whose e-mail was typed last on the device, is in the session."""
    log_in(known, "ann@example.com", ANN)
    assert known.numbers("session-is-its-users") == []
    log_in(known, "ann@example.com", BOB)
    (breach,) = known.broken("session-is-its-users")
    assert breach.what == "user 1 logged in, and the session of user 2 was opened"


@pytest.mark.parametrize(
    ("email", "user", "succeeded"),
    [("who@example.com", BOB, "true"), ("ann@example.com", BOB, "no"), ("ann@example.com", {}, "true")],
)
def test_where_it_cannot_be_told_whose_it_is_nothing_is_said(known, email, user, succeeded):
    """Nobody known typed an e-mail, the page led nowhere, or no user was named."""
    log_in(known, email, user, succeeded=succeeded)
    assert known.numbers("session-is-its-users") == []


def test_what_is_typed_on_the_page_before_counts(known):
    """A phone asks for the e-mail on one page and for the rest on the next."""
    known.visit("login", email="ann@example.com")
    log_in(known, "what is no e-mail", BOB)
    assert len(known.broken("session-is-its-users")) == 1


def test_a_window_that_is_opened_anew_knows_nobody(known):
    """What was typed into the one before is no clue to who comes in without an e-mail."""
    known.visit("login", email="ann@example.com")
    known.visit("login", method="GET", opened="true")
    log_in(known, "a nickname", BOB)
    assert known.numbers("session-is-its-users") == []


def test_who_changed_the_e_mail_logs_in_with_the_new_one(known):
    """The old one is nobody's, or who took it since; what was refused changed nothing."""
    known.call("change_email", {"userId": 1, "newEmail": "eve@example.com"}, status=400)
    known.call("change_email", {"userId": 1, "newEmail": "amy@example.com"}, status=204)
    log_in(known, "amy@example.com", ANN)
    log_in(known, "eve@example.com", BOB)
    assert known.numbers("session-is-its-users") == []
    log_in(known, "amy@example.com", BOB)
    assert len(known.broken("session-is-its-users")) == 1


def test_a_kept_token_stays_its_user_s(journal):
    """An accessToken that opens the session of another user is found; of an unknown one nothing is said."""
    journal.call("exchange_ot_token", {"code": "c"}, {**ANN, "accessToken": "a"})
    journal.call("exchange_ot_token", {"code": "d"}, ANN)
    journal.call("verify_access_token", {"accessToken": "a"}, ANN)
    journal.call("verify_access_token", {"accessToken": "unknown"}, BOB)
    journal.call("verify_access_token", {}, BOB)
    assert journal.numbers("session-is-its-users") == []
    journal.call("verify_access_token", {"accessToken": "a"}, BOB)
    assert journal.numbers("session-is-its-users") == [[1, 6]]


def test_a_token_that_is_good_behind_the_logout_is_found(journal):
    """Before it, at the same time and refused it is all right; the first logout counts."""
    journal.call("verify_access_token", {"accessToken": "a"}, ANN)
    journal.call("crm_logout", query={"userId": "1", "accessToken": "a"}, status=204)
    journal.call("crm_logout", query={"userId": "1", "accessToken": "a"}, status=204)
    journal.call("crm_logout", query={"userId": "1", "accessToken": "b"}, status=500)
    journal.call("verify_access_token", {"accessToken": "a"}, status=404)
    journal.call("verify_access_token", {"accessToken": "b"}, ANN)
    assert journal.numbers("logged-out-stays-out") == []
    journal.call("verify_access_token", {"accessToken": "a"}, ANN)
    assert journal.numbers("logged-out-stays-out") == [[2, 7]]
