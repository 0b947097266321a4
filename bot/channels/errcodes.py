"""Error codes of WeChat's and WeCom's interfaces: an errcode in an HTTP 200, and what we decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from bot.channels.base import TransportError

HOUR = 3600.0
_BEIJING = timezone(timedelta(hours=8))


class Decision(StrEnum):
    """What to do about an error code."""

    RENEW = "renew"  # renew the access token and try once more at once
    RETRY = "retry"  # later, the same way
    TOMORROW = "tomorrow"  # the day's quota is used up: after midnight in Beijing
    STOP = "stop"  # the account or its settings need a person; nothing will work until then
    PERMANENT = "permanent"  # this message to this person will never go out this way
    GONE = "gone"  # nothing will ever reach this person here, until they write again
    AS_TEXT = "as text"  # the account may not send menus: send the choices as text
    NOTICE = "notice"  # customer messages are closed to this person: send a notice


_PERMANENT = (Decision.PERMANENT, Decision.NOTICE, Decision.AS_TEXT)
_OUTAGES = (Decision.RENEW, Decision.RETRY, Decision.TOMORROW, Decision.STOP)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row: `wait` is the number of seconds to wait where the platform or experience says so."""

    text: str
    decision: Decision
    wait: float | None = None


_UNKNOWN = Meaning("an error we do not know", Decision.RETRY)


class ErrcodeError(TransportError):
    """An `errcode` that a platform answered, with its row of the platform's table.

    Codes that are not in `codes` (`is_known` is false) are tried again later. `now` is in seconds
    since 1970.
    """

    def __init__(self, codes: Mapping[int, Meaning], errcode: int, call: str, now: float) -> None:
        row = codes.get(errcode, _UNKNOWN)
        super().__init__(
            f"{call}: {row.text} ({errcode})",
            permanent=row.decision in _PERMANENT,
            gone=row.decision is Decision.GONE,
            code=str(errcode),
            retry_after=_until_midnight(now) if row.decision is Decision.TOMORROW else row.wait,
            outage=errcode in codes and row.decision in _OUTAGES,
        )
        self.errcode = errcode
        self.is_known = errcode in codes
        self.decision = row.decision


def _until_midnight(now: float) -> float:
    """Seconds to five past midnight in Beijing, when the platform's daily counts start anew."""
    local = datetime.fromtimestamp(now, _BEIJING)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
    return (midnight - local).total_seconds()
