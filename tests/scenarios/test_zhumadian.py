"""Zhumadian, "I serve, you rate": its article's stories by the clock of summer 2026.

The tests are one story on one installation, in the order of time. Days are calendar days here, and
fall due at 18:00; "the same day" ends at 21:00, when the calls end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.simulator.driver import Citizen
from bot.simulator.transcript import Entry
from tests.scenarios.phones import hand_out, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
from tests.scenarios.story import Story, telling

RURAL = "ll-hj1-hfkc"  # at the household counter of Liulin, a rural station
TOWN = "mdl-hj2-cspc"  # at the second household counter of Mingdeli
LI, LEAD, CENTRE = "Y10101", "Y10103", "Y00002"
GUO, MA = "Y30201", "Y30202"  # officer and lead at Liulin


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("zhumadian", begins="2026-06-10 08:00") as stage:
        yield stage


async def test_counters_closed_at_noon(story: Story) -> None:
    """Three citizens, one cause, one decision: from now on the rural counters never close."""
    chen, zhou, wu = story.citizen("陈女士"), story.citizen("周先生"), story.citizen("老吴")
    guo, centre = await hand_out(story, "郭警官", GUO), story.officer("沈警官")

    # --- Wednesday: the complaints come in. Scanned without registering.
    await story.at("2026-06-10 14:47")
    first = number_in(
        await complains(chen, RURAL, "来办身份证，14 点 47 分了户籍室窗口还没有人", "13900000001")
    )
    # Called back the same day; answered in 4 days: 11, 12, 13, 14 June, a Sunday.
    await chen.says("进度")
    await chen.hears(first)
    await story.at("2026-06-10 15:10")
    second = number_in(
        await complains(zhou, RURAL, "来办身份证，中午户籍室窗口没有人", "13900000002")
    )
    await story.at("2026-06-10 15:20")
    third = number_in(await complains(wu, RURAL, "赶集来办身份证，户籍室窗口等半天没有人", None))
    await guo.hears(f"新件 {first}", "今天 15:47 前要办")
    await guo.hears(f"新件 {second}", "可能和另外 1 件是同一件事")
    await guo.hears(f"新件 {third}", "可能和另外 2 件是同一件事")

    # --- called back one by one, merged, and verified, all on the same day
    await story.at("2026-06-10 15:40")
    await guo.types(f"接单 {first}")
    await guo.hears("接单成功", "13900000001")
    await chen.hears(first, "郭警官已接手", "6 月 14 日（周日）18:00 前给您答复")
    for number, words in ((first, "等到三点才有人"), (second, "白跑一趟")):
        await guo.types(f"回访 {number} 打通了，{words}")
        await guo.hears("原因")
        await guo.presses("就这些")
        await guo.hears(f"记为：{number} 已回访，已联系上")
        assert await story.met(number, "callback") is True
    for number, citizen in ((second, zhou), (third, wu)):
        await guo.types(f"并案 {number} {first}")
        await guo.hears(number, "已并入", first)
        await citizen.hears(number, "同一件事", "结果一样告诉您")
    await story.at("2026-06-10 17:30")
    await guo.types(f"核查 {first} 属实 午休时户籍室没有排班")
    await guo.hears("核查结论“属实”")
    assert await story.met(first, "verify") is True
    await story.at("2026-06-10 21:01")
    await story.rounds()
    assert not await told(guo, "督办"), "all that was due today is done"

    # --- it takes a meeting of the city: two days more, granted by the centre
    await story.at("2026-06-12 09:00")
    await guo.types(f"延期 {first} 2天 等市局专题会定")
    await guo.hears("已申请延期", "等批")
    await centre.hears(first, "郭警官申请延期", "等市局专题会定")
    await story.at("2026-06-12 10:00")
    await centre.presses("同意")
    await centre.hears(first, "延期同意了")
    assert await story.met(first, "extension") is True
    # Mended by 13 + 2 = 15 June; answered by 14 + 2 = 16 June.
    await guo.hears(first, "延期已批", "6 月 16 日（周二）18:00")
    await chen.hears(first)

    # --- Monday 15 June: the decision, one answer to all three
    await story.at("2026-06-15 11:00")
    await guo.types(f"整改 {first} 即日起户籍室 24 小时窗口服务，中午、夜里都有人")
    await guo.hears("整改记下了")
    await guo.types(f"答复 {first} 从今天起户籍室 24 小时窗口服务，您随到随办。")
    await guo.hears("已交复核")
    assert await story.met(first, "rectify") is True
    await centre.hears(first, "等您复核", "24 小时")
    await story.at("2026-06-15 15:00")
    await centre.presses("通过")
    await centre.hears(first, "复核通过")
    assert await story.met(first, "answer") is True
    for number, citizen in ((first, chen), (second, zhou), (third, wu)):
        await reads_the_answer(citizen, number, "户籍室 24 小时窗口服务")
        await citizen.taps("满意")
        await citizen.hears(number, "办结")
        assert await story.state(number) == "closed"

    assert await story.notices(first) == 3, "taken, two days more, answered"
    assert await story.notices(second) == 2, "merged, answered"
    assert await story.notices(third) == 2, "merged, answered"
    assert await saw_phone(story, first) == {GUO}


async def complains(citizen: Citizen, code: str, words: str, phone: str | None) -> Entry:
    """Scans, is not satisfied, and says what happened; returns the receipt."""
    await citizen.scan(code)
    await citizen.hears("这次办得怎么样")
    await citizen.taps("不满意")
    await citizen.hears("哪方面")
    await citizen.taps("没办成")
    await citizen.hears("一句话")
    await citizen.says(words)
    await citizen.hears("电话")
    await citizen.says(phone or "不留")
    return await citizen.hears("编号")


async def reads_the_answer(citizen: Citizen, number: str, words: str) -> None:
    """More than 48 hours after the citizen's last word WeChat takes only a template message, which
    holds a few characters: the citizen asks, and has the whole answer with the grades under it."""
    assert (await citizen.hears(number, "有答复了")).via == "template"
    await citizen.says("进度")
    await citizen.hears(number, words, "这个结果您满意吗")
