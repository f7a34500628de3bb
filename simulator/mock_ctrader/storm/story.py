"""What a journal tells: what people asked of the CRM by forms, and the calls that each of these orders led to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mock_ctrader.faults import FACT, FAULTS, Deed
from mock_ctrader.journal.contents import body_of, said_by
from mock_ctrader.journal.entry import Entry
from mock_ctrader.matching.rendering import is_mapping, render
from mock_ctrader.wire import Direction

SUCCEEDED = ("succeeded", "true")
"""The fact of the page visit that led to the success URL."""
_UNHEARD = (Deed.LOSE, Deed.RESET_AFTER, Deed.HALVE, Deed.GARBLE, Deed.DELAY)
"""What leaves a CRM without an answer that it could use, though the work was done."""
_NOT_WORKED_ON = "enqueued"

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that somebody asked by a form. A form that a fault sent several times is one order."""

    visits: tuple[Entry, ...]

    @property
    def is_doubled(self) -> bool:
        """Whether a fault sent it several times."""
        return len(self.visits) > 1

    def led_to(self, call: Entry) -> bool:
        """Tell whether a call was made while the CRM worked on it."""
        return any(visit.number < call.number <= visit.last for visit in self.visits)


class Story:
    """A part of a journal, read once for all invariants. Nothing in it is taken for complete: it may begin anywhere."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: entry.number))
        self._by_endpoint: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.direction in (Direction.TO_CTRADER, Direction.TO_CRM):
                self._by_endpoint[entry.endpoint].append(entry)
        self._orders: defaultdict[str, list[Order]] = defaultdict(list)
        for order in _orders(self.visits()):
            self._orders[order.visits[0].step.journey].append(order)
        self._first_faults = _first_faults(self.entries)

    def visits(self, *kinds: str) -> list[Entry]:
        """Return the pages that windows of applications and browsers visited; of these kinds only, if any is named."""
        visits = (entry for entry in self.entries if entry.direction is Direction.SCREEN)
        return [visit for visit in visits if not kinds or visit.endpoint in kinds]

    def done(self, *endpoints: str) -> list[Entry]:
        """Return the calls that were carried out, whether the answer arrived or not."""
        calls = [call for endpoint in endpoints for call in self._by_endpoint[endpoint] if is_done(call)]
        return sorted(calls, key=lambda call: call.number)

    def order_of(self, call: Entry) -> Order | None:
        """Return the order that a call was made for; nothing where no form was being worked on."""
        return next((order for order in self._orders[call.step.journey] if order.led_to(call)), None)

    def is_calm(self, entry: Entry) -> bool:
        """Tell whether no fault had struck the entry's journey, or a call of nobody's, when it was over."""
        first = min(
            self._first_faults.get(entry.step.journey, entry.last + 1), self._first_faults.get("", entry.last + 1)
        )
        return first > max(entry.last, entry.number)


def is_done(call: Entry) -> bool:
    """Tell whether a call succeeded; an answer that a fault withheld is in the journal all the same."""
    return 200 <= (call.status or 0) < 300 and all(name != _NOT_WORKED_ON for name, _ in call.facts)


def faults_of(entry: Entry) -> list[str]:
    """Return the names of the faults that struck an entry."""
    return [value for name, value in entry.facts if name == FACT and value in FAULTS]


def is_unheard(call: Entry) -> bool:
    """Tell whether the CRM may not have had the answer."""
    return any(FAULTS[name].deed in _UNHEARD for name in faults_of(call))


def asked(call: Entry) -> Values:
    """Return what a call says: its body, or its query where it has none."""
    return _values(said_by(call.request)) if call.request else {}


def answered(call: Entry) -> Values:
    """Return what a call was answered."""
    return _values(body_of(call.response))


def environment_of(call: Entry) -> str:
    """Return the address of the server that was called."""
    return f"{call.request.host}{call.request.path}" if call.request else ""


def _values(body: object) -> Values:
    return {name: render(value) for name, value in body.items()} if is_mapping(body) else {}


def _orders(visits: Iterable[Entry]) -> list[Order]:
    """Gather the forms that were sent: what is alike in all is one order, if a fault was at work."""
    alike: defaultdict[object, list[Entry]] = defaultdict(list)
    for visit in visits:
        if visit.request and visit.request.method == "POST":
            alike[_content(visit)].append(visit)
    found: list[Order] = []
    for several in alike.values():
        if any(faults_of(visit) for visit in several):
            found.append(Order(tuple(several)))
        else:
            found += [Order((visit,)) for visit in several]
    return found


def _content(visit: Entry) -> object:
    assert visit.request is not None, "only sessions are recorded without a request"
    fields = tuple(pair for pair in visit.facts if pair != SUCCEEDED and pair[0] not in (FACT, "title"))
    return visit.step.journey, visit.step.number, visit.request.url, fields


def _first_faults(entries: Iterable[Entry]) -> dict[str, int]:
    """Return by journey the number of the first entry that a fault struck."""
    found: dict[str, int] = {}
    for entry in entries:
        if faults_of(entry):
            found.setdefault(entry.step.journey, entry.number)
    return found
