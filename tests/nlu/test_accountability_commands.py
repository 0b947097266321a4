"""Commands for proposals about units and the dry run of their rules."""

from __future__ import annotations

import pytest

from nlu.commands import command_in

COMMANDS = [
    ("提议", "proposals", {}),
    ("proposals", "proposals", {}),
    ("看提议", "proposals", {}),
    ("有什么提议", "proposals", {}),
    ("提议 12", "proposals", {"proposal": "12"}),
    ("提议12号", "proposals", {"proposal": "12"}),
    ("proposal 12", "proposals", {"proposal": "12"}),
    ("采纳 12 情况属实", "adopt_proposal", {"proposal": "12", "words": "情况属实"}),
    ("采纳提议 12：已和所长核对", "adopt_proposal", {"proposal": "12", "words": "已和所长核对"}),
    ("adopt 12 figures checked", "adopt_proposal", {"proposal": "12", "words": "figures checked"}),
    ("采纳 12", "adopt_proposal", {"proposal": "12"}),
    ("采纳", "adopt_proposal", {}),
    ("不采纳 12 系统停机", "decline_proposal", {"proposal": "12", "words": "系统停机"}),
    ("decline proposal 12: outage", "decline_proposal", {"proposal": "12", "words": "outage"}),
    ("再算一遍 12", "compare_proposal", {"proposal": "12"}),
    ("重算提议 12", "compare_proposal", {"proposal": "12"}),
    ("试算", "try_rules", {}),
    ("rules", "try_rules", {}),
    ("规则试算 今年", "try_rules", {"words": "今年"}),
    ("试算三季度 连续三个月末位", "try_rules", {"words": "三季度 连续三个月末位"}),
    ("rules last month", "try_rules", {"words": "last month"}),
    ("rules last_in_the_month", "try_rules", {"words": "last_in_the_month"}),
]


@pytest.mark.parametrize(("text", "intent", "entities"), COMMANDS)
def test_a_command(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)


@pytest.mark.parametrize(
    "text",
    [
        "我提议多开一个窗口",
        "提议多开窗口",
        "rules are rules but nobody told me",
        "建议",
        "他们没采纳我的意见",
        "不采纳我的意见我就去上访",
        "adopted my complaint?",
    ],
)
def test_none_of_them(text: str) -> None:
    found = command_in(text)
    own = {"proposals", "adopt_proposal", "decline_proposal", "compare_proposal", "try_rules"}
    assert found is None or found.intent not in own
