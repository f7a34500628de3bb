"""How the pages that a window visits are entered in the journal."""

from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.forms import PageVisit
from mock_ctrader.runtime.visits import OPENED, Visits


async def test_picture_of_a_page_is_told(simulator):
    """Where a picture was taken its path is a fact of the visit, and where none was there is no such fact."""
    world = simulator.world()
    visits = Visits(world, "login", Step)
    for path in ("screens/0001-login.png", ""):
        with visits(PageVisit("GET", "http://127.0.0.1/auth/login", ())) as visit:
            visit.status, visit.title, visit.screenshot = 200, "Log in", path
    first, second = list(world.journal.select())[-2:]
    assert first.facts == (OPENED, ("title", "Log in"), ("screenshot", "screens/0001-login.png"))
    assert second.facts == (("title", "Log in"),)
