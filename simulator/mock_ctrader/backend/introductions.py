"""What the broker is told of users who came by an invite link (cTrader Invite; edition 2026, section 10)."""

from dataclasses import dataclass

import msgspec
from msgspec import UNSET, Struct

from mock_ctrader.backend.crm import CallCrm, CrmFlow
from mock_ctrader.contract.calls.crm import ATTRIBUTION_WEBHOOK, NEW_USER_WEBHOOK
from mock_ctrader.contract.crm_calls import CrmAnswer
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import Attributed, Attribution, RegisteredInApplication
from mock_ctrader.plant.invites import broker_of, name_partner, record_invitation
from mock_ctrader.plant.model import User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Refusal
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Request


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The addresses that a broker gave for the two webhooks; a blank one is not called."""

    attribution: str = ""
    new_user: str = ""
    authorization: str = ""
    """Value of the header ``Authorization``, as the broker gave it."""

    def request(self, url: str, body: Struct) -> Request:
        """Write a webhook."""
        headers = (
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Authorization", self.authorization),
        )
        return Request.to("POST", url, headers=headers, body=msgspec.json.encode(body))


class Introductions:
    """Notes on one plant who invited whom, and tells one broker."""

    def __init__(self, plant: Plant, webhooks: Webhooks) -> None:
        self._plant = plant
        self._webhooks = webhooks

    def introduce(self, user: User, nickname: str, now: Moment, *, first: bool) -> CrmFlow[str]:
        """Note that a user came by the link of the partner with this nickname, and tell the broker.

        ``first``: the user registered just now, inside the application; the webhook about that comes first (assumed).
        Returns why nobody was told, or nothing. What the broker answers does not hold the user up.
        """
        partner = next((one for one in self._plant.users.values() if one.nickname == nickname), None)
        if partner is None:
            return f"nobody on the plant has the nickname '{nickname}'"
        invitation = record_invitation(self._plant, user.user_id, partner.user_id, now)
        if isinstance(invitation, Refusal):
            return invitation.description
        broker = broker_of(self._plant, user)
        if first:
            told = RegisteredInApplication(
                user_id=user.user_id, broker_name=broker, email=user.email, partner_user_id=partner.user_id
            )
            yield from self._tell(NEW_USER_WEBHOOK, self._webhooks.new_user, told)
        attribution = Attribution(
            invited_user_id=user.user_id,
            partner_user_id=partner.user_id,
            broker_partner_id=invitation.broker_partner_id or UNSET,
            broker_name=broker,
        )
        answer = yield from self._tell(ATTRIBUTION_WEBHOOK, self._webhooks.attribution, attribution)
        if answer and isinstance(answer.value, Attributed) and answer.value.broker_partner_id:
            name_partner(self._plant, partner.user_id, answer.value.broker_partner_id)
        return ""

    def _tell(self, endpoint: Endpoint, url: str, body: Struct) -> CrmFlow[CrmAnswer | None]:
        if not url:
            return None
        answer: CrmAnswer = yield CallCrm(endpoint, self._webhooks.request(url, body))
        return answer
