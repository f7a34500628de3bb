"""A scenario as a value: who plays, what they do, and what is to come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_ctrader.scenario.matchers import Matcher
from mock_ctrader.scenario.references import Scalar
from mock_ctrader.scenario.vocabulary import WITHIN, Verb


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


@dataclass(frozen=True, slots=True)
class Capture:
    """A value that later steps refer to by a name."""

    name: str
    path: tuple[str, ...]
    """``create_trader answer login``, ``screen login query partnerId`` or ``account balance``."""

    def __str__(self) -> str:
        return f"{self.name}: {'.'.join(self.path)}"


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
    captures: tuple[Capture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep(Step):
    """An actor does something."""

    verb: Verb
    arguments: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    """By name, references not yet filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStep(Step):
    """A call, in either direction, is waited for."""

    endpoint: str
    within: float = WITHIN
    """Seconds."""


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

    def place(self, step: Step) -> str:
        """Return file, line and step for a message: ``sign-up.yaml, line 12, step 3 (open account)``."""
        return f"{self.source}, line {step.line}, step {step.number} ({step.title})"
