"""What was wrong, told from free words. Pure: a table of words, counted."""

from __future__ import annotations

from actions.cases.kinds import Reason

_WORDS = {
    Reason.ATTITUDE: "态度 凶 吼 骂 翻白眼 不耐烦 爱理不理 爱答不理 甩脸 脸色 没礼貌 不尊重 冷漠"
    " 阴阳怪气 傲慢 瞧不起 推我 拍桌子 嚷 训 rude attitude yelled shouted impolite unfriendly",
    Reason.SPEED: "就是慢 慢了 很慢 等了 排队 排了 太慢 好慢 慢死 磨蹭 拖 久 半天 没人理"
    " 没人管 没人接 小时 效率 一上午 一下午 迟迟 催 slow wait hours late queue",
    Reason.COMMUNICATION: "没讲清 没说清 说不清 没讲明白 没说明白 不解释 没解释 听不懂 一问三不知"
    " 说法不一 前后不一 没告知 不告诉 没人告诉 让我跑 白跑 来回跑 explain unclear confusing told",
    Reason.RESULT: "没办成 办不了 没解决 不给办 不给开 没结果 不立案 不受理 没处理 不处理 推给"
    " 推来推去 踢皮球 踢来踢去 不了了之 没下文 refused unsolved nothing",
    Reason.ERROR: "办错 写错 搞错 弄错 打错 录错 错别字 多收 收错 填错 算错 wrong mistake error",
}


def reason_in(text: str) -> Reason | None:
    """The reason that most of the words speak of, the earlier one where two are even; or None."""
    words = text.casefold()
    hits = {
        reason: sum(word in words for word in table.split()) for reason, table in _WORDS.items()
    }
    best = max(hits, key=lambda reason: hits[reason])
    return best if hits[best] else None
