import pytest

from mock_ctrader.load.people import MOST_WORKERS, Register, numbered


def test_no_two_workers_have_a_person_in_common():
    """Each draws from its own part of the seed's people: numbers differ, and so do the sources."""
    drawn = [Register(7, worker).next() for worker in range(50)]
    registers = [Register(7, worker) for worker in range(5)]
    numbers = [register.next()[0] for register in registers for _ in range(200)]
    assert len(set(numbers)) == len(numbers) == 1000
    assert len({chance.seed for _, chance in drawn}) == 50


def test_the_same_seed_has_the_same_people():
    """A worker that begins again meets the people of its first time, and those of another seed are others."""
    assert [Register(7, 3).next()[1].seed] == [Register(7, 3).next()[1].seed]
    assert Register(7, 3).next()[1].seed != Register(8, 3).next()[1].seed


@pytest.mark.parametrize("worker", [-1, MOST_WORKERS])
def test_there_are_no_more_workers_than_numbers(worker: int):
    """A worker without a number of its own would repeat another's people."""
    with pytest.raises(ValueError, match="numbered from 0"):
        Register(7, worker)


def test_an_address_carries_its_persons_number():
    """Two people of one name have two addresses."""
    assert numbered("ann.archer.1234@example.com", 70003) == "ann.archer.1234.70003@example.com"
