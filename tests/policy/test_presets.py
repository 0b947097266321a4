"""The shipped policies: each loads, each line says what it does and where it comes from."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pytest

from actions.cases.kinds import CaseKind
from actions.deadlines.ladder import Rule
from actions.deadlines.spans import parse_span
from actions.policy.clocks import Deadlines
from actions.policy.document import policies
from actions.policy.load import PRESETS, load_policy, read_policy, shipped
from actions.policy.model import Policy
from actions.ratings.rating import Grade

ARTICLES = ("zhangjiakou", "yuxi", "callbacks2014", "zhumadian", "handan")


def test_the_default_and_the_five_ship() -> None:
    assert set(shipped()) == {"default", *ARTICLES}
    assert shipped()[0] == "default"


@pytest.mark.parametrize("name", shipped())
def test_a_preset_loads_under_its_own_name(name: str) -> None:
    policy = load_policy(name)
    assert policy.name == name
    assert policy.title.zh
    assert policy.hours.hours.office[1] == time(18)


@pytest.mark.parametrize("name", shipped())
def test_every_line_has_a_comment(name: str) -> None:
    lines = (PRESETS / f"{name}.yml").read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if line.strip("# ") and not re.search(r"(^| )# \S", line)]
    assert bare == []


@pytest.mark.parametrize("name", shipped())
def test_every_value_has_its_comment(name: str) -> None:
    """What `policy show` finds: a comment at each value or at the line around it."""
    written = read_policy(name).written
    inner = {path[:-1] for path in written.lines}
    ends = [path for path in written.lines if path and path not in inner]
    for path in ends:
        line = written.lines[path]
        beside = [path[:depth] for depth in range(len(path), 0, -1)]
        assert any(each in written.comments and written.lines[each] == line for each in beside), (
            path
        )


@pytest.mark.parametrize("name", ARTICLES)
def test_a_comment_says_where_it_comes_from(name: str) -> None:
    text = (PRESETS / f"{name}.yml").read_text(encoding="utf-8")
    values = re.findall(r"^ +[a-z_]+: \S.* # (.*)$", text, flags=re.MULTILINE)
    sourced = [each for each in values if '"' in each or "not in the article" in each]
    assert len(values) >= 50
    assert len(sourced) >= 0.9 * len(values)
    quotes = re.findall(r'"([^"]*[一-鿿][^"]*)"', " ".join(values))
    assert max(map(len, quotes)) <= 30  # a few characters, not sentences


def test_the_default_is_what_the_product_does_without_a_choice() -> None:
    policy = load_policy()
    days = {kind: str(rule.within) for kind in CaseKind if (rule := answer(policy, kind))}
    assert days == {
        CaseKind.UNSATISFIED: "1 day",
        CaseKind.HELP: "1 day",
        CaseKind.COMPLAINT: "3 days",
        CaseKind.SUGGESTION: "7 days",
        CaseKind.PRAISE: "7 days",
    }
    assert policy.scale == (Grade.SATISFIED, Grade.BASICALLY, Grade.UNSATISFIED)
    assert (policy.callback, policy.review, policy.revisit) == (None, None, None)
    assert policy.unsatisfied_result == "close"


def answer(policy: Policy, kind: CaseKind) -> Rule | None:
    return policy.deadlines.rule("answer", kind)


def test_a_rule_is_the_kind_s_span_with_the_clock_s_ladder() -> None:
    deadlines = load_policy("zhangjiakou").deadlines
    rule = deadlines.rule("rectify", CaseKind.UNSATISFIED)
    assert rule == Rule(
        parse_span("3 working days"),
        parse_span("1 working day"),
        (
            (parse_span("0 minutes"), "lead"),
            (parse_span("1 working day"), "sub_centre"),
            (parse_span("2 working days"), "centre"),
        ),
    )
    assert deadlines.rule("verify", CaseKind.UNSATISFIED) is None
    with pytest.raises(ValueError, match="There is no clock 'lunch'"):
        deadlines.rule("lunch", CaseKind.HELP)


# What makes each system the one of its article.


def test_zhangjiakou_mends_in_three_working_days_and_the_centre_asks_again() -> None:
    policy = load_policy("zhangjiakou")
    assert policy.scale == (Grade.SATISFIED, Grade.UNSATISFIED)
    assert policy.callback is not None
    assert (policy.callback.by, policy.callback.kinds) == ("sub_centre", (CaseKind.UNSATISFIED,))
    assert policy.revisit is not None
    assert (policy.revisit.by, policy.revisit.own_answer_counts) == ("centre", False)
    assert policy.spot_checks is not None


def test_yuxi_s_inspectors_call_everyone_and_send_false_work_back() -> None:
    policy = load_policy("yuxi")
    assert len(policy.scale) == 3
    assert policy.callback is not None
    assert policy.callback.by == "inspector"
    assert "responsible" in policy.callback.form
    assert policy.review is not None
    assert policy.review.by == "inspector"
    assert policy.unsatisfied_result == "review"
    assert policy.before_answer.finding


def test_callbacks2014_draws_a_hundred_asks_five_aspects_and_goes_to_the_door() -> None:
    policy = load_policy("callbacks2014")
    assert len(policy.aspects) == 5
    assert policy.spot_checks is not None
    assert (policy.spot_checks.each_month, policy.spot_checks.aspects) == (100, True)
    assert policy.before_answer.visit
    assert policy.visit.confirm == "code"
    assert policy.revisit is not None
    assert policy.revisit.of == "rectified"


@pytest.mark.parametrize("clock", ["callback", "verify"])
@pytest.mark.parametrize("kind", [CaseKind.UNSATISFIED, CaseKind.COMPLAINT])
def test_zhumadian_calls_back_and_verifies_the_same_day(clock: str, kind: CaseKind) -> None:
    policy = load_policy("zhumadian")
    rule = policy.deadlines.rule(clock, kind)
    assert rule is not None
    assert str(rule.within) == "same day"
    assert policy.before_answer.callback
    assert policy.before_answer.finding


def test_handan_sends_everything_to_the_centre_and_the_citizen_s_word_counts() -> None:
    policy = load_policy("handan")
    assert [route.to for route in policy.routing] == ["city"]
    assert policy.callback is not None
    assert policy.callback.by == "centre"
    assert policy.before_answer.callback
    assert policy.revisit is not None
    assert policy.revisit.own_answer_counts


# Content and digest


@pytest.mark.parametrize("name", shipped())
def test_what_is_stored_with_a_case_reads_back_as_the_same_policy(name: str) -> None:
    policy = load_policy(name)
    again = Policy.model_validate_json(policy.content)
    assert again == policy
    assert again.digest == policy.digest
    assert re.fullmatch("[0-9a-f]{8}", policy.digest)


def test_every_preset_has_a_digest_of_its_own() -> None:
    assert len({load_policy(name).digest for name in shipped()}) == len(shipped())


def test_comments_and_the_order_of_sections_do_not_change_the_digest(tmp_path: Path) -> None:
    text = (PRESETS / "handan.yml").read_text(encoding="utf-8")
    bare = re.sub(r" *# .*", "", text)
    sections = re.split(r"\n(?=[a-z])", bare)
    path = tmp_path / "turned.yml"
    path.write_text("\n".join(reversed(sections)), encoding="utf-8")
    assert load_policy(str(path)).digest == load_policy("handan").digest


def test_a_changed_line_changes_the_digest(tmp_path: Path) -> None:
    text = (PRESETS / "handan.yml").read_text(encoding="utf-8")
    path = tmp_path / "other.yml"
    path.write_text(text.replace("at_most: 3", "at_most: 4"), encoding="utf-8")
    assert load_policy(str(path)).digest != load_policy("handan").digest


def test_a_policy_cannot_be_changed() -> None:
    policy = load_policy()
    with pytest.raises(ValueError, match="frozen"):
        policy.urge.at_most = 9  # type: ignore[misc]


def test_the_document_is_current() -> None:
    document = PRESETS.parents[1] / "docs" / "policies.md"
    assert document.read_text(encoding="utf-8") == policies()
    for clock in Deadlines.model_fields:
        assert f"`deadlines.{clock}`" in policies()
