"""What is asked of a wall screen, in words."""

from __future__ import annotations

import pytest

from actions.wall.asking import Wish, read_wish

OPEN = {
    "大屏": "",
    "/wall": "",
    "wall": "",
    "开大屏": "",
    "给我大屏的链接": "",
    "把大屏打开": "",
    "wall screen": "",
    "给我满意度大屏的链接": "",
    "give me the link to the wall screen": "",
    "把墙上的大屏打开": "",
    "open the wall screen for Qiaoxi": "Qiaoxi",
    "open the wall screen": "",
    "大屏 桥西": "桥西",
    "大屏：南站派出所": "南站派出所",
    "桥西分局的大屏": "桥西分局",
    "for Qiaoxi": "Qiaoxi",
    "wall 桥西分局": "桥西分局",
    "帮我开一下南站派出所的大屏": "南站派出所",
}
OFF = {
    "关大屏": None, "wall off": None, "off": None, "大屏关掉": None, "关大屏 2": 2, "关大屏２": 2,
    "wall off 1": 1, "close 3": 3, "那块大屏收回来不用了": None, "把大屏撤了": None,
    "take down my wall screens": None,
}  # fmt: skip
LIST = ["大屏列表", "大屏 列表", "wall list", "我挂了哪些大屏", "list"]


@pytest.mark.parametrize(("said", "unit"), OPEN.items())
def test_opening_one(said: str, unit: str) -> None:
    assert read_wish(said) == Wish("open", unit=unit)


@pytest.mark.parametrize(("said", "number"), OFF.items())
def test_ending(said: str, number: int | None) -> None:
    assert read_wish(said) == Wish("off", number)


@pytest.mark.parametrize("said", LIST)
def test_listing(said: str) -> None:
    assert read_wish(said) == Wish("list")
