"""Danger now is an alarm; the past, what is not so, and figures of speech are none."""

from __future__ import annotations

import pytest

from nlu.dangers import danger_in

NOW = [
    "有人在砸我家门 怎么办",
    "救命啊",
    "有人正在撬我家的锁",
    "他拿着刀在楼下",
    "现在有个男的一直跟踪我",
    "隔壁在打老婆 打得很凶",
    "昨天来过 现在又在砸门了",
    "家里进贼了",
    "我被一个男的堵在楼道里",
    "有人翻墙进院子了",
    "有人闯进我家了",
    "someone is breaking into my house",
    "help me he has a knife",
]
SELF = [
    "我不想活了",
    "我站在楼顶上了",
    "一瓶药全吃下去了",
    "我想自杀",
    "我朋友说要跳楼",
    "活着没意思",
    "I want to kill myself",
]
NONE = [
    "去年有人砸我家门没人管",
    "上个月有人拿刀追我报警没立案",
    "前天晚上邻居打人 派出所不管",
    "我昨天报案说有人拿刀追我到现在没立案",
    "窗口的人在打电话不理人",
    "他们正在打扫卫生",
    "没有人在打架",
    "如果有人砸门怎么办",
    "等得我想死",
    "我没想自杀",
    "去年有人跳楼自杀你们没管",
    "打了三次电话没人接",
    "在窗口打印材料要钱",
    "谢谢你们救了我",
    "我的身份证丢了",
]


@pytest.mark.parametrize("text", NOW)
def test_danger_now(text: str) -> None:
    assert danger_in(text) == "danger"


@pytest.mark.parametrize("text", SELF)
def test_self_harm(text: str) -> None:
    assert danger_in(text) == "self_harm"


@pytest.mark.parametrize("text", NONE)
def test_no_alarm(text: str) -> None:
    assert danger_in(text) is None
