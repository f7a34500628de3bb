"""Money: decimal amounts to whole units and back; no binary fraction touches it (contract, section 6)."""

from decimal import ROUND_DOWN, Decimal, localcontext

LARGEST = 2**63 - 1
"""The most that a balance can hold: the wire's numbers are 64 bits wide."""


def to_units(amount: Decimal, money_digits: int, decimals: int) -> int | None:
    """Scale an amount to whole units; nothing where it is no finite number, too fine or too large."""
    if not amount.is_finite() or amount.adjusted() > 20:
        return None
    with localcontext(prec=60):
        if amount != amount.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN):
            return None
        units = int(amount.scaleb(money_digits))
    return units if abs(units) <= LARGEST else None


def to_amount(units: int, money_digits: int) -> Decimal:
    """Return the plain decimal amount of whole units: 15050 with two digits is 150.50."""
    return Decimal(units).scaleb(-money_digits)
