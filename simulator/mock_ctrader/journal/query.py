"""Asking the journal, with answers that explain themselves when they are not what was expected."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import overload

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import NotOne, RequestError, nearest
from mock_ctrader.journal import checks, sequences
from mock_ctrader.journal.contents import Said
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.explaining import Explainer, wanted
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sequences import Item
from mock_ctrader.journal.terms import Term, screen, screen_request
from mock_ctrader.matching.rules import rule
from mock_ctrader.wire import Direction

_CALLS = (Direction.TO_CTRADER, Direction.TO_CRM)


class Selection(Sequence[Entry]):
    """Some entries of a journal, by number. Every condition returns a new selection; none changes this one.

    Rules for values are plain values, which stand for themselves as they are written (``"150.00"`` is 150), or what
    ``mock_ctrader.testing.match`` makes. An object stands for its own keys: what it does not name may be there too.
    """

    def __init__(self, universe: Iterable[Entry], secrets: Secrets, terms: tuple[Term, ...] = ()) -> None:
        self._universe = tuple(universe)
        self._secrets = secrets
        self._terms = terms
        self._found = tuple(entry for entry in self._universe if all(term.holds(entry) for term in terms))

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, index: int | slice) -> Entry | tuple[Entry, ...]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<{len(self)} of {len(self._universe)} entries with {wanted(self._terms)}>"

    # Conditions.

    def where(self, says: str, holds: Callable[[Entry], bool]) -> "Selection":
        """Keep the entries for which a condition holds; ``says`` names it in failures."""
        return self._with(Term(says, holds))

    def calls(self, *ids: str) -> "Selection":
        """Keep the calls of these endpoints, in whichever direction they go; all calls if none is named.

        Raises:
            RequestError: the contract has no such call; the cure names the nearest.
        """
        for each in ids:
            if each not in ENDPOINTS:
                raise RequestError(f"there is no call '{each}'.", cure=nearest(each, list(ENDPOINTS)))
        return self.endpoint(*ids) if ids else self.where("a call", lambda entry: entry.direction in _CALLS)

    def endpoint(self, *ids: str) -> "Selection":
        """Keep the exchanges of these endpoints: calls, and screens by their kind."""
        return self.where(f"endpoint {' or '.join(ids)}{self._advice(ids)}", lambda entry: entry.endpoint in ids)

    def direction(self, direction: Direction) -> "Selection":
        """Keep the exchanges that went this way."""
        return self.where(f"direction {direction}", lambda entry: entry.direction is direction)

    def journey(self, name: str) -> "Selection":
        """Keep the exchanges of a journey."""
        return self._with(Term(f"journey '{name}'", lambda entry: entry.step.journey == name, scope=True))

    def step(self, number: int) -> "Selection":
        """Keep the exchanges of a journey's step."""
        return self.where(f"step {number}", lambda entry: entry.step.number == number)

    def device(self, name: str) -> "Selection":
        """Keep the exchanges of a device."""
        return self._with(Term(f"device '{name}'", lambda entry: entry.step.device == name, scope=True))

    def after(self, number: int) -> "Selection":
        """Keep the exchanges with a greater number."""
        return self.where(f"a number after {number}", lambda entry: entry.number > number)

    def between(self, first: int | str, last: int | str) -> "Selection":
        """Keep the exchanges from ``first`` to ``last``, both included.

        A text is a journey's step, by its title or its number (``"4"``): from the first exchange of the one to the
        last exchange of the other, be they of a journey or not. A number is that of an entry.

        Raises:
            RequestError: nothing was recorded in such a step.
        """
        start, stop = self._numbers(first)[0], self._numbers(last)[-1]
        named = any(isinstance(end, str) for end in (first, last))
        told = f" ('{first}' to '{last}')" if named else ""
        says = f"a number from {start} to {stop}{told}"
        return self.where(says, lambda entry: start <= entry.number <= stop)

    def status(self, code: int) -> "Selection":
        """Keep the exchanges that were answered with a status."""
        return self.where(f"status {code}", lambda entry: entry.status == code)

    def violating(self) -> "Selection":
        """Keep the exchanges that broke a clause which a source states; mere notes do not count."""
        return self.where("a violation", lambda entry: bool(entry.breaches))

    def with_json(self, rules: object) -> "Selection":
        """Keep the exchanges whose request has a body, JSON or XML, that keeps these rules."""
        return self._with(screen(Said.JSON, rule(rules), self._secrets))

    def with_query(self, rules: Mapping[str, object]) -> "Selection":
        """Keep the exchanges whose query has these parameters."""
        return self._with(screen(Said.QUERY, rule(rules), self._secrets))

    def with_form(self, rules: Mapping[str, object]) -> "Selection":
        """Keep the exchanges that sent these form fields: a browser from a page, or a call in its body."""
        return self._with(screen(Said.FORM, rule(rules), self._secrets))

    def with_header(self, name: str, expected: object) -> "Selection":
        """Keep the exchanges whose request has such a header, whatever the case of its name."""
        return self._with(screen(Said.HEADER, rule({name.lower(): expected}), self._secrets))

    def with_answer(self, rules: object) -> "Selection":
        """Keep the exchanges whose answer has a body, JSON or XML, that keeps these rules."""
        return self._with(screen(Said.ANSWER, rule(rules), self._secrets))

    def with_request(self, rules: Mapping[str, object]) -> "Selection":
        """Keep the exchanges whose request says this: in its body, or in its query where it has no body."""
        return self._with(screen_request(rule(rules), self._secrets))

    # Assertions.

    def one(self) -> Entry:
        """Return the only entry.

        Raises:
            NotOne: there is none, or there are several.
        """
        if len(self._found) != 1:
            raise NotOne(self.explain("exactly one entry"))
        return self._found[0]

    def first(self) -> Entry:
        """Return the entry with the lowest number.

        Raises:
            NotOne: there is none.
        """
        if not self._found:
            raise NotOne(self.explain("an entry"))
        return self._found[0]

    def last(self) -> Entry:
        """Return the entry with the highest number.

        Raises:
            NotOne: there is none.
        """
        if not self._found:
            raise NotOne(self.explain("an entry"))
        return self._found[-1]

    def times(self, count: int) -> "Selection":
        """Make sure that there are so many entries, and return them.

        Raises:
            NotOne: there are more, or fewer.
        """
        if len(self._found) != count:
            raise NotOne(self.explain(f"{count} {'entry' if count == 1 else 'entries'}"))
        return self

    def never(self, *ids: str) -> None:
        """Make sure that none of these calls was made; without any, that the selection is empty.

        Raises:
            NotOne: there are some.
            RequestError: the contract has no such call.
        """
        unwanted = self.calls(*ids) if ids else self
        if unwanted:
            raise NotOne(unwanted.explain("no entry"))

    def sequence(self, *items: Item) -> tuple[Entry, ...]:
        """Return entries of these endpoints that came in this order; others may have come between them.

        An item is an endpoint, or one with rules for what its request says: ``("create_user", {"email": ...})``.

        Raises:
            NotOne: one did not come behind those before it.
        """
        return sequences.sequence(self, items)

    def in_order(self, *ids: str) -> None:
        """Make sure that the entries are those of these endpoints, in this order, and no others.

        Raises:
            NotOne: they are not.
        """
        problem = sequences.disorder(self, ids)
        if problem:
            raise NotOne(problem + Explainer(self._universe, (), self._secrets).listed(self._found))

    def no_violations(self) -> None:
        """Make sure that no exchange broke a clause which a source states; mere notes do not count.

        Raises:
            NotOne: some did; each is listed with its clauses.
        """
        checks.no_violations(self._found, self._secrets)

    def one_time_token_used_once(self) -> tuple[Entry, ...]:
        """Make sure that each application exchanged the token of its success URL, once, before its in-app screens.

        Returns the exchanges. Looks at calls, screens and sessions: ask a selection that holds them all.

        Raises:
            NotOne: no application came with a token, one was not exchanged or more than once, another token was
                exchanged, the CRM refused, or a screen such as the deposit was opened before.
        """
        return checks.one_time_token_used_once(self._found, self._secrets)

    def tokens_used_once(self) -> None:
        """Make sure that no one-time token was issued twice, and none was taken twice, in either direction.

        Raises:
            NotOne: one was; its exchanges are listed.
        """
        checks.tokens_used_once(self._found, self._secrets)

    def explain(self, expected: str) -> str:
        """Say what there is in place of what was expected (``exactly one entry``); secrets are masked."""
        return Explainer(self._universe, self._terms, self._secrets).found(expected, self._found)

    def _with(self, term: Term) -> "Selection":
        return Selection(self._universe, self._secrets, (*self._terms, term))

    def _advice(self, ids: tuple[str, ...]) -> str:
        """Say what was probably meant, where an endpoint never occurred."""
        seen = sorted({entry.endpoint for entry in self._universe if entry.endpoint})
        missing = [each for each in ids if each not in seen]
        return f" ({nearest(missing[0], seen)})" if missing and seen else ""

    def _numbers(self, end: int | str) -> list[int]:
        """Return the numbers of a step's entries, within the journey and device that were asked for."""
        if isinstance(end, int):
            return [end]
        scope = [entry for entry in self._universe if all(term.holds(entry) for term in self._terms if term.scope)]
        return sequences.numbers_of_step(scope, end)
