"""Every error code of WeCom that we know: what it means and what we do about it.

Sources: the platform's return-code page (path/90455) and, where it is silent, what accounts met.
"""

from __future__ import annotations

from bot.channels.errcodes import HOUR, Decision, ErrcodeError, Meaning

CODES: dict[int, Meaning] = {
    -1: Meaning("the platform is busy", Decision.RETRY),
    40001: Meaning("the access token is not valid", Decision.RENEW),
    40014: Meaning("the access token is not valid", Decision.RENEW),
    41001: Meaning("the access token is missing", Decision.RENEW),
    42001: Meaning("the access token has expired", Decision.RENEW),
    40013: Meaning("the corp id is wrong", Decision.STOP, HOUR),
    40056: Meaning("the agent id is wrong", Decision.STOP, HOUR),
    40057: Meaning("the app has no callback address that passed the check", Decision.STOP, HOUR),
    48002: Meaning("the app may not use this call", Decision.STOP, HOUR),
    60011: Meaning("the app lacks the right to do this", Decision.STOP, HOUR),
    60020: Meaning("our IP address is not on the app's list", Decision.STOP, HOUR),
    301002: Meaning("the secret is another app's", Decision.STOP, HOUR),
    40003: Meaning("the member is unknown", Decision.GONE),
    60111: Meaning("the member is unknown", Decision.GONE),
    81013: Meaning("the app reaches none of the members", Decision.GONE),
    40007: Meaning("the media id is wrong or has expired", Decision.PERMANENT),
    40008: Meaning("the kind of message is not known", Decision.PERMANENT),
    40035: Meaning("a parameter is wrong", Decision.PERMANENT),
    40058: Meaning("a parameter is wrong", Decision.PERMANENT),
    42017: Meaning("the card has no such button", Decision.PERMANENT),
    42045: Meaning("the card lacks its action", Decision.PERMANENT),
    44004: Meaning("the text is empty", Decision.PERMANENT),
    45001: Meaning("the file is too large", Decision.PERMANENT),
    45002: Meaning("the text is too long", Decision.PERMANENT),
    45009: Meaning("the quota of this call is used up", Decision.TOMORROW),
    45033: Meaning("too many calls at once", Decision.RETRY, 10.0),
}

# The call for a token has one code of its own.
TOKEN_CODES = {**CODES, 40001: Meaning("the secret is wrong", Decision.STOP, HOUR)}
TOKEN_CALL = "gettoken"  # noqa: S105


class WeComError(ErrcodeError):
    """An `errcode` that the platform answered, with its row of the table."""

    def __init__(self, errcode: int, call: str, now: float) -> None:
        super().__init__(TOKEN_CODES if call == TOKEN_CALL else CODES, errcode, call, now)
