"""Which answers can hold a secret."""

from dataclasses import replace

from mock_ctrader.backend.secrecy import tells_no_secret
from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.catalogue import ENDPOINTS


def test_the_calls_that_give_a_token_are_known_by_their_models() -> None:
    """Whatever call is added, its keys tell whether its answers are to be searched."""
    assert {call.id for call in BROKER_CALLS if not tells_no_secret(call)} == {"manager_token", "create_copy_code"}


def test_a_key_that_a_plant_calls_otherwise_counts_by_both_names() -> None:
    """A plant's own name for a key neither hides a secret nor makes one unseen."""
    read, token = ENDPOINTS["read_trader"], ENDPOINTS["manager_token"]
    assert not tells_no_secret(replace(read, renamed=(("login", "loginToken"),)))
    assert not tells_no_secret(replace(token, renamed=(("webservToken", "wst"),)))
    assert tells_no_secret(replace(read, renamed=(("login", "number"),)))
