"""What one line of an officer says: nothing is asked that was said."""

from __future__ import annotations

import pytest

from actions.cases.states import Verb
from actions.conversation.work_said import (
    answers_behind,
    answers_in,
    behind,
    choice_in,
    score_in,
    words_after_choice,
)

BEHIND = [  # the words behind a command
    (Verb.EXTEND, "2天 等街道回复", {"span": "2 working days", "text": "等街道回复"}),
    (Verb.EXTEND, "两天，等街道回复", {"span": "2 working days", "text": "等街道回复"}),
    (Verb.EXTEND, "2天", {"span": "2 working days"}),
    (Verb.EXTEND, "等街道回复", {"text": "等街道回复"}),
    (Verb.EXTEND, "2 days waiting for it", {"span": "2 working days", "text": "waiting for it"}),
    (Verb.CALL_BACK, "没打通", {"reached": "no"}),
    (Verb.CALL_BACK, "没打通 关机", {"reached": "no", "text": "关机"}),
    (Verb.CALL_BACK, "关机", {"reached": "no"}),
    (Verb.CALL_BACK, "not reached", {"reached": "no"}),
    (Verb.CALL_BACK, "打通了，他说下午来", {"reached": "yes", "text": "他说下午来"}),
    (Verb.CALL_BACK, "群众同意", {"reached": "yes", "text": "群众同意"}),
    (Verb.CALL_BACK, "he agrees", {"reached": "yes", "text": "he agrees"}),
    (Verb.VERIFY, "属实 看了监控", {"finding": "substantiated", "text": "看了监控"}),
    (Verb.VERIFY, "部分属实，只等了四十分钟", {"finding": "partly", "text": "只等了四十分钟"}),
    (Verb.VERIFY, "不属实", {"finding": "unsubstantiated"}),
    (Verb.VERIFY, "not substantiated no trace", {"finding": "unsubstantiated", "text": "no trace"}),
    (Verb.REVISIT, "满意", {"grade": "satisfied"}),
    (Verb.REVISIT, "基本满意", {"grade": "basically"}),
    (Verb.REVISIT, "不满意，还是没人", {"grade": "unsatisfied", "text": "还是没人"}),
    (Verb.MERGE, "Q26-0003", {"into": "Q26-0003"}),
    (Verb.NAME_SUBJECT, "警号 Y10101", {"officer": "Y10101"}),
    (Verb.CONFIRM_VISIT, "1234", {"code": "1234"}),
    (Verb.ASK, "您是几号去的？", {"text": "您是几号去的？"}),
    (Verb.SEND_BACK, "没有联系群众", {"text": "没有联系群众"}),
    (Verb.RECTIFY, "已换新窗口", {"text": "已换新窗口"}),
    (Verb.TRANSFER, "南站所 不是我们辖区", {}),  # the unit is looked up first
]

SENTENCES = [  # plain words
    (Verb.CALL_BACK, "已电话回访，群众同意", {"reached": "yes", "text": "群众同意"}),
    (
        Verb.CALL_BACK,
        "已电话 群众说只要当天能取证就行 下午来取",
        {"reached": "yes", "text": "群众说只要当天能取证就行 下午来取"},
    ),
    (Verb.CALL_BACK, "电话打了三次没人接", {"reached": "no"}),
    (Verb.CALL_BACK, "我要回访", {}),
    (Verb.CALL_BACK, "Q26-0017 已回访，他愿意等", {"reached": "yes", "text": "他愿意等"}),
    (
        Verb.EXTEND,
        "申请延期两天，需要等街道回复",
        {"span": "2 working days", "text": "需要等街道回复"},
    ),
    (Verb.EXTEND, "等街道回复，要延期两天", {"span": "2 working days", "text": "等街道回复"}),
    (Verb.EXTEND, "我想申请延期", {}),
    (
        Verb.VERIFY,
        "核查属实，监控看到等了两小时",
        {"finding": "substantiated", "text": "监控看到等了两小时"},
    ),
    (Verb.RECTIFY, "整改好了，已换新窗口", {"text": "已换新窗口"}),
    (Verb.RECTIFY, "窗口加派了人手", {"text": "窗口加派了人手"}),
    (Verb.RECTIFY, "我整改完了", {}),
    (Verb.TRANSFER, "这件转南站所，不是我们辖区", {"text": "不是我们辖区"}),
    (Verb.SEND_BACK, "退回重办，没有联系群众", {"text": "没有联系群众"}),
    (Verb.ASK, "问群众：您是几号去的", {"text": "您是几号去的"}),
    (Verb.ASK, "我想问一下群众", {}),  # what goes to the citizen is not guessed
    (Verb.MESSAGE, "跟群众说一声在查了", {}),
]


@pytest.mark.parametrize(("verb", "words", "said"), BEHIND)
def test_behind_a_command(verb: Verb, words: str, said: dict[str, str]) -> None:
    assert answers_behind(verb, words) == said


@pytest.mark.parametrize(("verb", "sentence", "said"), SENTENCES)
def test_in_plain_words(verb: Verb, sentence: str, said: dict[str, str]) -> None:
    assert answers_in(verb, sentence) == said


@pytest.mark.parametrize(
    ("written", "found", "words"),
    [
        (
            "/answer Q26-0001 已致歉，增开一个窗口。",
            "已致歉,增开一个窗口",
            "已致歉，增开一个窗口。",
        ),
        ("回复 Ｑ２６－０００１：明天來，带身份证。", "明天来,带身份证", "明天來，带身份证。"),
        ("整改 Q26-0001 第一行\n第二行", "第一行 第二行", "第一行\n第二行"),
        ("Q26-0001 延期 2天 等回函！", "2天 等回函", "2天 等回函！"),
    ],
)
def test_as_it_was_written(written: str, found: str, words: str) -> None:
    assert behind(written, written, found) == words


def test_a_long_report_is_taken_whole() -> None:
    report = "整改 Q26-0001 " + "查" * 600
    assert behind(report, report[:500], "查" * 488) == "查" * 600


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("reached", "没", "no"),
        ("reached", "没人接", "no"),
        ("reached", "是", "yes"),
        ("reached", "他说行", "yes"),
        ("reached", "明天再打", None),
        ("finding", "查实了", "substantiated"),
        ("grade", "还是不满意", "unsatisfied"),
        ("grade", "好像吧", None),
    ],
)
def test_a_choice_in_words(name: str, text: str, value: str | None) -> None:
    assert choice_in(name, text) == value


@pytest.mark.parametrize(
    ("name", "value", "words", "rest"),
    [
        ("reached", "yes", "打通了，下午来取", "下午来取"),
        ("reached", "yes", "是", ""),
        ("finding", "substantiated", "应该属实吧", ""),
        ("finding", "substantiated", "监控里看得清清楚楚确实没人", "监控里看得清清楚楚确实没人"),
    ],
)
def test_what_was_said_besides_a_choice(name: str, value: str, words: str, rest: str) -> None:
    assert words_after_choice(name, value, words) == rest


@pytest.mark.parametrize(
    ("text", "score"), [("5", "5"), ("四分", "4"), ("两分", "2"), ("１分", "1"), ("很差", None)]
)
def test_a_score(text: str, score: str | None) -> None:
    assert score_in(text) == score
