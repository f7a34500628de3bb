"""Every reader of something that others wrote, with the inputs that are kept and with changed ones."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.mutating import CORPUS, kept, mutated
from fuzz.targets import TARGETS

KEPT = [pytest.param(target, data, id=f"{target}-{name}") for target in TARGETS for name, data in kept(target)]
EXAMPLES = 300
"""For each reader: together they take some seconds. `make fuzz` takes as long as it is given."""


def test_every_reader_has_a_corpus() -> None:
    """What is kept belongs to a reader, and each reader has something to begin with."""
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
    assert all(kept(target) for target in TARGETS)


@pytest.mark.parametrize(("target", "data"), KEPT)
def test_what_is_kept_breaks_nothing(target: str, data: bytes) -> None:
    """Inputs that broke a reader once, and those that others are made from, are read or refused."""
    TARGETS[target](data)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_changed_inputs_break_nothing(target: str) -> None:
    """Kept inputs with changes at random are read or refused."""
    seeds = [data for _, data in kept(target)]

    @settings(max_examples=EXAMPLES, database=None)
    @given(chance=st.randoms(use_true_random=False))
    def change(chance: Random) -> None:
        TARGETS[target](mutated(seeds, chance))

    change()


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_any_bytes_break_nothing(target: str) -> None:
    """Bytes of any kind are read or refused."""

    @settings(max_examples=EXAMPLES // 3, database=None)
    @given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def read(data: bytes) -> None:
        TARGETS[target](data)

    read()
