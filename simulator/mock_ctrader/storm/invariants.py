"""What holds whatever goes wrong, judged from the journal alone. Each is sound on any part of a journal."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from mock_ctrader.journal.entry import Entry
from mock_ctrader.storm import orders, tokens
from mock_ctrader.storm.breach import Breach, Invariant
from mock_ctrader.storm.story import Story
from mock_ctrader.wire import Direction, Provenance


def no_crash(story: Story) -> Iterator[Breach]:
    """Find pages and answers with a status of 500 and above that no fault can be the reason of."""
    for entry in story.entries:
        is_crms = entry.direction in (Direction.SCREEN, Direction.TO_CRM)
        if is_crms and (entry.status or 0) >= 500 and story.is_calm(entry):
            yield Breach("the CRM failed, and nothing had gone wrong", (entry,))


_DOCUMENTED, _ASSUMED = Provenance.DOCUMENTED, Provenance.ASSUMED
_ALL = (
    Invariant(
        id="one-account-per-order",
        sentence="One form opens one account: no lost answer and no second click makes it two.",
        section="edition 2025, call 3.3; what a trader may expect",
        provenance=_ASSUMED,
        find=orders.one_account_per_order,
    ),
    Invariant(
        id="paid-once",
        sentence="Money is moved once for each payment: no lost answer and no second click moves it again.",
        section="edition 2025, call 3.5 and flow 5.7; what a trader may expect",
        provenance=_ASSUMED,
        find=orders.paid_once,
    ),
    Invariant(
        id="money-as-told",
        sentence="A payment that the page calls made is on the account, and one that it refuses is not.",
        section="edition 2025, call 3.5 and flow 5.7",
        provenance=_DOCUMENTED,
        find=orders.money_as_told,
    ),
    Invariant(
        id="account-has-link",
        sentence="Who is sent on with a new account can see it: it is linked to the user.",
        section="edition 2025, calls 3.3 and 3.4; flow 5.3",
        provenance=_DOCUMENTED,
        find=orders.account_has_link,
    ),
    Invariant(
        id="one-time-token-taken-once",
        sentence="A one-time token is taken once, also when it comes twice at the same time.",
        section="edition 2025, call 4.2 and section 5.6; conformance 6.1.6",
        provenance=_DOCUMENTED,
        find=tokens.taken_once,
    ),
    Invariant(
        id="tokens-issued-once",
        sentence="No one-time token and no crmApiToken is issued twice.",
        section="edition 2025, section 5.6; conformance 6.1.8",
        provenance=_DOCUMENTED,
        find=tokens.issued_once,
    ),
    Invariant(
        id="secrets-are-personal",
        sentence="No token of one user is told to another's session.",
        section="edition 2025, section 5.6 (unique for each user)",
        provenance=_DOCUMENTED,
        find=tokens.personal,
    ),
    Invariant(
        id="session-is-its-users",
        sentence="A session is that of the user who logged in, and a kept token stays that user's.",
        section="edition 2025, calls 4.2 and 4.3; flows 5.4 and 5.5",
        provenance=_DOCUMENTED,
        find=tokens.session_is_its_users,
    ),
    Invariant(
        id="logged-out-stays-out",
        sentence="An accessToken that was given up by a logout opens no session any more.",
        section="edition 2025, call 4.5",
        provenance=_DOCUMENTED,
        find=tokens.logged_out,
    ),
    Invariant(
        id="webhook-has-one-effect",
        sentence="A webhook that comes again with the same ids opens nothing and moves no money again.",
        section="edition 2026, 10.1 and 10.3; that it may come again is assumed",
        provenance=_ASSUMED,
        find=orders.webhook_has_one_effect,
    ),
    Invariant(
        id="no-crash",
        sentence="While nothing goes wrong at cTrader, no page and no answer of the CRM has a status of 500 or above.",
        section="no source states it",
        provenance=_ASSUMED,
        find=no_crash,
    ),
)

INVARIANTS: Mapping[str, Invariant] = {one.id: one for one in _ALL}
"""Every invariant, by id."""


def judge(entries: Iterable[Entry], ids: Collection[str] = tuple(INVARIANTS)) -> list[tuple[Invariant, Breach]]:
    """Return the cases in which these invariants are broken, in the order of the invariants."""
    story = Story(entries)
    return [(INVARIANTS[one], breach) for one in ids for breach in INVARIANTS[one].find(story)]
