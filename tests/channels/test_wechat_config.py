"""Settings that cannot work are refused with one sentence, before anything starts."""

import re

import pytest
from wechat_platform import APP_ID, KEY_NEW, KEY_OLD, TOKEN

from bot.channels.wechat import WeChatConfig

GOOD = {"app_id": APP_ID, "app_secret": "s3cret", "token": TOKEN, "aes_keys": (KEY_NEW, KEY_OLD)}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"app_id": ""}, "The WeChat app id is empty."),
        ({"token": ""}, "The WeChat token is empty: anyone could sign a callback."),
        ({"token": "  "}, "The WeChat token is empty: anyone could sign a callback."),
        ({"mode": "safe"}, "The WeChat mode is 'safe'; it must be aes, compat or plain."),
        ({"account": "x"}, "The WeChat account is 'x'; it must be service or subscription."),
        ({"menu_style": "x"}, "The WeChat menu style is 'x'; it must be links or numbers."),
        ({"aes_keys": ()}, "WeChat mode aes needs an AES key."),
        ({"aes_keys": (KEY_NEW,) * 3}, "WeChat takes two AES keys at most"),
        ({"aes_keys": (KEY_NEW[:-1],)}, "A WeChat AES key must be 43 letters and digits."),
        ({"aes_keys": (KEY_NEW, "")}, "A WeChat AES key must be 43 letters and digits."),
        ({"reply_budget": 5}, "The WeChat reply budget must be above 0 and below 5 seconds."),
        ({"reply_budget": 0}, "The WeChat reply budget must be above 0 and below 5 seconds."),
        ({"freshness": 0}, "The WeChat freshness window must be above 0 seconds."),
        ({"base_url": "api.weixin.qq.com"}, "is not an http(s) address."),
        ({"template_id": "T", "template_fields": {}}, "No field of the WeChat template takes"),
        ({"notice_id": "N", "notice_fields": {"a": "b"}}, "No field of the WeChat notice takes"),
    ],
)
def test_refused(changes, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        WeChatConfig(**{**GOOD, **changes})
    assert str(caught.value).endswith(".")


def test_plain_mode_needs_no_key():
    WeChatConfig(**{**GOOD, "mode": "plain", "aes_keys": ()})


def test_secrets_are_not_shown():
    shown = repr(WeChatConfig(**GOOD))
    assert not any(secret in shown for secret in ("s3cret", TOKEN, KEY_NEW, KEY_OLD))
