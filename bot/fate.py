"""What became of one attempt at sending a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import Row

from actions import clock
from bot.back_off import most_attempts
from bot.channels.base import Sent, TransportError

log = structlog.get_logger()


@dataclass(slots=True)
class Fate:
    """`row`: the delivery as it was before. `attempts`: how many there have been, with this one.

    Either `sent` or `error` is there; `final`: the error ends it, no other attempt will follow.
    """

    row: Row[Any]
    attempts: int
    sent: Sent | None = None
    error: TransportError | None = None
    final: bool = False
    moment: datetime = field(default_factory=clock.now)

    @property
    def again(self) -> TransportError | None:
        """Why it is to be tried again; None: it is not."""
        return None if self.final else self.error

    def values(self, sent: Sent) -> dict[str, Any]:
        """What `delivery_sql.note_sent` writes down of one that was sent."""
        return {
            "id": self.row.id,
            "via": sent.via,
            "note": storable(sent.note) or None,
            "platform_id": storable(sent.platform_id) or None,
            "attempt": self.attempts,
            "moment": self.moment,
        }


def transport(fault: Exception) -> TransportError:
    """A fault of our own counts and is shown like the platform's, so that nothing waits for ever.

    Its words stay out: they may hold what somebody wrote.
    """
    if isinstance(fault, TransportError):
        return fault
    log.error("fault in the worker", exc_info=fault)
    words = f"our own fault: {type(fault).__name__}"
    return TransportError(words, outage=isinstance(fault, RedisError | OSError))


def is_final(error: TransportError, attempt: int) -> bool:
    """Whether it ends what was tried so many times before."""
    return error.permanent or attempt + 1 >= most_attempts(error)


def storable(words: str) -> str:
    """A platform's words as PostgreSQL takes them."""
    return words.replace("\0", "")
