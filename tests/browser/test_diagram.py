"""The sequence diagram by itself, in a real browser: who reads is not moved, whatever comes at the same moment."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

pytestmark = [pytest.mark.asyncio(loop_scope="session")]
SETTING = """
const { Diagram } = await import("/_mock/static/diagram.js");
const place = Object.assign(document.createElement("div"), { style: "height: 200px; overflow: auto" });
document.body.append(place);
const diagram = new Diagram(place);
const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
const come = (first, count, endpoint = "a") => diagram.append(Array.from({ length: count }, (_, at) => ({
  number: first + at, from: "app", to: "crm", endpoint, target: "/", journey: "", step: 0, moment: 0, status: 200 })));
come(1, 60);
await frames();
const goUp = async () => { place.scrollTop = 0; await frames(); };
const numbers = () => [...place.querySelectorAll(".number")].map((one) => Number(one.textContent.slice(1)));
const pending = () => { const button = place.querySelector(".newer"); return button.hidden ? "" : button.textContent; };
"""
Run = Callable[[str], Awaitable[Any]]


@pytest_asyncio.fixture(loop_scope="session")
async def run(simulator, look) -> Run:
    """Runs a script with a diagram of sixty exchanges."""
    page = await look(simulator.link())
    return lambda script: page.evaluate(f"async () => {{ {SETTING} {script} }}")


async def test_a_reader_stays_where_exchanges_come_in_the_same_frame(run):
    """Who has just scrolled up is not moved by what comes before the browser has told of it."""
    script = "place.scrollTop = 0; come(61, 3); await frames(); return [place.scrollTop, pending(), numbers().at(-1)];"
    assert await run(script) == [0, "3 new ↓", 60]


async def test_a_reader_is_not_moved_by_what_a_filter_leaves_out(run):
    """An exchange that is not shown is no reason to go to the end."""
    script = """diagram.show((row) => row.endpoint === "a"); await frames(); await goUp();
    come(61, 3, "b"); await frames(); return [place.scrollTop, pending(), numbers().at(-1)];"""
    assert await run(script) == [0, "", 60]


async def test_another_filter_is_shown_though_exchanges_come_with_it(run):
    """What was chosen is drawn from its end, and with what came in the same frame."""
    script = """await goUp(); diagram.show((row) => row.number > 50); come(61, 3); await frames();
    return [pending(), numbers()[0], numbers().at(-1)];"""
    assert await run(script) == ["", 51, 63]


async def test_what_follows_on_nothing_is_shown(run):
    """Where all was forgotten while the reader stood at the top, nothing new waits to be asked for."""
    script = "await goUp(); diagram.clear(); come(1, 3); await frames(); return [pending(), numbers()];"
    assert await run(script) == ["", [1, 2, 3]]
