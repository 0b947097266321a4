"""Every error code of the platform that we know: what it means and what we do about it.

Sources: the platform's return-code pages and, where these are silent, what accounts have met.
"""

from __future__ import annotations

from bot.channels.errcodes import HOUR, Decision, ErrcodeError, Meaning

CODES: dict[int, Meaning] = {
    -1: Meaning("the platform is busy", Decision.RETRY),
    40001: Meaning("the access token is not the latest", Decision.RENEW),
    40014: Meaning("the access token is not valid", Decision.RENEW),
    41001: Meaning("the access token is missing", Decision.RENEW),
    42001: Meaning("the access token has expired", Decision.RENEW),
    40013: Meaning("the app id is wrong", Decision.STOP, HOUR),
    40125: Meaning("the app secret is wrong", Decision.STOP, HOUR),
    40164: Meaning("our IP address is not on the account's list", Decision.STOP, HOUR),
    40037: Meaning("the template id is wrong", Decision.STOP, HOUR),
    47003: Meaning("the template's fields do not match the settings", Decision.STOP, HOUR),
    48001: Meaning("the account has no permission for this call", Decision.STOP, HOUR),
    48004: Meaning("the call was banned for this account", Decision.STOP, HOUR),
    50002: Meaning("the account is limited", Decision.STOP, HOUR),
    40003: Meaning("the openid is not of this account", Decision.GONE),
    40007: Meaning("the media id is wrong or has expired", Decision.PERMANENT),
    40008: Meaning("the kind of message is not known", Decision.PERMANENT),
    40035: Meaning("a parameter is wrong", Decision.PERMANENT),
    43004: Meaning("the person does not follow the account", Decision.GONE),
    43019: Meaning("the person is on the account's blacklist", Decision.GONE),
    43101: Meaning("the person refused this notice", Decision.PERMANENT),
    44004: Meaning("the text is empty", Decision.PERMANENT),
    45001: Meaning("the file is too large", Decision.PERMANENT),
    45002: Meaning("the text is too long", Decision.PERMANENT),
    46004: Meaning("the person is unknown", Decision.GONE),
    48002: Meaning("the person has switched messages off", Decision.GONE),
    40200: Meaning("this type of account may not send menus", Decision.AS_TEXT),
    45009: Meaning("the day's quota of this call is used up", Decision.TOMORROW),
    45011: Meaning("too many calls in this minute", Decision.RETRY, 60.0),
    45015: Meaning("no message from the person in time, or not following", Decision.NOTICE),
    45047: Meaning("too many customer messages until the person writes again", Decision.NOTICE),
}


class WeChatError(ErrcodeError):
    """An `errcode` that the platform answered, with its row of the table."""

    def __init__(self, errcode: int, call: str, now: float) -> None:
        super().__init__(CODES, errcode, call, now)
