"""Questions for figures of the work: only the period and the unit are left of them."""

from __future__ import annotations

import pytest
import yaml

from actions.conversation.casework import asked_about
from actions.reports.periods import find_period
from bot.stack.model import ROOT
from tests.conftest import FrozenClock

TRAINED = yaml.safe_load((ROOT / "data/nlu/callbacks.yml").read_text("utf-8"))["nlu"]
EXAMPLES = next(entry for entry in TRAINED if entry["intent"] == "work_figures")["examples"]
SENTENCES = [line.removeprefix("- ") for line in EXAMPLES.splitlines()]
UNITS = {"桥西分局", "桥西", "南站所", "qiaoxi"}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("/work 本月 桥西", "本月 桥西"),
        ("work last month", "last month"),
        ("办件统计 南站所", "南站所"),
        ("上个月桥西分局被退回几件", "上个月桥西分局"),
        ("这个月不满意转成满意的比例是多少", "这个月"),
        ("how many cases of Qiaoxi were reopened this week", "qiaoxi this week"),
    ],
)
def test_what_is_left(said: str, left: str) -> None:
    assert asked_about(said) == left


@pytest.mark.parametrize("sentence", SENTENCES)
def test_nothing_else_is_left_of_the_trained_sentences(sentence: str, frozen: FrozenClock) -> None:
    left = asked_about(sentence)
    _, rest = find_period(left, frozen())
    assert not rest.strip() or rest.strip().lower() in UNITS
