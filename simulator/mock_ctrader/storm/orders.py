"""Invariants about what people order: an account, money in, money out."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from mock_ctrader.journal.entry import Entry
from mock_ctrader.storm.breach import Breach
from mock_ctrader.storm.story import SUCCEEDED, Story, asked, environment_of, is_unheard

_MONEY = ("change_balance", "change_bonus")
_EFFECTS = (*_MONEY, "create_user", "create_ctid", "create_trader")
_WEBHOOKS = ("attribution_webhook", "new_user_webhook")
Key = Callable[[Entry], object]


def one_account_per_order(story: Story) -> Iterator[Breach]:
    """Find accounts that were opened once more for one form, or behind the back of whoever sent it."""
    for first, again in _repeated(story, ("create_trader",), _wanted):
        yield Breach("an account was opened for this order, and then the same once more", (first, again))


def paid_once(story: Story) -> Iterator[Breach]:
    """Find payments that were made once more for one form, or under the same ``externalId``."""
    for first, again in _repeated(story, _MONEY, _wanted):
        yield Breach("the balance was changed for this order, and then by the same amount once more", (first, again))


def money_as_told(story: Story) -> Iterator[Breach]:
    """Find payments that the CRM calls made or refused, where the plant knows otherwise."""
    for visits in _by_step(story.visits("deposit", "withdraw")):
        start, end = visits[0], visits[-1]
        moved = [call for call in story.done("change_balance") if _is_behind(call, start)]
        if any(SUCCEEDED in visit.facts for visit in visits):
            if not moved:
                yield Breach("the success URL was reached, and no balance was changed", tuple(visits))
        elif (end.status or 0) >= 400 and story.is_calm(end):
            for call in moved:
                if call.step.number == start.step.number:
                    yield Breach("the payment was refused on the page, and the balance was changed", (end, call))


def account_has_link(story: Story) -> Iterator[Breach]:
    """Find accounts that the CRM calls open and that no user can see."""
    links = story.done("link_trader")
    for visits in _by_step(story.visits("login", "account")):
        if not any(SUCCEEDED in visit.facts for visit in visits):
            continue
        opened = [call for call in story.done("create_trader") if _is_within(call, visits)]
        if opened and not any(_is_behind(link, opened[0]) for link in links):
            yield Breach("the success URL was reached, and no account was linked to the user", tuple(opened))


def webhook_has_one_effect(story: Story) -> Iterator[Breach]:
    """Find webhooks with the same ids that did more than one of them alone."""
    same: defaultdict[object, list[Entry]] = defaultdict(list)
    for hook in story.done(*_WEBHOOKS):
        same[hook.step.journey, hook.endpoint, _written(asked(hook))].append(hook)
    for hooks in same.values():
        effects: defaultdict[object, list[Entry]] = defaultdict(list)
        for call in story.done(*_EFFECTS) if len(hooks) > 1 else ():
            if any(_is_behind(call, hook) and call.number <= hook.last for hook in hooks):
                effects[call.endpoint, _wanted(call)].append(call)
        for calls in effects.values():
            if len(calls) > 1:
                yield Breach("the same webhook came again and had its effect again", (*hooks, *calls))


def _repeated(story: Story, endpoints: Sequence[str], key: Key) -> Iterator[tuple[Entry, Entry]]:
    """Yield calls that were carried out, each with a later one that does the same for the same matter.

    Calls that belong to no journey are left out: nobody can tell whose they are.
    """
    alike: defaultdict[object, list[Entry]] = defaultdict(list)
    for call in story.done(*endpoints):
        if call.step.journey:
            alike[call.step.journey, call.endpoint, key(call)].append(call)
    for calls in alike.values():
        for place, again in enumerate(calls):
            first = next((one for one in calls[:place] if _is_same_matter(story, one, again)), None)
            if first is not None:
                yield first, again


def _is_same_matter(story: Story, first: Entry, again: Entry) -> bool:
    order = story.order_of(again)
    if order is not None and order.is_doubled and order.led_to(first):
        return True
    if not is_unheard(first):  # to do the same twice on purpose is the CRM's right
        return False
    same_id = asked(first).get("externalId") or None
    return order is None or order.led_to(first) or same_id == asked(again).get("externalId", "")


def _wanted(call: Entry) -> object:
    """Return what a call is to do, without what a second try of the same would say otherwise."""
    said = {
        name: value for name, value in asked(call).items() if name not in ("hashedPassword", "externalId", "comment")
    }
    return environment_of(call), _written(said)


def _written(said: object) -> str:
    return json.dumps(said, sort_keys=True)


def _by_step(visits: Iterable[Entry]) -> Iterator[list[Entry]]:
    found: defaultdict[object, list[Entry]] = defaultdict(list)
    for visit in visits:
        found[visit.step.journey, visit.step.number, visit.step.device].append(visit)
    yield from found.values()


def _is_behind(call: Entry, start: Entry) -> bool:
    return call.step.journey == start.step.journey and call.number > start.number


def _is_within(call: Entry, visits: Sequence[Entry]) -> bool:
    return _is_behind(call, visits[0]) and call.number <= visits[-1].last
