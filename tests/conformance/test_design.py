"""From looks at screens to findings."""

from dataclasses import replace

import msgspec
import pytest

from mock_ctrader.conformance import design, design_languages
from mock_ctrader.conformance.design_checks import checks
from mock_ctrader.conformance.design_plan import CONDITIONS, DESIGN
from mock_ctrader.conformance.design_seen import Measured, Seen
from mock_ctrader.conformance.design_visits import LOGIN, SIGNUP, UNKNOWN, Subject, Visit, subjects, visits_of
from mock_ctrader.conformance.model import Severity, Verdict
from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.screens import Screen

APP = "https://app.example.com"
CRM = "https://crm.example.com/page?lang={}"
WHITE, BLACK = (255, 255, 255, 1), (0, 0, 0, 1)
SAYS = {"en": "Log in, 2 of 3", "es": "Iniciar sesión", UNKNOWN: "Log in, 7 of 3"}
DEPOSIT = Subject("deposit", Screen.DEPOSIT)


def look(visit: Visit, **page: object) -> Seen:
    """Return a look at a page that is as it should be, but for what is given."""
    language = "es" if visit.language == "es" else "en"
    grounds = ((BLACK if visit.theme == "dark" else WHITE,),)
    width = visit.size.look.width
    targets = ({"text": "Back", "x": 0, "y": 0, "width": 90, "height": 40},)
    given = {"language": language, "text": SAYS[visit.language], "grounds": grounds, "seconds": 0.2, "width": width}
    measured = msgspec.convert({**given, "scroll_width": width, "targets": targets, **page}, Measured)
    task = Task.SIGN_UP if visit.subject.first_login else Task.LOG_IN
    return Seen(
        visit=visit,
        url=CRM.format(visit.language),
        status=200,
        page=measured,
        offers=frozenset({task}),
        picture=f"{visit.name}.jpg",
        entry=7,
    )


def looks(*screens: Subject) -> list[Seen]:
    return [look(visit) for one in screens for visit in visits_of(one, ["es"])]


def judged(seen: list[Seen], *only: str, **more: object):
    given = {"unseen": {}, "languages": ["es"], **more}
    return {one.condition: one for one in design.judge(seen, APP, only=only, **given)}


def test_right_pages_keep_every_condition():
    """Pages as they should be pass all that a browser can judge, and the rest is left to people."""
    found = judged(looks(LOGIN, SIGNUP, DEPOSIT))
    left = {one.condition for one in found.values() if one.verdict is not Verdict.PASS}
    assert left == set(design.FOR_PEOPLE)
    assert {one.verdict for one in found.values() if one.condition in left} == {Verdict.NEEDS_A_PERSON}
    assert found["design.sizes.whole"].detail == "Held in 24 looks at 3 screens."


def test_every_condition_is_judged_by_somebody():
    """No condition of the plan is without a judge, and ids begin with their test's."""
    told = {*checks(APP), *design.FOR_PEOPLE, *design.OTHER_BROWSERS.values(), design.RESET}
    assert told == set(CONDITIONS)
    assert all(one.id.startswith(f"{test.id}.") for test in DESIGN for one in test.conditions)
    optional = {"design.language", "design.theme", "design.first-login", "design.language-and-theme"}
    for test in DESIGN:
        if test.id in optional:
            assert {one.severity for one in test.conditions} == {Severity.SHOULD}


def test_fault_is_told_once_with_where_it_is():
    """The same fault of several looks is one sentence, with their number, pictures and entries."""
    seen = [look(one, title="cTrader ID") for one in visits_of(LOGIN, ["es"])]
    found = judged(seen, "design.browsers.ctrader-id")["design.browsers.ctrader-id"]
    assert found.verdict is Verdict.FAIL
    assert found.detail == "login (phone, light, en, 3G) and 7 more: it says 'cTrader ID'."
    assert len(found.screenshots) == len(found.evidence) == 8


def test_many_different_faults_are_counted():
    """Four are told, the rest are a number."""
    seen = [look(one, cut=(f"part {place}",)) for place, one in enumerate(visits_of(LOGIN, ["es"]))]
    found = judged(seen, "design.sizes.whole")["design.sizes.whole"]
    assert found.detail.endswith("; and 4 more.")


def test_assumed_conditions_warn_and_never_fail():
    """What no source states is a warning, and a should stays one when it is strict."""
    seen = [look(Visit(LOGIN), seconds=0.1, language="")]
    for strict in (False, True):
        found = judged(seen, "design.language.declared", strict=strict)
        assert found["design.language.declared"].verdict is Verdict.WARNING


def test_page_that_did_not_open_is_judged_by_that_alone():
    """The condition that pages open fails; those on what the page shows could not be tried."""
    lost = [replace(look(Visit(LOGIN)), problem="it answered 404", picture="", entry=0)]
    found = judged(lost)
    assert found["design.browsers.chromium"].verdict is Verdict.FAIL
    assert found["design.sizes.whole"].verdict is Verdict.SKIPPED
    assert found["design.sizes.whole"].detail == "No screen could be opened."
    assert found["design.browsers.way-back"].verdict is Verdict.NOT_APPLICABLE


def test_screen_nobody_could_look_at_is_not_passed():
    """Where the deposit screen was not seen, its conditions are skipped; those of the login screen are judged."""
    found = judged(looks(LOGIN), unseen={DEPOSIT: "Nobody could be logged in."})
    assert found["design.browsers.way-back"].verdict is Verdict.SKIPPED
    assert found["design.browsers.way-back"].detail == "Not seen: deposit. Nobody could be logged in."
    assert found["design.browsers.chat"].verdict is Verdict.PASS


def test_single_look_is_counted_in_the_singular():
    """One look at one screen."""
    assert judged([look(Visit(LOGIN))], "design.sizes.whole")["design.sizes.whole"].detail == (
        "Held in 1 look at 1 screen."
    )


def test_without_another_language_two_conditions_are_warned_of():
    """The vendor asks for several languages, and does not insist."""
    found = judged([look(Visit(LOGIN))], "design.language", languages=[])
    assert found["design.language.other"].verdict is Verdict.WARNING
    assert found["design.language.english"].verdict is Verdict.PASS


def test_languages_are_found_by_what_is_shown():
    """A language is spoken where it shows other words than one that nobody speaks, or says that it is in it."""
    pages = [look(Visit(LOGIN, language=one)) for one in (UNKNOWN, "es")]
    german = replace(pages[0], visit=Visit(LOGIN, language="de"))
    own = replace(pages[0], visit=Visit(LOGIN, language="fr"), page=Measured(text=SAYS[UNKNOWN], language="fr"))
    lost = replace(pages[1], visit=Visit(LOGIN, language="it"), problem="it answered 500")
    assert design_languages.spoken_in([*pages, german, own, lost]) == ("es", "fr")
    assert design_languages.spoken_in([pages[1]]) == ("es",)


@pytest.mark.parametrize(
    ("condition", "visit", "page", "told"),
    [
        ("language.english", Visit(LOGIN, theme="dark"), {"language": "es"}, "the page says that it is in 'es'"),
        ("language.other", Visit(LOGIN, language="es"), {"text": SAYS["en"]}, "it says the same as in English"),
        ("language.other", Visit(LOGIN, language="es"), {"language": "en-GB"}, "the page says that it is in 'en-GB'"),
        ("language.fallback", Visit(LOGIN, language=UNKNOWN), {"text": "login.title"}, "none of the languages"),
        ("language.fallback", Visit(LOGIN, language=UNKNOWN), {"language": "vo"}, "it is in 'vo'"),
        ("language-and-theme.both", Visit(LOGIN, language="es", theme="dark"), {"grounds": ((WHITE,),)}, "light"),
    ],
)
def test_language_faults_are_told(condition, visit, page, told):
    """Each way of not obeying ``lang`` is named by its condition."""
    seen = [look(visit, **page) if one.visit == visit else one for one in looks(LOGIN)]
    found = judged(seen, f"design.{condition}")[f"design.{condition}"]
    assert found.verdict is Verdict.WARNING
    assert told in found.detail


def test_lost_lang_is_told():
    """An address that has lost or changed its lang is told with what it has."""
    lost = [replace(look(Visit(LOGIN)), url="https://crm.example.com/page")]
    found = judged(lost, "design.language.kept")["design.language.kept"]
    assert "the address has lang none" in found.detail


def test_only_the_looks_that_are_needed_are_wanted():
    """Framing asks for the widest size alone; people want to see everything."""
    visits = list(visits_of(LOGIN, ["es"]))
    assert [one.size.name for one in design.wanted(visits, APP, ["design.browsers.framing"])] == ["16-9"]
    assert design.wanted(visits, APP, [design.RESET]) == []
    assert design.wanted(visits, APP, ["design.browsers.tidy"]) == visits
    assert design.wanted(visits, APP) == visits


def test_everything_is_skipped_without_a_browser():
    """Each condition says why it could not be tried; some of them, if only those are meant."""
    found = design.all_skipped("there is no browser.")
    assert [one.condition for one in found] == list(CONDITIONS)
    assert {(one.verdict, one.detail) for one in found} == {(Verdict.SKIPPED, "there is no browser.")}
    assert [one.condition for one in design.all_skipped("", ["design.reset-password"])] == [design.RESET]
    assert [one.condition for one in design.in_order(reversed(found))] == list(CONDITIONS)


def test_other_browsers_and_the_reset_control_are_judged():
    """A browser beside Chromium is judged by what it opened, the control by what came of pressing it."""
    assert design.judge_browser("firefox", looks(LOGIN)).condition == "design.browsers.firefox"
    lost = [replace(one, problem="it answered 500") for one in looks(LOGIN)]
    assert design.judge_browser("webkit", lost).verdict is Verdict.FAIL
    assert design.judge_reset("").verdict is Verdict.PASS
    assert design.no_reset().verdict is Verdict.NOT_APPLICABLE
    broken = design.judge_reset("no form was found", entry=7, picture="a.jpg")
    assert (broken.verdict, broken.evidence, broken.screenshots) == (Verdict.FAIL, (7,), ("a.jpg",))


def test_screens_are_looked_at_in_every_size_theme_and_language():
    """The login screen is two; each is seen in four sizes, two themes, and every language."""
    held = subjects([Screen.LOGIN, Screen.CHANGE_PASSWORD])
    assert [one.name for one in held] == ["signup", "login", "change-password"]
    assert [one.name for one in subjects([Screen.DEPOSIT])] == ["deposit"]
    visits = list(visits_of(held[0], ["es", "de"]))
    assert {one.size.name for one in visits} == {"phone", "tablet", "4-3", "16-9"}
    assert {(one.theme, one.language) for one in visits} >= {("dark", "en"), ("light", "de"), ("dark", "es")}
    assert str(visits[0]) == "signup (phone, light, en, 3G)"
    assert len({one.name for one in visits}) == len(visits)
