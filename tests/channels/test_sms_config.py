"""What is wrong with the settings is one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sms_settings import cloud_config, line_config

from actions.errors import ConfigurationError
from actions.settings import read
from bot.channels.sms import SmppConfig
from bot.settings import BotSettings

GOOD = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATA_KEYS": Fernet.generate_key().decode(),
    "HASH_KEY": "h" * 32,
    "NLU_SECRET": "n" * 16,
    "ACTIONS_SECRET": "a" * 16,
    "SMS_PROVIDER": "tencent",
    "SMS_SIGN": "平安回音",
    "SMS_KEY_ID": "AKIDexample",
    "SMS_KEY_SECRET": "secret",
    "SMS_APP_ID": "1400000000",
    "SMS_CALLBACK_SECRET": "callback-secret-of-tests",
    "SMS_TEMPLATES": "T1={text}",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sign": ""}, "signature is empty"),
        ({"sign": "一" * 21}, "longer than 20"),
        ({"callback_secret": "short"}, "callback secret must be 16"),
        ({"sources": ("10.0.0.0/33",)}, "is no network"),
        ({"most_parts": 0}, "1 to 10 parts"),
        ({"cloud": None}, "keys are missing"),
    ],
)
def test_a_cloud_that_cannot_work(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(cloud_config("tencent", "https://example.com"), **changes)


def test_a_line_may_leave_the_signature_to_the_smsc() -> None:
    assert replace(line_config(2775), sign="").sign == ""
    with pytest.raises(ValueError, match="line's settings are missing"):
        replace(line_config(2775), smpp=None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": ""}, "host is empty"),
        ({"system_id": "x" * 16}, "system id"),
        ({"password": "123456789"}, "longer than 8"),
        ({"source": "12a"}, "digits only"),
    ],
)
def test_a_line_that_cannot_work(changes: dict[str, Any], words: str) -> None:
    settings = {"host": "h", "port": 1, "system_id": "s", "password": "p", "source": "1"}
    with pytest.raises(ValueError, match=words):
        SmppConfig(**{**settings, **changes})  # type: ignore[arg-type]


def test_the_environment_makes_a_channel() -> None:
    assert "sms" in read(BotSettings, GOOD).channel_configs()
    assert "sms" not in read(BotSettings, {**GOOD, "SMS_PROVIDER": ""}).channel_configs()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SMS_APP_ID": ""}, "SMS_APP_ID"),
        ({"SMS_TEMPLATES": "no equals"}, "SMS template 1 must be written ID=text"),
        ({"SMS_PROVIDER": "smpp"}, "SMPP host is empty"),
        ({"SMS_KEY_SECRET": ""}, "key secret is empty"),
        ({"SMS_FEN_PER_PART": "much"}, "SMS_FEN_PER_PART"),
    ],
)
def test_the_environment_says_what_is_wrong(changes: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        read(BotSettings, {**GOOD, **changes})
