"""What can be set for a plant, with the documented behaviour as the default."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a plant behaves where brokers or servers differ."""

    closed_positions_order: Literal["observed", "documented"] = "observed"
    """Order of the columns of closed positions: as real answers were seen, or as the documentation has it."""
    ip_list: tuple[str, ...] = ()
    """Addresses and networks (``192.0.2.0/24``) that calls are taken from; without any, from everywhere."""
    balance_in_cents: bool = False
    """Whether an opening balance counts hundredths, whatever the currency's ``moneyDigits`` (edition 2023, 3.3)."""
    takes_private_relay: bool = False
    """Whether addresses at Apple's relay are taken: the editions from 2025 on refuse them, 2023 says nothing."""
    has_default_region: bool = True
    """Whether users can be created by e-mail alone: without a region ``create_ctid`` is refused."""
    history_kept: int = 50_000
    """Records of money that are kept, up to a tenth more; no call reads them."""
    one_time_tokens_kept: int = 20_000
    """One-time tokens that are kept with whom they are for; of older ones that are used or expired only that much."""
