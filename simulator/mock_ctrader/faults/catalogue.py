"""The faults there are: what each does, whom it can strike, and what a right CRM makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication, Endpoint
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.wire import Direction


class Side(StrEnum):
    """What a fault strikes."""

    ANSWER = "a call of the CRM to cTrader"
    CALL = "a call of cTrader to the CRM"
    SCREEN = "a screen that an application opens"
    FORM = "a form that is sent on such a screen"


class Deed(StrEnum):
    """What is done where a fault strikes; several faults do the same to different calls."""

    REFUSE = "refuse"
    SHUT = "shut"
    RESET_BEFORE = "reset before the work"
    LOSE = "lose the answer"
    RESET_AFTER = "reset behind the head"
    HALVE = "break off in the body"
    GARBLE = "garble the body"
    DELAY = "delay"
    TWICE_AT_ONCE = "send twice at once"
    AGAIN = "send again"
    HOLD = "hold back"
    ABANDON = "hang up half-way"
    READ_SLOWLY = "read slowly"
    WRONG_TOKEN = "send with a wrong token first"
    OLD_TOKEN = "send with an expired token"
    WRONG_TYPE = "send with a wrong content type first"
    HUGE = "send a huge body first"
    CLOSE = "close the application"
    COME_BACK = "come back with what was given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which something goes wrong."""

    name: str
    side: Side
    deed: Deed
    meaning: str
    """What happens."""
    right: str
    """What a right CRM does then."""
    strikes: tuple[str, ...]
    """The endpoints, or the kinds of screen, that it can strike."""
    seconds: float = 0.0
    """How long it takes unless a rule says otherwise; 0 where it takes no time."""
    refusal: Refusal | None = None
    """The answer, where the call is refused."""


SCREENS = (
    *("login", "account", "deposit", "withdraw", "kyc", "action", "chat", "change_password", "change_email"),
    "ribbon",
)
"""The kinds of screen that an application opens, as scenarios name them."""


def _calls(direction: Direction, fits: Callable[[Endpoint], bool] = lambda _: True) -> tuple[str, ...]:
    return tuple(one.id for one in ENDPOINTS.values() if one.direction is direction and fits(one))


_BROKERS = _calls(Direction.TO_CTRADER)
_WRITING = _calls(Direction.TO_CTRADER, lambda call: call.method != "GET")
_WITH_TOKEN = _calls(Direction.TO_CTRADER, lambda call: call.authentication is not Authentication.NONE)
_ANSWERED = _calls(Direction.TO_CTRADER, lambda call: call.answer is not None)
_CRMS = _calls(Direction.TO_CRM)
_SENDING = _calls(Direction.TO_CRM, lambda call: call.request is not None)
_KNOWN_CALLER = _calls(Direction.TO_CRM, lambda call: call.authentication is Authentication.QUERY)
_WEBHOOKS = _calls(Direction.TO_CRM, lambda call: call.authentication is Authentication.SHARED)
_OF_SESSIONS = ("verify_access_token", "generate_ot_token")
_ASK_AGAIN = "tells the user and keeps nothing half-made; the next try succeeds"
_MAY_HAVE_HAPPENED = "takes the matter for open: notes it, tells the user, and does not simply do it again"
_ONCE = "does what the form says once"
_RIGHT_ONE_FOLLOWS = "refuses it and changes nothing; the right call that follows is answered"

_ON_ANSWERS = (
    Fault(
        name="lost-answer",
        side=Side.ANSWER,
        deed=Deed.LOSE,
        meaning="The work is done, and the connection closes without a word.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_BROKERS,
    ),
    Fault(
        name="late-answer",
        side=Side.ANSWER,
        deed=Deed.DELAY,
        meaning="The work is done, and the answer comes late.",
        right="waits for as long as its own users would; after that it takes the matter for open",
        strikes=_BROKERS,
        seconds=3.0,
    ),
    Fault(
        name="server-error",
        side=Side.ANSWER,
        deed=Deed.REFUSE,
        meaning="The answer is 500 `UNKNOWN_ERROR`. Nothing was done, which the CRM cannot know.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_BROKERS,
        refusal=Refusal(Code.UNKNOWN_ERROR, "Internal error"),
    ),
    Fault(
        name="unavailable",
        side=Side.ANSWER,
        deed=Deed.SHUT,
        meaning="The answer is 503, from something that stands before cTrader. Nothing was done.",
        right=_ASK_AGAIN,
        strikes=_BROKERS,
    ),
    Fault(
        name="reset-before",
        side=Side.ANSWER,
        deed=Deed.RESET_BEFORE,
        meaning="The connection is reset before the call is worked on. Nothing was done, which the CRM cannot know.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_BROKERS,
    ),
    Fault(
        name="reset-after",
        side=Side.ANSWER,
        deed=Deed.RESET_AFTER,
        meaning="The work is done; the connection is reset behind the head of the answer, before its body.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_BROKERS,
    ),
    Fault(
        name="half-body",
        side=Side.ANSWER,
        deed=Deed.HALVE,
        meaning="The work is done; the connection closes in the middle of the answer's body.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_ANSWERED,
    ),
    Fault(
        name="garbled-json",
        side=Side.ANSWER,
        deed=Deed.GARBLE,
        meaning="The work is done; the body of the answer is complete, and cannot be read.",
        right=_MAY_HAVE_HAPPENED,
        strikes=_ANSWERED,
    ),
    Fault(
        name="rate-limit",
        side=Side.ANSWER,
        deed=Deed.REFUSE,
        meaning="The answer is `REQUEST_FREQUENCY_EXCEEDED`. No GET is limited.",
        right=_ASK_AGAIN,
        strikes=_WRITING,
        refusal=Refusal(Code.REQUEST_FREQUENCY_EXCEEDED, "Too many requests"),
    ),
    Fault(
        name="ip-not-allowed",
        side=Side.ANSWER,
        deed=Deed.REFUSE,
        meaning="The answer is the one for a caller whose address is not on the IP list.",
        right=_ASK_AGAIN,
        strikes=_BROKERS,
        refusal=Refusal(Code.NOT_ENOUGH_RIGHTS, "the address is not on the IP list"),
    ),
    Fault(
        name="token-invalid",
        side=Side.ANSWER,
        deed=Deed.REFUSE,
        meaning="The manager's token, good a moment ago, is refused.",
        right="asks for a token once more and repeats the call, and nobody notices",
        strikes=_WITH_TOKEN,
        refusal=Refusal(Code.NOT_ENOUGH_RIGHTS, "token is not valid on this plant", Situation.UNKNOWN_CALLER),
    ),
    Fault(
        name="maintenance",
        side=Side.ANSWER,
        deed=Deed.SHUT,
        meaning="From this call on every call is answered 503, with `Retry-After`, until the window is over.",
        right=_ASK_AGAIN,
        strikes=_BROKERS,
        seconds=60.0,
    ),
)

_ON_CALLS = (
    Fault(
        name="duplicate",
        side=Side.CALL,
        deed=Deed.TWICE_AT_ONCE,
        meaning="The call arrives twice at the same time.",
        right="answers both; what can be used once is used once",
        strikes=_CRMS,
    ),
    Fault(
        name="replayed",
        side=Side.CALL,
        deed=Deed.AGAIN,
        meaning="The call arrives a second time when it has been answered.",
        right="refuses a token that was used up, and does nothing twice",
        strikes=_CRMS,
    ),
    Fault(
        name="reordered",
        side=Side.CALL,
        deed=Deed.HOLD,
        meaning="The call arrives behind the next one.",
        right="ends what the call names and no other session",
        strikes=("crm_logout",),
    ),
    Fault(
        name="abandoned",
        side=Side.CALL,
        deed=Deed.ABANDON,
        meaning="The caller hangs up in the middle of the body, and then makes the call again, whole.",
        right="does nothing for the half, and answers the whole",
        strikes=_SENDING,
    ),
    Fault(
        name="slow-reader",
        side=Side.CALL,
        deed=Deed.READ_SLOWLY,
        meaning="The caller is slow to read the answer.",
        right="answers others meanwhile, and does not give up at once",
        strikes=_CRMS,
        seconds=2.0,
    ),
    Fault(
        name="wrong-crm-api-token",
        side=Side.CALL,
        deed=Deed.WRONG_TOKEN,
        meaning="The call comes with a crmApiToken that was never issued, and then with the right one.",
        right=_RIGHT_ONE_FOLLOWS,
        strikes=_KNOWN_CALLER,
    ),
    Fault(
        name="expired-crm-api-token",
        side=Side.CALL,
        deed=Deed.OLD_TOKEN,
        meaning="The call comes with a crmApiToken that is good no more; cTrader asks for another and calls again.",
        right="answers 403, issues a new token and takes it",
        strikes=_KNOWN_CALLER,
    ),
    Fault(
        name="ot-token-exchanged-twice",
        side=Side.CALL,
        deed=Deed.TWICE_AT_ONCE,
        meaning="One OT token is exchanged twice at the same time.",
        right="opens one session and refuses the other",
        strikes=("exchange_ot_token",),
    ),
    Fault(
        name="wrong-content-type",
        side=Side.CALL,
        deed=Deed.WRONG_TYPE,
        meaning="The body is JSON and is called `text/plain`; if that is refused, the right call follows.",
        right="reads it, or refuses it and changes nothing",
        strikes=_SENDING,
    ),
    Fault(
        name="huge-body",
        side=Side.CALL,
        deed=Deed.HUGE,
        meaning="The body has two megabytes; if that is refused, the right call follows.",
        right="reads no more than it can bear, and answers 413 or 400",
        strikes=_SENDING,
    ),
    Fault(
        name="webhook-repeated",
        side=Side.CALL,
        deed=Deed.AGAIN,
        meaning="The webhook comes a second time, with the same ids.",
        right="answers it as the first time and keeps one record",
        strikes=_WEBHOOKS,
    ),
    Fault(
        name="webhook-out-of-order",
        side=Side.CALL,
        deed=Deed.HOLD,
        meaning="The webhook comes behind the next one.",
        right="takes both, and ends where the right order leads",
        strikes=("new_user_webhook",),
    ),
    Fault(
        name="two-devices-at-once",
        side=Side.CALL,
        deed=Deed.TWICE_AT_ONCE,
        meaning="Two devices of one user ask for the same thing at the same time.",
        right="serves both, each with a token of its own where one is issued",
        strikes=_OF_SESSIONS,
    ),
    Fault(
        name="access-token-kept",
        side=Side.CALL,
        deed=Deed.COME_BACK,
        meaning="Once the logout is answered, somebody comes with the accessToken that was given up by it.",
        right="answers 404: the token ended with the logout",
        strikes=("crm_logout",),
    ),
    Fault(
        name="platform-closed",
        side=Side.SCREEN,
        deed=Deed.CLOSE,
        meaning="The application is closed once the form is sent: nobody sees the success URL.",
        right="does what the form says, once; the next session shows it",
        strikes=SCREENS,
    ),
    Fault(
        name="form-sent-twice",
        side=Side.FORM,
        deed=Deed.TWICE_AT_ONCE,
        meaning="The form arrives twice at the same time, as after a double click.",
        right=_ONCE,
        strikes=SCREENS,
    ),
    Fault(
        name="form-sent-again",
        side=Side.FORM,
        deed=Deed.AGAIN,
        meaning="The form arrives a second time when it has been answered, as after loading the page again.",
        right=_ONCE,
        strikes=SCREENS,
    ),
    Fault(
        name="form-abandoned",
        side=Side.FORM,
        deed=Deed.ABANDON,
        meaning="The browser hangs up in the middle of the form, and then sends it again, whole.",
        right="does nothing for the half, and takes the whole",
        strikes=SCREENS,
    ),
    Fault(
        name="slow-page-reader",
        side=Side.FORM,
        deed=Deed.READ_SLOWLY,
        meaning="The browser is slow to read the answer to the form.",
        right="answers others meanwhile, and does not give up at once",
        strikes=SCREENS,
        seconds=2.0,
    ),
)

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in (*_ON_ANSWERS, *_ON_CALLS)}
"""Every fault, by name."""
