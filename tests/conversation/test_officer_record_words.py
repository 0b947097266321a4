"""An officer's record as it is told: what is counted, what is a share, what is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.officer_record import say_officer
from actions.conversation.talk import Talk
from actions.reports.officer import OfficerRecord
from actions.reports.periods import Period
from actions.reports.work_figures import Calls, Part

DOMAIN = Path(__file__).parents[2] / "domain" / "officer_record.yml"
AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
RECORD = OfficerRecord(
    period=Period("10 月", AT, AT, "October"),
    called="李警官",
    badge="Y10101",
    unit_label="桥西分局明德里派出所",
    mine=False,
    accepted=1234,
    answered=60,
    closed=50,
    on_time=Part(48, 50),  # 96.0 %, Wilson 86.5–98.9
    sent_back=2,
    disputed=Part(1, 29),  # under the minimum of 30
    calls=Calls(3, 2, 1),
    asked=5,
    used=4,
    as_of=AT,
)


def told(record: OfficerRecord, language: str = "zh") -> list[str]:
    """The lines of the answer."""
    dispatcher = CollectingDispatcher()
    domain: dict[str, Any] = yaml.safe_load(DOMAIN.read_text("utf-8"))
    tracker = Tracker("c", {"language": language}, {}, [], False, None, {}, "")
    say_officer(Talk(dispatcher, tracker, domain), record)
    return str(dispatcher.messages[0]["text"]).splitlines()


def test_in_chinese() -> None:
    assert told(RECORD) == [
        "桥西分局明德里派出所 李警官（警号 Y10101） 10 月",
        "接单 1,234 件，答复 60 件，办结 50 件",
        "按时答复 96.0%（86.5–98.9%，48/50）",
        "被退回 2 件，群众不认可 1/29（件数太少，不算比例）",
        "回访电话打通 2 个，没联系上 1 个",
        "邀码要了 5 张，用掉 4 张；打了几分不列",
        "截至 11-20 14:05",
    ]


def test_one_s_own_in_english() -> None:
    lines = told(replace(RECORD, mine=True), "en")
    assert lines[0] == "Your record (桥西分局明德里派出所, badge Y10101), October"
    assert lines[2] == "Answered in time: 96.0% (86.5–98.9%, 48 of 50)"
    assert lines[-1] == "As of 11-20 14:05 (Beijing)"


@pytest.mark.parametrize(
    ("changes", "line", "expected"),
    [
        ({"disputed": Part(1, 4)}, 3, "被退回 2 件，群众不认可 不到 5 位群众说过，不列"),
        ({"disputed": Part(0, 0)}, 3, "被退回 2 件，群众不认可 还没有"),
        ({"on_time": Part(0, 0)}, 2, "按时答复 还没有"),
        ({"on_time": Part(3, 3)}, 2, "按时答复 3/3（件数太少，不算比例）"),
        ({"asked": 4, "used": 4}, 5, "邀码要了 4 张，太少，不列用掉几张"),
        ({"asked": 0, "used": 0}, 5, "邀码没有要过"),
    ],
)
def test_what_is_too_little_to_tell(changes: dict[str, Any], line: int, expected: str) -> None:
    assert told(replace(RECORD, **changes))[line] == expected
