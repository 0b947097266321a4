"""What a chief reads: short, one number first, nothing claimed beyond error."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.bulletins.content import NotSent, Portion, Rate, differs
from actions.bulletins.kinds import BulletinKind, Span
from actions.bulletins.labels import period_label
from actions.bulletins.text import MOST_LINES, chat_text
from tests.bulletins.bulletin_samples import SAY, quarter, rate

BULLETIN = quarter()
DAILY = replace(BULLETIN, kind=BulletinKind.DAILY, rankings=(), changes=(), topics=())


def test_a_daily_one_in_ten_seconds() -> None:
    assert chat_text(DAILY, SAY, "zh") == (
        "云州市公安局 日报｜2026年第三季度\n"
        "满意率 94.1%（93.6–94.6%，12,045 条评价）\n"
        "比上一期高，确有差别（上一期 93.0%）\n"
        "各途径分开看，上面是合计：\n"
        "· 微信公众号·扫码 92.0%（4,000 条）\n"
        "· 短信·服务后邀评 95.0%（7,000 条）\n"
        "· 微信公众号·民警邀评 99.1%（1,020 条）\n"
        "· 网页·自己说的单位 21 条，太少不算\n"
        "· 人工代录·热线来电 不足 5 条\n"
        "邀评：发出 14,800，送达 14,200，回答 7,000（占送达 49.3%）\n"
        "办件：新收 340，办结 320，在办 41，超期 5\n"
        "数据截至 2026-10-03 10:00（北京时间）｜编号 B26-0012\n"
        "满意 ÷ 全部有效评价，第 1 版口径"
    )


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (rate(0), "没有人评价"),
        (rate(4), "评价不足 5 条，不显示"),
        (rate(29), "有 29 条评价，不足 30 条，不算满意率"),
        (rate(30, 1.0), "满意率 100%（88.6–100.0%，30 条评价）"),
    ],
)
def test_too_few_is_a_sentence_and_never_a_zero(found: Rate, line: str) -> None:
    text = chat_text(replace(DAILY, rate=found), SAY, "zh")
    assert text.splitlines()[1] == line
    assert "率 0" not in text


def test_grades_of_under_five_are_not_in_the_content_at_all() -> None:
    assert rate(4) == rate(1) == Rate(None)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (rate(1000, 0.90), rate(1000, 0.95), True),
        (rate(1000, 0.95), rate(1000, 0.90), False),
        (rate(100, 0.90), rate(100, 0.95), None),
        (rate(0), rate(1000, 0.90), None),
        (rate(1000, 0.90), rate(29, 0.1), None),
    ],
)
def test_a_change_is_claimed_only_beyond_error(before: Rate, now: Rate, told: bool | None) -> None:
    assert differs(before, now) is told


def test_a_quarter_names_who_changed_and_leaves_the_rest_to_the_files() -> None:
    assert len(BULLETIN.changes) > MOST_LINES
    text = chat_text(BULLETIN, SAY, "zh")
    assert text.count("→") == MOST_LINES
    assert f"…… 另有 {len(BULLETIN.changes) - MOST_LINES} 条，见文件" in text
    assert len(text) < 1200


def test_what_was_not_sent_is_said() -> None:
    text = chat_text(DAILY, SAY, "zh", NotSent(3, 2))
    assert "简报未送达 3 份" in text
    assert "还有 2 位该收简报的没绑定聊天" in text
    assert "未送达" not in chat_text(DAILY, SAY, "zh")


def test_a_share_of_nothing_is_left_out() -> None:
    """0/0 on time would read like a failure."""
    nothing = replace(BULLETIN.work, on_time=Portion(0, 0), disputed=Portion(0, 0))
    text = chat_text(replace(BULLETIN, work=nothing), SAY, "zh")
    assert "0/0" not in text
    assert "转满意 80/120，退回 14，重开 6" in text


def test_english_is_complete() -> None:
    text = chat_text(BULLETIN, SAY, "en", NotSent(1, 1))
    unit_names = {row.unit for each in BULLETIN.rankings for row in each.rows}
    for name in (*sorted(unit_names, key=len, reverse=True), BULLETIN.unit, *BULLETIN.topics):
        text = text.replace(name, "")
    assert not [c for c in text if "\u4e00" <= c <= "\u9fff"]
    assert "Satisfaction 94.1% (93.6–94.6%, 12,045 ratings)" in text
    assert "WeChat, scanned: 92.0% (4,000)" in text


@pytest.mark.parametrize(
    ("kind", "first", "end", "zh", "en"),
    [
        ("daily", "2026-11-19", "2026-11-20", "2026年11月19日", "19 Nov 2026"),
        (
            "weekly",
            "2026-12-28",
            "2027-01-04",
            "2026年12月28日至1月3日",
            "28 Dec 2026 – 3 Jan 2027",
        ),
        ("monthly", "2026-10-01", "2026-11-01", "2026年10月", "Oct 2026"),
        ("quarterly", "2026-10-01", "2027-01-01", "2026年第四季度", "Q4 2026"),
    ],
)
def test_what_periods_are_called(kind: str, first: str, end: str, zh: str, en: str) -> None:
    span = Span(date.fromisoformat(first), date.fromisoformat(end))
    assert period_label(BulletinKind(kind), span) == (zh, en)
