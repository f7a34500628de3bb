"""Judging what a CRM said in the API tests: from attempts to judgements, by what the documentation demands."""

from collections.abc import Callable

from mock_ctrader.conformance.said import Judgement, Said, broken, kept, untried
from mock_ctrader.contract.reading import Problem, read_json
from mock_ctrader.wire import Provenance, Response, Violation

Judge = Callable[..., Judgement]
"""Is given the attempts that a rule names, in the rule's order."""

SLOW = 3.0
"""Seconds that a call may take. No source has a limit: it is the one that the vendor sets for screens."""


def succeeds(*keys: str) -> Judge:
    """Return a judge: a call is answered with its status, and with these keys."""

    def judge(said: Said) -> Judgement:
        if (lost := _lost(said)) is not None:
            return lost
        answer = said.answer
        assert answer is not None, "somebody answered a call"
        if not answer.succeeded:
            return broken(f"answered {answer.status}")
        breach = next((one for one in answer.violations if _weighs(one)), None)
        if breach is not None:
            return broken(f"{breach.clause}: expected {breach.expected}, got {breach.found}")
        missing = [key for key in keys if said.value(key) in (None, "")]
        return broken(f"the answer has no {' and no '.join(missing)}") if missing else kept(_status(said))

    return judge


def refuses(*statuses: int, inferred: bool = True) -> Judge:
    """Return a judge: a call is refused with one of these statuses; ``inferred``: no test of the list names them."""

    def judge(said: Said) -> Judgement:
        if (lost := _lost(said)) is not None:
            return lost
        status = _response(said).status
        if status in statuses:
            return kept(_status(said))
        wanted = " or ".join(map(str, statuses))
        note = " (the error table's number; the test's own is lost)" if inferred and 400 <= status < 500 else ""
        return broken(f"answered {status}; {wanted} is expected{note}")

    return judge


def is_refused(said: Said) -> Judgement:
    """Judge that a call is refused, whatever the number."""
    if (lost := _lost(said)) is not None:
        return lost
    status = _response(said).status
    return kept(_status(said)) if 400 <= status < 500 else broken(f"answered {status}")


def keeps_back(*keys: str) -> Judge:
    """Return a judge: an answer that ought to be a refusal holds none of these keys."""

    def judge(said: Said) -> Judgement:
        if said.response is None:
            return untried(f"no answer came: {said.error}")
        held = read_json(said.response.body)
        told = [] if isinstance(held, Problem) else [key for key in keys if key in held]
        return broken(f"the answer holds {' and '.join(told)}") if told else kept()

    return judge


def names_user(said: Said) -> Judgement:
    """Judge that the answer names the user whom the token was made for."""
    found = said.value("userId")
    if found is None:
        return untried("the answer names no user")
    return kept() if found == said.user_id else broken("the answer names another user")


def is_number(said: Said) -> Judgement:
    """Judge that ``userId`` is a number, as the contract has it."""
    answer = said.answer
    if answer is None or not answer.succeeded:
        return untried("there is no answer to look at")
    wrong = [one for one in answer.violations if one.clause.endswith(".userId")]
    return broken(f"expected {wrong[0].expected}, got {wrong[0].found}") if wrong else kept()


def differ(key: str) -> Judge:
    """Return a judge: no two attempts brought the same token."""

    def judge(*several: Said) -> Judgement:
        tokens = [said.issued(key) for said in several]
        if not all(tokens):
            return untried("not every attempt brought a token")
        return (
            kept(f"{len(tokens)} of {len(tokens)}")
            if len(set(tokens)) == len(tokens)
            else broken("the same token came twice")
        )

    return judge


def brings_token(said: Said) -> Judgement:
    """Judge that a login ended on the success page, with a token."""
    if said.error:
        return broken(said.error)
    return kept() if said.token else broken("the success page was reached without a token")


def in_time(*several: Said) -> Judgement:
    """Judge how long the slowest of several calls took."""
    slowest = max(said.seconds for said in several)
    told = f"{slowest:.2f} s"
    return kept(told) if slowest <= SLOW else broken(f"{told}; more than {SLOW:g} s")


def _weighs(violation: Violation) -> bool:
    """Tell what makes an answer unfit; a number that came as text has a condition of its own."""
    return violation.provenance is not Provenance.ASSUMED and not violation.clause.endswith(".userId")


def _lost(said: Said) -> Judgement | None:
    return None if said.response is not None else broken(f"no answer came: {said.error}")


def _response(said: Said) -> Response:
    assert said.response is not None, "somebody answered"
    return said.response


def _status(said: Said) -> str:
    return f"answered {_response(said).status}"
