"""What is played where: pure planning, without a simulator."""

import pytest

from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RequestError, SettingsError
from mock_ctrader.runtime import matrix
from mock_ctrader.runtime.matrix import Cell, Choice, Tally
from mock_ctrader.scenario import PLATFORMS, Scenario, load

SIGN_UP = """
scenario: sign-up
purpose: A trader signs up.
actors: {trader: {platform: iOS}, partner: }
variables: {currency: EUR}
steps:
  - {do: launch, actor: trader}
  - {do: sign up, actor: trader}
"""
KYC = """
scenario: verify
purpose: A trader is verified on a telephone, some time after.
platforms: [Android, iOS]
editions: ["2025", "2026"]
actors: {trader: }
steps:
  - do: launch
  - {do: let pass, with: {time: 61s}}
  - do: pass kyc
"""


def read(text: str) -> Scenario:
    return load(text, source="my.yaml", endpoints=())


def planned(choice: Choice, *texts: str, edition: EditionName = "2026", without: str = "") -> list[Cell]:
    journeys = [(scenario.name, scenario) for scenario in map(read, texts)]
    modules = {module for _, scenario in journeys for module in scenario.needs} - {without}
    return matrix.plan(journeys, choice, edition, modules)


def test_without_a_matrix_each_journey_is_played_once_as_it_is_written() -> None:
    """Platforms are the file's own, the edition is the plant's."""
    first, second = planned(Choice(), SIGN_UP, KYC, edition="2025")
    assert (first.journey, first.platform, first.edition, first.overrides) == ("sign-up", "", "2025", {})
    assert first.scenario.actors["trader"].platform == "iOS"
    assert (second.journey, second.obstacle) == ("verify", "")


def test_a_matrix_goes_over_all_platforms_and_the_plant_s_edition() -> None:
    """Journey by journey, platform by platform; what is not for a platform is told."""
    cells = planned(Choice(every=True), SIGN_UP, KYC)
    assert [cell.platform for cell in cells] == [*PLATFORMS, *PLATFORMS]
    assert {cell.edition for cell in cells} == {"2026"}
    assert [cell.obstacle for cell in cells if cell.journey == "sign-up"] == [""] * 5
    no = "it is for Android, iOS only"
    assert [cell.obstacle for cell in cells if cell.journey == "verify"] == [no, "", "", no, no]


def test_all_actors_are_put_on_the_platform_save_those_that_are_set() -> None:
    """`--set` goes before `--platform`."""
    choice = Choice(platforms=("Web",), overrides={"partner.platform": "MacOS", "currency": "USD"})
    (cell,) = planned(choice, SIGN_UP)
    assert {name: actor.platform for name, actor in cell.scenario.actors.items()} == {
        "trader": "Web",
        "partner": "MacOS",
    }
    assert cell.scenario.variables["currency"] == "USD"


def test_editions_come_one_after_the_other_in_their_order() -> None:
    """A plant speaks one at a time: what is played side by side is of one edition."""
    choice = Choice(every=True, platforms=("Web", "iOS"), editions=("2026", "2023"))
    cells = planned(choice, KYC)
    assert [[cell.edition for cell in group] for group in matrix.by_edition(cells)] == [["2023"] * 2, ["2026"] * 2]
    assert [cell.obstacle for cell in cells if cell.platform == "iOS"] == ["it is for edition 2025, 2026 only", ""]


def test_a_journey_that_needs_what_the_crm_lacks_is_left_out() -> None:
    """The module is named; without the steps that need it, the journey is played."""
    (cell,) = planned(Choice(), KYC, without="kyc")
    assert cell.obstacle == "the CRM has no kyc"
    (shorter,) = planned(Choice(skip=("pass kyc",)), KYC, without="kyc")
    assert (shorter.obstacle, len(shorter.scenario.steps), shorter.skip) == ("", 2, ("pass kyc",))


def test_a_step_that_is_in_one_journey_only_cannot_be_left_out_of_all() -> None:
    """Nobody guesses which journey was meant."""
    with pytest.raises(SettingsError, match="The scenario 'sign-up' has no step 'pass kyc'"):
        planned(Choice(skip=("pass kyc",)), KYC, SIGN_UP)


def test_what_goes_wrong_goes_wrong_in_every_cell() -> None:
    """`--fault`, behind what the scenario says; a rule that is none is told."""
    cells = planned(Choice(every=True, faults=("lost-answer:create_user",)), SIGN_UP)
    assert {str(rule) for cell in cells for rule in cell.scenario.faults} == {"lost-answer:create_user"}
    assert {cell.faults for cell in cells} == {("lost-answer:create_user",)}
    with pytest.raises(RequestError, match="Did you mean 'lost-answer'"):
        planned(Choice(faults=("lost-anwser",)), SIGN_UP)


def test_rows_of_the_same_journey_stay_apart() -> None:
    """Who names a journey twice sees two rows."""
    cells = planned(Choice(every=True, platforms=("Web", "iOS")), SIGN_UP, SIGN_UP)
    assert [len(row) for row in matrix.rows(cells)] == [2, 2]


def test_reasons_are_gathered() -> None:
    """One reason for each journey, however many cells it stands in."""
    cells = planned(Choice(every=True), SIGN_UP, KYC)
    assert {reason: len(left) for reason, left in matrix.not_applicable(cells).items()} == {
        ("verify", "it is for Android, iOS only"): 3
    }


def test_the_time_that_journeys_let_pass_is_known_beforehand() -> None:
    """Of those that are played, each time that they are; what takes no time is not told."""
    cells = planned(Choice(every=True), SIGN_UP, KYC)
    assert matrix.waiting(cells) == {"verify": (61.0, 2)}
    assert matrix.waiting(planned(Choice(), SIGN_UP, KYC, without="kyc")) == {}


def test_nobody_waits_for_days_unasked() -> None:
    """What lets more than ten minutes pass is left out with its reason; what is left out anyway keeps its own."""
    cells = planned(Choice(every=True), SIGN_UP, KYC, KYC.replace("61s", "30d"))
    kept = matrix.without_long_waits(cells)
    assert [cell.scenario for cell in kept] == [cell.scenario for cell in cells]
    assert [cell.obstacle for cell in kept[:10]] == [cell.obstacle for cell in cells[:10]]
    waits, fits_not = "it lets 30 d pass; name it to wait so long, or see --clock", "it is for Android, iOS only"
    assert [cell.obstacle for cell in kept[10:]] == [
        waits if platform in ("Android", "iOS") else fits_not for platform in PLATFORMS
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1.5, "1.5 s"), (61, "61 s"), (300, "5 min"), (5400, "90 min"), (7200, "2 h"), (2592000, "30 d")],
)
def test_times_are_written_in_the_unit_that_reads_best(seconds: float, told: str) -> None:
    """Nobody counts thirty days in seconds."""
    assert matrix.in_words(seconds) == told


@pytest.mark.parametrize(("seconds", "told"), [(41.3, "41 s"), (0.83, "0.8 s")])
def test_the_tally_is_one_line(seconds: float, told: str) -> None:
    """What a script looks for in the output."""
    assert Tally(175, 0, 12).in_words(seconds) == f"175 passed, 0 failed, 12 not applicable in {told}"
