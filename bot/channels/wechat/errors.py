"""Every error code of the platform that we know: what it means and what we do about it.

Sources: the platform's return-code pages and, where these are silent, what accounts have met.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from bot.channels.base import TransportError

_BEIJING = timezone(timedelta(hours=8))


class Decision(StrEnum):
    """What to do about an error code."""

    RENEW = "renew"  # renew the access token and try once more at once
    RETRY = "retry"  # later, the same way
    TOMORROW = "tomorrow"  # the day's quota is used up: after midnight in Beijing
    STOP = "stop"  # the account or its settings need a person; nothing will work until then
    PERMANENT = "permanent"  # this message to this person will never go out this way
    AS_TEXT = "as text"  # the account may not send menus: send the choices as text
    NOTICE = "notice"  # customer messages are closed to this person: send a notice


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row: `wait` is the number of seconds to wait where the platform or experience says so."""

    text: str
    decision: Decision
    wait: float | None = None


_HOUR = 3600.0

CODES: dict[int, Meaning] = {
    -1: Meaning("the platform is busy", Decision.RETRY),
    40001: Meaning("the access token is not the latest", Decision.RENEW),
    40014: Meaning("the access token is not valid", Decision.RENEW),
    41001: Meaning("the access token is missing", Decision.RENEW),
    42001: Meaning("the access token has expired", Decision.RENEW),
    40013: Meaning("the app id is wrong", Decision.STOP, _HOUR),
    40125: Meaning("the app secret is wrong", Decision.STOP, _HOUR),
    40164: Meaning("our IP address is not on the account's list", Decision.STOP, _HOUR),
    40037: Meaning("the template id is wrong", Decision.STOP, _HOUR),
    47003: Meaning("the template's fields do not match the settings", Decision.STOP, _HOUR),
    48001: Meaning("the account has no permission for this call", Decision.STOP, _HOUR),
    48004: Meaning("the call was banned for this account", Decision.STOP, _HOUR),
    50002: Meaning("the account is limited", Decision.STOP, _HOUR),
    40003: Meaning("the openid is not of this account", Decision.PERMANENT),
    40007: Meaning("the media id is wrong or has expired", Decision.PERMANENT),
    40008: Meaning("the kind of message is not known", Decision.PERMANENT),
    40035: Meaning("a parameter is wrong", Decision.PERMANENT),
    43004: Meaning("the person does not follow the account", Decision.PERMANENT),
    43019: Meaning("the person is on the account's blacklist", Decision.PERMANENT),
    43101: Meaning("the person refused this notice", Decision.PERMANENT),
    44004: Meaning("the text is empty", Decision.PERMANENT),
    45001: Meaning("the file is too large", Decision.PERMANENT),
    45002: Meaning("the text is too long", Decision.PERMANENT),
    46004: Meaning("the person is unknown", Decision.PERMANENT),
    48002: Meaning("the person has switched messages off", Decision.PERMANENT),
    40200: Meaning("this type of account may not send menus", Decision.AS_TEXT),
    45009: Meaning("the day's quota of this call is used up", Decision.TOMORROW),
    45011: Meaning("too many calls in this minute", Decision.RETRY, 60.0),
    45015: Meaning("no message from the person in time, or not following", Decision.NOTICE),
    45047: Meaning("too many customer messages until the person writes again", Decision.NOTICE),
}

_UNKNOWN = Meaning("an error we do not know", Decision.RETRY)


def meaning(code: int) -> Meaning:
    """The row of `code`; codes we do not know are tried again later."""
    return CODES.get(code, _UNKNOWN)


class WeChatError(TransportError):
    """An `errcode` that the platform answered, with its row of the table."""

    def __init__(self, errcode: int, call: str, now: float) -> None:
        row = meaning(errcode)
        super().__init__(
            f"{call}: {row.text} ({errcode})",
            permanent=row.decision in (Decision.PERMANENT, Decision.NOTICE, Decision.AS_TEXT),
            code=str(errcode),
            retry_after=_until_midnight(now) if row.decision is Decision.TOMORROW else row.wait,
        )
        self.errcode = errcode
        self.decision = row.decision


def _until_midnight(now: float) -> float:
    """Seconds to five past midnight in Beijing, when the platform's daily counts start anew."""
    local = datetime.fromtimestamp(now, _BEIJING)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
    return (midnight - local).total_seconds()
