"""Settings of the text-message tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.channels.sms import CloudConfig, SmppConfig, SmsConfig

SECRET = "callback-secret-of-tests"
NUMBER = "+8613900000001"
CLOUD = CloudConfig(
    key_id="AKIDexample",
    key_secret="secret-of-the-tests",
    base_url="http://127.0.0.1:1",
    app_id="1400000000",
    templates="T9=编号{number}有新消息，请致电{phone}。\nT1={text}",
)


def cloud_config(provider: str, base_url: str, **changes: Any) -> SmsConfig:
    return SmsConfig(
        provider=provider,  # type: ignore[arg-type]
        sign="平安回音",
        cloud=replace(CLOUD, base_url=base_url),
        callback_secret=SECRET,
        fen_per_part=Decimal("4.5"),
        **changes,
    )


def line_config(port: int, **changes: Any) -> SmsConfig:
    line = SmppConfig(
        **{
            "host": "127.0.0.1",
            "port": port,
            "system_id": "huiyin",
            "password": "fakepass",
            "source": "1069000000000000",
            "answer_seconds": 5,
            **changes,
        }
    )
    return SmsConfig(provider="smpp", sign="平安回音", smpp=line, fen_per_part=Decimal("4.5"))
