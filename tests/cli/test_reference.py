"""The contract, printed and written: `mock-ctrader contract` and `mock-ctrader openapi`."""

import json
from pathlib import Path

import openapi_spec_validator
import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from support_programs import Command


@pytest.mark.parametrize("columns", [40, 80, 140, 200])
def test_every_call_is_listed_in_any_width(command: Command, columns: int) -> None:
    """A table where there is room for one; no line is wider than the terminal."""
    result = command("contract", columns=columns)
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    shown = {line.split(" ")[0] for line in lines}
    assert set(ENDPOINTS) <= shown
    assert lines[0].strip() == "Calls that the broker makes to cTrader"
    assert "Calls that cTrader makes to the CRM" in lines


def test_the_list_says_how_sure_each_call_is(command: Command) -> None:
    """Method, path, status, edition, provenance, and what in it is assumed."""
    lines = command("contract", columns=200).stdout.splitlines()
    row = next(line for line in lines if line.startswith("create_trader "))
    assert row.split() == ["create_trader", "POST", "/v2/webserv/traders", "201", "2023", "documented", "status"]
    hook = next(line for line in lines if line.startswith("attribution_webhook "))
    assert "(the broker's own URL)" in hook


@pytest.mark.parametrize("columns", [40, 120])
def test_a_call_is_told_in_full(command: Command, columns: int) -> None:
    """Parameters, keys with types, codes with statuses, the source."""
    result = command("contract", "change_balance", "set_partner", columns=columns)
    assert result.returncode == 0
    assert max(map(len, result.stdout.splitlines())) <= columns
    letters = "".join(result.stdout.split())  # where lines are broken makes no difference
    for expected in (
        "POST /v2/webserv/traders/{login}/changebalance",
        "200, application/xml, or with Accept: application/json",
        "query: token",
        "WebServices, 4.7",
        "documented; assumed: skipMarginCheck",
        "login in the path; required",
        "preciseAmount decimal number; required",
        "comment text",
        "balanceHistoryId integer",
        "429 REQUEST_FREQUENCY_EXCEEDED",
        "or PUT /v2/oauth2/ctid/setReferral",
        "userId integer; may be missing",
    ):
        assert expected.replace(" ", "") in letters


def test_a_call_without_errors_and_bodies_is_told_too(command: Command) -> None:
    """No heading stands over nothing."""
    lines = command("contract", "new_user_webhook", "read_trader").stdout.splitlines()
    first, second = lines[: lines.index("")], lines[lines.index("") + 1 :]
    assert "Errors" not in first
    assert "Answer" not in first
    assert "Body" not in second


def test_programs_get_json(command: Command) -> None:
    """Of every call, or of those named; in the order asked for."""
    everything = json.loads(command("contract", "--json").stdout)
    assert [call["id"] for call in everything] == list(ENDPOINTS)
    some = json.loads(command("contract", "--json", "link_trader", "crm_logout").stdout)
    assert [call["id"] for call in some] == ["link_trader", "crm_logout"]
    assert {"name": "traderLogin", "kind": "integer", "required": True} in some[0]["body"]
    assert some[0]["errors"]["401"] == ["NOT_ENOUGH_RIGHTS"]


def test_an_unknown_call_names_the_nearest(command: Command) -> None:
    """Whoever mistypes an id is helped."""
    result = command("contract", "read_trader", "chagne_balance")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "mock-ctrader: there is no call 'chagne_balance'. Did you mean 'change_balance'?\n"


@pytest.mark.parametrize(("side", "operation"), [("backend", "create_trader"), ("crm", "exchange_ot_token")])
def test_the_contract_is_written_as_openapi(command: Command, tmp_path: Path, side: str, operation: str) -> None:
    """Printed, or written to a file: the same valid document."""
    printed = command("openapi", "--side", side)
    assert printed.returncode == 0
    document = json.loads(printed.stdout)
    openapi_spec_validator.validate(document)
    served = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    assert operation in served
    written = command("openapi", "--side", side, "--output", "contract.json")
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "contract.json").read_text(encoding="utf-8") == printed.stdout


def test_the_document_speaks_of_the_addresses_that_are_set(command: Command) -> None:
    """Flags and settings reach it."""
    backend = json.loads(command("openapi", "--tls", "--port", "9000", "--host", "::1").stdout)
    assert backend["servers"][0]["url"] == "https://[::1]:9000"
    crm = json.loads(
        command(
            "openapi", "--side", "crm", "--crm", "https://crm.example.com/area", MOCK_CTRADER_CRM_PREFIX="/cid"
        ).stdout
    )
    assert crm["servers"][0]["url"] == "https://crm.example.com/area"
    assert "/cid/oauth2/crmApiToken" in crm["paths"]


def test_the_document_follows_the_default_plant(command: Command, tmp_path: Path) -> None:
    """An older edition has fewer calls."""
    (tmp_path / "mock-ctrader.toml").write_text('[plants.sandbox]\nedition = "2023"\n')
    paths = json.loads(command("openapi").stdout)["paths"]
    assert "/cid/oauth2/ctid/create" in paths
    assert "/v1/users" not in paths


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--side", "both"], "'both' is not one of 'backend', 'crm'"),
        (["--output", "none/contract.json"], "mock-ctrader: none/contract.json: cannot be written: No such file"),
    ],
)
def test_a_mistake_is_one_message(command: Command, arguments: list[str], message: str) -> None:
    """And exit code 2."""
    result = command("openapi", *arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
