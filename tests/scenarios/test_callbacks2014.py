"""2014, "four callbacks": on the spot, by phone, at the door, once more after mending.

The tests are one story on one installation, in the order of time. The working days are counted by
hand beside each date: 15–23 February 2026 is a holiday, the Saturdays 14 and 28 are worked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from actions.invitations.lots import drawn
from actions.store.tables import callback_tasks, cases, invitations
from tests.scenarios.phones import labels, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
from tests.scenarios.story import Story, telling
from tests.scenarios.systems import System, service, with_number

STATION = "YZ-QX-MDL"
CAR = "mdl-xl1-jggc"  # the code on a patrol car
LI, WANG, LEAD, CENTRE, SUB_CENTRE = "Y10101", "Y10102", "Y10103", "Y00002", "Y10002"
CHEN_PHONE, ZHOU_PHONE = "13900000000", "13900000001"
ASPECTS = ("arrival", "attitude", "result", "equipment", "appearance")
SCORES = {"出警速度": "4", "态度": "1", "处理结果": "3", "装备": "5", "着装仪表": "5"}


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("callbacks2014", begins="2026-02-12 09:00") as stage:
        yield stage


async def test_four_callbacks(story: Story) -> None:
    """Rated on the spot, asked by phone, visited at the door, asked again after mending."""
    chen, centre = story.citizen("陈女士"), story.officer("沈警官")
    li, wang, lead = story.officer("李警官"), story.officer("王警官"), story.officer("张所长")

    # --- Thursday 12 February, on the spot: the officers show the code on their car
    await story.at("2026-02-12 20:00")
    await chen.scan(CAR)
    scanned = await chen.hears("明德里派出所 · 巡逻 1 号车", "这次办得怎么样")
    assert labels(scanned) == ["满意", "不满意"]
    await chen.taps("不满意")
    await chen.hears("哪方面")
    await chen.taps("态度")
    await chen.hears("一句话")
    await chen.says("楼上漏水吵起来报的警，民警上来就说我不讲理")
    await chen.hears("电话")
    await chen.says(CHEN_PHONE)
    # Called back by 1 working day: 13 February.
    # Answered by 7 working days: 13, 14 (Saturday, worked), 24, 25, 26, 27, 28 (Saturday, worked).
    number = number_in(
        await chen.hears("明天 18:00 前给您回电话", "2 月 28 日（周六）18:00 前给您结果")
    )
    await li.hears(f"新件 {number} 不满意", "说我不讲理", "今天 22:00 前接单")
    await wang.hears(number)
    await centre.hears(number, "等您回访")
    await li.presses("接单")
    await li.hears("接单成功", CHEN_PHONE)
    await chen.hears(number, "李警官已接手", "2 月 28 日（周六）18:00 前给您答复")

    # --- by phone: the centre asks for each of the five aspects
    await story.at("2026-02-13 09:30")
    await centre.presses("回访")
    await centre.hears(number, CHEN_PHONE, "逐项打分")
    await centre.presses("打通了")
    await centre.hears("群众怎么说")
    await centre.types("民警没问清楚就说她不讲理")
    await centre.hears("不满意的原因")
    await centre.types("态度生硬，没听完")
    await centre.hears("想要怎样")
    await centre.types("希望道歉")
    await centre.hears("说好了怎么办")
    await centre.types("派出所上门")
    for aspect, score in SCORES.items():
        await centre.hears(f"{aspect}打几分")
        await centre.presses(score)
    await centre.hears(f"记为：{number} 已回访，已联系上")
    assert await story.met(number, "callback") is True

    # --- at the door: the head and the officer; she confirms the record with a code
    await story.at("2026-02-14 10:00")  # a Saturday that is worked
    await li.types(f"答复 {number} 已道歉")
    await li.hears("先上门")
    await li.types(f"上门 {number} 和所长一起上门，当面道歉，帮忙联系楼上修水管")
    await li.hears(number, "上门记下了")
    record = await chen.hears(number, "民警上门后这样记的", "当面道歉", "告诉民警")
    code = re.search(r"\b\d{4}\b", record.text.split("把")[-1])
    assert code is not None, record.text
    wrong = f"{(int(code[0]) + 1) % 10000:04}"
    await li.types(f"确认码 {number} {wrong}")
    await li.hears("确认码不对")
    await li.types(code[0])
    await li.hears(number, "已由群众确认")

    # --- found true, mended, handed in: before the holiday, while 5 working days run to 26 February
    await li.types(f"答复 {number} 已道歉")
    await li.hears("先写核查结论")
    await li.types(f"核查 {number} 属实 看了执法记录仪，语气生硬")
    await li.hears("核查结论“属实”")
    await li.types(f"整改 {number} 当事民警离岗培训，全所学一遍接处警用语")
    await li.hears(f"整改记下了：{number}", "2 月 26 日（周四）18:00 前整改完交上来")
    await li.types(f"答复 {number} 民警态度生硬属实，已当面道歉并离岗培训，漏水已约好节后来修。")
    await li.hears(number, "已交复核")
    await centre.hears(number, "等您复核")
    assert await story.met(number, "rectify") is True
    await story.at("2026-02-14 16:00")
    await centre.presses("通过")
    await centre.hears(number, "复核通过")
    # The tracking callback by 3 working days: 24, 25, 26 February.
    await chen.hears(number, "有答复了", "离岗培训", "这个结果您满意吗")

    # --- her own word does not settle it; the centre calls once more
    await story.at("2026-02-14 19:00")
    await chen.taps("满意")
    await chen.hears("记下了：满意")
    await li.hears(number, "群众对结果的评价：满意")
    assert await story.state(number) == "answered"
    await story.at("2026-02-24 10:00")
    await centre.types("/callbacks")
    listed = await centre.hears(number, "复访")
    assert CHEN_PHONE not in listed.text
    await centre.types(f"复访 {number} 满意 水管修好了，民警还来看过")
    await centre.hears(number, "复访，群众满意", "已办结")
    await li.hears(number, "复访：群众满意")
    assert await story.state(number) == "closed"
    assert await story.met(number, "revisit") is True
    assert await story.met(number, "answer") is True

    assert await story.notices(number) == 3, "accepted, visited, answered"
    # The card, passed, her word, re-visited.
    assert await story.notices(number, LI) == 4
    assert await story.notices(number, WANG) == 1, "the card"
    assert await story.notices(number, LEAD) == 1, "the card"
    assert await story.notices(number, CENTRE) == 2, "to call, handed in"
    assert await story.notices(number, SUB_CENTRE) == 0
    assert await saw_phone(story, number) == {LI, CENTRE}
    for other in ("王警官", "张所长", "刘警官", "董回访", "彭督察", "于队长"):
        assert not await told(story.officer(other), CHEN_PHONE), other
    assert not await told(lead, code[0])


async def test_it_cannot_be_mended(story: Story) -> None:
    """Nobody reached by phone: the door visit takes its place. Late; explained patiently; and there
    is nothing to track, so the citizen's own word ends it."""
    zhou, centre = story.citizen("周先生"), story.officer("沈警官")
    wang, lead = story.officer("王警官"), story.officer("张所长")

    # --- Tuesday 24 February, the first day after the holiday
    await story.at("2026-02-24 08:40")
    await zhou.scan(CAR)
    await zhou.hears("这次办得怎么样")
    await zhou.taps("不满意")
    await zhou.hears("哪方面")
    await zhou.taps("太慢")
    await zhou.hears("一句话")
    await zhou.says("报警后四十分钟才到，大桥那边堵死了")
    await zhou.hears("电话")
    await zhou.says(ZHOU_PHONE)
    # 7 working days: 25, 26, 27, 28 (Saturday, worked) February, 2, 3, 4 March.
    number = number_in(await zhou.hears("3 月 4 日（周三）18:00 前给您结果"))
    await wang.hears(f"新件 {number} 不满意", "大桥那边堵死了")
    await wang.presses("接单")
    await wang.hears("接单成功", ZHOU_PHONE)
    for moment in ("2026-02-24 09:10", "2026-02-24 14:10", "2026-02-24 18:40"):
        await story.at(moment)
        await centre.types(f"回访 {number} 没打通")
        await centre.hears(f"记为：{number} 没打通")
    assert await story.met(number, "callback") is True, "tried as often as asked"
    unreached = await wang.hears(number, "打了 3 次", "上门")
    assert "上门" in "".join(labels(unreached))

    # --- 5 working days: 25, 26, 27, 28 February, 2 March; reminded two working days before
    await story.at("2026-02-27 18:01")
    await story.rounds()
    await wang.hears(number, "快到期了：整改", "3 月 2 日（周一）18:00")
    await story.at("2026-03-02 18:01")
    await story.rounds()
    await wang.hears(number, "督办：整改", "已到期")
    await lead.hears(number, "超期上报：整改")
    assert not await told(centre, number, "超期上报")
    await story.at("2026-03-03 18:01")
    await story.rounds()
    await centre.hears(number, "超期上报：整改")
    await centre.presses("督办")
    await centre.hears(number, "督办已发给承办人和负责人")
    await wang.hears(number, "督办：沈警官请您马上办")
    await lead.hears(number, "督办：沈警官在催")

    # --- the visit, confirmed by a tap; explained
    await story.at("2026-03-04 09:00")
    await wang.types(f"上门 {number} 上门说明：当晚大桥封闭施工，绕行二十公里")
    await wang.hears(number, "上门记下了")
    await zhou.says(f"进度 {number}")
    await zhou.hears()
    await zhou.says("属实")
    await zhou.hears(number)
    await wang.types(f"核查 {number} 不属实 轨迹显示接警两分钟出车，绕行属客观原因")
    await wang.hears("核查结论“不属实”")
    await wang.types(f"说明 {number} 大桥五月通车前只能绕行，已当面解释，群众理解")
    await wang.hears("改不了，已说明")
    await wang.types(f"答复 {number} 大桥施工只能绕行，让您久等了；桥北增设一个夜间值守点。")
    await wang.hears(number, "已交复核")
    assert await story.met(number, "rectify") is False
    await centre.hears(number, "等您复核")
    await centre.presses("通过")
    passed = await centre.hears(number, "复核通过")
    assert "复访" not in passed.text, "only what was mended is tracked"
    await zhou.hears(number, "有答复了", "夜间值守点")
    await zhou.taps("满意")
    await zhou.hears("记下了：满意", f"{number} 办结")
    assert await story.state(number) == "closed"
    assert await story.met(number, "answer") is True
    # Accepted, visited, answered.
    assert await story.notices(number) == 3
    # The card; not reached; warned, pressed; pressed by the centre; passed; his word.
    assert await story.notices(number, WANG) == 7
    # The card; mending late; pressed by the centre.
    assert await story.notices(number, LEAD) == 3
    # To call; mending late; handed in.
    assert await story.notices(number, CENTRE) == 3


async def test_the_months_draw(story: Story) -> None:
    """Each month calls are drawn at random among the last one's cases, whatever the citizen said;
    each is asked for the five aspects, and the draw can be drawn again."""
    chen, centre = story.citizen("陈女士"), story.officer("沈警官")
    await story.at("2026-03-05 09:00")
    await story.services.rounds.day()
    await story.services.rounds.day()
    # Of February's closed cases: hers, of 24 February; his was closed in March.
    await centre.hears("抽查回访", "2026-02 办结的 1 件里抽了 1 件")
    assert len(await told(centre, "抽查回访：")) == 1, "once a month"
    await centre.types("抽查")
    await centre.hears("2026-02 云州市公安局", "还剩 1", "种子", "重抽一遍，结果一致")

    told_before = len(await told(chen))
    await centre.presses("回访清单")
    number = number_in(await centre.hears("抽查", "139****0000", "3 月 31 日（周二）"))
    await centre.presses(f"抽查 {number}")
    await centre.hears(number, CHEN_PHONE, "打通了吗")
    await centre.types("打通了，群众说现在挺好，建议小区门口多装一盏灯")
    for aspect in SCORES:
        await centre.hears(f"{aspect}打几分")
        await centre.presses("5")
    await centre.hears(f"记为：{number} 已回访，已联系上")
    await centre.types("抽查")
    await centre.hears("打通 1", "还剩 0", "重抽一遍，结果一致")
    assert len(await told(chen)) == told_before, "she is called, not written to"
    assert await story.state(number) == "closed"

    # The scores of both calls are kept, aspect by aspect.
    assert await _scores(story, number) == [
        ("first", {"arrival": 4, "attitude": 1, "result": 3, "equipment": 5, "appearance": 5}),
        ("spot_check", dict.fromkeys(ASPECTS, 5)),
    ]
    await nothing_raw(story)


async def test_asked_by_lot(story: Story) -> None:
    """A random tenth of the police calls is asked by message, for the five aspects too; anybody can
    draw the lots again. One is not content: called, visited at the door, explained."""
    centre, wang = story.officer("沈警官"), story.officer("王警官")

    # --- Monday 9 March: yesterday's calls are reported; a day after the call the lots are drawn
    await story.at("2026-03-09 08:30")
    calls = await System.connected(story, "calls", "police_call")
    numbers = [f"J-{n:03}" for n in range(150)]
    done = [
        service(number, "police_call", STATION, f"1390001{n:04}", "2026-03-08 08:40")
        for n, number in enumerate(numbers)
    ]
    assert (await calls.reports(*done))["new"] == 150
    await story.services.invitations.planning.plan()
    again = await story.services.invitations.funnel.draw_again("2026-03")
    assert again is not None
    assert (again.looked_at, again.as_recorded) == (150, True)
    lucky = [n for n, number in enumerate(numbers) if drawn(0.1, again.seed, "calls", number)]
    assert len(lucky) == again.belong
    await story.at("2026-03-09 09:00")
    await story.invites()
    their_phone = f"1390001{lucky[0]:04}"
    phone = await with_number(story, their_phone, their_phone)
    asked = await phone.hears("您 3 月 8 日请桥西分局明德里派出所办的事，办得怎么样")
    assert asked.text.endswith("回1满意 回2不满意")

    # --- not satisfied; and the five aspects, each from 1 to 5
    await phone.says("2 等了五十分钟才到")
    answer = await phone.hears("抱歉，没办好", "出警速度", "54455")
    number = number_in(answer)
    await phone.says("14355")
    await phone.hears("分数记下了")
    assert await _marks(story) == dict(zip(ASPECTS, (1, 4, 3, 5, 5), strict=True))
    await wang.hears(f"新件 {number} 不满意", "五十分钟")
    await wang.presses("接单")
    await wang.hears("接单成功", their_phone)
    await phone.hears(number, "王警官已接手")

    # --- the centre calls, the unit goes to the door; the code that she was sent confirms the record
    await story.at("2026-03-09 10:00")
    await centre.hears(number, "等您回访")
    await centre.types(f"回访 {number} 打通了，群众说等得太久")
    await centre.hears("不满意的原因")
    await centre.presses("就这些")
    await centre.hears(f"记为：{number} 已回访，已联系上")
    await story.at("2026-03-10 10:00")
    await wang.types(f"上门 {number} 上门说明：当晚三起警情，最近的车在二十公里外")
    await wang.hears(number, "上门记下了")
    record = await phone.hears(number, "告诉民警")
    code = re.search(r"\b\d{4}\b", record.text.split("把")[-1])
    assert code is not None, record.text
    await wang.types(f"确认码 {number} {code[0]}")
    await wang.hears(number, "已由群众确认")

    # --- nothing can be changed about it, and that is said; she understands, and so it ends
    await wang.types(f"核查 {number} 不属实 轨迹显示接警即出车，路远属客观原因")
    await wang.hears("核查结论“不属实”")
    await wang.types(f"说明 {number} 夜间只有一台车，已当面解释，群众理解")
    await wang.hears("改不了，已说明")
    await wang.types(f"答复 {number} 当晚警情集中，让您久等了，已向分局申请增加夜间车辆。")
    await wang.hears(number, "已交复核")
    await centre.hears(number, "等您复核")
    await centre.presses("通过")
    await centre.hears(number, "复核通过")
    await phone.hears(number, "有答复了")
    await phone.says("1")
    await phone.hears("记下了：满意", number)
    assert await story.state(number) == "closed"
    await nothing_raw(story)


async def _marks(story: Story) -> dict[str, int]:
    """What the only one who gave marks gave."""
    query = select(invitations.c.aspects).where(invitations.c.aspects.is_not(None))
    async with story.services.engine.connect() as connection:
        marks: dict[str, int] = (await connection.execute(query)).scalar_one()
    return marks


async def _scores(story: Story, number: str) -> list[tuple[str, dict[str, int]]]:
    query = (
        select(callback_tasks.c.kind, callback_tasks.c.aspects)
        .join(cases, cases.c.id == callback_tasks.c.case_id)
        .where(cases.c.number == number, callback_tasks.c.aspects.is_not(None))
        .order_by(callback_tasks.c.created_at)
    )
    async with story.services.engine.connect() as connection:
        return [(row.kind, row.aspects) for row in (await connection.execute(query)).all()]
