"""Positions, symbols and deposit assets, asked for as a broker's CRM does."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from mock_ctrader.contract import times, xml
from mock_ctrader.contract.grids import columns_of
from mock_ctrader.contract.models.market import OBSERVED_ORDER, ClosedPosition, OpenPosition
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.positions import Costs, close_position, open_position, set_price

OPEN = ("GET", "/v2/webserv/openPositions")
CLOSED = ("GET", "/v2/webserv/closedPositions")
SYMBOLS = ("GET", "/v2/webserv/symbols")
ASSETS = ("GET", "/v2/webserv/depositAssets")
LOGIN = 8673590
OTHER = 9017800
DAY = 86_400_000
SYMBOLS_EXAMPLE = (
    '{"symbol":[{"name":"EURUSD","id":1,"description":"EUR to USD","assetClass":"forex","category":"majors",'
    '"quotesEnabled":true,"showInCtrader":false},{"name":"BTCUSD","id":2,"description":"BTC to USD",'
    '"assetClass":"crypto","category":"majors","quotesEnabled":true,"showInCtrader":true},{"name":"XAUUSD","id":3,'
    '"description":"Gold","assetClass":"commodities","category":"metals","quotesEnabled":false,"showInCtrader":false}]}'
)
"""WebServices 6.1."""
AXIOS = (("Accept", "application/json, text/plain, */*"),)


@pytest.fixture
def market(backend):
    """Two accounts with ten thousand euros each, and a way to trade for them."""
    for login in (LOGIN, OTHER):
        backend.plant.traders[login].balance = 1_000_000

    def buy(login, volume="1000", price="1.1", costs=None, moment=backend.now):
        execution = open_position(
            backend.plant, login, "EURUSD", "BUY", Decimal(volume), Decimal(price), moment, costs=costs
        )
        return execution.position.position_id

    backend.buy = buy
    backend.close = lambda number, price="1.2", volume=None, moment=backend.now: close_position(
        backend.plant, number, volume and Decimal(volume), Decimal(price), moment
    )
    return backend


def asked(backend, call, query="", **more):
    return backend.ask(*call, query=f"{query}&token={backend.token}", **more).response


def span(backend, start, end):
    return f"from={times.write(backend.now + start)}&to={times.write(backend.now + end)}"


def rows(response):
    return list(csv.DictReader(io.StringIO(response.body.decode(), newline="")))


def test_an_open_position_is_a_row(market):
    """WebServices 4.12: every column of the sample, in its form."""
    costs = Costs(commission=Decimal("1.69"), swap=Decimal("2.54"), book="BOOK_A")
    number = market.buy(LOGIN, price="1.18657", costs=costs)
    response = asked(market, OPEN, headers=AXIOS)
    assert (response.status, response.header("Content-Type")) == (200, "text/csv;charset=UTF-8")
    assert response.body.decode().split("\r\n") == [
        ",".join(columns_of(OpenPosition)),
        f"8673590,{number},2026-01-05T09:00:00.000,1.18657,BUY,1000.00,EURUSD,1.69,2.54,BOOK_A,0.00,false,10.79",
        "",
    ]


def test_a_closed_position_is_a_row_for_each_deal(market):
    """WebServices 4.13: the position repeats, in the order that real answers were seen to have."""
    number = market.buy(LOGIN, moment=market.now - 700 * DAY)
    deals = [market.close(number, volume="400"), market.close(number, "1.05")]
    response = asked(market, CLOSED, span(market, -DAY, DAY), headers=())
    header, first, second, end = response.body.decode().split("\r\n")
    assert (response.status, response.header("Content-Type"), end) == (200, "text/csv;charset=UTF-8", "")
    assert header == ",".join(OBSERVED_ORDER)
    assert first == (
        f"8673590,{number},2024-02-05T09:00:00.000,2026-01-05T09:00:00.000,1.2,BUY,400.00,EURUSD,0.00,0.00,36.36,1,1.2,"
        f"BOOK_B,0.00,false,1.1,{deals[0].deal_id}"
    )
    assert second.split(",")[4:11] == ["1.05", "BUY", "600.00", "EURUSD", "0.00", "0.00", "-27.27"]


def test_the_documented_order_is_a_setting(market):
    """The same row with its columns as the documentation has them."""
    market.close(market.buy(LOGIN))
    observed = asked(market, CLOSED, span(market, 0, 1), headers=())
    market.plant.options = Options(closed_positions_order="documented")
    documented = asked(market, CLOSED, span(market, 0, 1), headers=())
    assert documented.body.decode().startswith(",".join(columns_of(ClosedPosition)) + "\r\n")
    assert rows(documented) == rows(observed)


@pytest.mark.parametrize("call", [OPEN, CLOSED], ids=lambda call: call[1])
def test_the_array_holds_what_the_rows_do(market, call):
    """Numbers and booleans stand without quotes, none is null: a client cannot read the array otherwise."""
    number = market.buy(LOGIN)
    market.close(number, volume="1")
    query = span(market, 0, 1)
    [row] = json.loads(asked(market, call, query).body, parse_float=Decimal)
    [line] = rows(asked(market, call, query, headers=()))
    written = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in row.items()}
    assert written == line
    assert (row["login"], row["positionId"], row["spreadBetting"]) == (LOGIN, number, False)


@pytest.mark.parametrize("call", [OPEN, CLOSED], ids=lambda call: call[1])
def test_nothing_to_show_is_a_header(market, call):
    """A client takes an empty body for a failure."""
    query = span(market, 0, 1)
    assert asked(market, call, query, headers=AXIOS).body.count(b"\r\n") == 1
    assert asked(market, call, f"{query}&login={LOGIN}").body == b"[]"


@pytest.mark.parametrize("call", [OPEN, CLOSED], ids=lambda call: call[1])
def test_one_account_may_be_asked_for(market, call):
    """Without one it is all of the address's environment that the manager reaches."""
    for login in (LOGIN, OTHER):
        market.close(market.buy(login), volume="1")
    query = span(market, 0, 1)

    def logins(more="", **where):
        return [row["login"] for row in json.loads(asked(market, call, query + more, **where).body)]

    assert logins() == [LOGIN, OTHER]
    assert logins(f"&login={OTHER}") == [OTHER]
    assert logins(environment="live") == []
    market.plant.traders[OTHER].group = "newGroup"
    market.plant.managers[2309].groups = frozenset({"Default"})
    assert logins() == [LOGIN]
    assert asked(market, call, f"{query}&login={OTHER}").status == 403


@pytest.mark.parametrize("call", [OPEN, CLOSED], ids=lambda call: call[1])
@pytest.mark.parametrize(("login", "environment"), [(1, "demo"), (LOGIN, "live")])
def test_an_unknown_account_is_refused(market, call, login, environment):
    """One of another environment is unknown too."""
    response = asked(market, call, f"{span(market, 0, 1)}&login={login}", environment=environment)
    assert (response.status, response.body.decode().partition(":")[0]) == (400, "TRADER_NOT_FOUND")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("from=2026-01-05T09:00:00.000&to=2026-01-05T09:00:00.001", 1),
        ("from=2026-01-05T09:00:00.000Z&to=2026-01-05T09:00:00.001Z", 1),
        ("from=2026-01-05T09%3A00%3A00.000&to=2026-01-05T09%3A00%3A00.001", 1),
        ("from=2026-01-03T09:00:00.001&to=2026-01-05T09:00:00.001", 1),
        ("from=2026-01-05T09:00:00.000&to=2026-01-05T09:00:00.000", 0),
        ("from=2026-01-05T08:00:00.000&to=2026-01-05T09:00:00.000", 0),
        ("from=2026-01-05T09:00:00.001&to=2026-01-06T09:00:00.000", 0),
    ],
)
def test_a_span_is_of_the_moment_of_closing(market, written, found):
    """The first moment counts in, the second out; clients send a trailing Z and percent-encoded colons."""
    market.close(market.buy(LOGIN, moment=market.now - DAY))
    assert len(json.loads(asked(market, CLOSED, written).body)) == found


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("to=2026-01-05T09:00:00.000", "from: expected text, got nothing"),
        ("from=2026-01-05T09:00:00.000", "to: expected text, got nothing"),
        ("from=yesterday&to=2026-01-05T09:00:00.000", "from: expected a time"),
        ("from=2026-01-05T09:00:00.000&to=1767603600000", "to: expected a time"),
        ("from=2026-01-03T09:00:00.000&to=2026-01-05T09:00:00.001", "to: expected a time at most two days after from"),
        ("from=2026-01-05T09:00:00.001&to=2026-01-05T09:00:00.000", "to: expected a time at most two days after from"),
        ("from=2026-01-05T09:00:00.000&to=2026-01-05T09:00:00.000&login=me", "login: expected an integer"),
    ],
)
def test_a_span_is_two_days_at_most(market, written, key):
    """WebServices 4.13: what is wrong with it is named (that an end before the start is refused is assumed)."""
    response = asked(market, CLOSED, written)
    assert response.status == 400
    assert response.body.decode().startswith(f"INVALID_REQUEST: {key}")


def test_symbols_are_listed_as_in_the_example(backend):
    """WebServices 6.1: the first three are the example's, word for word."""
    listed = json.loads(asked(backend, SYMBOLS).body)
    assert {"symbol": listed["symbol"][:3]} == json.loads(SYMBOLS_EXAMPLE)


def test_a_symbol_without_a_description_has_no_such_key(backend):
    """It is optional, and never null (WebServices 6.1)."""
    backend.plant.symbols["EURUSD"] = replace(backend.plant.symbols["EURUSD"], description=None)
    assert "description" not in json.loads(asked(backend, SYMBOLS).body)["symbol"][0]


def test_deposit_assets_are_listed(backend):
    """WebServices 6.2: an array of names, with those of the example."""
    listed = json.loads(asked(backend, ASSETS).body)
    assert set(listed) == {"depositAsset"}
    assert listed["depositAsset"][:3] == ["EUR", "USD", "GBP"]
    assert listed["depositAsset"] == list(backend.plant.currencies)


@pytest.mark.parametrize(("call", "element"), [(SYMBOLS, "symbol"), (ASSETS, "depositAsset")])
def test_lists_are_repeated_elements_in_xml(backend, call, element):
    """For callers that do not name JSON, as everywhere under this path."""
    response = asked(backend, call, headers=())
    assert response.header("Content-Type") == "application/xml;charset=UTF-8"
    assert len(xml.read(response.body)[element]) > 3


@pytest.mark.parametrize("call", [OPEN, CLOSED, SYMBOLS, ASSETS], ids=lambda call: call[1])
def test_nobody_is_told_without_a_token(backend, call):
    """As with every call."""
    assert backend.ask(*call, query="").response.status == 401


def test_an_account_shows_what_its_positions_are_worth(market):
    """WebServices, section 3: equity and margin follow the price, and the day's extremes are kept."""
    market.buy(LOGIN)
    for price in ("0.99", "1.21"):
        set_price(market.plant, "EURUSD", Decimal(price), market.now)
    shown = json.loads(market.ask("GET", f"/v2/webserv/traders/{LOGIN}").response.body)
    keys = ("balance", "equity", "cashEquity", "usedMargin", "freeMargin", "minEquityDaily", "maxEquityDaily")
    assert [shown[key] for key in keys] == [1_000_000, 1_010_000, 1_010_000, 1_000, 1_009_000, 990_000, 1_010_000]
    assert market.ask("GET", f"/v2/webserv/traders/{OTHER}").response.status == 200


def test_a_withdrawal_leaves_what_positions_need(market):
    """WebServices 4.7: too little money, or open positions with a loss, unless the check is skipped."""
    market.buy(LOGIN, "90000")
    set_price(market.plant, "EURUSD", Decimal("1.089"), market.now)
    path = f"/v2/webserv/traders/{LOGIN}/changebalance"
    body = {"login": LOGIN, "preciseAmount": 8200.01, "type": "WITHDRAW"}
    refused = market.ask("POST", path, body).response
    assert (refused.status, refused.body.decode().partition(":")[0]) == (400, "NOT_ENOUGH_MONEY")
    assert market.ask("POST", path, {**body, "preciseAmount": 8200}).response.status == 200
    assert market.ask("POST", path, {**body, "skipMarginCheck": True}).response.status == 200
