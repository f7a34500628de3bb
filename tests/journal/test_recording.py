"""Recordings: written and read again, of every version, whole or not."""

import json

import pytest

from mock_ctrader.errors import RecordingError
from mock_ctrader.journal import document
from mock_ctrader.journal.recording import VERSION, Header, Recording, from_lines, of_journal, to_lines, with_header
from mock_ctrader.wire import Request, Response


@pytest.fixture
def recording(journal, make_entry) -> Recording:
    """Three exchanges with a secret, a body that is no text, and half of a character pair."""
    headers = (("Content-Type", "application/json"), ("Authorization", "Bearer n1ghtingale"))
    request = Request("POST", "/v2/webserv/traders", "token=n1ghtingale", headers, b'{"name": "Ann \xe2\x80\xa8"}')
    journal.record(make_entry(journal.begin(), request=request))
    journal.record(make_entry(journal.begin(), response=Response(200, (), b"\xff\x00"), facts=(("a", "\ud800"),)))
    journal.record(make_entry(journal.begin(), request=None, response=None, error="no route"))
    return of_journal(document(journal, journal.secrets, plant="sandbox"), program="mock-ctrader 0.0")


def test_what_is_written_can_be_read_again(recording):
    """A header that counts, then one exchange a line; nothing is lost but what no file can hold."""
    text = to_lines(recording)
    header, *lines = text.split("\n")[:-1]
    assert json.loads(header)["exchanges"] == len(lines) == 3
    assert "n1ghtingale" not in text
    again = from_lines(text.encode(), "it")
    assert again.exchanges[0] == recording.exchanges[0]
    assert again.exchanges[1].facts == [("a", "?")]
    assert again.exchanges[2].status is None
    assert again.header.program == "mock-ctrader 0.0"


def test_a_header_is_found_whatever_its_letters(recording):
    """Header names have no case."""
    request = recording.exchanges[0].request
    assert request.header("content-TYPE") == "application/json"
    assert request.header("Cookie") == ""


def test_the_first_version_is_read(journal, make_entry):
    """It is the one document that the admin API gives."""
    journal.record(make_entry(journal.begin()))
    written = document(journal, journal.secrets, plant="sandbox")
    read = from_lines(json.dumps(written, indent=2).encode(), "it")
    assert read.header == Header(plant="sandbox", exchanges=1)
    assert read.exchanges[0].endpoint == "create_trader"


def test_a_file_with_a_byte_order_mark_is_read(recording):
    """Some editors write one."""
    assert len(from_lines(b"\xef\xbb\xbf" + to_lines(recording).encode(), "it").exchanges) == 3


@pytest.mark.parametrize("kept", range(1, 40))
def test_a_file_that_is_cut_off_says_how_much_is_whole(recording, kept):
    """Wherever it is cut off: in the middle of a line or between two."""
    text = to_lines(recording).encode()
    start = text.index(b"\n") + 1
    cut = text[: start + (len(text) - start - 2) * kept // 40]
    whole = sum(1 for line in cut.split(b"\n")[1:] if line.endswith(b"}") and _is_json(line))
    with pytest.raises(RecordingError) as failure:
        from_lines(cut, "it")
    assert f"it: is cut off: {whole} of 3 exchanges are whole. Record or export it again." in str(failure.value)
    mended = cut.split(b"\n")[: whole + 1]
    mended[0] = mended[0].replace(b'"exchanges":3', b'"exchanges":%d' % whole)
    assert len(from_lines(b"\n".join(mended), "it").exchanges) == whole


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


HEADER = json.dumps({"format": "mock-ctrader recording", "version": VERSION, "exchanges": 1})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "its first line is no header"),
        (b"\xff\xfe", "it is not text in UTF-8"),
        (b"[" * 100_000, "its first line is no header"),
        (b'{"log": {}}', "its first line is no header. Name a file that `run --record`"),
        (b'{"format": "x", "version": 1}', "its format is 'x', version 1. Expected 'mock-ctrader recording'"),
        (b'{"format": "mock-ctrader recording", "version": "2"}', "version '2'"),
        (b'{"format": "mock-ctrader recording", "version": 0}', "version 0"),
        (
            b'{"format": "mock-ctrader recording", "version": 99}',
            "is of version 99; this release reads versions 1 to 2",
        ),
        (b'{"format": "mock-ctrader journal", "version": 99, "entries": []}', "Update mock-ctrader."),
        (b'{"entries": []}', "it: is no recording."),
        (b'{"format": "mock-ctrader journal", "version": 1, "entries": 5}', "it: is no recording."),
        (f"{HEADER}\nnonsense\n{{}}\n".encode(), "it, line 2: is no exchange: it is not JSON."),
        (f'{HEADER}\n{{"number": "x"}}\n'.encode(), "it: cannot be read: Expected `int`, got `str`"),
        (f"{HEADER}\n[1]\n".encode(), "it: cannot be read: Expected `object`, got `array`"),
    ],
)
def test_what_is_no_recording_is_told(data, message):
    """One message, with the file's name and what to do."""
    with pytest.raises(RecordingError) as failure:
        from_lines(data, "it")
    assert message in str(failure.value)


def test_the_header_counts(recording):
    """Whoever changes a recording need not count."""
    fewer = Recording(header=recording.header, exchanges=recording.exchanges[:1])
    assert with_header(fewer, plant="x").header.exchanges == 1
