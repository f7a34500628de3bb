"""Bodies as edition 2023 has them, where it differs from the later ones (edition 2023, sections 3.2 to 3.5)."""

from typing import Literal

from msgspec.structs import force_setattr

from mock_ctrader.contract.models.traders import ChangeBalance, ContactDetails, NewTrader
from mock_ctrader.contract.models.users import NewLink, NewUser


class NewUser2023(NewUser, frozen=True, kw_only=True):
    """Edition 2023, 3.2: there is no key for a nickname yet."""

    def __post_init__(self) -> None:
        """Forget what a later client sent: this edition ignores keys that it does not know."""
        force_setattr(self, "nick_name", None)
        force_setattr(self, "nickname", None)


class NewTrader2023(NewTrader, frozen=True, kw_only=True):
    """Edition 2023, 3.3: contact details are required, if only as an empty object."""

    contact_details: ContactDetails  # pyright: ignore[reportGeneralTypeIssues]  # narrower, of a frozen body


class NewLink2023(NewLink, frozen=True, kw_only=True):
    """Edition 2023, 3.4: the broker, and whether the number of the link is wanted, must be said."""

    broker_name: str  # pyright: ignore[reportGeneralTypeIssues]  # narrower, of a frozen body
    return_account_details: bool  # pyright: ignore[reportGeneralTypeIssues]


class ChangeBalance2023(ChangeBalance, frozen=True, kw_only=True):
    """Edition 2023, 3.5: money only, no credit, and margin is always checked."""

    type: Literal["DEPOSIT", "WITHDRAW"]

    def __post_init__(self) -> None:
        """Forget what a later client sent: this edition ignores keys that it does not know."""
        force_setattr(self, "skip_margin_check", None)
