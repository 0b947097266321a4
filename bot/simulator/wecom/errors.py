"""WeCom's error codes, as the API answers them (HTTP 200, errcode in the body)."""

from __future__ import annotations

from bot.simulator.errcodes import ErrcodeError

MEANINGS: dict[int, str] = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40032: "invalid userid list size",
    40056: "invalid agentid",
    40057: "invalid callbackurl",
    40058: "invalid parameter",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    42001: "access_token expired",
    42045: "Template_Card.card_action missing or invalid",
    44002: "empty post data",
    44004: "empty content",
    45001: "media size out of limit",
    45009: "api freq out of limit",
    47001: "data format error",
    60020: "not allow to access from your ip",
    81013: "user & party & tag all invalid",
    301002: "not allow operate another agent with this accesstoken",
}


class RefusedError(ErrcodeError):
    """WeCom refuses the call."""

    meanings = MEANINGS
