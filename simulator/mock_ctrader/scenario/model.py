"""A scenario as a value: who plays, what they do, and what is to come of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from mock_ctrader.faults import Rule
from mock_ctrader.matching.rendering import render
from mock_ctrader.matching.rules import Matcher
from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.scenario.references import Scalar, references
from mock_ctrader.scenario.vocabulary import (
    ACCOUNT,
    APPLICATION,
    EDITIONS,
    IDENTITIES,
    MODULE_OF,
    PAGE,
    PLATFORMS,
    SCREEN,
    WITHIN,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with one cTrader application on one device."""

    name: str
    platform: str = "Web"
    keep_logged_in: bool = True
    """What the person ticks on the CRM's forms, unless a step says otherwise."""
    language: str = "en"
    theme: str = "light"
    persona: Mapping[str, str] = field(default_factory=dict[str, str])
    """Facts that were set from outside, by name: ``email``, ``country`` ...; the others are invented."""
    person: str = ""
    """The actor that this one is the same person as, on another device; blank: a person of its own."""
    identity: str = IDENTITIES[0]
    """Who keeps the login, one of ``vocabulary.IDENTITIES``."""
    campaign: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is known of the advertisement that brought the person, by ``vocabulary.CAMPAIGN_KEYS``."""


@dataclass(frozen=True, slots=True)
class CallExpectation:
    """A call that is to be made, in either direction; parts that are ``None`` may be anything."""

    endpoint: str
    status: Matcher | None = None
    request: Matcher | None = None
    query: Matcher | None = None
    answer: Matcher | None = None


@dataclass(frozen=True, slots=True)
class ScreenExpectation:
    """A screen that is to be opened."""

    kind: str | None
    """``None``: no screen is to be opened."""
    query: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to come of a step; whatever is ``None`` may be anything."""

    calls: tuple[CallExpectation, ...] | None = None
    """These calls, in this order, with others between them; an empty tuple: no call at all."""
    never: tuple[str, ...] = ()
    """Endpoints that are not to be called in the step."""
    screen: ScreenExpectation | None = None
    session: str | None = None
    """One of ``vocabulary.SESSIONS``."""
    stored_token: bool | None = None
    """Whether the application keeps a long-term token on its device."""
    refused: Matcher | None = None
    """What the CRM's page is to say when it does not take the form; ``None``: it is to take it."""
    account: Matcher | None = None
    """The actor's current trading account."""
    application: Matcher | None = None
    """What the application shows and knows: ``ribbons``, ``accounts``, ``language`` ..."""
    page: Matcher | None = None
    """The page in the actor's browser."""

    def matchers(self) -> Iterator[Matcher]:
        """Yield every rule for a value that there is."""
        calls = ((call.status, call.request, call.query, call.answer) for call in self.calls or ())
        query = self.screen.query if self.screen else None
        parts = (*chain.from_iterable(calls), query, self.refused, self.account, self.application, self.page)
        yield from (part for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Capture:
    """A value that later steps refer to by a name."""

    name: str
    path: tuple[str, ...]
    """``create_trader answer login``, ``screen login query partnerId``, ``account balance``, ``page links invite``."""

    def __str__(self) -> str:
        return f"{self.name}: {'.'.join(self.path)}"


_NO_CALLS = frozenset({ACCOUNT, APPLICATION, PAGE, SCREEN})
"""What a capture begins with that is not of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What both kinds of step have."""

    number: int
    """From 1."""
    line: int
    """Where the step begins in its file."""
    title: str
    """Its name, else its verb, else what it waits for."""
    actor: str
    expectation: Expectation = field(default_factory=Expectation)
    eventually: Expectation | None = None
    """What is to come true ``within`` seconds after the step was done and ``expectation`` was met."""
    within: float = WITHIN
    """Seconds to wait for the call of a wait step, and for ``eventually``."""
    captures: tuple[Capture, ...] = ()
    source: str = ""
    """The file that it stands in, where that is another than the scenario's."""
    expects_something: bool = field(init=False, repr=False, compare=False)
    """Whether it has an ``expectation`` that can be unmet."""
    looks_into_calls: bool = field(init=False, repr=False, compare=False)
    """Whether it asks for more of a call than that it was made, and how it was answered."""
    looks_at_application: bool = field(init=False, repr=False, compare=False)
    """Whether it asks for what the application shows, beside its session."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "expects_something", self.expectation != Expectation())
        wanted = [one for one in (self.expectation, self.eventually) if one]
        taken = {capture.path[0] for capture in self.captures}
        calls = [call for one in wanted for call in one.calls or ()]
        into = any(part is not None for call in calls for part in (call.request, call.query, call.answer))
        object.__setattr__(self, "looks_into_calls", into or not taken <= _NO_CALLS)
        shown = any(one.application is not None for one in wanted)
        object.__setattr__(self, "looks_at_application", shown or APPLICATION in taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep(Step):
    """An actor does something."""

    verb: Verb
    arguments: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    """By name, references not yet filled in; verbs in ``vocabulary.FREE_VERBS`` have names of the CRM's own too."""
    may_fail: bool = False
    """Whether the journey goes on where the step cannot be done or brings something else than expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStep(Step):
    """A call, in either direction, is waited for."""

    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One journey, ready to be played."""

    name: str
    purpose: str
    follows: str = ""
    """The part of the vendor's documentation that it plays."""
    source: str
    """Where it was read from: it stands in front of every message."""
    variables: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    actors: Mapping[str, Actor]
    steps: tuple[ActionStep | WaitStep, ...]
    """Numbered from 1; numbers are missing where steps were left out from outside."""
    modules: frozenset[str] = frozenset()
    """What the file says that the CRM must have, of ``vocabulary.MODULES``; see ``needs``."""
    platforms: tuple[str, ...] = PLATFORMS
    """Where the journey applies."""
    editions: tuple[str, ...] = EDITIONS
    faults: tuple[Rule, ...] = ()
    """What is to go wrong while it is played."""
    invariants: tuple[str, ...] = ()
    """What is to hold over all that was said meanwhile, of ``vocabulary.INVARIANTS``."""

    @property
    def needs(self) -> frozenset[str]:
        """Modules that the CRM must have: those that the file names, and those that its steps imply."""
        implied = (_module(step, self.actors) for step in self.steps if isinstance(step, ActionStep))
        return self.modules.union(module for module in implied if module)

    @property
    def waiting(self) -> float:
        """Seconds that all ``let pass`` steps take together; those that refer to a value do not count."""
        return sum(_pause(step) for step in self.steps if isinstance(step, ActionStep) and step.verb is Verb.LET_PASS)

    def step(self, number: int) -> ActionStep | WaitStep:
        """Return the step of a number.

        Raises:
            LookupError: there is none, or it was left out.
        """
        for step in self.steps:
            if step.number == number:
                return step
        raise LookupError(f"{self.name} has no step {number}")

    def place(self, step: Step) -> str:
        """Return file, line and step for a message: ``sign-up.yaml, line 12, step 3 (open account)``."""
        return f"{step.source or self.source}, line {step.line}, step {step.number} ({step.title})"


_AUTHENTICATING = (Verb.LAUNCH, Verb.OPEN_LINK, Verb.SIGN_UP, Verb.LOG_IN)


def _module(step: ActionStep, actors: Mapping[str, Actor]) -> str | None:
    """Return the module that a step needs, whether the file says so or not."""
    if step.verb in _AUTHENTICATING:
        return actors[step.actor].identity
    if step.verb is Verb.OPEN_EMBEDDED and step.arguments.get("page") == "copy":
        return "copy"
    return MODULE_OF.get(step.verb)


def _pause(step: ActionStep) -> float:
    time = render(step.arguments["time"])
    return 0.0 if references(time) else seconds_of(time)
