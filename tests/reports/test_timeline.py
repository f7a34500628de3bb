from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_ctrader.journal import Secrets, Step
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import Counts, closing_line, summary, timeline
from mock_ctrader.wire import Direction, Provenance, Request, Response, Violation

START = 1_767_603_600_000


@pytest.fixture
def journey(make_entry, breach, note):
    login, opening = Step("sign-up", 1, "log in", "Web"), Step("sign-up", 2, "open account")
    return [
        make_entry(
            1,
            last=2,
            moment=START,
            duration=0.5,
            step=login,
            direction=Direction.SCREEN,
            endpoint="login",
            request=Request("GET", "/auth/login", "firstLogin=true"),
            response=Response(200),
        ),
        make_entry(
            2,
            moment=START + 20,
            duration=0.0124,
            step=login,
            direction=Direction.TO_CRM,
            endpoint="exchange_ot_token",
            request=Request("POST", "/oauth2/onetime/authorize", "crmApiToken=abcdefghijk"),
            response=Response(404),
            violations=(note, breach),
        ),
        make_entry(
            3,
            moment=START + 1_203,
            duration=None,
            step=opening,
            direction=Direction.SESSION,
            endpoint="authorise",
            request=None,
            response=None,
            facts=(("userId", "12345678"), ("accessToken", "xyz")),
        ),
        make_entry(
            4, moment=START + 1_300, duration=120.4, step=opening, endpoint="", response=None, error="no answer"
        ),
        make_entry(5, moment=START - 9, duration=0, response=Response(204), endpoint="update_manager_attributes"),
    ]


def test_a_wide_terminal_shows_a_table(journey, secrets):
    """A heading for each step, then who called whom, what, where, with what result, and how long it took."""
    assert plain(timeline(journey, secrets, width=104)).splitlines() == [
        "sign-up",
        "1  log in  (Web)",
        "       +0  screen -> CRM   login                      GET /auth/login?firstLogin=true      200    500 ms",
        "      +20  cTrader -> CRM    exchange_ot_token        POST /oauth2/onetime/authorize?...   404     12 ms",
        "           violation: create_trader.request.groupName: expected a string, found 12 (documented, edition",
        "           2025, 3.2)",
        "           note: create_trader.response.status: expected 201, found 200 (assumed)",
        "2  open account",
        "    +1203  app -> cTrader  authorise                  userId=12345678 ...en=[accessToken]    -         -",
        "    +1300  CRM -> cTrader  (unmatched)                POST /v2/webserv/traders             err     120 s",
        "           error: no answer",
        "outside of a journey",
        "       +0  CRM -> cTrader  update_manager_attributes  POST /v2/webserv/traders             204      0 ms",
    ]


def test_a_narrow_terminal_shows_two_lines_each(journey, secrets):
    """Nothing is left out but the middle of long names."""
    assert plain(timeline(journey[:2], secrets, width=60, unicode=True)).splitlines() == [
        "1  log in  (Web)",
        "      +0 screen → CRM   login",
        "         GET /auth/login?firstLogin=true       200    500 ms",
        "     +20 cTrader → CRM    exchange_ot_token",
        "         POST /oauth2/onetime/authorize?…      404     12 ms",
        "           violation: create_trader.request.groupName:",
        "           expected a string, found 12 (documented, edition",
        "           2025, 3.2)",
        "           note: create_trader.response.status: expected",
        "           201, found 200 (assumed)",
    ]


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", range(40, 161))
def test_no_line_is_longer_than_the_width(journey, secrets, width, unicode):
    """Nothing wraps, and without Unicode nothing but ASCII is printed."""
    text = plain(timeline(journey, secrets, width=width, unicode=unicode))
    assert max(map(len, text.splitlines())) <= width
    assert text.isascii() is not unicode


@settings(deadline=None)
@given(
    st.integers(40, 160),
    st.booleans(),
    st.text(max_size=200),
    st.integers(0, 2**45),
    st.floats(0, 1e6),
    st.integers(0, 999),
)
def test_no_text_of_a_peer_breaks_the_lines(make_entry, width, unicode, text, moment, duration, status):
    """Long, strange and hostile texts are shortened, wrapped and cleaned."""
    common = {
        "endpoint": text,
        "duration": duration,
        "step": Step(text, 1, text, text),
        "error": text,
        "response": Response(status),
        "violations": (Violation(text, text, text, Provenance.OBSERVED, text),),
    }
    entries = [
        make_entry(1, moment=0, request=Request(text, f"/{text}", text), **common),
        make_entry(2, moment=moment, request=None, facts=((text, text),), **common),
    ]
    for line in timeline(entries, Secrets(), width=width, unicode=unicode):
        printed = "".join(span.text for span in line)
        assert len(printed) <= width
        assert printed.isprintable()


def test_a_terminal_that_is_too_narrow_is_served_as_the_narrowest(journey, secrets):
    """Below forty columns there is nothing left to shorten."""
    assert timeline(journey, secrets, width=1) == timeline(journey, secrets, width=40)


def test_calls_made_while_a_screen_is_open_are_indented(make_entry, secrets):
    """They belong to the screen that caused them: same journey, begun before it ended, however fast all that was."""
    one, other = Step("one", 1, "a"), Step("other", 1, "a")
    screen = {"direction": Direction.SCREEN, "endpoint": "deposit"}
    entries = [
        make_entry(1, step=one, last=3, **screen),
        make_entry(2, step=one),
        make_entry(3, step=one),
        make_entry(4, step=one),
        make_entry(5, step=one, last=6, **screen),
        make_entry(6, step=other),
        make_entry(7, step=other, last=7, **screen),
        make_entry(8, step=other),
    ]
    table = plain(timeline(entries, secrets, width=120)).splitlines()
    rows = [line[27:] for line in table if "->" in line]
    assert [row.startswith("  ") for row in rows] == [False, True, True, False, False, False, False, False]


def test_headings_follow_the_journey(make_entry, secrets):
    """A heading stands wherever journey or step changes, and a journey's own clock starts at its first exchange."""
    steps = [Step("a", 1, "x"), Step("a", 1, "x"), Step("b", 1, "x"), Step("a", 2, "y"), Step("a")]
    entries = [make_entry(number, step=step) for number, step in enumerate(steps, 1)]
    text = plain(timeline(entries, secrets, width=80)).splitlines()
    assert [line.split("  CRM")[0].strip() for line in text] == [
        "a", "1  x", "+0", "+1000", "b", "1  x", "+0", "a", "2  y", "+3000", "+4000",
    ]  # fmt: skip


def test_roles_tell_success_from_failure(journey, secrets):
    """Whoever gives colours needs to look at nothing but the role."""
    spans = [span for line in timeline(journey, secrets, width=120) for span in line]
    roles = {span.text.strip(): span.role for span in spans}
    assert [roles[status] for status in ("200", "404", "err", "204")] == ["ok", "failed", "failed", "ok"]
    assert all(first.role != second.role for first, second in pairwise(spans) if "->" in first.text)


def test_a_summary_counts_what_happened(journey):
    """Screens are told apart from exchanges, notes from violations."""
    assert summary(journey) == Counts(exchanges=4, screens=1, violations=1, notes=1, failures=2)
    assert summary([]) == Counts()


@pytest.mark.parametrize(
    ("counts", "line", "roles"),
    [
        (Counts(12, 1, 0, 1, 0), "12 exchanges, 1 screen, no violations, 1 note, no failures\n", ["ok", "note", "ok"]),
        (
            Counts(1, 0, 2, 0, 3),
            "1 exchange, no screens, 2 violations, no notes, 3 failures\n",
            ["violation", "dim", "failed"],
        ),
    ],
)
def test_the_closing_line_says_it_in_words(counts, line, roles):
    """One line at the end of a run."""
    spans = closing_line(counts)
    assert plain([spans]) == line
    assert [span.role for span in spans[4::2]] == roles


def test_a_fault_that_struck_is_told(make_entry, secrets):
    """On a line of its own, below the exchange; it is no part of what is known of a session's act."""
    struck = (("fault", "lost-answer"),)
    call = make_entry(1, facts=struck, response=Response(201))
    act = make_entry(2, direction=Direction.SESSION, endpoint="close", request=None, response=None, facts=struck)
    told = plain(timeline([call, act], secrets, width=100)).splitlines()
    assert [line.strip() for line in told if "fault" in line] == ["fault: lost-answer"] * 2
