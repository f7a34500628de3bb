"""The pytest plugin, in suites of its own."""

import pytest

from support import CRM_CONFTEST


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error")
    pytester.makeconftest(CRM_CONFTEST)
    return pytester


def test_the_plugin_imports_nothing_until_it_is_used(suite: pytest.Pytester) -> None:
    """A suite that never asks for a simulator pays nothing for the plugin."""
    suite.makeconftest("")
    suite.makepyfile(
        """
        import sys

        def test_nothing_is_imported():
            assert [name for name in sys.modules if name.split(".")[0] == "mock_ctrader"] == []
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_failed_journey_explains_itself(suite: pytest.Pytester) -> None:
    """The assertion shows the reason, of which pytest cuts nothing out, and the timeline follows."""
    suite.makefile(
        ".yaml",
        wrong="""
            scenario: wrong
            purpose: It expects what cannot be.
            actors: {trader: }
            steps:
              - do: launch
                expect: {session: open}
        """,
    )
    suite.makepyfile(
        """
        def test_it(ctrader, crm_url):
            journey = ctrader.play("wrong.yaml", crm=crm_url)
            assert "(trader)" in str(journey)
            assert journey.passed, journey
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: <journey FAILED: wrong.yaml, line * step 1 (launch): failed *session: expected *open*>",
            "* cTrader: plant 'sandbox', seed *",
            "*launch*(trader)*",
        ]
    )


def test_an_address_leaves_the_rest_of_the_settings_as_it_is(suite: pytest.Pytester) -> None:
    """A journey that is given the CRM's address alone finds its screens where the settings file has them."""
    suite.makefile(".toml", **{"mock-ctrader": '[crm.screens]\nlogin = "/elsewhere"'})
    suite.makepyfile(
        """
        def test_it(ctrader, crm_url):
            journey = ctrader.play("sign-up", crm=crm_url)
            assert f"{crm_url}/elsewhere" in journey.failure
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


def test_settings_can_be_overridden(suite: pytest.Pytester) -> None:
    """A suite sets what it needs in one fixture of its own."""
    suite.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def ctrader_settings():
            from mock_ctrader.testing import Settings

            return Settings(port=0, seed=11)
        """
    )
    suite.makepyfile(
        """
        def test_it(ctrader):
            assert ctrader.seed == 11
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.slow
def test_it_works_in_asynchronous_suites_and_in_parallel(suite: pytest.Pytester) -> None:
    """The simulator has a loop of its own: nobody's loop is borrowed, and every worker has its simulator."""
    suite.makepyfile(
        """
        import asyncio
        import pytest

        @pytest.mark.asyncio
        @pytest.mark.parametrize("number", range(4))
        async def test_it(ctrader, crm_url, number):
            journey = await asyncio.to_thread(ctrader.play, "sign-up", crm=crm_url)
            assert journey.passed, journey
        """
    )
    suite.runpytest_subprocess("-n", "2").assert_outcomes(passed=4)
