"""Reading what people write inside a dialogue: the matter, corrections, reasons, questions."""

from __future__ import annotations

import pytest

from actions.cases.kinds import Reason
from actions.cases.reasons import reason_in
from actions.conversation.corrections import Correction, correction_in
from actions.conversation.openings import matter_in
from actions.figures.words import without_asking


@pytest.mark.parametrize(
    ("sentence", "matter"),
    [
        ("我要投诉", None),
        ("你好 我想反映一个问题", None),
        ("我要投诉你们派出所的民警", None),
        ("I want to complain", None),
        ("你们桥西所的人推了我一把 我要投诉", "你们桥西所的人推了我一把"),
        ("我要投诉，窗口的人骂我妈", "窗口的人骂我妈"),
        ("排了一上午队轮到我说下班了", "排了一上午队轮到我说下班了"),
        ("the officer shouted at my mother", "the officer shouted at my mother"),
    ],
)
def test_the_matter_of_an_opening_sentence(sentence: str, matter: str | None) -> None:
    assert matter_in(sentence) == matter


@pytest.mark.parametrize(
    ("words", "correction"),
    [
        ("改一下电话 13900000000", Correction("contact", "13900000000")),
        ("电话改成139 0000 0000", Correction("contact", "139 0000 0000")),
        ("电话写错了", Correction("contact")),
        ("13900000000", Correction("contact", "13900000000")),
        ("时间改成昨天下午", Correction("happened_at", "昨天下午")),
        ("把时间改成昨天下午三点吧", Correction("happened_at", "昨天下午三点")),
        ("时间应该是周一", Correction("happened_at", "周一")),
        ("地点不对，应该是停车场", Correction("place", "停车场")),
        ("单位写错了 是南站派出所", Correction("unit", "南站派出所")),
        ("改一下内容", Correction("what")),
        ("改时间", Correction("happened_at")),
        ("change the phone to 13900000000", Correction("contact", "13900000000")),
        ("昨天下午三点", None),
        ("他说话很难听", None),
        ("没有照片", None),
        ("电话里他骂我", None),
    ],
)
def test_corrections(words: str, correction: Correction | None) -> None:
    assert correction_in(words) == correction


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("等了俩小时没人理", Reason.SPEED),
        ("说话很凶 爱理不理的", Reason.ATTITUDE),
        ("说不清要什么材料 一问三不知", Reason.COMMUNICATION),
        ("推来推去就是不给办", Reason.RESULT),
        ("名字打错了", Reason.ERROR),
        ("厕所没纸", None),
    ],
)
def test_reasons(words: str, reason: Reason | None) -> None:
    assert reason_in(words) is reason


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("/stats 今天", "今天"),
        ("统计 今天 桥西", "今天 桥西"),
        ("今天桥西分局满意率多少", "今天桥西分局"),
        ("上个月评价怎么样？", "上个月"),
        ("帮我看一下明德里派出所本周的数据", "明德里派出所本周"),
        ("我们分局今天有多少不满意的", "今天"),
        ("show me the satisfaction of today", "today"),
        ("统计", ""),
    ],
)
def test_questions_for_figures(question: str, query: str) -> None:
    assert without_asking(question) == query
