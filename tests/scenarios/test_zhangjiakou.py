"""Zhangjiakou, "scan to rate the police": its article's story by the clock of autumn 2026.

The three tests are one story on one installation, in the order of time. The working days are
counted by hand beside each date: 1–7 October are a holiday, Saturday 10 October is worked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.simulator.driver import Citizen
from tests.scenarios.phones import hand_out, labels, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
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

    # Wednesday, on the way to school: the code on a patrol car, and instead of a grade a suggestion.
    await story.at("2026-09-02 07:50")
    await zhou.scan(CAR)
    await zhou.hears("桥东分局交警大队 · 交警 1 号车", "这次办得怎么样")
    await zhou.says("我有个建议，学府路口红绿灯那里，上下学高峰堵得走不动，能不能派人疏导一下")
    await zhou.hears("建议", "电话")  # which unit, the code has said
    await zhou.says("不留")
    await zhou.hears("看看对不对", "学府路口")
    await zhou.taps("提交")
    # 7 working days: 3, 4, 7, 8, 9, 10, 11 September.
    receipt = await zhou.hears("建议收到", "交警大队", "9 月 11 日（周五）18:00 前给您结果")
    number = number_in(receipt)

    # The brigade has it at once; two hours of duty run from 08:00.
    await hu.hears(f"新件 {number} 建议", "学府路口", "今天 10:00 前接单")
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
    await reads_the_answer(zhou, number, "早晚高峰已派专人在学府路口执勤疏导")
    assert await story.met(number, "answer") is True

    # Monday: the officers stand there; the citizen scans the code on their car. Two grades only.
    await story.at("2026-09-07 07:40")
    await zhou.scan(CAR)
    scanned = await zhou.hears("桥东分局交警大队 · 交警 1 号车", "这次办得怎么样")
    assert labels(scanned) == ["满意", "不满意"]
    await zhou.taps("满意")
    await zhou.hears("谢谢", "满意")
    await chief.types("/stats 本月 桥东")
    await chief.hears("桥东分局", "1 条")

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
    story.numbers["陈女士"] = number
    await caller.hears(number, "等您回访")
    await wang.hears(f"新件 {number} 不满意", "139****0001")
    await li.hears(f"新件 {number} 不满意", "就一个窗口开着", "今天 12:00 前接单")

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
    await li.hears("10 月 1—7 日国庆节，不算", "10 日（周六）调休上班，第 3 天")
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
    await reads_the_answer(chen, number, "请您谅解")
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
    await caller.hears(number, "复访：单位说办好了，群众说没有")

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
    await li.hears(number, "督办：整改，今天 18:00 前应完成")
    await lead.hears(number, "超期上报：整改，今天 18:00 前应完成")
    await story.at("2026-10-21 18:01")
    await story.rounds()
    await caller.hears(number, "超期上报：整改", "10 月 20 日（周二）")

    await story.at("2026-10-22 09:00")
    await li.types(f"整改 {number} 中午两个窗口轮流办，加装叫号机，值班所领导每天点名")
    await li.hears("整改记下了")
    await li.types(f"答复 {number} 从今天起中午两个窗口轮流办理，叫号机已装好。")
    await li.hears("已交复核")
    assert await story.met(number, "rectify") is False
    await caller.hears(number, "等您复核", "中午两个窗口")
    await story.at("2026-10-22 11:00")
    await caller.presses("通过")
    await caller.hears(number, "复核通过")
    assert await story.met(number, "answer") is True
    await reads_the_answer(chen, number, "中午两个窗口轮流办理")

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
    assert await story.notices(number) == 4, "accepted, answered, begun again, answered again"
    assert await story.notices(number, WANG) == 1, "the card"
    assert await story.notices(number, CENTRE) == 2, "a re-visit after each answer"
    assert not await told(wang, "13900000001")
    assert not await told(lead, "13900000001")
    assert await saw_phone(story, number) == {LI, SUB_CENTRE, CENTRE}
    await inspector.types(f"谁看过 {number}")
    await inspector.hears("李警官", "董警官", "沈警官")
    await li.types(f"经过 {number}")
    history = (await li.hears(f"{number} 的经过")).text
    for step in ("回访", "督办", "超期上报", "退回", "复访"):
        assert step in history


async def test_a_unit_and_a_sub_centre_that_sleep(story: Story) -> None:
    """Nobody takes it, nobody calls: what is missed is told one level higher, and stays written."""
    wu = story.citizen("老吴")
    li, wang, lead = story.officer("李警官"), story.officer("王警官"), story.officer("张所长")
    caller, centre = story.officer("董回访"), story.officer("沈警官")

    # Monday evening. Called back by Tuesday; answered by: 27, 28, 29, 30 October, 2 November.
    await story.at("2026-10-26 17:30")
    await wu.scan(DESK)
    await wu.hears("明德里派出所")
    await wu.taps("不满意")
    await wu.hears("哪方面")
    await wu.taps("态度")
    await wu.hears("一句话")
    await wu.says("问三遍不答应，把材料扔出来")
    await wu.hears("要回电话给您吗")
    await wu.says("13900000003")
    number = number_in(
        await wu.hears("明天 18:00 前给您回电话", "11 月 2 日（周一）18:00 前给您结果")
    )
    story.numbers["老吴"] = number
    await li.hears(f"新件 {number}", "今天 19:30 前接单")

    # Two hours of duty, and nobody has taken it: the officers are pressed, their lead is told.
    await story.at("2026-10-26 19:31")
    await story.rounds()
    await li.hears(number, "还没人接单")
    await wang.hears(number, "还没人接单")
    await lead.hears(number, "还没人接单", "请您接单")
    # Two more: half an hour until 20:00, the rest from 08:00. Then the sub-centre is told.
    await story.at("2026-10-27 09:31")
    await story.rounds()
    await caller.hears(number, "还没人接单")
    await story.at("2026-10-27 09:40")
    await wang.types(f"接单 {number}")
    await wang.hears("接单成功", "13900000003")
    await wu.hears(number, "王警官已接手")
    assert await story.met(number, "accept") is False

    # The sub-centre's own call: warned at 16:00, pressed at 18:00, to the centre a day later.
    await story.at("2026-10-27 16:01")
    await story.rounds()
    await caller.hears(number, "快到期了：回访，今天 18:00")
    await story.at("2026-10-27 18:01")
    await story.rounds()
    await caller.hears(number, "督办：回访")
    await story.at("2026-10-28 18:01")
    await story.rounds()
    await centre.hears(number, "超期上报：回访")
    await story.at("2026-10-28 19:00")
    await caller.types(f"回访 {number} 没打通")
    await caller.hears(number, "没打通", "明天 09:00 后再打一次（第 2 次，共 3 次）")
    assert await story.met(number, "callback") is None, "one attempt of three"
    await story.at("2026-10-29 10:00")
    await caller.types(f"回访 {number} 打通了，群众要求窗口民警当面道歉")
    await caller.hears("原因")
    await caller.presses("就这些")
    await caller.hears(number, "已联系上")
    assert await story.met(number, "callback") is False

    # The unit itself is in time: 27, 28, 29 October.
    await story.at("2026-10-29 15:00")
    await wang.types(f"整改 {number} 当班民警当面道歉，离岗培训一周")
    await wang.hears("整改记下了")
    await wang.types(f"答复 {number} 当班民警已向您当面道歉，离岗培训。")
    await wang.hears("已交复核")
    assert await story.met(number, "rectify") is True
    await caller.hears(number, "等您复核", "当面道歉")
    await story.at("2026-10-30 09:00")
    await caller.presses("通过")
    await caller.hears(number, "复核通过")
    await reads_the_answer(wu, number, "当班民警已向您当面道歉")
    await wu.taps("满意")
    await wu.hears(number, "还会有人再回访您一次")
    await centre.hears(number, "复访")
    await story.at("2026-10-30 15:00")
    await centre.types(f"复访 {number} 满意")
    await centre.hears(number, "群众满意", "已办结")

    assert await story.notices(number) == 2, "taken, answered"
    assert await story.notices(number, LI) == 2, "the card, and that nobody has taken it"
    assert await story.notices(number, LEAD) == 2, "the card, and that nobody has taken it"
    assert await story.notices(number, SUB_CENTRE) == 5, "call, not taken, warned, pressed, review"
    assert await story.notices(number, CENTRE) == 2, "the call that was not made, the re-visit"
    await wang.types(f"经过 {number}")
    history = (await wang.hears(f"{number} 的经过")).text
    assert history.count("超期上报") == 3, "to the lead, the sub-centre, the centre"


async def test_drawn_by_lot_and_asked_again(story: Story) -> None:
    """The month's spot checks by a recorded seed; after thirty days two questions more."""
    chen, wu = story.citizen("陈女士"), story.citizen("老吴")
    centre, inspector = story.officer("沈警官"), story.officer("彭督察")
    mended, rude = story.numbers["陈女士"], story.numbers["老吴"]

    # --- both cases closed in October are drawn; the centre calls, content citizens included
    await story.at("2026-11-02 09:00")
    await story.services.rounds.day()
    await centre.hears("抽查回访", "办结的 2 件里抽了 2 件")
    await story.services.rounds.day()
    await centre.types("抽查")
    await centre.hears("办结 2 件，抽中 2 件", "还剩 2", "重抽一遍，结果一致")
    assert len(await told(centre, "抽查回访")) == 1, "drawn once a month"
    await centre.types(f"回访 {mended} 打通了，中午确实有人了")
    await centre.hears(mended, "已联系上")
    await centre.types("抽查")
    await centre.hears("打通 1", "还剩 1")

    # --- closed on 23 October: asked on 22 November; she wrote that day, so it can be tapped
    await story.at("2026-11-22 12:00")
    await chen.says("进度")
    await chen.hears(mended, "办结了")
    await story.at("2026-11-22 18:01")
    await story.rounds()
    await chen.hears(mended, "问题还有没有再出现")
    await chen.taps("没再出现")
    await chen.hears("记下了")
    await story.at("2026-11-23 18:01")
    await story.rounds()
    await chen.hears(mended, "有没有人为难您", "只有上级督察看得到")
    await chen.taps("没有")
    await chen.hears("那就好")
    assert await story.notices(mended) == 6, "taken, answered, begun again, answered, asked twice"

    # --- closed on 30 October: asked on 29 November. It has happened again, and worse.
    await story.at("2026-11-29 12:00")
    await wu.says("进度")
    await wu.hears(rude, "办结了")
    await story.at("2026-11-29 18:01")
    await story.rounds()
    await wu.hears(rude, "问题还有没有再出现")
    await story.at("2026-11-30 18:01")
    await story.rounds()
    await wu.hears(rude, "有没有人为难您")
    await wu.taps("有")
    await wu.hears("直接到督察")
    await wu.says("那位民警在小区门口堵着问我为什么告他")
    await wu.hears("转到督察")
    await inspector.hears(rude, "受到了不好的对待")
    for name in ("王警官", "张所长", "董回访", "沈警官"):
        assert not await told(story.officer(name), "不好的对待"), name
    await nothing_raw(story)


async def reads_the_answer(citizen: Citizen, number: str, words: str) -> None:
    """More than 48 hours after the citizen's last word WeChat takes only a template message, which
    holds a few characters: the citizen asks, and has the whole answer with the grades under it."""
    assert (await citizen.hears(number, "有答复了")).via == "template"
    await citizen.says("进度")
    whole = await citizen.hears(number, words, "这个结果您满意吗")
    assert labels(whole)[:2] == ["满意", "不满意"]
