"""Handan, the centre that senses public opinion: its article's story by the clock of May 2026.

The tests are one story on one installation, in the order of time. The working days are counted by
hand beside each date: Saturday 9 May 2026 is worked, for the holiday of 1–5 May.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.scenarios.phones import hand_out, labels, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
from tests.scenarios.story import Story, telling
from tests.scenarios.systems import System, service, with_number

STATION, TRAFFIC = "YZ-QX-MDL", "YZ-QD-JJ"
LI, WANG, LEAD, SUB_CENTRE, CENTRE = "Y10101", "Y10102", "Y10103", "Y10002", "Y00002"
HU = "Y20301"
LI_BADGE, CAR = "y10101-6eh6", "jj-jj1-yqtt"  # codes: on the officer's chest, on a car
CHEN_PHONE, ZHOU_PHONE = "13900000000", "13900000001"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("handan", begins="2026-05-01 09:30") as stage:
        yield stage


async def test_a_three_by_sms(story: Story) -> None:
    """A police call of 1 May; seven days later the citizen answers 3. The centre asks why, the unit
    gets a work order, talks with her again and mends it on the next working day."""
    chen = await with_number(story, "陈女士", CHEN_PHONE)
    centre, li, wang = story.officer("沈警官"), story.officer("李警官"), story.officer("王警官")

    # --- Friday 1 May: the call is dealt with, and reported; a victim's is too, and nobody asks her
    calls = await System.connected(story, "calls", "police_call")
    done = service("J-0501-1", "police_call", STATION, "13900000000", "2026-05-01 08:40")
    victim = service("J-0501-2", "police_call", STATION, "13900000005", "2026-05-01 08:50")
    told_once = await calls.reports(done, victim | {"flags": ["domestic_violence"]})
    assert told_once["new"] == 2
    for moment in ("2026-05-01 10:00", "2026-05-08 08:59"):
        await story.at(moment)
        await story.invites()
    assert not await told(chen, "办得怎么样"), "seven days later, and not before nine"

    # --- Friday 8 May: the message; she answers 3, and everything comes to the centre first
    await story.at("2026-05-08 09:00")
    await story.invites()
    asked = await chen.hears(
        "您 5 月 1 日", "桥西分局明德里派出所", "办得怎么样", "热线 0000-12345"
    )
    assert asked.text.endswith("回1满意 回2基本满意 回3不满意")
    assert not await told(await with_number(story, "被害人", "13900000005"), "办得怎么样")
    await chen.says("3 等了四十分钟才有人来")
    number = number_in(await chen.hears("抱歉，没办好", "前给您回电话", "前给您结果"))
    card = await centre.hears(
        f"新件 {number} 不满意", "云州市公安局", "涉及：桥西分局明德里派出所", "今天 10:00 前接单"
    )
    assert {"接单", "分派", "回访"} <= set(labels(card)), "one key to dispatch"
    assert not await told(li, number), "the unit hears of it from the centre"

    # The call, from the public number: why, what she wishes, what was agreed.
    await story.at("2026-05-08 09:20")
    await centre.presses("回访")
    await centre.hears(number, CHEN_PHONE, "打通了吗")
    await centre.presses("打通了")
    await centre.hears("群众怎么说")
    await centre.types("等了四十分钟，来了也没解释")
    await centre.hears("不满意的原因")
    await centre.types("出警慢，没说明原因")
    await centre.hears("想要怎样")
    await centre.types("想知道为什么这么久")
    await centre.hears("说好了怎么办")
    await centre.types("派出所今天再联系她，整改后答复")
    await centre.hears(f"记为：{number} 已回访，已联系上")
    assert await story.met(number, "callback") is True

    # The work order: the unit is told, and has an hour of duty to take it.
    await centre.types(f"分派 {number}")
    asked = await centre.hears("派给哪个单位")
    assert labels(asked)[0] == "桥西分局明德里派出所", "the one she named, before all others"
    await centre.presses("桥西分局明德里派出所")
    await centre.hears(number, "已分派给桥西分局明德里派出所")
    await li.hears(f"新件 {number} 不满意", "等了四十分钟", "139****0000", "今天 10:20 前接单")
    await wang.hears(number)
    await story.at("2026-05-08 09:50")
    await li.presses("接单")
    # Rectified by 3 working days: 9 (Saturday, worked), 11, 12 May.
    await li.hears("接单成功", CHEN_PHONE, "5 月 12 日（周二）18:00 前整改完交上来")
    # Answered by 5 working days: 9, 11, 12, 13, 14 May.
    await chen.hears(number, "李警官已接手", "5 月 14 日（周四）18:00 前给您答复")
    assert await story.met(number, "accept") is True

    # The unit talks with the citizen again, and cannot hand in before it says what was mended.
    await li.types(f"回访 {number} 已再次联系，当面说明了当晚的情况")
    await li.hears("不满意的原因")
    await li.presses("就这些")
    await li.hears(f"记为：{number} 已回访")
    await story.at("2026-05-09 15:00")
    await li.types(f"答复 {number} 已整改")
    await li.hears("先写整改了什么")
    await li.types(f"整改 {number} 夜间增加一辆备勤车，到场先说明情况")
    await li.hears(f"整改记下了：{number}")
    await li.types(f"答复 {number} 当晚两起警情同时发生，已向您说明并致歉，夜间增加一辆备勤车。")
    await li.hears(number, "已交复核")
    assert await story.met(number, "rectify") is True

    # The centre looks at the result; the citizen's own word counts as the re-visit.
    await centre.hears(number, "等您复核", "夜间增加一辆备勤车")
    await story.at("2026-05-09 15:30")
    await centre.presses("通过")
    await centre.hears(number, "复核通过")
    await li.hears(number, "复核通过")
    answer = await chen.hears(number, "有答复了", "夜间增加一辆备勤车")
    assert answer.text.endswith("回1满意 回2基本满意 回3不满意")
    await chen.says("1")
    await chen.hears("记下了：满意", number)
    await li.hears(number, "群众对结果的评价：满意")
    assert await story.state(number) == "closed"
    assert await story.met(number, "answer") is True
    assert await story.met(number, "review") is True
    assert await story.met(number, "revisit") is True

    assert await story.notices(number) == 2, "accepted, answered"
    assert await story.notices(number, LI) == 3, "card, review passed, the citizen's word"
    assert await story.notices(number, WANG) == 1, "the card"
    assert await story.notices(number, CENTRE) == 2, "card, handed in"
    assert await story.notices(number, LEAD) == 1, "the card"
    assert await story.notices(number, SUB_CENTRE) == 0
    assert await saw_phone(story, number) == {CENTRE, LI}
    for other in ("王警官", "张所长", "刘警官", "董回访", "彭督察", "于队长"):
        assert not await told(story.officer(other), CHEN_PHONE), other


async def test_branches_before_a_traffic_light(story: Story) -> None:
    """A public supervisor reports it; cut one working day later, and "satisfied" is pressed."""
    zhou, centre = story.citizen("周先生"), story.officer("沈警官")
    hu = await hand_out(story, "胡警官", HU)

    # Friday, in the citizen's own words; a crossing is no unit, so the centre sends it on.
    await story.at("2026-05-15 10:00")
    await zhou.says("我有个建议，太中路和煤城大街路口的红绿灯被树枝挡住了，希望交警去看看")
    await zhou.hears("哪个单位")
    await zhou.says("不清楚")
    await zhou.hears("电话")
    await zhou.says("不留")
    await zhou.hears("看看对不对", "红绿灯被树枝挡住")
    await zhou.taps("提交")
    # 5 working days: 18, 19, 20, 21, 22 May.
    number = number_in(await zhou.hears("建议收到", "5 月 22 日（周五）18:00 前给您结果"))
    await centre.hears(f"新件 {number} 建议", "树枝挡住")
    await centre.presses("分派")
    await centre.hears("派给哪个单位")
    await centre.types("桥东交警大队")
    await centre.hears(number, "已分派给桥东分局交警大队")
    await hu.hears(f"新件 {number} 建议", "没留电话")
    await story.at("2026-05-15 10:30")
    await hu.presses("接单")
    await hu.hears("接单成功")
    await zhou.hears(number, "胡警官已接手")

    # Monday, one working day later. More than 48 hours have gone: announced by a template message.
    await story.at("2026-05-18 11:00")
    await hu.types(f"答复 {number} 遮挡信号灯的树枝已经锯除，谢谢您提醒。")
    await hu.hears(number, "已答复")
    assert (await zhou.hears(number, "有答复了")).via == "template"
    await story.at("2026-05-18 12:10")
    await zhou.says("进度")
    await zhou.hears(number, "树枝已经锯除")
    await zhou.taps("满意")
    await zhou.hears("记下了：满意", f"{number} 办结")
    await hu.hears(number, "群众对结果的评价：满意")
    assert await story.state(number) == "closed"
    assert await story.notices(number) == 2, "accepted, answered"
    assert await story.notices(number, HU) == 2, "card, the citizen's word"
    assert await story.notices(number, CENTRE) == 1, "the card"

    # The key of the scan page is the citizen's word on the brigade itself.
    await zhou.scan(CAR)
    await zhou.hears("桥东分局交警大队 · 交警 1 号车")
    await zhou.taps("满意")
    await zhou.hears("谢谢", "满意")


async def test_a_card_before_the_examination(story: Story) -> None:
    """An identity card that lost its magnetism: by the mailbox to the centre, by the county to the
    station, done the next day; the thanks reach the officer."""
    wu, centre = story.citizen("老吴"), story.officer("沈警官")
    county, li = story.officer("董回访"), story.officer("李警官")
    # Sunday evening, a letter through the account: the promise is one working day = Monday 18:00.
    await story.at("2026-05-17 20:30")
    await wu.says("求助")
    await wu.hears("什么难处")
    await wu.says("孩子高考报名，身份证消磁了，等邮寄来不及，能不能加急办")
    await wu.hears("哪个派出所辖区")
    await wu.says("明德里派出所")
    await wu.hears("电话")
    await wu.says("13900000002")
    await wu.hears("看看对不对", "身份证消磁")
    await wu.taps("提交")
    number = number_in(await wu.hears("编号", "明天 18:00 前给您结果"))
    await centre.hears(f"新件 {number} 求助", "身份证消磁")
    await centre.types(f"分派 {number} 桥西分局")
    await centre.hears(number, "已分派给桥西分局")
    await county.hears(f"新件 {number} 求助", "身份证消磁")

    # Both levels together: the county gives it to the counter that makes the card.
    await story.at("2026-05-18 08:30")
    await county.types(f"转办 {number} 明德里派出所 请开加急通道，我已和制证中心说好")
    await county.hears(number, "已转给桥西分局明德里派出所")
    await li.hears(f"转来 {number} 求助", "身份证消磁")
    await li.presses("接单")
    await li.hears("接单成功", "13900000002", "今天 18:00 前答复群众")
    await wu.hears(number, "李警官已接手", "今天 18:00 前给您答复")
    await story.at("2026-05-18 16:40")
    await li.types(f"答复 {number} 新证已加急办好，今天 18:00 前到户籍 2 号窗口取，赶得上报名。")
    await li.hears(number, "已答复")
    await wu.hears(number, "有答复了", "新证已加急办好")
    assert await story.met(number, "answer") is True
    await wu.taps("满意")
    await wu.hears("记下了：满意", f"{number} 办结")
    assert await story.notices(number) == 2, "accepted, answered"
    assert await story.notices(number, SUB_CENTRE) == 1, "the card"

    # The letter of thanks.
    await story.at("2026-05-20 19:00")
    await wu.scan(LI_BADGE)
    await wu.hears("明德里派出所 · 李警官")
    await wu.taps("满意")
    await wu.hears("想夸谁")
    await wu.says("感谢您在我们最着急的时候帮忙，孩子报上名了")
    await wu.hears("会让他们看到")
    await li.hears("有人夸您", "孩子报上名了")


async def test_an_enterprise_is_asked_what_it_needs(story: Story) -> None:
    """A message to who is registered for it; its words are a request for help, sent on and done."""
    factory, centre = await with_number(story, "机械厂", "13900000006"), story.officer("沈警官")
    hu = story.driver.telegram("胡警官")

    # --- Tuesday 19 May: the register names the enterprise; no service, so nothing is graded
    await story.at("2026-05-19 09:30")
    register = await System.connected(story, "enterprises", "enterprise")
    named = service("Q-0519-1", "enterprise", "YZ-QD", "13900000006", "2026-05-19 09:00")
    await register.reports(named)
    await story.invites()
    asked = await factory.hears("桥东分局想听听", "您单位近来有什么需要我们办的")
    assert "满意" not in asked.text
    await story.at("2026-05-19 10:00")
    await factory.says("厂门口大货车乱停，早上送货的车进不来，能不能管一管")
    number = number_in(await factory.hears("收到", "前给您结果"))
    await centre.hears(f"新件 {number} 求助", "大货车乱停")
    await centre.types(f"分派 {number} 桥东交警大队")
    await centre.hears(number, "已分派给桥东分局交警大队")
    await hu.hears(f"新件 {number} 求助", "大货车乱停")
    await hu.presses("接单")
    await hu.hears("接单成功", "13900000006")
    await factory.hears(number, "胡警官已接手")
    await story.at("2026-05-19 16:00")
    await hu.types(f"答复 {number} 厂门口已划禁停线，早高峰有人值守，再堵请直接找我们。")
    await hu.hears(number, "已答复")
    await factory.hears(number, "有答复了", "已划禁停线")
    await factory.says("满意")
    await factory.hears("记下了：满意", number)
    assert await story.state(number) == "closed"
    assert await story.met(number, "answer") is True


async def test_a_work_order_that_is_late(story: Story) -> None:
    """Nobody could be reached, nobody mends it: warned, pressed, county and city told; explained,
    disputed by the citizen, sent back; and turned round."""
    centre, wang, lead = story.officer("沈警官"), story.officer("王警官"), story.officer("张所长")
    county = story.officer("董回访")

    # --- Thursday 21 May: asked a week after the call; then three calls at three times of the day
    phone = await with_number(story, "周先生", ZHOU_PHONE)
    calls = await System.connected(story, "night-calls", "police_call")
    await story.at("2026-05-21 09:55")
    await calls.reports(
        service("J-0514-9", "police_call", STATION, "139 0000 0001", "2026-05-14 08:30")
    )
    await story.at("2026-05-21 10:00")
    await story.invites()
    await phone.hears("您 5 月 14 日", "办得怎么样")
    await phone.says("不满意，报警说邻居噪音，没人上门就说处理完了")
    number = number_in(await phone.hears("抱歉，没办好"))
    await centre.hears(f"新件 {number} 不满意", "邻居噪音")
    await centre.types(f"分派 {number} 明德里派出所")
    await centre.hears(number, "已分派给桥西分局明德里派出所")
    for moment in ("2026-05-21 10:10", "2026-05-21 14:10", "2026-05-21 18:40"):
        await story.at(moment)
        await centre.types(f"回访 {number} 没打通")
        await centre.hears(f"记为：{number} 没打通")
    assert await story.met(number, "callback") is True, "tried as often as asked"
    await wang.hears(number, "打了 3 次都没联系上群众")

    # --- nobody took it within the hour: the lead is told; two hours of duty later the centre
    await story.rounds()
    await lead.hears(number, "今天 11:00 已到，还没人接单")
    await centre.hears(number, "今天 11:00 已到，还没人接单")
    await story.at("2026-05-21 19:00")
    await wang.types(f"接单 {number}")
    await wang.hears("接单成功", ZHOU_PHONE)
    assert await story.met(number, "accept") is False

    # --- rectified by 3 working days: 22, 25, 26 May; warned one working day before
    await story.at("2026-05-25 18:01")
    await story.rounds()
    await wang.hears(number, "快到期了：整改", "明天 18:00")
    await story.at("2026-05-26 18:01")
    await story.rounds()
    await wang.hears(number, "督办：整改", "今天 18:00", "已到期")
    await lead.hears(number, "超期上报：整改")
    assert not await told(county, number)
    await story.at("2026-05-27 18:01")
    await story.rounds()
    await county.hears(number, "超期上报：整改")
    assert not await told(centre, number, "超期上报")
    # --- two working days after: the city. The answer was promised for then, too: it is warned of
    # four hours before, and the city hears at once.
    await story.at("2026-05-28 14:01")
    await story.rounds()
    await wang.hears(number, "快到期了：答复", "今天 18:00")
    await story.at("2026-05-28 18:01")
    await story.rounds()
    await centre.hears(number, "超期上报：整改")
    await centre.hears(number, "超期上报：答复")

    # --- it cannot be mended, says the unit; the citizen thinks otherwise
    await story.at("2026-05-29 09:00")
    await wang.types(f"说明 {number} 当晚警力都在事故现场，已电话说明")
    await wang.hears("改不了，已说明")
    await wang.types(f"答复 {number} 当晚警力都在处置事故，没能到场，向您说明并致歉。")
    await wang.hears(number, "已交复核")
    assert await story.met(number, "rectify") is False
    await centre.hears(number, "等您复核")
    await centre.presses("通过")
    answer = await phone.hears(number, "有答复了", "向您说明并致歉")
    assert answer.text.endswith("回1满意 回2基本满意 回3不满意")
    assert await story.met(number, "answer") is False
    await phone.says("3")
    await phone.hears(number, "由上一级来看")
    await phone.says("噪音到底管不管，没有说")
    await phone.hears()
    await centre.hears(number, "单位说办好了，群众说没有")
    assert await story.state(number) == "reviewing"

    # --- sent back: the clock starts again. 3 working days after Friday 29 May: 1, 2, 3 June.
    await centre.presses("退回")
    await centre.hears("为什么退回")
    await centre.types("噪音怎么处理的没有回答，请上门")
    await centre.hears(number, "已退回重办", "6 月 3 日（周三）18:00 前整改完交上来")
    # 5 working days: 1, 2, 3, 4, 5 June.
    await wang.hears(number, "第 2 轮", "请上门", "6 月 5 日（周五）18:00 前要答复")
    await lead.hears(number, "被上级退回")
    await story.at("2026-06-01 16:00")
    await wang.types(f"整改 {number} 已上门调解，邻居同意晚十点后不放音响")
    await wang.hears("整改记下了")
    await wang.types(f"答复 {number} 已上门调解，邻居同意晚十点后不放音响，再有情况直接找我。")
    await wang.hears(number, "已交复核")
    assert await story.met(number, "rectify") is True
    await centre.hears(number, "等您复核", "上门调解")
    await centre.types(f"通过 {number}")
    await phone.hears(number, "有答复了")

    # --- the centre asks him again, by phone: the dispute is turned round
    await story.at("2026-06-02 10:00")
    await centre.types(f"复访 {number} 满意 群众说这两晚安静了")
    await centre.hears(number, "复访，群众满意", "已办结")
    await wang.hears(number, "复访：群众满意")
    assert await story.state(number) == "closed"
    assert await story.notices(number) == 4, "accepted, answered, begun again, answered again"
    # The card; nobody reached; not accepted; mending: warned, pressed; answering: warned, pressed;
    # passed; not satisfied; his words; sent back; passed; re-visited.
    assert await story.notices(number, WANG) == 13
    # The card; nobody reached; not accepted; mending late; answering late; sent back.
    assert await story.notices(number, LEAD) == 6
    assert await story.notices(number, LI) == 3, "the card; nobody reached; not accepted"
    assert await story.notices(number, SUB_CENTRE) == 1, "mending late"
    # The card; not accepted; mending late; answering late; handed in; disputed; his words; handed in.
    assert await story.notices(number, CENTRE) == 8
    assert await saw_phone(story, number) == {CENTRE, WANG}

    # --- and all of it can be read
    await centre.types(f"记录 {number}")
    await centre.hears("快到期提醒", "督办", "超期上报", "退回", "复访：满意")
    await nothing_raw(story)
