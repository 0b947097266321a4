"""Zhangjiakou, "scan to rate the police": its article's story by the clock of autumn 2026.

The three tests are one story on one installation, in the order of time. The working days are
counted by hand beside each date: 1–7 October are a holiday, Saturday 10 October is worked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from actions import clock
from tests.scenarios.phones import hand_out, labels, number_in, told
from tests.scenarios.story import Story, telling

CAR = "jj-jj1-yqtt"  # on the first car of the traffic brigade
DESK = "mdl-hj2-cspc"  # at the second counter of Mingdeli station
LI, WANG, LEAD, SUB_CENTRE, CENTRE = "Y10101", "Y10102", "Y10103", "Y10002", "Y00002"
HU = "Y20301"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("zhangjiakou", begins="2026-09-02 07:30") as stage:
        yield stage


async def test_a_suggestion_clears_a_crossing(story: Story) -> None:
    """Congestion when school begins: the brigade posts officers, the citizen taps "satisfied"."""
    zhou, chief = story.citizen("周先生"), story.officer("萧队长")
    hu = await hand_out(story, "胡警官", HU)

    # Wednesday, on the way to school.
    await story.at("2026-09-02 07:50")
    await zhou.says("我有个建议，学府路口红绿灯那里，上下学高峰堵得走不动，能不能派人疏导一下")
    await zhou.hears("建议", "哪个单位")
    await zhou.says("桥东交警大队")
    await zhou.hears("电话")
    await zhou.says("不留")
    await zhou.hears("看看对不对", "学府路口")
    await zhou.taps("提交")
    # 7 working days: 3, 4, 7, 8, 9, 10, 11 September.
    receipt = await zhou.hears("建议收到", "交警大队", "9 月 11 日（周五）18:00 前给您结果")
    number = number_in(receipt)

    # The brigade has it at once; two hours of duty run from 08:00.
    await hu.hears(f"新件 {number} 建议", "学府路口", "今天 10:00 前要办")
    await story.at("2026-09-02 08:20")
    await hu.presses("接单")
    await hu.hears("接单成功", "没留电话")
    await zhou.hears(number, "胡警官已接手", "9 月 11 日（周五）18:00 前给您答复")
    assert await story.met(number, "accept") is True

    # More than 48 hours after the citizen's last word the answer is announced by a template message.
    await story.at("2026-09-04 16:30")
    await hu.types(
        f"答复 {number} 早晚高峰已派专人在学府路口执勤疏导，也进学校讲了交通安全，谢谢您提醒。"
    )
    await hu.hears(number, "已答复")
    assert (await zhou.hears(number, "有答复了")).via == "template"
    assert await story.met(number, "answer") is True
    await zhou.says("进度")
    await zhou.hears(number, "早晚高峰已派专人在学府路口执勤疏导")

    # Monday: the officers stand there; the citizen scans the code on their car. Two grades only.
    await story.at("2026-09-07 07:40")
    await zhou.scan(CAR)
    scanned = await zhou.hears("桥东分局交警大队 · 交警 1 号车", "这次办得怎么样")
    assert labels(scanned) == ["满意", "不满意"]
    await zhou.taps("满意")
    await zhou.hears("谢谢", "满意")
    await chief.types("/stats 本月 桥东")
    await chief.hears("桥东分局", "1 条", "满意 1")

    # Seven days without a word on the answer: closed, as silent, and nobody is told.
    await story.at("2026-09-11 17:59")
    await story.rounds()
    assert await story.state(number) == "answered"
    await story.at("2026-09-11 18:01")
    await story.rounds()
    assert await story.state(number) == "closed"
    assert await story.notices(number) == 2, "accepted, answered"
    assert await story.notices(number, HU) == 1, "the card"


async def test_not_satisfied_mended_and_asked_again(story: Story) -> None:
    """A rating on the eve of the holiday: called back, mended, answered; the centre's re-visit
    finds it not mended; sent back, late, pressed, mended in earnest, re-visited, closed."""
    chen = story.citizen("陈女士")
    li, wang, lead = story.officer("李警官"), story.officer("王警官"), story.officer("张所长")
    caller, centre = story.officer("董回访"), story.officer("沈警官")
    inspector = story.officer("彭督察")

    # --- Wednesday 30 September: scanned, not satisfied, called back within the hour
    await story.at("2026-09-30 10:00")
    await chen.scan(DESK)
    scanned = await chen.hears("明德里派出所 · 户籍 2 号窗口", "这次办得怎么样")
    assert labels(scanned) == ["满意", "不满意"]
    await chen.taps("不满意")
    await chen.hears("哪方面")
    await chen.taps("太慢")
    await chen.hears("一句话")
    await chen.says("排了两个小时，就一个窗口开着，中午还关门")
    await chen.hears("要回电话给您吗", "分中心回访人员")
    await chen.says("139 0000 0001")
    # Called back by: 1 working day = 8 October, the first after the holiday.
    # Answered by: 5 working days = 8, 9, 10 (Saturday, worked), 12, 13 October.
    number = number_in(
        await chen.hears(
            "10 月 8 日（周四）18:00 前给您回电话", "10 月 13 日（周二）18:00 前给您结果"
        )
    )
    await caller.hears(number, "等您回访")
    await wang.hears(f"新件 {number} 不满意", "139****0001")
    await li.hears(f"新件 {number} 不满意", "就一个窗口开着", "今天 12:00 前要办")

    await story.at("2026-09-30 10:20")
    await li.presses("接单")
    await li.hears("接单成功", "13900000001")
    await chen.hears(number, "李警官已接手", "10 月 13 日（周二）18:00 前给您答复")
    await wang.hears(number, "10:20 由李警官接了")  # the card on the colleague's phone is reworded
    assert await story.met(number, "accept") is True

    await story.at("2026-09-30 10:40")
    await caller.presses("回访")
    await caller.hears(number, "13900000001", "打通了吗")
    await caller.presses("打通了")
    await caller.hears("群众怎么说")
    await caller.types("排队两个小时，中午没人，希望中午有人办")
    await caller.hears("原因")
    await caller.types("窗口开得少，中午没人")
    await caller.hears("想要怎样")
    await caller.types("中午也能办")
    await caller.hears("说好了怎么办")
    await caller.types("所里整改后告诉她")
    await caller.hears(f"记为：{number} 已回访，已联系上")
    assert await story.met(number, "callback") is True

    # --- three working days to mend: 8, 9, 10 October; warned one working day before
    await li.types(f"为什么 {number} 10 月 10 日到期")
    await li.hears("国庆", "调休上班，第 3 天", "10 月 10 日（周六）18:00 到期")
    await story.at("2026-10-09 18:01")
    await story.rounds()
    await li.hears(number, "快到期了：整改", "明天 18:00")

    await story.at("2026-10-10 15:00")
    await li.types(f"答复 {number} 窗口排队问题已整改")
    await li.hears("先写整改了什么")
    await li.types(f"整改 {number} 已要求窗口人员提高效率")
    await li.hears(f"整改记下了：{number}")
    await li.types(f"答复 {number} 已要求窗口人员提高效率，请您谅解。")
    await li.hears(number, "已交复核")
    assert await story.met(number, "rectify") is True
    assert not await told(chen, "请您谅解"), "nothing reaches the citizen before the review"
    await caller.hears(number, "等您复核", "提高效率")

    # Monday 12 October, within the working day of the review.
    await story.at("2026-10-12 09:30")
    await caller.presses("通过")
    await caller.hears(number, "复核通过")
    assert await story.met(number, "review") is True
    assert await story.met(number, "answer") is True
    await chen.hears(number, "请您谅解", "满意吗")
    await li.hears(number, "复核通过")
    await centre.hears(number, "另打一个电话复访")

    # --- the centre's re-visit, by somebody who had no part in it: the citizen is not content
    await story.at("2026-10-14 10:00")
    await li.types(f"复访 {number} 满意")
    await li.hears("这一步不归您办")
    await centre.presses("复访")
    await centre.hears(number, "13900000001", "真的解决了吗")
    await centre.presses("不满意")
    await centre.hears("还说了什么")
    await centre.types("中午还是关门，一个窗口没多")
    await centre.hears(number, "群众不满意", "待复核")
    await li.hears(number, "复访：群众不满意")
    assert await story.met(number, "revisit") is True
    assert await story.state(number) == "reviewing"

    await story.at("2026-10-15 09:00")
    await caller.types(f"通过 {number}")
    await caller.hears("不能直接通过")
    await caller.presses("退回")
    await caller.hears("为什么退回")
    await caller.types("群众说没改，请拿出实际办法")
    await caller.hears(number, "已退回重办")
    # Mended by: 16, 19, 20 October, over a weekend. Answered by: 16, 19, 20, 21, 22 October.
    await li.hears(number, "第 2 轮", "请拿出实际办法", "10 月 22 日（周四）18:00")
    await lead.hears(number, "被上级退回", "第 2 轮")

    # --- this time the unit is late: warned, pressed, escalated level by level
    await story.at("2026-10-19 18:01")
    await story.rounds()
    await li.hears(number, "快到期了：整改", "明天 18:00")
    await story.at("2026-10-20 18:01")
    await story.rounds()
    await li.hears(number, "督办：整改应在今天 18:00 前完成")
    await lead.hears(number, "逾期上报：整改应在今天 18:00")
    await story.at("2026-10-21 18:01")
    await story.rounds()
    await caller.hears(number, "逾期上报：整改", "10 月 20 日（周二）18:00")

    await story.at("2026-10-22 09:00")
    await li.types(f"整改 {number} 中午两个窗口轮流办，加装叫号机，值班所领导每天点名")
    await li.hears("整改记下了")
    await li.types(f"答复 {number} 从今天起中午两个窗口轮流办理，叫号机已装好。")
    await li.hears("已交复核")
    assert await story.met(number, "rectify") is False
    await caller.hears(number, "等您复核", "中午两个窗口")
    await story.at("2026-10-22 11:00")
    await caller.presses("通过")
    assert await story.met(number, "answer") is True
    await chen.hears(number, "中午两个窗口轮流办理")

    # --- the citizen is content; the case ends with the re-visit all the same
    await story.at("2026-10-22 12:10")
    await chen.says("满意")
    await chen.hears(number, "还会有人再回访您一次")
    assert await story.state(number) == "answered"
    await story.at("2026-10-23 10:00")
    await centre.types(f"复访 {number} 满意 中午去办过了，有人")
    await centre.hears(number, "群众满意", "已办结")
    assert await story.state(number) == "closed"
    assert await story.met(number, "revisit") is True

    # --- told of each step once, and nobody else saw the number
    assert await story.notices(number) == 3, "accepted, answered, answered again"
    assert await story.notices(number, WANG) == 1, "the card"
    assert await story.notices(number, CENTRE) == 2, "a re-visit after each answer"
    assert not await told(wang, "13900000001")
    assert not await told(lead, "13900000001")
    await inspector.types(f"谁看过 {number}")
    seen = (await inspector.hears(number)).text
    assert set(re.findall(r"[李王张董沈]警官", seen)) == {"李警官", "董警官", "沈警官"}
    await li.types(f"经过 {number}")
    history = (await li.hears(f"{number} 的经过")).text
    for step in ("回访", "督办", "逾期上报", "退回", "复访"):
        assert step in history

    # --- thirty days on: did it stay solved, was anybody made to pay for it
    await story.at("2026-11-22 18:01")
    await story.rounds()
    await chen.hears(number, "问题还有没有再出现")
    await chen.hears(number, "有没有人为难您")
    assert await story.notices(number) == 5


async def test_a_unit_and_a_sub_centre_that_sleep(story: Story) -> None:
    """Nobody takes it, nobody calls: each deadline missed is told one level higher, once."""
    assert clock.now()
