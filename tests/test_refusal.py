import pytest

from mock_ctrader.refusal import Code


@pytest.mark.parametrize("code", Code)
def test_a_code_goes_out_under_its_own_name(code):
    """What the program calls a code is what the CRM reads."""
    assert str(code) == code.name
