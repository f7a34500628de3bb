"""How long people think between two steps, and between two journeys."""

from dataclasses import dataclass

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError, StepFailed
from mock_ctrader.scenario.durations import seconds_of


@dataclass(frozen=True, slots=True)
class Think:
    """Seconds from and to; every length between is as likely as any other."""

    least: float
    most: float

    @classmethod
    def read(cls, text: str) -> "Think":
        """Read ``2s..10s``, or one time as in ``5s``.

        Raises:
            SettingsError: it is neither.
        """
        low, dots, high = text.partition("..")
        try:
            least = _seconds(low)
            most = _seconds(high) if dots else least
        except StepFailed as wrong:
            raise SettingsError(wrong.what, where="--think", cure="As in --think 2s..10s, or --think 0s.") from None
        if most < least:
            what = f"'{text}' ends before it begins."
            raise SettingsError(what, where="--think", cure="As in --think 2s..10s.")
        return cls(least, most)

    def draw(self, chance: Chance) -> float:
        """Draw a time, in milliseconds' steps."""
        return chance.integer(round(self.least * 1000), round(self.most * 1000)) / 1000


def _seconds(text: str) -> float:
    """Read a time that may be none, as no other may."""
    return 0.0 if text.strip() == "0s" else seconds_of(text.strip())
