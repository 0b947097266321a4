"""The acceptance conversation: six scenes played through the fake platforms, each step checked.

Used by `./huiyin demo --script` and by tests/scenarios. A step that fails raises SceneFailedError
with the scene, the step and what was seen instead.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.demo.people import OFFICERS
from bot.simulator.driver import Driver, NotHeardError, RefusedError
from bot.simulator.transcript import Entry
from bot.stack.children import Children

NUMBER = re.compile(r"Q\d{2}-\d{4,}")


class SceneFailedError(AssertionError):
    """A check of the conversation failed."""


@dataclass(slots=True)
class Play:
    """The stage, and what scenes remember for later ones."""

    driver: Driver
    children: Children
    note: Callable[[str], None] = lambda _: None
    numbers: dict[str, str] = field(default_factory=dict)

    def check(self, condition: bool, what: str) -> None:
        if not condition:
            raise SceneFailedError(what)


async def unsatisfied(play: Play) -> None:
    """A citizen scans a desk's code, is not satisfied, and has a case number at once."""
    chen = play.driver.wechat("陈女士")
    await chen.scan("mdl-hj2-cspc")
    await chen.hears("明德里派出所 · 户籍 2 号窗口", "满意")
    await chen.taps("不满意")
    await chen.hears("哪方面")
    await chen.taps("太慢")
    await chen.hears()
    await chen.says("等了俩小时没人理")
    await chen.hears("留个电话")
    (delivery,) = await chen.says("139 0000 0000")
    play.check(delivery.outcome == "passive", "the case number comes in the passive reply")
    play.numbers["陈女士"] = _number(await chen.hears("编号"))


async def officer_answers(play: Play) -> None:
    """The officer accepts and answers; the citizen hears of both and rates the result."""
    number = play.numbers["陈女士"]
    chen, li = play.driver.wechat("陈女士"), play.driver.telegram(OFFICERS[0].name)
    await li.hears(number, "等了俩小时没人理", timeout=2)
    await li.presses("接单")
    await li.hears(number, "接单成功")
    await chen.hears(number, "已接手")
    await li.types(f"/answer {number} 已向您当面致歉，今天起增开一个窗口。")
    await li.hears(number)
    await chen.hears(number, "增开一个窗口")
    await chen.taps("满意")
    await chen.hears(number)
    await li.hears(number, "已办结")


async def complaint_in_free_words(play: Play) -> None:
    """A complaint without a scan: interrupted, taken up again, corrected, confirmed."""
    zhou = play.driver.wechat("周先生")
    await zhou.says("我要投诉，南站派出所的人态度特别差，说话很冲")
    await zhou.hears("什么时候")
    await zhou.says("我的上次投诉怎么样了")
    await zhou.hears("什么时候")
    await zhou.says("昨天下午三点多")
    await zhou.hears()
    for _ in range(4):
        heard = (await _last(zhou)).text
        if "13900000001" in heard or "提交" in heard:
            break
        if "手机" in heard or "电话" in heard:
            await zhou.says("13900000001")
        elif "照片" in heard:
            await zhou.says("没有")
        else:
            await zhou.says("跳过")
        await zhou.hears()
    await zhou.says("电话改成 13900000002")
    await zhou.hears("139")
    await zhou.taps("提交")
    play.numbers["周先生"] = _number(await zhou.hears("编号"))


async def satisfied(play: Play) -> None:
    """A badge is scanned, "satisfied" tapped: two messages in all."""
    wu = play.driver.wechat("老吴")
    await wu.scan("y10101-6eh6")
    await wu.hears("满意")
    await wu.taps("满意")
    await wu.hears("谢谢")
    got = [entry for entry in await wu.transcript() if entry.direction == "received"]
    play.check(len(got) == 2, f"two messages in all, not {len(got)}")


async def figures(play: Play) -> None:
    """The county's supervisor asks by command and in plain words; another county sees nothing."""
    chief, other = play.driver.telegram("于队长"), play.driver.telegram("萧队长")
    await chief.types("/stats 今天")
    by_command = await chief.hears("桥西分局")
    await chief.types("今天桥西分局评价怎么样")
    in_words = await chief.hears("桥西分局")
    play.check(
        _figures(by_command.text) == _figures(in_words.text),
        f"the same figures: {_figures(by_command.text)} and {_figures(in_words.text)}",
    )
    await other.types("/stats 今天 桥西")
    await other.hears("管辖")
    await other.types("/stats 今天")
    own = await other.hears("桥东分局")
    play.check("2" not in own.text.split("截至")[0], "nothing of the other county's figures")
    citizen = play.driver.wechat("老吴")
    await citizen.says("/stats 今天")
    await citizen.hears()


async def once_and_kept(play: Play) -> None:
    """Three deliveries act once. A message sent while actions are down is answered afterwards."""
    wu = play.driver.wechat("老吴")
    await wu.forgets()
    await wu.scan("mdl-hj1-2fm6", deliveries=3)
    await wu.hears("户籍 1 号窗口")
    chief = play.driver.telegram("于队长")
    before = await _count(play)
    await wu.taps("满意", deliveries=3)
    await wu.hears("谢谢")
    play.check(await _count(play) == before + 1, "three deliveries are one rating")
    await chief.forgets()
    play.note("（关掉办件服务）")
    play.children.kill("actions")
    await wu.says("我的案件")
    await wu.hears("存好")
    play.note("（重新打开办件服务）")
    play.children.restart("actions")
    await wu.hears("案件", timeout=60)


@dataclass(frozen=True, slots=True)
class Scene:
    title: str
    run: Callable[[Play], Awaitable[None]]


SCENES = (
    Scene("扫码，不满意，当场拿到编号", unsatisfied),
    Scene("民警接单、答复，群众评价，办结", officer_answers),
    Scene("打字投诉：插话、改电话、确认", complaint_in_free_words),
    Scene("扫民警胸牌，满意：两条消息", satisfied),
    Scene("领导看数：命令、大白话；别县看不到", figures),
    Scene("重发三次只办一次；后台断了，信息不丢", once_and_kept),
)


async def play_scene(play: Play, scene: Scene) -> None:
    """Plays one scene. Raises SceneFailedError, whatever went wrong in it."""
    try:
        await scene.run(play)
    except (NotHeardError, RefusedError, SceneFailedError) as error:
        raise SceneFailedError(f"{scene.title}: {error}") from error


def _number(entry: Entry) -> str:
    found = NUMBER.search(entry.text)
    if found is None:
        raise SceneFailedError(f"no case number in: {entry.text}")
    return found[0]


def _figures(text: str) -> list[str]:
    """The numbers of a report, without the time it was made."""
    return re.findall(r"\d[\d.,]*%?", text.split("截至")[0])


async def _last(person: object) -> Entry:
    entries: list[Entry] = await person.transcript()  # type: ignore[attr-defined]
    return [entry for entry in entries if entry.direction == "received"][-1]


async def _count(play: Play) -> int:
    """How many ratings the county's supervisor is told of today."""
    chief = play.driver.telegram("于队长")
    await chief.forgets()
    await chief.types("/stats 今天")
    text = (await chief.hears("桥西分局")).text
    found = re.search(r"(\d+)\s*条", text)
    if found is None:
        raise SceneFailedError(f"no count of ratings in: {text}")
    return int(found[1])
