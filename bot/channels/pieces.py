"""Sending one message in several pieces, none of them twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.channels.base import TransportError
from bot.message import Outgoing

log = structlog.get_logger(__name__)


async def send_pieces[T](
    message: Outgoing, pieces: Sequence[Callable[[], Awaitable[T]]]
) -> list[T]:
    """Sends the pieces of the message that are not out yet, in order; what each of them came to.

    Raises TransportError, whose `pieces` says how many of all are out by then. A fault of our own
    raises one too: it must not make anybody read again what is out.
    """
    outcomes: list[T] = []
    for number, piece in enumerate(pieces[message.skip :], message.skip):
        try:
            outcomes.append(await piece())
        except TransportError as error:
            error.pieces = number
            raise
        except Exception as fault:
            log.exception("fault of our own between two pieces", pieces=number)
            failure = TransportError(f"our own fault: {type(fault).__name__}")
            failure.pieces = number
            raise failure from None
        if message.gone_out is not None:
            await message.gone_out(number + 1)
    return outcomes
