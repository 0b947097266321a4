"""On whose behalf and because of which message something is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """`conversation` names the person's conversation, `inbox_id` the message that is being answered.

    Every write carries the inbox id: done twice because of the same message, it is done once.
    """

    conversation: str
    inbox_id: str
