from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_ctrader.chance import Chance
from mock_ctrader.journal import Secrets
from mock_ctrader.journal.redaction import SHORTEST
from mock_ctrader.journal.sightings import Part, Place
from mock_ctrader.wire import Direction, Request, Response


def test_a_placeholder_names_the_kind_and_the_order(secrets):
    """Values are numbered as they are learned, each kind by itself."""
    for kind, value in [("otToken", "first-ot"), ("accessToken", "an-access"), ("otToken", "second-ot")]:
        secrets.learn(kind, value)
    assert secrets.mask("second-ot an-access first-ot") == "[otToken-2] [accessToken-1] [otToken-1]"


def test_a_value_keeps_one_placeholder_under_every_key(secrets):
    """The token of a success URL is the code of the exchange that follows."""
    secrets.learn_from(Direction.TO_CRM, "generate_ot_token", response=Response(200, body=b'{"token": "one-time-1"}'))
    secrets.learn_from(
        Direction.TO_CRM,
        "exchange_ot_token",
        Request("POST", "/oauth2/onetime/authorize", body=b'{"code": "one-time-1"}'),
    )
    assert secrets.mask("one-time-1") == "[otToken-1]"
    assert secrets.hide("code", "one-time-1") == "[otToken-1]"


def test_the_same_password_hash_has_one_placeholder(secrets):
    """It is sent under two names when an account is created and when it is linked."""
    secrets.learn_from(
        Direction.TO_CTRADER, "create_trader", Request("POST", "/", body=b'{"hashedPassword": "0f94e246"}')
    )
    secrets.learn_from(
        Direction.TO_CTRADER, "link_trader", Request("POST", "/", body=b'{"traderPasswordHash": "0f94e246"}')
    )
    assert secrets.mask("0f94e246") == "[passwordHash-1]"


def test_longer_values_go_first(secrets):
    """A value that contains another is not cut into pieces."""
    secrets.learn("otToken", "abcdef")
    secrets.learn("accessToken", "abcdefghij")
    secrets.learn("inappToken", "xxabcdefghijxx")
    assert secrets.mask("xxabcdefghijxx abcdefghij abcdef") == "[inappToken-1] [accessToken-1] [otToken-1]"


def test_of_values_that_overlap_nothing_is_left(secrets):
    """Both are named, and no end of either stays behind."""
    secrets.learn("otToken", "abcdefgh")
    secrets.learn("accessToken", "ghijklmn")
    assert secrets.mask("-abcdefghijklmn-") == "-[otToken-1][accessToken-1]-"


@pytest.mark.parametrize("value", ["", "short", "[accessToken-1]", "x[password]y"])
def test_short_values_and_placeholders_are_not_learned(secrets, value):
    """What is short would be found in innocent words; what is masked already is no secret."""
    secrets.learn("password", value)
    assert secrets.mask(f"in {value} text") == f"in {value} text"


def test_short_and_unknown_values_are_masked_under_their_keys(secrets):
    """A key is enough, even for a value nobody ever learned."""
    assert secrets.mask('{"password": "abc"} token=x') == '{"password": "[password]"} token=[token]'


@pytest.mark.parametrize("kind", ["", "Token", "access-token", "access token", "token-1", "a]"])
def test_a_kind_is_one_word(secrets, kind):
    """Anything else could not be told from text when it stands in a placeholder."""
    with pytest.raises(ValueError, match="cannot name a kind"):
        secrets.learn(kind, "abcdefgh")


def test_a_new_kind_may_be_introduced(secrets):
    """Kinds are open: whoever issues a new sort of secret names it."""
    secrets.learn("invitationKey", "abcdefgh")
    assert secrets.mask(secrets.mask("abcdefgh")) == "[invitationKey-1]"


def test_brackets_that_are_no_placeholder_hide_nothing(secrets):
    """A secret in brackets is a secret."""
    secrets.learn("password", "hunterhunter")
    assert secrets.mask("[hunterhunter]") == "[[password-1]]"


def test_what_a_key_means_depends_on_the_place(secrets):
    """A code is a secret in a request, and an error's name elsewhere."""
    assert secrets.mask("code=404") == "code=404"
    assert secrets.mask("code=404", Place(Direction.TO_CRM, "exchange_ot_token", Part.BODY)) == "code=[otToken]"


@pytest.mark.parametrize("value", ["p&ss wörd/+\"'", "a+b/c==", "<pass>&word", "naïve\\pass", "half\ud800pair"])
def test_a_value_is_masked_however_it_is_written(secrets, value):
    """Percent-encoding of every usual sort, JSON with and without escapes, XML and HTML."""
    secrets.learn("password", value)
    encoded = quote(value, safe="", errors="replace")
    forms = [
        value,
        encoded,
        encoded.lower(),
        quote(value, errors="replace"),
        quote_plus(value, errors="replace"),
        quote(encoded),
    ]
    forms += [
        quote(value, safe="!'()*", errors="replace"),
        value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    ]
    forms += [value.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/")]
    for form in forms:
        if len(form) >= SHORTEST:
            assert secrets.mask(f"- {form} -") == "- [password-1] -", form


ALPHABET = st.sampled_from(
    [*'abctoken=":&[]-1', "token", "password=", "[token-1]", "[password]", '"token":"', "abcabc"]
)
TEXT = st.lists(ALPHABET, max_size=25).map("".join)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=6), TEXT)
def test_masking_twice_changes_nothing(values, text):
    """A masked text can be masked again, in a log of a report of a journal."""
    secrets = Secrets()
    for value in values:
        secrets.learn("password", value)
    once = secrets.mask(text)
    assert secrets.mask(once) == once


@settings(deadline=None)
@given(st.lists(st.text(min_size=SHORTEST, max_size=12), min_size=1, max_size=8), st.text(max_size=8), st.data())
def test_no_known_value_survives(values, between, data):
    """Whatever the values are and however they stand together, none is found in the masked text."""
    secrets = Secrets()
    for value in values:
        secrets.learn("password", value)
    text = between.join(data.draw(st.permutations(values)))
    masked = secrets.mask(text)
    left = [piece for piece in masked.replace("]", "[").split("[") if not piece.startswith("password")]
    assert not any(value in piece for value in values for piece in left)


def test_masking_finds_one_among_thousands(secrets):
    """The number of known secrets does not matter, not even when they all begin alike."""
    chance = Chance(1)
    values = [f"eyJhbGciOiJIUzI1NiJ9.{chance.token(40)}" for _ in range(5_000)]
    for value in values:
        secrets.learn("crmApiToken", value)
    assert secrets.mask(f"a {values[4_321]} b") == "a [crmApiToken-4322] b"


def test_facts_are_learned_from(secrets):
    """The form fields of a page hold the password a trader chose."""
    secrets.learn_from(Direction.SCREEN, "login", facts=(("email", "ann@example.com"), ("password", "correct horse")))
    assert secrets.mask("correct horse, ann@example.com") == "[password-1], ann@example.com"


def test_the_oldest_secret_makes_room():
    """It is counted, and masked under its key only; the others keep their names."""
    secrets = Secrets(capacity=2)
    for value in ("secret one", "secret two", "another three"):
        secrets.learn("password", value)
    assert secrets.dropped == 1
    assert [value for _, value in secrets.known()] == ["secret two", "another three"]
    assert secrets.mask("secret one, secret two, another three") == "secret one, [password-2], [password-3]"
    secrets.learn("password", "more four")
    assert secrets.mask("secret two, more four") == "secret two, [password-4]"


def test_secrets_that_share_a_writing_are_forgotten_one_by_one():
    """In base64 the last letters are dropped, and so the last letter of a secret."""
    secrets = Secrets(capacity=2)
    for value in ("secret-xyz1", "secret-xyz2", "another three", "another four"):
        secrets.learn("password", value)
        assert secrets.mask(value).startswith("[password-")
    assert secrets.dropped == 2
    assert secrets.mask("secret-xyz1 secret-xyz2 another four") == "secret-xyz1 secret-xyz2 [password-4]"


SAID = st.sampled_from(["abc/def+1", "abc%2Fdef%2B1", "abc%252Fdef%252B1", "another one", "another"])


@settings(deadline=None)
@given(st.lists(st.tuples(SAID, st.booleans()), max_size=10))
def test_when_somebody_looks_changes_no_name(said):
    """One seed makes one journal, whether or not it was looked at on the way."""
    looked_at, left_alone = Secrets(), Secrets()
    for value, is_looked_at in said:
        looked_at.learn("token", value)
        left_alone.learn("token", value)
        if is_looked_at:
            looked_at.mask("some text")
    assert [looked_at.mask(value) for value, _ in said] == [left_alone.mask(value) for value, _ in said]
    assert list(looked_at.known()) == list(left_alone.known())


def test_a_secret_said_again_in_other_words_takes_no_number():
    """A cookie that a browser encodes comes with every request: the names of the others do not depend on how often."""
    secrets = Secrets()
    for value in ("one two/three", "one%20two%2Fthree", "one%20two%2Fthree"):
        secrets.learn("token", value)
        assert secrets.mask(value) == "[token-1]"
    secrets.learn("token", "another")
    assert secrets.mask("another") == "[token-2]"


def test_a_secret_that_is_another_written_otherwise_is_that_one():
    """Whichever way a value is said first, it has one name."""
    secrets = Secrets()
    secrets.learn("password", "one two/three")
    secrets.learn("token", "one%20two%2Fthree")
    assert secrets.mask("one%20two%2Fthree") == "[password-1]"
    assert list(secrets.known()) == [("password", "one two/three")]


def exchange(number):
    return Request("POST", "/", body=b'{"password": "secret-%06d"}' % number)


def test_what_was_said_is_known_at_once_however_much_of_it_there_is():
    """When it is looked for, is nobody's business: whoever looks finds all that was said so far, in its order."""
    secrets = Secrets()
    for number in range(300):
        secrets.learn_from(Direction.TO_CRM, "log_in", exchange(number))
        if number in (5, 20, 270):
            assert secrets.mask(f"a secret-{number:06d}, a secret-{number + 1:06d}") == (
                f"a [password-{number + 1}], a secret-{number + 1:06d}"
            )
    secrets.learn("token", "secret-000299")
    assert secrets.hide("token", "secret-000299") == "[password-300]"
    assert len(list(secrets.known())) == 300


def test_how_many_were_forgotten_counts_what_was_just_said():
    """Nobody has to have looked for it."""
    secrets = Secrets(capacity=2)
    for number in range(5):
        secrets.learn_from(Direction.TO_CRM, "log_in", exchange(number))
    assert secrets.dropped == 3


def test_what_one_thread_takes_to_read_another_does_not():
    """A test masks what it shows on a thread of its own: if that was faster, there is nothing left to be read."""
    secrets = Secrets()
    assert secrets._taken() is None
