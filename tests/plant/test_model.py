import pytest

from mock_ctrader.plant import equity
from mock_ctrader.plant.model import Manager


@pytest.mark.parametrize(
    ("disabled", "groups", "reached"),
    [
        ((), None, True),
        ((), ("Default",), True),
        (("RIVAL",), None, True),
        (("BESTBROKER",), None, False),
        ((), ("newGroup",), False),
        ((), (), False),
        (("BESTBROKER",), ("Default",), False),
    ],
)
def test_a_manager_reaches_an_account_by_broker_and_group(disabled, groups, reached):
    """Both must be within reach; without a list of groups all are."""
    manager = Manager(1, "hash", "token", frozenset(disabled), None if groups is None else frozenset(groups))
    assert manager.reaches("BESTBROKER", "Default") is reached


def test_credit_is_equity_but_cannot_be_withdrawn(plant, open_trader):
    """The holder's own money is the balance alone."""
    trader = open_trader(plant, balance=1000)
    trader.credit = 250
    assert (trader.funds, equity.equity(plant, trader), equity.cash_equity(plant, trader)) == (1250, 1250, 1000)
