"""Settings of the app: each mistake is one sentence."""

import re

import pytest
from wechat_platform import KEY_NEW, KEY_OLD
from wecom_platform import SETTINGS, TOKEN

from bot.channels.wecom import WeComConfig


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"corp_id": " "}, "The WeCom corp id is empty."),
        ({"agent_id": 0}, "The WeCom agent id must be a number above 0."),
        ({"secret": ""}, "The WeCom secret is empty."),
        ({"token": ""}, "The WeCom token is empty: anyone could sign a callback."),
        ({"aes_keys": ()}, "WeCom needs an AES key: it always encrypts."),
        ({"aes_keys": (KEY_NEW,) * 3}, "WeCom takes two AES keys at most"),
        ({"aes_keys": ("short",)}, "A WeCom AES key must be 43 letters and digits."),
        ({"freshness": 0}, "The WeCom freshness window must be above 0 seconds."),
        ({"base_url": "qyapi.weixin.qq.com"}, "is not an http(s) address."),
    ],
)
def test_refused(changes, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        WeComConfig(**{**SETTINGS, **changes})
    assert str(caught.value).endswith(".")


def test_secrets_are_not_shown():
    shown = repr(WeComConfig(**SETTINGS))
    assert not any(secret in shown for secret in ("app-secret", TOKEN, KEY_NEW, KEY_OLD))
