"""Zhumadian, "I serve, you rate": its article's stories by the clock of summer 2026.

The tests are one story on one installation, in the order of time. Days are calendar days here, and
fall due at 18:00; "the same day" ends at 21:00, when the calls end.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.simulator.driver import Citizen
from bot.simulator.transcript import Entry
from tests.scenarios.browser import Page, browsing
from tests.scenarios.phones import hand_out, number_in, told
from tests.scenarios.seen import nothing_raw, saw_phone
from tests.scenarios.story import NUMBER, Story, telling

RURAL = "ll-hj1-hfkc"  # at the household counter of Liulin, a rural station
TOWN = "mdl-hj2-cspc"  # at the second household counter of Mingdeli
LI, LEAD, CENTRE = "Y10101", "Y10103", "Y00002"
GUO, MA = "Y30201", "Y30202"  # officer and lead at Liulin


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("zhumadian", begins="2026-06-10 08:00") as stage:
        yield stage


@pytest.fixture
async def chen(story: Story) -> AsyncIterator[Page]:
    """A citizen without WeChat, whose camera opens the page behind the sticker."""
    async with browsing(story) as page:
        yield page


async def test_counters_closed_at_noon(story: Story, chen: Page) -> None:
    """Three citizens, one cause, one decision: from now on the rural counters never close."""
    zhou, wu = story.citizen("周先生"), story.citizen("老吴")
    guo, centre = await hand_out(story, "郭警官", GUO), story.officer("沈警官")

    # --- Wednesday: the complaints come in, the first from a browser, without registering
    await story.at("2026-06-10 14:47")
    await complains_in_a_browser(
        chen, RURAL, "来办身份证，14 点 47 分了户籍室窗口还没有人", "13900000001"
    )
    # Called back the same day; answered in 4 days: 11, 12, 13, 14 June, a Sunday.
    receipt = await chen.hears("今天 21:00 前给您回电话，6 月 14 日（周日）18:00 前给您结果")
    first = number_of(receipt)
    await story.at("2026-06-10 15:10")
    second = number_in(
        await complains(zhou, RURAL, "中午来办身份证，户籍室窗口没有人", "13900000002")
    )
    await story.at("2026-06-10 15:20")
    third = number_in(await complains(wu, RURAL, "赶集来办身份证，户籍室窗口等半天没有人", None))
    await guo.hears(f"新件 {first}", "今天 15:47 前接单")
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
    # Two working days after Sunday 14 June: 15, 16 June.
    await guo.hears(first, "延期已批", "6 月 16 日（周二）18:00")
    for number, citizen in ((first, chen), (second, zhou), (third, wu)):
        await citizen.hears(number, "改在 6 月 16 日（周二）18:00 前给您答复")

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
    await chen.hears(first, "有答复了", "户籍室 24 小时窗口服务")
    await chen.taps("满意")
    await chen.hears(first, "办结")
    assert first in await chen.opens("/chat"), "all of it is there the next time she looks"
    for number, citizen in ((second, zhou), (third, wu)):
        await reads_the_answer(citizen, number, "户籍室 24 小时窗口服务")
        await citizen.taps("满意")
        await citizen.hears(number, "办结")
    for number in (first, second, third):
        assert await story.state(number) == "closed"

    assert await story.notices(first) == 3, "taken, two days more, answered"
    assert await story.notices(second) == 3, "merged, two days more, answered"
    assert await story.notices(third) == 3, "merged, two days more, answered"
    assert await saw_phone(story, first) == {GUO}


async def test_not_verified_the_same_day(story: Story) -> None:
    """Called back in time, verified late on the eve of a holiday: pressed at once. The first
    answer does not content the citizen; the centre sends it back."""
    wu = story.citizen("老吴")
    li, lead, centre = story.officer("李警官"), story.officer("张所长"), story.officer("沈警官")

    # Thursday; 19–21 June are the Dragon Boat Festival, but days here are calendar days:
    # mended by 19, 20, 21 June, answered by 22 June.
    await story.at("2026-06-18 16:00")
    receipt = await complains(wu, TOWN, "材料齐全，让我跑了三趟，每趟说的都不一样", "13900000003")
    assert "今天 21:00 前给您回电话，6 月 22 日（周一）18:00 前给您结果" in receipt.text
    number = number_in(receipt)
    await li.hears(f"新件 {number}")
    await lead.hears(f"新件 {number}")
    await story.at("2026-06-18 16:20")
    await li.presses("接单")
    await li.hears("接单成功", "13900000003")
    await wu.hears(number, "李警官已接手")
    await li.types(f"回访 {number} 打通了，三趟都是同一个窗口")
    await li.hears("原因")
    await li.presses("就这些")
    await li.hears(number, "已联系上")
    assert await story.met(number, "callback") is True

    # --- a finding is due by 21:00: warned two hours before, the supervision notice at the minute
    await story.at("2026-06-18 19:01")
    await story.rounds()
    await li.hears(number, "快到期了：核查，今天 21:00")
    await story.at("2026-06-18 20:59")
    await story.rounds()
    assert not await told(li, number, "督办")
    await story.at("2026-06-18 21:01")
    await story.rounds()
    await li.hears(number, "督办：核查，今天 21:00 前应完成")
    await lead.hears(number, "超期上报：核查")
    await story.rounds()
    assert len(await told(li, number, "督办")) == 1, "pressed once"

    # --- verified the next morning, mended on the holiday, before the centre would hear of it
    await story.at("2026-06-19 09:30")
    await li.types(f"答复 {number} 材料已收下，证件今天办好。")
    await li.hears("先写核查结论")
    await li.types(f"核查 {number} 属实 三次告知单不一致")
    await li.hears("核查结论“属实”")
    assert await story.met(number, "verify") is False
    await li.types(f"整改 {number} 一次性告知单统一上墙")
    await li.hears("整改记下了")
    await li.types(f"答复 {number} 材料已收下，证件今天办好。")
    await li.hears("已交复核")
    assert await story.met(number, "rectify") is True
    await centre.hears(number, "等您复核")
    await story.at("2026-06-19 15:00")
    await centre.presses("通过")
    await centre.hears(number, "复核通过")
    await wu.hears(number, "证件今天办好", "满意吗")

    # --- said to be done, and not done: sent back with the reason, done, and so the case ends
    await story.at("2026-06-20 10:00")
    await wu.taps("不满意")
    await wu.hears(number, "由上一级来看")
    await wu.says("去了，窗口说还要再等")
    await wu.hears("补上了")
    await centre.hears(number, "单位说办好了，群众说没有")
    assert await story.state(number) == "reviewing"
    await centre.presses("退回")
    await centre.hears("为什么退回")
    await centre.types("当场打印，送到群众手里再答复")
    await centre.hears(number, "已退回重办")
    # Once more three days to mend and four to answer: 21, 22, 23, 24 June.
    await li.hears(number, "第 2 轮", "当场打印", "6 月 24 日（周三）18:00")
    await story.at("2026-06-20 16:00")
    await li.types(f"整改 {number} 证件已打印，民警送到家里")
    await li.hears("整改记下了")
    await li.types(f"答复 {number} 证件已送到您手里，给您添麻烦了。")
    await li.hears("已交复核")
    await centre.hears(number, "等您复核", "送到您手里")
    await centre.presses("通过")
    await wu.hears(number, "证件已送到您手里")
    await wu.taps("满意")
    await wu.hears(number, "办结")
    await story.at("2026-06-22 18:01")
    await story.rounds()
    assert not await told(centre, number, "逾期"), "the centre hears only of what is still overdue"

    assert await story.notices(number) == 4, "taken, answered, begun again, answered again"
    assert await saw_phone(story, number) == {LI}
    await li.types(f"经过 {number}")
    history = (await li.hears(f"{number} 的经过")).text
    for step in ("快到期提醒：核查", "督办：核查", "超期上报：核查", "退回", "评价结果：不满意"):
        assert step in history


async def test_a_number_on_somebody_elses_card(story: Story) -> None:
    """An ID number stands on a stranger's card in a far city: asked, explained, solved in 3 days."""
    zhou = story.citizen("周先生")
    guo, centre = story.driver.telegram("郭警官"), story.officer("沈警官")

    # Thursday 2 July; mended by 3, 4, 5 July, a Sunday; answered by 6 July.
    await story.at("2026-07-02 09:00")
    await zhou.says("我要投诉，身份证号码和别人重了，社保卡银行卡都用不了")
    await zhou.hears("什么时候")
    await zhou.says("两年多了")
    await zhou.hears("什么地方")
    await zhou.says("跳过")
    await zhou.hears("哪个单位")
    await zhou.says("柳林镇派出所")
    await zhou.hears("回电话给您")
    await zhou.says("13900000002")
    await zhou.hears("照片")
    await zhou.says("没有")
    await zhou.hears("看看对不对", "身份证号码和别人重了")
    await zhou.taps("提交")
    receipt = await zhou.hears("今天 21:00 前给您回电话", "7 月 6 日（周一）18:00 前给您结果")
    number = number_in(receipt)
    await guo.hears(f"新件 {number} 投诉", "社保卡银行卡")
    await story.at("2026-07-02 09:20")
    await guo.presses("接单")
    await guo.hears("接单成功", "13900000002")
    await guo.types(f"回访 {number} 打通了，手机银行显示别人的名字")
    await guo.hears("原因")
    await guo.presses("就这些")
    await guo.hears("已联系上")

    # --- a question to the citizen: the clocks stand until the reply, here within the day
    await guo.types(f"问 {number} 手机银行上显示的是谁的名字？截个图给我")
    await guo.hears("已问群众", "时限先停")
    await zhou.hears(number, "郭警官想问您", "谁的名字")
    await story.at("2026-07-02 11:00")
    await zhou.taps("回答")
    await zhou.hears("民警问您")
    await zhou.sends_photo()
    await zhou.hears("照片收到")
    await zhou.says("显示姓姚的，图发您了")
    await zhou.hears("已转给民警", "7 月 6 日（周一）18:00")
    await guo.hears(number, "群众回答", "姓姚的")
    await story.at("2026-07-02 17:00")
    await guo.types(f"核查 {number} 部分属实 号码没有重，外地一张居住证登记时用了他的号码")
    await guo.hears("核查结论“部分属实”")
    assert await story.met(number, "verify") is True
    await guo.types(f"告诉 {number} 号码没有重，是外地一张居住证登记错了，正在发函更正。")
    await guo.hears("已告诉群众")
    await zhou.hears(number, "号码没有重", "正在发函更正")

    # --- Sunday: solved on the third day, and in time
    await story.at("2026-07-05 16:00")
    await guo.types(f"整改 {number} 联系到本人，向银行发公函，留存信息已更正")
    await guo.hears("整改记下了")
    await guo.types(f"答复 {number} 银行留存的信息已更正，社保卡、银行卡都能用了。")
    await guo.hears("已交复核")
    assert await story.met(number, "rectify") is True
    await centre.hears(number, "等您复核", "都能用了")
    await story.at("2026-07-06 09:00")
    await centre.presses("通过")
    await centre.hears(number, "复核通过")
    assert await story.met(number, "answer") is True
    await reads_the_answer(zhou, number, "社保卡、银行卡都能用了")
    await zhou.taps("满意")
    await zhou.hears(number, "办结")
    assert await story.notices(number) == 4, "taken, asked, told, answered"


async def test_the_night_before_the_exam(story: Story, chen: Page) -> None:
    """Two candidates without ID cards write at night; the officers' phones are silent until six;
    at seven the certificates are printed."""
    wu = story.citizen("老吴")
    li, wang, lead = story.officer("李警官"), story.officer("王警官"), story.officer("张所长")

    # --- Tuesday 7 July, after the calls have ended: "the same day" is by ten tomorrow
    await story.at("2026-07-07 22:30")
    receipt = await complains(wu, TOWN, "自助机吞了我的证，晚上没人管", "13900000003")
    assert "明天 10:00 前给您回电话" in receipt.text
    swallowed = number_in(receipt)
    await story.at("2026-07-07 23:10")
    assert "明德里派出所" in await chen.opens(f"/s/{TOWN}")
    await chen.says(text="求助")
    await chen.hears("什么难处")
    await chen.says(text="两个学生的身份证丢了，明早高考进不了考场，急需开证明")
    await chen.hears("哪个派出所辖区")
    await chen.says(text="明德里派出所")
    await chen.hears("电话")
    await chen.says(text="13900000001")
    await chen.hears("看看对不对")
    await chen.taps("提交")
    number = number_of(await chen.hears("编号", "明天 18:00 前给您结果"))

    # Nobody is on the roster for this night: nobody is woken.
    await story.at("2026-07-08 05:59")
    await story.rounds()
    for name in ("李警官", "王警官", "张所长"):
        assert not await told(story.officer(name), number), "not a word in the quiet hours"

    # --- six in the morning: what came in the night, its dates as they are now
    await story.at("2026-07-08 06:00")
    await story.rounds()
    for someone in (li, wang, lead):
        await someone.hears(f"新件 {swallowed}", "今天 07:00 前接单")
        await someone.hears(f"新件 {number}", "今天 07:00 前接单，今天 18:00 前答复")
        assert len(await told(someone, number)) == 1
    await li.types("案件")
    await li.hears(number, swallowed)
    await li.types(f"接单 {number}")
    await li.hears("接单成功", "13900000001")
    await chen.hears(number, "李警官已接手")
    await story.at("2026-07-08 06:20")
    await li.types(f"告诉 {number} 请家长带学生七点到户籍室，证明当场打印。")
    await li.hears("已告诉群众")
    await chen.hears(number, "七点到户籍室")
    await story.at("2026-07-08 07:10")
    await li.types(f"答复 {number} 两张证明已交到家长手里，祝考试顺利。")
    await li.hears("已答复")
    assert await story.met(number, "answer") is True
    await chen.hears(number, "祝考试顺利", "满意吗")
    await chen.taps("满意")
    await chen.hears(number, "办结")
    assert await story.notices(number) == 3, "taken, told, answered"

    # --- what came after the calls is called back and verified before ten
    await story.at("2026-07-08 08:40")
    await wang.types(f"接单 {swallowed}")
    await wang.hears("接单成功")
    await story.at("2026-07-08 09:10")
    await wang.types(f"回访 {swallowed} 打通了，证还在机器里")
    await wang.hears("原因")
    await wang.presses("就这些")
    await wang.hears("已联系上")
    await wang.types(f"核查 {swallowed} 属实 设备夜里卡住")
    await wang.hears("核查结论“属实”")
    assert await story.met(swallowed, "callback") is True
    assert await story.met(swallowed, "verify") is True
    await story.at("2026-07-08 10:01")
    await story.rounds()
    assert not await told(wang, swallowed, "督办：回访")
    assert not await told(wang, swallowed, "督办：核查")
    await nothing_raw(story)


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


async def complains_in_a_browser(page: Page, code: str, words: str, phone: str) -> None:
    """The same on the page behind the sticker's address."""
    assert "柳林镇派出所" in await page.opens(f"/s/{code}")
    await page.says(scene=code, grade="unsatisfied")
    await page.hears("哪方面")
    await page.taps("没办成")
    await page.hears("一句话")
    await page.says(text=words)
    await page.hears("电话")
    await page.says(text=phone)


def number_of(line: str) -> str:
    """The case number in a line of the page."""
    found = re.search(NUMBER, line)
    assert found, line
    return found[0]


async def reads_the_answer(citizen: Citizen, number: str, words: str) -> None:
    """More than 48 hours after the citizen's last word WeChat takes only a template message, which
    holds a few characters: the citizen asks, and has the whole answer with the grades under it."""
    assert (await citizen.hears(number, "有答复了")).via == "template"
    await citizen.says(number)
    await citizen.hears(number, words, "这个结果您满意吗")
