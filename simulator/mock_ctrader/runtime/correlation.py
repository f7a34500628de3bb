"""Whose call is this? An inbound call names a person or an account; that tells which journey it belongs to."""

from collections.abc import Iterable, Mapping
from typing import cast

from mock_ctrader.journal.entry import Step

Subject = tuple[str, str]
"""A kind and a value: ``("email", "ann@example.com")``, ``("userId", "10345533")``."""

_KINDS: Mapping[str, str] = {
    "email": "email",
    "userId": "userId",
    "login": "login",
    "traderLogin": "login",
    "ctidTraderAccountId": "ctidTraderAccountId",
}


def subjects_of(*bodies: Mapping[str, object]) -> list[Subject]:
    """List whom bodies, queries and path parameters speak of; contact details count too."""
    found: list[Subject] = []
    for body in bodies:
        for key, value in body.items():
            if key in _KINDS and isinstance(value, str | int):
                found.append((_KINDS[key], str(value).strip().lower()))
            elif isinstance(value, dict):
                found.extend(subjects_of(cast(dict[str, object], value)))
    return found


class Cast:
    """The journeys that are being played on a plant, and the people and accounts known to be theirs."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._owners: dict[Subject, str] = {}
        self._owned: dict[str, list[Subject]] = {}

    @property
    def is_playing(self) -> bool:
        """Whether any journey is being played, to which a call could belong."""
        return bool(self._steps)

    def set(self, step: Step) -> None:
        """Note where a journey stands now."""
        self._steps[step.journey] = step

    def leave(self, journey: str) -> None:
        """Forget a journey that is over."""
        self._steps.pop(journey, None)
        for subject in self._owned.pop(journey, ()):
            del self._owners[subject]

    def know(self, journey: str, subjects: Iterable[Subject]) -> None:
        """Note that these people and accounts are a journey's, save for those who are another's already."""
        if journey in self._steps:
            for subject in subjects:
                if subject not in self._owners:
                    self._owners[subject] = journey
                    self._owned.setdefault(journey, []).append(subject)

    def step_for(self, subjects: Iterable[Subject]) -> Step:
        """Return the step that a call belongs to: by whom it names, else the only journey there is, else none."""
        named = next((self._owners[subject] for subject in subjects if subject in self._owners), None)
        if named is None and len(self._steps) == 1:
            named = next(iter(self._steps))
        return self._steps.get(named or "", Step())
