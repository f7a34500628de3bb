import pytest

from mock_ctrader.wire import Response


@pytest.mark.parametrize(
    ("response", "error", "status", "failed"),
    [
        (Response(201), "", 201, False),
        (Response(399), "", 399, False),
        (Response(400), "", 400, True),
        (None, "connection refused", None, True),
        (None, "", None, False),
    ],
)
def test_failed_means_no_response_or_a_status_of_400_and_above(make_entry, response, error, status, failed):
    """An entry failed when it has an error or a refusing status; a session's act without a response did not."""
    entry = make_entry(response=response, error=error)
    assert (entry.status, entry.failed) == (status, failed)


def test_findings_are_told_apart_by_their_provenance(make_entry, breach, note):
    """Findings against assumed clauses are notes, the others are breaches."""
    entry = make_entry(violations=(note, breach))
    assert entry.notes == (note,)
    assert entry.breaches == (breach,)
