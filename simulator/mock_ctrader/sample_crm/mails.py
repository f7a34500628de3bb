from collections import deque
from dataclasses import dataclass

MAILS_KEPT = 100


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail to a client of ours, who is to open the link in it."""

    to: str
    subject: str
    text: str
    link: str


def new_outbox() -> deque[Mail]:
    """Return where this process keeps the mails that it would send; the oldest make room for new ones."""
    return deque(maxlen=MAILS_KEPT)
