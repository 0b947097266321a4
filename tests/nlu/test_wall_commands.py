"""The wall screen's command is certain, and is not what citizens say of the screen in the hall."""

from __future__ import annotations

import pytest

from nlu.commands import command_in

SAID = {
    "wall": {}, "大屏": {}, "开大屏": {}, "wall screen": {},
    "大屏 桥西": {"words": "桥西"}, "wall 桥西分局": {"words": "桥西分局"},
    "wall for Qiaoxi": {"words": "for Qiaoxi"}, "桥西分局的大屏": {"words": "桥西分局"},
    "关大屏": {"words": "关大屏"}, "关大屏 2": {"words": "关大屏 2"}, "wall off": {"words": "off"},
    "wall off 1": {"words": "off 1"}, "大屏列表": {"words": "大屏列表"}, "wall list": {"words": "list"},
    "给我满意度大屏的链接": {"words": "给我满意度大屏的链接"}, "我挂了哪些大屏": {"words": "我挂了哪些大屏"},
    "把桥西的大屏关了": {"words": "把桥西的大屏关了"},
    "open the wall screen": {"words": "open the wall screen"},
}  # fmt: skip
NOT = [
    "大屏幕坏了", "大屏幕上叫号看不清", "大屏上没有我的号", "wall collapsed on my car", "the wall is broken",
    "大厅的大屏幕不亮", "派出所大屏幕一直黑着", "关大屏幕", "大厅的大屏关了", "show me the wall",
]  # fmt: skip


@pytest.mark.parametrize(("said", "entities"), SAID.items())
def test_the_command(said: str, entities: dict[str, str]) -> None:
    found = command_in(said)
    assert found is not None
    assert (found.intent, found.entities) == ("wall", entities)


@pytest.mark.parametrize("said", NOT)
def test_what_is_none(said: str) -> None:
    found = command_in(said)
    assert found is None or found.intent != "wall"
