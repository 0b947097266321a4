"""Yuxi, "SMS rating, voice callback": its article's story by the clock of autumn 2026.

The tests are one story on one installation, in the order of time. The working days are counted by
hand beside each date: 25–27 September and 1–7 October are holidays, Saturday 10 October is worked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.scenarios.phones import labels, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
from tests.scenarios.story import Story, telling
from tests.scenarios.systems import System, service, with_number

STATION, COUNTER = "YZ-QX-MDL", "YZ-QX-MDL-HJ2"
LI, WANG, LEAD = "Y10101", "Y10102", "Y10103"
SUB_CENTRE, CENTRE, INSPECTOR = "Y10002", "Y00002", "Y00004"
CHEN_PHONE, ZHOU_PHONE = "13900000000", "13900000001"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("yuxi", begins="2026-09-24 09:50") as stage:
        yield stage


async def test_a_false_rectification_is_sent_back(story: Story) -> None:
    """An identity card in three visits. The inspector calls, finds out who was responsible, sends
    back what was mended on paper only, and passes what was mended in earnest."""
    chen, inspector = await with_number(story, "陈女士", CHEN_PHONE), story.officer("彭督察")
    li, wang, lead = story.officer("李警官"), story.officer("王警官"), story.officer("张所长")
    hall = await System.connected(story, "hall", "counter")

    # --- Thursday 24 September: the counter reports at nine what was done at 08:55
    await story.at("2026-09-24 09:00")
    done = service("H-0001", "counter", COUNTER, "139 0000 0000", "2026-09-24 08:55")
    assert (await hall.reports(done))["new"] == 1
    assert (await hall.reports(done))["known"] == 1, "the same once more"
    await story.at("2026-09-24 09:54")
    await story.invites()
    assert not await told(chen, "办得怎么样"), "an hour after the service, and not before"
    await story.at("2026-09-24 09:56")
    await story.invites()
    asked = await chen.hears(
        "您 9 月 24 日请桥西分局明德里派出所 · 户籍 2 号窗口办的事，办得怎么样"
    )
    assert asked.text.endswith("退订回 T 回1满意 回2基本满意 回3不满意")

    # --- she answers 3; delivered twice, it is one rating and one case
    await story.at("2026-09-24 10:00")
    await chen.says("3 办身份证跑了三趟，每次都说缺材料", deliveries=2)
    number = number_in(await chen.hears("抱歉，没办好", "前给您回电话", "前给您结果"))
    await li.hears(f"新件 {number} 不满意", "户籍 2 号窗口", "跑了三趟", "今天 12:00 前接单")
    await wang.hears(number)
    called = await inspector.hears(number, "等您回访")
    assert labels(called)[0] == "回访"

    await story.at("2026-09-24 10:30")
    await li.presses("接单")
    # Mended by 5 working days: 28, 29, 30 September, 8, 9 October.
    await li.hears("接单成功", CHEN_PHONE)
    # Answered by 7 working days: 28, 29, 30 September, 8, 9, 10 (Saturday, worked), 12 October.
    await chen.hears(number, "李警官已接手", "10 月 12 日（周一）18:00 前给您答复")
    assert await story.met(number, "accept") is True

    # --- the inspector's call: one in one; the reason, and who is responsible
    await story.at("2026-09-24 15:00")
    await inspector.presses("回访")
    await inspector.hears(number, CHEN_PHONE, "是谁、在哪个环节", "打通了吗")
    await inspector.presses("打通了")
    await inspector.hears("群众怎么说")
    await inspector.types("三次说的材料都不一样")
    await inspector.hears("不满意的原因")
    await inspector.types("沟通不畅，没有一次讲清")
    await inspector.hears("哪个人、哪个环节")
    await inspector.types("2 号窗口受理环节")
    await inspector.hears("想要怎样")
    await inspector.types("把要带什么写清楚")
    await inspector.hears("说好了怎么办")
    await inspector.types("窗口核实整改后答复")
    await inspector.hears(f"记为：{number} 已回访，已联系上")
    assert await story.met(number, "callback") is True

    # --- Monday: found true. Nothing is handed in before there is a finding and something is mended.
    await story.at("2026-09-28 09:30")
    await li.types(f"答复 {number} 已整改")
    await li.hears("先写核查结论")
    await li.types(f"核查 {number} 属实 调了窗口录像，三次告知的材料不一致")
    await li.hears("核查结论“属实”", "三次告知的材料不一致")
    assert await story.met(number, "verify") is True
    await li.types(f"答复 {number} 已整改")
    await li.hears("先写整改了什么")
    await li.types(f"整改 {number} 已制作一次性告知单")
    await li.hears(f"整改记下了：{number}")
    await li.types(f"答复 {number} 窗口已备好一次性告知单，给您添麻烦了。")
    await li.hears(number, "已交复核")
    await inspector.hears(number, "等您复核", "一次性告知单")
    assert await story.met(number, "rectify") is True

    # --- the inspector went to look: there is no such sheet. Back to the unit, from the beginning.
    await story.at("2026-09-28 16:00")
    await inspector.presses("退回")
    await inspector.hears("为什么退回")
    await inspector.types("到窗口看了，没有告知单，是虚假整改，重新办")
    # Again 5 working days: 29, 30 September, 8, 9, 10 October (Saturday, worked).
    await inspector.hears(number, "已退回重办", "10 月 10 日（周六）18:00 前整改完交上来")
    await li.hears(number, "第 2 轮", "虚假整改", "10 月 12 日（周一）18:00 前要答复")
    await lead.hears(number, "被上级退回", "第 2 轮")
    assert not await told(chen, number, "有答复了"), "the citizen is not told what is not so"
    await story.at("2026-09-30 09:00")
    await li.types(f"答复 {number} 已经放好了")
    await li.hears("先写整改了什么")  # what counted before counts no more
    await li.types(f"整改 {number} 告知单已印好放在窗口，三名民警逐一过关")
    await li.hears(f"整改记下了：{number}")
    await li.sends_photo()
    await li.hears()
    await li.types(f"答复 {number} 窗口已放一次性告知单，照着备一次就能办成。")
    await li.hears(number, "已交复核")
    await inspector.hears(number, "等您复核", "照着备一次就能办成")
    await inspector.presses("通过")
    await inspector.hears(number, "复核通过")
    await li.hears(number, "复核通过")

    # --- she hears of it once, and is content
    answered = await chen.hears(number, "有答复了")
    assert answered.text.endswith("回1满意 回2基本满意 回3不满意")
    await story.at("2026-09-30 10:00")
    await chen.says("2")
    await chen.hears("基本满意")
    await li.hears(number, "群众对结果的评价：基本满意")
    assert await story.state(number) == "closed"
    assert await story.met(number, "answer") is True
    assert await story.notices(number) == 2, "accepted, answered"
    # The card, sent back, passed, her word.
    assert await story.notices(number, LI) == 4
    assert await story.notices(number, WANG) == 1, "the card"
    assert await story.notices(number, LEAD) == 2, "the card, sent back"
    assert await story.notices(number, INSPECTOR) == 3, "to call, handed in twice"
    assert await story.notices(number, CENTRE) == await story.notices(number, SUB_CENTRE) == 0
    assert await saw_phone(story, number) == {LI, INSPECTOR}
    for other in ("王警官", "张所长", "刘警官", "董回访", "沈警官", "于队长"):
        assert not await told(story.officer(other), CHEN_PHONE), other


async def test_nobody_calls_and_nothing_is_mended(story: Story) -> None:
    """The call comes late, and so does everything else: reminded, pressed, county and city told."""
    inspector = story.officer("彭督察")
    wang, lead = story.officer("王警官"), story.officer("张所长")
    county, centre = story.officer("董回访"), story.officer("沈警官")
    # --- a call on the last evening of the holiday; two hours later it is night, so in the morning
    await story.at("2026-10-07 20:00")
    phone = await with_number(story, "周先生", ZHOU_PHONE)
    calls = await System.connected(story, "calls", "police_call")
    await calls.reports(service("J-1", "police_call", STATION, "139-0000-0001", "2026-10-07 19:50"))
    await story.at("2026-10-07 22:00")
    await story.invites()
    assert not await told(phone, "办得怎么样"), "nothing goes out at night"
    # --- Thursday 8 October, the first day after the holiday
    await story.at("2026-10-08 09:00")
    await story.invites()
    await phone.hears("您 10 月 7 日请桥西分局明德里派出所办的事")
    await phone.says("嗯？")
    await phone.hears("没看明白", "回1满意")
    await phone.says("不满意 报警丢了电动车，一直没人告诉我结果")
    number = number_in(await phone.hears("抱歉，没办好"))
    await wang.hears(f"新件 {number} 不满意", "电动车")
    await wang.presses("接单")
    await wang.hears("接单成功")
    # Answered by 7 working days: 9, 10 (Saturday, worked), 12, 13, 14, 15, 16 October.
    await phone.hears(number, "王警官已接手", "10 月 16 日（周五）18:00 前给您答复")

    # --- the call is due on the next working day; warned two hours before, then pressed, then the city
    await inspector.hears(number, "等您回访")
    await story.at("2026-10-09 16:01")
    await story.rounds()
    await inspector.hears(number, "快到期了：回访", "今天 18:00")
    await story.at("2026-10-09 18:01")
    await story.rounds()
    await inspector.hears(number, "督办：回访", "已到期")
    assert not await told(centre, number)
    assert not await told(lead, number, "督办"), "the call is none of the unit's work"
    await story.at("2026-10-10 18:01")  # one working day later: a Saturday that is worked
    await story.rounds()
    await centre.hears(number, "超期上报：回访")
    await wang.hears(number, "快到期了：核查", "10 月 12 日（周一）18:00")
    await inspector.types(f"回访 {number} 打通了，群众只想知道查到哪一步")
    await inspector.hears("不满意的原因")
    await inspector.presses("就这些")
    await inspector.hears(f"记为：{number} 已回访")
    assert await story.met(number, "callback") is False, "one in one, but late"

    # --- found out by 3 working days: 9, 10, 12 October
    await story.at("2026-10-12 18:01")
    await story.rounds()
    await wang.hears(number, "督办：核查", "已到期")
    await lead.hears(number, "督办：核查")
    # --- mended by 5: 9, 10, 12, 13, 14 October; then the lead, the county, the city
    await story.at("2026-10-13 18:01")
    await story.rounds()
    await wang.hears(number, "快到期了：整改", "明天 18:00")
    await story.at("2026-10-14 18:01")
    await story.rounds()
    await wang.hears(number, "督办：整改", "已到期")
    await lead.hears(number, "超期上报：整改")
    await story.at("2026-10-15 18:01")
    await story.rounds()
    await county.hears(number, "超期上报：整改")
    assert not await told(centre, number, "超期上报：整改")
    await story.at("2026-10-16 14:01")
    await story.rounds()
    await wang.hears(number, "快到期了：答复", "今天 18:00")
    await story.at("2026-10-16 18:01")
    await story.rounds()
    await county.hears(number, "超期上报：答复")
    # The city: three working days after 14 October = 15, 16, 19; the weekend is free of alarms.
    await story.at("2026-10-18 18:01")
    await story.rounds()
    assert not await told(centre, number, "超期上报：整改")
    await story.at("2026-10-19 18:01")
    await story.rounds()
    await centre.hears(number, "超期上报：整改")

    # --- at last; and the citizen says nothing: closed as silent, never as satisfied
    await story.at("2026-10-20 09:00")
    await wang.types(f"核查 {number} 部分属实 案子在办，但没有按时回告")
    await wang.hears("核查结论“部分属实”")
    await wang.types(f"整改 {number} 每周五给报警人回告一次")
    await wang.hears(f"整改记下了：{number}")
    await wang.types(f"答复 {number} 监控已调取，正在追查；以后每周五告诉您进展。")
    await wang.hears(number, "已交复核")
    await inspector.hears(number, "等您复核")
    await inspector.presses("通过")
    await wang.hears(number, "复核通过")
    await phone.hears(number, "有答复了")
    assert [await story.met(number, each) for each in ("verify", "rectify", "answer")] == [
        False
    ] * 3
    await story.at("2026-10-27 17:59")
    await story.rounds()
    assert await story.state(number) == "answered"
    await story.at("2026-10-27 18:01")
    await story.rounds()
    assert await story.state(number) == "closed"

    assert await story.notices(number) == 2, "accepted, answered"
    # The card; finding, mending, answering: each warned of and pressed; passed.
    assert await story.notices(number, WANG) == 8
    # The card; finding pressed; mending late; answering pressed.
    assert await story.notices(number, LEAD) == 4
    assert await story.notices(number, SUB_CENTRE) == 2, "mending late, answering late"
    assert await story.notices(number, INSPECTOR) == 4, "to call, warned, pressed; handed in"

    # --- and all of it can be read
    await inspector.types(f"记录 {number}")
    await inspector.hears("快到期提醒", "督办：打回访电话", "超期上报", "部分属实")


async def test_asked_much_later(story: Story) -> None:
    """A month and three months after: whether anyone made her pay for it. The unit never learns."""
    chen, inspector, li = (
        story.driver.sms("陈女士"),
        story.officer("彭督察"),
        story.officer("李警官"),
    )

    # Closed on 30 September; 30 days later whether it stayed solved, and a day after that:
    await story.at("2026-10-30 18:01")
    await story.rounds()
    await chen.hears("还有没有再出现", "想问您一声", "回1没再出现")
    await chen.says("1")
    await chen.hears("谢谢")
    await story.at("2026-10-31 18:01")
    await story.rounds()
    asked = await chen.hears("有没有人为难")
    number = number_in(asked)
    await chen.says("没有")
    await chen.hears()
    assert not await told(inspector, number, "不好的对待")

    # 90 days later.
    await story.at("2026-12-29 18:01")
    await story.rounds()
    await chen.hears(number, "有没有人为难")
    await chen.says("有")
    await chen.hears("直接到督察", "看不到")
    await chen.says("有民警给我单位打电话，说我多事")
    await chen.hears("转到督察")
    await inspector.hears(number, "请单独了解", "给我单位打电话")
    for name in ("李警官", "王警官", "张所长", "董回访", "沈警官"):
        assert not await told(story.officer(name), "不好的对待"), name
    await li.types(f"记录 {number}")
    history = await li.hears(f"{number} 的经过")
    assert "对待" not in history.text
    assert await story.notices(number) == 5, "accepted, answered, asked three times"
    await nothing_raw(story)
