"""Telegram's updates, the text-message clouds' callbacks, the voice vendor's reports."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bench.fuzzing.edges import Posts
from bench.fuzzing.house import Keys
from bench.fuzzing.values import Dice, as_json, nested
from bench.fuzzing.wire import Sending
from bot.voice.signing import signed

_PERSON = {"id": 7, "is_bot": False, "first_name": "x", "language_code": "zh"}
_CHAT = {"id": 7, "type": "private"}


def update(dice: Dice) -> bytes:
    """An update's body."""
    if dice.chance(0.06):
        return dice.choice(
            (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", nested(20_000), nested(120_000))
        )
    person = {**_PERSON, "id": dice.randrange(1, 300)}
    person = dice.spoil(person, 0.08)
    chat = dice.spoil(
        {**_CHAT, "type": dice.choice(("private", "group", "supergroup", "channel"))}, 0.08
    )
    message: dict[str, Any] = {
        "message_id": 1,
        "date": int(time.time()),
        "chat": chat,
        "from": person,
    }
    message |= _content(dice)
    message = dice.spoil(message, 0.06)
    kinds: dict[str, Any] = {
        "message": message,
        "edited_message": message,
        "callback_query": dice.spoil(
            {
                "id": "1",
                "from": person,
                "message": message,
                "data": dice.text(),
                "chat_instance": "1",
            },
            0.1,
        ),
        "my_chat_member": dice.spoil(
            {
                "chat": chat,
                "from": person,
                "date": 1,
                "old_chat_member": {"user": person, "status": "member"},
                "new_chat_member": {
                    "user": person,
                    "status": dice.choice(("kicked", "left", "zq")),
                    "until_date": 0,
                },
            },
            0.1,
        ),
    }
    kind = dice.choice(list(kinds))
    body = as_json(dice.spoil({"update_id": dice.randrange(2**31), kind: kinds[kind]}, 0.05))
    return dice.mangle(body) if dice.chance(0.05) else body


def _content(dice: Dice) -> dict[str, Any]:
    file = dice.spoil({"file_id": dice.text(), "file_unique_id": "u", "width": 1, "height": 1}, 0.2)
    place = dice.spoil({"latitude": 38.0, "longitude": 114.5}, 0.5)
    return dice.choice(
        (
            {"text": dice.text()},
            {"text": f"/start {dice.text()}"},
            {"photo": [file, file], "caption": dice.text()},
            {"voice": {**file, "duration": 1}},
            {"document": {**file, "file_name": dice.text(), "mime_type": dice.text()}},
            {"location": place},
            {"venue": {"location": place, "title": dice.text(), "address": dice.text()}},
            {"contact": {"phone_number": dice.text(), "first_name": "x"}},
        )
    )


def telegram(keys: Keys) -> list[Posts]:
    header = "X-Telegram-Bot-Api-Secret-Token"

    def good(dice: Dice) -> Sending:
        return Sending("POST", "/telegram", update(dice), {header: keys.secret})

    def forged(dice: Dice) -> Sending:
        secret: bytes = dice.choice(
            (
                b"",
                b"\xff\xfe",
                dice.randbytes(12).replace(b"\0", b""),
                keys.secret[:-1].encode(),
                keys.secret.upper().encode() + b"!",
                "密".encode(),
            )
        )
        return Sending("POST", "/telegram", update(dice), {header: secret})

    return [Posts("telegram", good), Posts("telegram, forged", forged, forged=True)]


def _report(dice: Dice) -> Any:
    tencent = {
        "sid": dice.text(),
        "report_status": dice.choice(("SUCCESS", "FAIL", dice.text())),
        "errmsg": dice.text(),
        "description": dice.text(),
    }
    alibaba = {
        "biz_id": dice.text(),
        "success": dice.choice((True, "false")),
        "err_code": dice.text(),
    }
    return [dice.spoil({**tencent, **alibaba}, 0.15) for _ in range(dice.randrange(4))]


def _uplink(dice: Dice) -> dict[str, Any]:
    tencent = {
        "nationcode": "86",
        "mobile": dice.phone(),
        "text": dice.text(),
        "time": int(time.time()),
        "extend": dice.text(),
        "sign": "x",
    }
    alibaba = {
        "phone_number": dice.phone(),
        "content": dice.text(),
        "send_time": "2026-11-20 14:05:00",
        "sequence_id": dice.text(),
        "dest_code": dice.text(),
    }
    return dice.spoil({**tencent, **alibaba}, 0.12)


def sms(keys: Keys, provider: str) -> list[Posts]:
    def body(dice: Dice) -> tuple[str, bytes]:
        kind = dice.choice(("report", "uplink"))
        if dice.chance(0.06):
            return kind, dice.choice(
                (b"", b"{}", b"[]", b"[[]]", b"\xff", nested(20_000), b"x" * 2**20)
            )
        value: Any = _report(dice) if kind == "report" else _uplink(dice)
        if kind == "uplink" and provider == "alibaba":
            value = [value]
        told = as_json(value)
        return kind, dice.mangle(told) if dice.chance(0.05) else told

    def good(dice: Dice) -> Sending:
        kind, told = body(dice)
        return Sending("POST", f"/sms/{keys.secret}/{kind}", told)

    def forged(dice: Dice) -> Sending:
        kind, told = body(dice)
        secret = dice.choice(
            ("x", keys.secret[:-1], quote(dice.word()[:300], safe=""), "%FF%FE", "%00")
        )
        return Sending("POST", f"/sms/{secret}/{kind}", told)

    return [
        Posts(f"sms ({provider})", good),
        Posts(f"sms ({provider}), forged", forged, forged=True),
    ]


def voice(keys: Keys) -> list[Posts]:
    def told(dice: Dice) -> bytes:
        if dice.chance(0.1):
            return dice.choice((b"", b"{}", b"null", nested(20_000), b"\xff"))
        return as_json(
            [dice.spoil({"out_id": dice.text(), "status_code": "200000", "dtmf": dice.text()})]
        )

    def good(dice: Dice) -> Sending:
        body = told(dice)
        return Sending(
            "POST", f"/voice/ivr/{keys.secret}", body, signed(keys.secret, body, int(time.time()))
        )

    def forged(dice: Dice) -> Sending:
        body = told(dice)
        headers: dict[str, Any] = dict(signed(keys.secret + "x", body, int(time.time())))
        headers[dice.choice(list(headers))] = dice.word()[:300]
        paths: Callable[[], str] = lambda: dice.choice((keys.secret, "x", "%FF"))  # noqa: E731
        return Sending("POST", f"/voice/ivr/{paths()}", body, headers)

    return [Posts("voice", good), Posts("voice, forged", forged, forged=True)]
