import json
from decimal import Decimal

import pytest

from mock_ctrader.contract.answering import answer
from mock_ctrader.contract.calls.market import CLOSED_POSITIONS, OPEN_POSITIONS
from mock_ctrader.contract.grids import Grid, columns_of, to_csv, to_json, wants_json
from mock_ctrader.contract.models.market import OBSERVED_ORDER, ClosedPosition, OpenPosition
from mock_ctrader.wire import Request

OPEN_SAMPLE = (
    "login,positionId,openTimestamp,entryPrice,direction,volume,symbol,commission,swap,bookType,stake,spreadBetting,"
    "usedMargin\r\n"
    "9013206,4325443,2020-08-28T05:35:37.682,1.18657,BUY,1000.00,EURUSD,1.69,2.54,BOOK_B,0.00,false,0.01\r\n"
    "9013197,4325446,2020-08-28T05:35:38.015,1.18656,BUY,1000.00,EURUSD,1.69,2.54,BOOK_B,0.00,false,0.01\r\n"
)
"""WebServices 4.12."""
CLOSED_SAMPLE = (
    "login,positionId,dealId,openTimestamp,closeTimestamp,entryPrice,closePrice,direction,volume,symbol,commission,"
    "swap,pnl,depositConversionRate,usdConversionRate,bookType,stake,spreadBetting\r\n"
    "9013206,6101,4690813,2018-03-19T13:44:21.224,2020-01-02T09:01:53.613,0.69999,0.70132,BUY,1000.00,AUD/USD,0.01,"
    "142.74,76.17,0.96911,0.70132,BOOK_B,0.00,false\r\n"
    "9013197,13313,5690189,2018-08-30T12:15:29.154,2020-01-02T09:01:54.748,1.32315,1.32214,BUY,1000.00,GBPUSD,0.00,"
    "25.83,44.79,0.96911,1.32214,BOOK_B,0.00,false\r\n"
)
"""WebServices 4.13, in the documented order."""
OPEN = tuple(
    OpenPosition(
        login=login,
        position_id=number,
        open_timestamp=opened,
        entry_price=Decimal(price),
        direction="BUY",
        volume=Decimal("1000.00"),
        symbol="EURUSD",
        commission=Decimal("1.69"),
        swap=Decimal("2.54"),
        book_type="BOOK_B",
        stake=Decimal("0.00"),
        spread_betting=False,
        used_margin=Decimal("0.01"),
    )
    for login, number, opened, price in (
        (9013206, 4325443, "2020-08-28T05:35:37.682", "1.18657"),
        (9013197, 4325446, "2020-08-28T05:35:38.015", "1.18656"),
    )
)
CLOSED = tuple(
    ClosedPosition(
        login=login,
        position_id=position,
        deal_id=deal,
        open_timestamp=opened,
        close_timestamp=closed,
        entry_price=Decimal(entry),
        close_price=Decimal(close),
        direction="BUY",
        volume=Decimal("1000.00"),
        symbol=symbol,
        commission=Decimal(commission),
        swap=Decimal(swap),
        pnl=Decimal(pnl),
        deposit_conversion_rate=Decimal("0.96911"),
        usd_conversion_rate=Decimal(close),
        book_type="BOOK_B",
        stake=Decimal("0.00"),
        spread_betting=False,
    )
    for login, position, deal, opened, closed, entry, close, symbol, commission, swap, pnl in (
        (
            *(9013206, 6101, 4690813, "2018-03-19T13:44:21.224", "2020-01-02T09:01:53.613"),
            *("0.69999", "0.70132", "AUD/USD", "0.01", "142.74", "76.17"),
        ),
        (
            *(9013197, 13313, 5690189, "2018-08-30T12:15:29.154", "2020-01-02T09:01:54.748"),
            *("1.32315", "1.32214", "GBPUSD", "0.00", "25.83", "44.79"),
        ),
    )
)


@pytest.mark.parametrize(("section", "rows", "sample"), [("4.12", OPEN, OPEN_SAMPLE), ("4.13", CLOSED, CLOSED_SAMPLE)])
def test_a_grid_is_written_as_the_sample_is(section, rows, sample):
    """Byte for byte, with a line end behind the last row too (the line ends are assumed)."""
    assert to_csv(Grid(columns_of(type(rows[0])), rows)).decode() == sample, f"WebServices {section}"


def test_the_observed_order_holds_the_same_columns():
    """WebServices 4.13: clients read the entry price and the deal as the last two."""
    assert sorted(OBSERVED_ORDER) == sorted(columns_of(ClosedPosition))
    header, row, *_ = to_csv(Grid(OBSERVED_ORDER, CLOSED)).decode().split("\r\n")
    assert header.split(",")[:5] == ["login", "positionId", "openTimestamp", "closeTimestamp", "closePrice"]
    assert row.endswith(",false,0.69999,4690813")


@pytest.mark.parametrize("columns", [columns_of(ClosedPosition), OBSERVED_ORDER])
def test_the_array_has_the_columns_as_keys(columns):
    """Numbers and booleans stand without quotes, whatever the order (WebServices 4.12)."""
    first, second = json.loads(to_json(Grid(columns, CLOSED)), parse_float=Decimal)
    assert list(first) == list(columns)
    assert (first["login"], first["volume"], first["spreadBetting"]) == (9013206, Decimal("1000.00"), False)
    assert (second["pnl"], second["symbol"], second["direction"]) == (Decimal("44.79"), "GBPUSD", "BUY")


@pytest.mark.parametrize(
    ("number", "written"), [("0E-8", "0.00000000"), ("1E+3", "1000"), ("1E-8", "0.00000001"), ("-0.50", "-0.50")]
)
def test_a_number_is_written_plain(number, written):
    """No exponent, which many readers of CSV do not know; in JSON it is the same number."""
    grid = Grid(("volume",), [_with_volume(Decimal(number))])
    assert to_csv(grid) == f"volume\r\n{written}\r\n".encode()
    assert json.loads(to_json(grid), parse_float=Decimal) == [{"volume": Decimal(number)}]


def test_a_text_with_a_comma_is_quoted():
    """A symbol may have any name."""
    assert to_csv(Grid(("symbol", "login"), [_with_volume(Decimal(1), symbol='a,"b"')])) == (
        b'symbol,login\r\n"a,""b""",9013206\r\n'
    )


def test_an_empty_grid_has_a_header():
    """A client takes an empty body for a failure (WebServices 4.12)."""
    assert to_csv(Grid(OBSERVED_ORDER, ())).decode() == ",".join(OBSERVED_ORDER) + "\r\n"
    assert to_json(Grid(OBSERVED_ORDER, ())) == b"[]"


@pytest.mark.parametrize(
    ("accept", "array"),
    [
        ("application/json", True),
        (" Application/JSON ", True),
        ("application/json, text/plain, */*", False),
        ("application/json;charset=utf-8", False),
        ("text/csv", False),
        ("*/*", False),
        ("", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("endpoint", [OPEN_POSITIONS, CLOSED_POSITIONS], ids=lambda endpoint: endpoint.id)
def test_the_array_is_for_those_who_take_nothing_else(endpoint, accept, array):
    """A library that lists JSON among others was seen to be answered with CSV (contract, section 6)."""
    assert wants_json(accept) is array
    headers = () if accept is None else (("Accept", accept),)
    response = answer(endpoint, Grid(columns_of(OpenPosition), OPEN), Request("GET", "/", headers=headers))
    assert response.status == 200
    kind = "application/json" if array else "text/csv"
    assert response.header("Content-Type") == f"{kind};charset=UTF-8"
    assert response.body[:6] == (b'[{"log' if array else b"login,")


def _with_volume(volume, symbol="EURUSD"):
    columns = {name: getattr(OPEN[0], name) for name in OpenPosition.__struct_fields__}
    return OpenPosition(**{**columns, "volume": volume, "symbol": symbol})
