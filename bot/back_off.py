"""When a job is tried again, and for how long."""

from __future__ import annotations

import procrastinate
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.channels.base import TransportError

MAX_ATTEMPTS = 10  # a quarter of an hour
PATIENCE = 150  # attempts while the platform is out of order or told us to wait: a day at least
MAX_WAIT = 600  # seconds
DOUBT = 4  # times `first`: what may have arrived is not sent again and again in a short outage


class BackOff(procrastinate.BaseRetryStrategy):
    """Tries again after 1, 2, 4 … times `first` seconds, ten minutes at most, or when the platform
    says.
    """

    def __init__(self, first: float = 1.0) -> None:
        self._first = first

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        seconds = self.seconds(exception, job.attempts)
        if seconds is None:
            return None
        return RetryDecision(retry_in={"milliseconds": round(seconds * 1000)})

    def seconds(self, fault: BaseException, attempts: int) -> float | None:
        """How long to wait after so many earlier attempts; None: that was the last one."""
        if attempts + 1 >= most_attempts(fault):
            return None
        wait = min(self._first * float(2**attempts), MAX_WAIT)
        if isinstance(fault, TransportError) and fault.doubt:
            wait = max(wait, self._first * DOUBT)
        if isinstance(fault, TransportError) and fault.retry_after is not None:
            wait = max(wait, fault.retry_after + self._first)
        return wait


def most_attempts(fault: BaseException) -> int:
    """A message that fails by itself holds up the later ones to the same person, so not for long;
    what waits for the platform takes nobody's place.
    """
    match fault:
        case TransportError():
            waits = fault.outage or fault.retry_after is not None
        case _:
            waits = isinstance(fault, OperationalError | InterfaceError)  # the database is away
    return PATIENCE if waits else MAX_ATTEMPTS
