"""The official account's own code on the page inside WeChat."""

from __future__ import annotations

from collections.abc import Callable

from wechat_platform import WeChatPlatform

from bot.channels.tokens import MemoryTokens
from bot.channels.wechat import WeChatChannel
from bot.web.account import WeChatAccount

CREATED = {"ticket": "t", "url": "http://weixin.qq.com/q/abc", "expire_seconds": 2505600}


async def test_a_temporary_code_is_made_once_for_a_month(
    make_wechat: Callable[..., WeChatChannel], wechat_platform: WeChatPlatform
) -> None:
    wechat_platform.replies["qrcode/create"] = [CREATED]
    account = WeChatAccount(make_wechat(), MemoryTokens())
    for _ in range(3):
        assert await account.code_url("mdl-hj2-cspc") == "http://weixin.qq.com/q/abc"
    ((_, body),) = [call for call in wechat_platform.calls() if call[0] == "qrcode/create"]
    assert body["action_name"] == "QR_STR_SCENE"  # those for ever are few and cannot be undone
    assert body["action_info"]["scene"]["scene_str"] == "mdl-hj2-cspc"
    assert body["expire_seconds"] == 29 * 24 * 3600


async def test_when_the_account_refuses_the_chat_opens_instead(
    make_wechat: Callable[..., WeChatChannel], wechat_platform: WeChatPlatform
) -> None:
    wechat_platform.replies["qrcode/create"] = [{"errcode": 48001, "errmsg": "no"}, CREATED]
    account = WeChatAccount(make_wechat(), MemoryTokens())
    assert await account.code_url("mdl-hj2-cspc") is None
    assert await account.code_url("mdl-hj2-cspc") == "http://weixin.qq.com/q/abc"
