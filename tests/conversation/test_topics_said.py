"""The hot topics as they stand in a chat, in both languages, and the cases behind one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import clock
from actions.bootstrap import Services, install
from actions.conversation.talk import Talk
from actions.conversation.topics import ShowTopicCases, say_topics
from actions.reports.periods import Period, read_period
from actions.topics.report import Example, Group, TopicReport, Trend
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock
from tests.conversation.test_reply_wording import RESPONSES
from tests.topics.test_topics_service import THEFTS, named, told
from tests.topics.town_talk import odd, say

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
WEEK = read_period("本周", NOW)
EARLIER = read_period("11月9日到11月13日", NOW)


def group(name: str, count: int, before: int | None, trend: Trend) -> Group:
    examples = tuple(Example(f"HY2026-00000{n}", f"{name}的事{n}") for n in range(3))
    return Group(tuple(name.split()), count, count, before, trend, examples, ("HY2026-000001",))


def report(*groups: Group, **changes: Any) -> TopicReport:
    assert isinstance(WEEK, Period)
    assert isinstance(EARLIER, Period)
    made = TopicReport(7, "桥西分局", WEEK, EARLIER, 213, 198, groups, 96, compared=True, as_of=NOW)
    return replace(made, **changes)


REPORT = report(
    group("电动车 电池", 14, 0, Trend.NEW),
    group("消防通道 违停", 22, 9, Trend.RISING),
    group("窗口 排队", 25, 25, Trend.STEADY),
    group("狗 拴绳", 6, None, Trend.STEADY),
    group("烧烤 噪音", 12, 31, Trend.FALLING),
)


def talk(language: str = "zh", someone: Someone | None = None, **entities: str) -> Talk:
    message = {
        "text": None,
        "message_id": str(clock.new_id()),
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }
    sender = someone.conversation if someone else "nobody"
    tracker = Tracker(sender, {"language": language}, message, [], False, None, {}, "action_listen")
    return Talk(CollectingDispatcher(), tracker, {"responses": RESPONSES})


def said(spoken: Talk) -> tuple[str, list[dict[str, str]]]:
    (message,) = spoken._dispatcher.messages
    return message["text"], message["buttons"]


def told_of(made: TopicReport, language: str = "zh") -> str:
    spoken = talk(language)
    say_topics(spoken, made)
    return said(spoken)[0]


@pytest.fixture
def installed_services(services: Services) -> Iterator[Services]:
    install(services)
    yield services
    install(None)


def test_the_list() -> None:
    assert told_of(REPORT).splitlines() == [
        "桥西分局 本周，群众说得多的事",
        "213 件写了内容，上期（11 月 9 日–11 月 13 日）198 件",
        "【新】电动车·电池：14 件（上期 0）",
        "　“电动车 电池的事0”",
        "【升】消防通道·违停：22 件（上期 9）",
        "　“消防通道 违停的事0”",
        "窗口·排队：25 件（上期 25）",
        "狗·拴绳：6 件（上期不到 5 个人）",
        "【降】烧烤·噪音：12 件（上期 31）",
        "另有 96 件各说各的，没归到一起",
        "按用词归类，难免有错；不到 5 个人说的不列。截至 11-20 14:05",
    ]


def test_the_list_in_english() -> None:
    lines = told_of(REPORT, "en").splitlines()
    assert lines[0] == "桥西分局, this week: what people write about"
    assert lines[2] == "[new] 电动车·电池: 14 (before: 0)"
    assert lines[-1].endswith("As of 11-20 14:05 (Beijing)")


def test_buttons_lead_to_the_cases() -> None:
    spoken = talk()
    say_topics(spoken, REPORT)
    buttons = said(spoken)[1]
    assert [each["title"] for each in buttons] == ["·".join(g.name) for g in REPORT.groups]
    assert "/topic_cases" in buttons[0]["payload"]
    assert "2026-11-16到2026-11-22" in buttons[0]["payload"]


def test_many_groups_are_not_all_told() -> None:
    many = report(*(group(f"事{n} 物{n}", 30 - n, 20, Trend.STEADY) for n in range(12)))
    text = told_of(many)
    assert "还有 4 类，件数更少" in text
    assert "事8" not in text
    assert len(text) < 600


def test_nothing_to_compare_with() -> None:
    text = told_of(report(group("窗口 排队", 25, None, Trend.STEADY), compared=False))
    assert "上期太少，没法比" in text
    assert "窗口·排队：25 件\n" in text


def test_too_few_and_none_together() -> None:
    assert "只有 9 件，太少" in told_of(report(texts=9))
    assert "没有 5 个人以上说到一起的事" in told_of(report())
    assert "too few" in told_of(report(texts=9), "en")


async def test_behind_a_group(
    installed_services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    """Three examples and the cases; HEAD may open them, CHIEF reads figures only."""
    unit = await named(installed_services, "明德里派出所")
    await told(installed_services, unit, [*THEFTS, *say("queue", 15), *odd(6)])
    assert isinstance(WEEK, Period)
    await installed_services.topics.topics(unit, WEEK, patience=None)  # kept: nobody waits
    for someone, buttons in ((cast.head, 5), (cast.chief, 0)):
        found = await installed_services.topics.ask(
            someone.turn(), "本周 明德里派出所", patience=None
        )
        theft = next(each for each in found.groups if "电动车" in each.name)
        spoken = talk(
            someone=someone,
            period="2026-11-16到2026-11-22",
            unit="桥西分局明德里派出所",
            topic="·".join(theft.name),
        )
        await ShowTopicCases().act(spoken)
        text, offered = said(spoken)
        assert text.startswith("·".join(theft.name))
        assert f"{theft.count} 件，{theft.citizens} 个人" in text
        assert text.count("“") == 3
        assert text.count("HY2026-") == 8
        assert f"还有 {theft.count - 8} 件" in text
        assert len(offered) == buttons


async def test_a_group_that_is_no_more(
    installed_services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    spoken = talk(someone=cast.chief, period="本周", topic="没有·这组")
    await ShowTopicCases().act(spoken)
    assert "分类变了" in said(spoken)[0]
