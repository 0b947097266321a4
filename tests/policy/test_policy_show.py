"""A policy for people: shown in full in two languages, and what differs between two."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.policy.load import load_policy, read_policy, shipped
from actions.policy.shape import lines
from actions.policy.show import difference, labels, shown_in_full

EXAMPLE = Path(__file__).with_name("example.yml")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", shipped())
def test_every_line_of_every_preset_is_shown_with_its_comment(name: str, language: str) -> None:
    read = read_policy(name)
    text = "\n".join(shown_in_full(read, language))
    hidden = (("name",), ("title",), ("title", "zh"), ("title", "en"), ("version",))
    for path, comment in read.written.comments.items():
        assert path in hidden or f"  # {comment}" in text


def test_every_line_of_the_model_has_a_name_in_both_languages() -> None:
    wanted = {".".join(line.path).replace(".[ ]", "") for line in lines()}
    for clock in ("accept", "callback"):
        wanted |= {f"deadlines.{clock}"}
    named = labels()["lines"]
    for name in wanted:
        parts = name.split(".")
        if parts[0] == "deadlines" and len(parts) > 2:
            parts[1] = "*"
        if "escalate" in parts[:-1]:
            continue  # a step is shown as one line
        label = named[".".join(parts)]
        assert label["zh"], name
        assert label["en"], name


def test_in_chinese() -> None:
    shown = shown_in_full(read_policy(str(EXAMPLE)), "zh")
    assert shown[0].startswith("例子  (example, 1, ")
    for line in (
        "评价等级：满意、基本满意、不满意",
        "  免打扰：22:00-07:00",
        "  类别 表扬；含有字词 谢谢 → 所属分局",
        "  全部 → code:130702",
        "    限期：值班时段内 30 分钟",
        "      0 分钟 → 单位负责人",
        "    限期：当天",
        "    提前提醒：1 个工作日",
        "      求助：2 天",
        "  有核查结论：是",
        "  照片张数：1",
        "  相似度：0.75",
        "  多久后询问：30 天、90 天",
    ):
        assert line in shown


def test_in_english() -> None:
    shown = shown_in_full(read_policy(str(EXAMPLE)), "en")
    assert shown[0].startswith("Example  (example, 1, ")
    for line in (
        "grades: satisfied, basically satisfied, not satisfied",
        "  of kind praise; with a word of 谢谢 → its county",
        "  all → code:130702",
        "    within: 30 minutes in duty hours",
        "      2 hours → the centre",
        "      help: 2 days",
        "  a finding: yes",
        "  when unreachable: the work goes on",
    ):
        assert line in shown


def test_what_a_file_leaves_out_is_not_shown() -> None:
    shown = shown_in_full(read_policy(str(EXAMPLE)), "en")
    assert "  waiting for the citizen" not in shown
    assert not any("warning before: none" in line for line in shown)


def test_the_comments_stand_in_one_column() -> None:
    shown = shown_in_full(read_policy("default"), "en")[3:]
    assert len({line.index("  # ") for line in shown}) == 1


def test_nothing_differs_from_itself() -> None:
    assert difference(load_policy("yuxi"), load_policy("yuxi")) == []


DIFFERENT = [
    ("warn: 1 working day", "warn: 4 hours", "deadlines.rectify.warn: 1 working day → 4 hours"),
    ("warn: 1 working day", "warn:", "deadlines.rectify.warn: 1 working day → null"),
    ("help: 2 days", "praise: 2 days", "deadlines.rectify.kinds.help: 2 days → null"),
    ("to: county", "to: station", "routing: [{when: {kinds: [praise], words: [谢谢]}, to: county}, "
     "{when: {}, to: code:130702}] → [{when: {kinds: [praise], words: [谢谢]}, to: station}, "
     "{when: {}, to: code:130702}]"),
    ("stayed_solved:\n  after: 30 days", "stayed_solved: null", "stayed_solved: {after: 30 days} → "
     "null"),
    ("callers_see_phone: true", "callers_see_phone: false", "identity.callers_see_phone: true → "
     "false"),
    ("alike: 0.75", "alike: 1", "duplicates.alike: 0.75 → 1.0"),
    ('"22:00-07:00"', "null", "hours.quiet: 22:00-07:00 → null"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), DIFFERENT)
def test_only_what_differs(tmp_path: Path, old: str, new: str, line: str) -> None:
    other = tmp_path / "other.yml"
    text = EXAMPLE.read_text(encoding="utf-8").replace(old, new)
    other.write_text(text.replace("name: example", "name: other"), encoding="utf-8")
    found = difference(load_policy(str(EXAMPLE)), load_policy(str(other)))
    assert line in found
    assert len(found) == (2 if "praise: 2" in new else 1)  # one kind goes, another comes
