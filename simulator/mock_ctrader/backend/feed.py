"""What the backend tells an application about the user of its session."""

from mock_ctrader.backend.sessions import Session
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.ribbons import visible


class Feed:
    """What the sessions of a plant are told, as it stands at the moment of asking."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant

    def accounts(self, session: Session) -> tuple[int, ...]:
        """Return the logins that a session sees, the one linked last at the end.

        A session that came with a Copy code sees those of the code's brokers only.
        """
        logins = (link.login for link in session.user.links)
        return tuple(
            login for login in logins if not session.brokers or self._plant.traders[login].broker in session.brokers
        )

    def ribbons(self, session: Session, login: int | None) -> tuple[Ribbon, ...]:
        """Return the ribbons for a session that shows this account (edition 2025, 3.9)."""
        trader = None if login is None else self._plant.traders[login]
        link_id = trader.link.link_id if trader and trader.link else None
        held = self._plant.ribbons.get(session.user.user_id, ())
        return visible(held, link_id, trader.broker if trader else None)

    def partner_id(self, session: Session, login: int | None) -> str | None:
        """Return the partner identifier of the account that is shown, else of the user (edition 2025, 5.8)."""
        of_user = self._plant.partners_of_users.get(session.user.user_id)
        link = None if login is None else self._plant.traders[login].link
        return (self._plant.partners_of_accounts.get(link.link_id) if link else None) or of_user
