"""The policy's lines about units: what is right, and a sentence for each mistake."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.accountability.rule import Counted, Place, RuledBy
from actions.accountability.terms import formula_of, grace_of, rules_of
from actions.errors import ConfigurationError
from actions.policy.load import load_policy, read_policy
from actions.policy.show import shown_in_full
from tests.policies import changed, written

LINES: dict[str, Any] = changed("yuxi")["unit_rules"]


def with_rules(folder: Path, rule: dict[str, Any] | None = None, **lines: Any) -> str:
    """A policy's file whose first rule, or whose section, is changed."""
    section = copy.deepcopy(LINES) | lines
    section["rules"][0] |= rule or {}
    return written(folder, "default", {"name": "tried", "unit_rules": section})


def test_yuxi_s_rules_are_those_of_its_article() -> None:
    month, running, best = rules_of(load_policy("yuxi"))
    assert [each.compare for each in (month, running, best)] == ["county"] * 3
    assert [(each.place, each.count, each.months) for each in (month, running, best)] == [
        (Place.BOTTOM, 1, 1),
        (Place.BOTTOM, 1, 3),
        (Place.TOP, 1, 3),
    ]
    assert month.ways == ("invited",)
    assert "约谈" in month.proposal
    assert "扣分" in running.proposal
    assert "加分" in best.proposal


def test_callbacks2014_counts_the_last_three_in_a_year() -> None:
    rules = rules_of(load_policy("callbacks2014"))
    assert [(each.place, each.count, each.months) for each in rules] == [
        (Place.BOTTOM, 3, 1),
        (Place.BOTTOM, 3, 2),
        (Place.BOTTOM, 3, 3),
    ]
    assert [each.counted for each in rules[1:]] == [Counted.YEAR] * 2


def test_zhumadian_looks_at_what_was_found_true() -> None:
    (rule,) = rules_of(load_policy("zhumadian"))
    assert (rule.figure, rule.place, rule.count, rule.months) == (
        RuledBy.SUBSTANTIATED,
        Place.AT_LEAST,
        3,
        2,
    )


@pytest.mark.parametrize("name", ["default", "zhangjiakou", "handan"])
def test_the_others_propose_nothing(name: str) -> None:
    policy = load_policy(name)
    assert rules_of(policy) == []
    assert grace_of(policy) == 0
    assert formula_of(policy).name == "satisfied_only"


def test_a_policy_without_the_section_is_right(tmp_path: Path) -> None:
    policy = changed("default", {"name": "older"})
    del policy["unit_rules"]
    path = tmp_path / "older.yml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    assert load_policy(str(path)).unit_rules is None


def test_a_rule_is_shown_in_words() -> None:
    shown = shown_in_full(read_policy("zhumadian"), "zh")
    for line in ("连续两个月问题突出", "比较哪一级：派出所", "看哪个数：查实件数", "怎么算：连续"):
        assert any(each.strip().startswith(line) for each in shown), line
    english = shown_in_full(read_policy("callbacks2014"), "en")
    assert any(each.strip().startswith("units: stations") for each in english)


MISTAKES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"place": "at_least"}, {}, "rules[1].place is at_least, but the figure is satisfaction; write "
     "bottom or top."),
    ({"figure": "substantiated"}, {}, "rules[1].place is bottom, but the figure is substantiated; "
     "write at_least."),
    ({"figure": "substantiated", "place": "at_least"}, {}, "rules[1].minimum counts ratings, but the "
     "figure is substantiated; write null."),
    ({"minimum": None}, {}, "rules[1].minimum is null, but ratings are compared; write how many a "
     "unit needs."),
    ({"minimum": 4}, {}, "rules[1].minimum is 4; write a whole number from 5 to 100000, or null."),
    ({"count": 3}, {}, "rules[1].count is 3, not fewer than unit_rules.among (3)."),
    ({"to": "sub_centre"}, {}, "rules[1].to: a sub-centre belongs to the county; write centre or "
     "inspector."),
    ({"to": "lead"}, {}, 'rules[1].to is "lead"; write sub_centre, centre or inspector.'),
    ({"months": 13}, {}, "rules[1].months is 13; write a whole number from 1 to 12."),
    ({"compare": "city"}, {}, 'rules[1].compare is "city"; write county, station, desk, car or '
     "community."),
    ({"name": "last_three_months_running"}, {}, "two rules are called last_three_months_running; "
     "call one otherwise."),
    ({}, {"grace": "2 hours"}, 'unit_rules.grace is "2 hours"; write 0 to 20 days.'),
    ({}, {"grace": "21 days"}, 'unit_rules.grace is "21 days"; write 0 to 20 days.'),
    ({}, {"ways": []}, "unit_rules.ways is []; name at least one: a list in [ ] of scan, typed"),
    ({}, {"among": 1}, "unit_rules.among is 1; write a whole number from 2 to 1000."),
    ({}, {"rules": [{}]}, "unit_rules.rules[1].name is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "lines", "sentence"), MISTAKES)
def test_a_mistake_is_a_sentence(
    tmp_path: Path, rule: dict[str, Any], lines: dict[str, Any], sentence: str
) -> None:
    if "rules" in lines:
        path = written(tmp_path, "default", {"name": "tried", "unit_rules": {**LINES, **lines}})
    else:
        path = with_rules(tmp_path, rule, **lines)
    with pytest.raises(ConfigurationError) as refused:
        load_policy(path)
    assert sentence in str(refused.value)
