"""Groups in the messages of an invented town: which, how they are named, and always the same."""

from __future__ import annotations

import random
from collections import Counter

from actions.topics.building import FoundGroup
from actions.topics.finding import find_groups, telling_sentence
from actions.topics.words import telling_words
from tests.topics.town_talk import MATTERS, odd, say

SIZES = {
    "theft": 30, "queue": 25, "noise": 20, "parking": 15, "fraud": 12, "dogs": 9, "signal": 6
}  # fmt: skip
NOW = [text for matter, size in SIZES.items() for text in say(matter, size)] + odd(20)
ABOUT = [matter for matter, size in SIZES.items() for _ in range(size)] + ["odd"] * 20
BEFORE = [text for matter in MATTERS for text in say(matter, 12, 2)] + odd(20, 2)


def found_matters(found: list[FoundGroup]) -> dict[str, FoundGroup]:
    """By matter the largest group that is mostly of it."""
    by: dict[str, FoundGroup] = {}
    for each in found:
        if each.now:
            by.setdefault(Counter(ABOUT[at] for at in each.now).most_common(1)[0][0], each)
    return by


def test_each_matter_is_found() -> None:
    """Most of its messages in one group, and hardly any of another matter in it."""
    by = found_matters(find_groups(NOW, BEFORE))
    for matter, size in SIZES.items():
        inside = [ABOUT[at] for at in by[matter].now]
        assert inside.count(matter) >= 0.6 * size, matter
        assert inside.count(matter) >= 0.9 * len(inside), matter
        assert by[matter].before


def test_names_are_words_of_the_messages() -> None:
    for each in find_groups(NOW, BEFORE):
        assert 1 <= len(each.name) <= 4
        texts = [NOW[at] for at in each.now] + [BEFORE[at] for at in each.before]
        for word in each.name:
            assert sum(word in text for text in texts) >= 0.12 * len(texts)
    by = found_matters(find_groups(NOW, BEFORE))
    assert "电动车" in by["theft"].name
    assert {"消防通道", "违停"} <= set(by["parking"].name)
    assert "刷单" in by["fraud"].name
    assert "拴绳" in by["dogs"].name


def test_what_is_alone_stays_alone() -> None:
    """Of the odd ones no five come together."""
    groups = find_groups(NOW, BEFORE)
    odd_ones = [each for each in groups if {ABOUT[at] for at in each.now} == {"odd"}]
    assert all(len({NOW[at] for at in each.now}) < 5 for each in odd_ones)


def test_the_same_whatever_the_order() -> None:
    """And again the same the second time."""
    shuffled = list(range(len(NOW)))
    random.Random(3).shuffle(shuffled)
    first, second = find_groups(NOW, BEFORE), find_groups([NOW[at] for at in shuffled], BEFORE)
    assert find_groups(NOW, BEFORE) == first
    assert [(e.name, Counter(NOW[at] for at in e.now), len(e.before)) for e in first] == [
        (e.name, Counter(NOW[shuffled[at]] for at in e.now), len(e.before)) for e in second
    ]


def test_each_text_is_in_one_group_at_most() -> None:
    found = find_groups(NOW, BEFORE)
    now = [at for each in found for at in each.now]
    assert len(now) == len(set(now))


def test_nothing_and_nearly_nothing() -> None:
    assert find_groups([], []) == []
    assert find_groups(["好"], []) == []
    assert find_groups(["谢谢", "谢谢领导", "没有问题"], ["请处理"]) == []
    assert find_groups(["🙂🙂🙂"] * 30, []) == []


def test_all_say_the_same() -> None:
    (only,) = find_groups(["消防通道天天有车违停"] * 30, [])
    assert len(only.now) == 30
    assert set(only.name) <= {"消防通道", "违停"}


def test_a_name_holds_no_person_and_no_number() -> None:
    """However often the same name is written."""
    texts = [f"张伟{n}号那天在消防通道违停，电话1390000{n:04d}" for n in range(30)]
    for each in find_groups(texts, []):
        assert not any("张" in word or any(c.isdigit() for c in word) for word in each.name)


def test_examples_are_masked_sentences() -> None:
    said = telling_sentence(
        "你好。我叫张伟，消防通道天天违停，电话13900000000。请处理。",
        {"消防通道": 0.8, "违停": 0.6},
    )
    assert said == "我叫张某，消防通道天天违停，电话139****0000。"
    assert len(telling_sentence("消防通道违停" * 30, {"违停": 1.0})) == 60


def test_telling_words() -> None:
    found = telling_words("领导您好，消防通道天天有车违停，请尽快处理，谢谢！电话13900000000")
    assert found[:2] == ["消防通道", "违停"]
    assert "#parking" in found
    assert not {"领导", "处理", "谢谢", "您好"} & set(found)
