"""Zhangjiakou, "scan to rate the police": its article's story by the clock of autumn 2026."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from tests.scenarios.phones import hand_out, labels, told
from tests.scenarios.story import NUMBER, Story, telling

CAR = "jj-jj1-yqtt"  # on the first patrol car of the traffic brigade
DESK = "mdl-hj2-cspc"  # at the second counter of Mingdeli station
PHONE = "13900000001"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("zhangjiakou", begins="2026-09-02 07:30") as stage:
        yield stage


async def test_a_suggestion_clears_a_crossing(story: Story) -> None:
    """Congestion when school begins: the brigade posts officers, the citizen taps "satisfied"."""
    zhou = story.citizen("周先生")
    hu = await hand_out(story, "胡警官", "Y20301")
    lead = await hand_out(story, "高大队", "Y20303", "wecom")

    # Wednesday, the school run.
    await story.at("2026-09-02 07:50")
    await zhou.says("我有个建议，学府路口红绿灯那里，上下学高峰堵得走不动，能不能派人疏导一下")
    print((await zhou.hears()).text)
    await zhou.says("桥东交警大队")
    print((await zhou.hears()).text)
    await zhou.says("不留")
    print((await zhou.hears()).text)
    await zhou.taps("提交")
    print((await zhou.hears()).text)
    print(await story.driver.printed())
