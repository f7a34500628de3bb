"""The faults there are."""

from pathlib import Path

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.faults import FAULTS, Deed, Side
from mock_ctrader.faults.catalogue import SCREENS
from mock_ctrader.scenario import SCREENS as KNOWN
from mock_ctrader.wire import Direction

README = (Path(__file__).parents[2] / "simulator" / "README.md").read_text(encoding="utf-8")


def test_each_fault_strikes_its_own_side() -> None:
    """Answers of the backend, calls to the CRM, or screens: never two of them."""
    directions = {Side.ANSWER: Direction.TO_CTRADER, Side.CALL: Direction.TO_CRM}
    for fault in FAULTS.values():
        assert fault.strikes, fault.name
        if fault.side in (Side.SCREEN, Side.FORM):
            assert set(fault.strikes) <= set(SCREENS)
        else:
            assert {ENDPOINTS[name].direction for name in fault.strikes} == {directions[fault.side]}, fault.name


def test_the_screens_are_those_of_scenarios() -> None:
    """The two tables say the same."""
    assert SCREENS == KNOWN


def test_every_deed_is_somebody_s() -> None:
    """No deed is left over, and a refusal is what refuses."""
    assert {fault.deed for fault in FAULTS.values()} == set(Deed)
    assert all((fault.refusal is not None) == (fault.deed is Deed.REFUSE) for fault in FAULTS.values())


def test_every_fault_ships_a_journey() -> None:
    """It shows what a right CRM does."""
    shipped = set(mock_ctrader_scenarios.names())
    assert [name for name in FAULTS if f"fault-{name}" not in shipped] == []


def test_every_fault_is_in_the_reference() -> None:
    """With what happens, and what a right CRM does."""
    for fault in FAULTS.values():
        assert f"| `{fault.name}` | {fault.meaning} | {fault.right} |" in README
