"""A signature says how alike two matters are, and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.duplicates.concepts import SETTINGS, SUBJECTS, concepts
from actions.duplicates.features import FILLERS, PAIRS, features
from actions.duplicates.folding import BREAK, fold
from actions.duplicates.signature import likeness, signature
from actions.duplicates.sketch import SIZE, agreement, sketch

KEY = b"a key of this installation"
NOON = "中午去柳树屯派出所办身份证，窗口没人，说是午休"


@given(st.text(max_size=300))
def test_a_signature_fits_its_column(text: str) -> None:
    made = signature(text, KEY)
    assert len(made) in {0, SIZE}
    assert all(0 <= value < 2**63 for value in made)  # PostgreSQL's BIGINT
    assert made == signature(text, KEY)
    assert likeness(made, made) == (1.0 if made else 0.0)


@given(st.text("窗口没人午休身份证", max_size=40), st.text("窗口没人午休身份证", max_size=40))
def test_likeness_is_mutual(first: str, second: str) -> None:
    one, other = signature(first, KEY), signature(second, KEY)
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


def test_another_key_makes_another_signature() -> None:
    assert likeness(signature(NOON, KEY), signature(NOON, b"another key")) == 0


def test_there_is_no_signature_without_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        signature(NOON, b"")


def test_signatures_of_different_sizes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        likeness(signature(NOON, KEY), (1, 2, 3))


@pytest.mark.parametrize(
    "text", ["", "。。。", "你好", "没人管", "请问 谢谢 麻烦您了", "12345678901"]
)
def test_what_says_too_little_is_like_nothing(text: str) -> None:
    assert signature(text, KEY) == ()
    assert likeness((), ()) == 0
    assert likeness((), signature(NOON, KEY)) == 0


@pytest.mark.parametrize(
    "again",
    [
        "中午去柳树屯派出所办身份证！！窗口没人…… 说是午休。",
        "中午去柳树屯派出所办身份证,窗口没人,说是午休",
        "中午去柳树屯派出所办身份证，窗口没人，说是午休，谢谢",
        "您好，中午去柳树屯派出所办身份证，窗口没人，说是午休",
    ],
)
def test_courtesy_and_punctuation_make_no_difference(again: str) -> None:
    assert signature(again, KEY) == signature(NOON, KEY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("户籍二号窗口排队两个小时", "户籍2号窗口排队2个小时"),
        ("ＫＴＶ半夜吵得人睡不着觉", "ktv半夜吵得人睡不着觉"),
        ("手机13800000000被偷了报案没消息", "手机13900001111被偷了报案没消息"),
    ],
)
def test_spelling_and_whose_number_make_no_difference(one: str, other: str) -> None:
    assert likeness(signature(one, KEY), signature(other, KEY)) == 1


def test_only_the_beginning_of_an_endless_text_counts() -> None:
    long = NOON * 100
    assert signature(long[:2000] + "电动车被偷", KEY) == signature(long[:2000], KEY)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("电话没人接", {"phone", "no_answer"}),  # the longer word: not "nobody there"
        ("午休没人，来回白跑", {"noon", "absent", "runaround"}),  # not 没人来: a comma is between
        ("十二点窗口关着", {"noon", "counter", "absent"}),
        ("天气不错嘛", {"wrong"}),  # 错: a list of words does not understand
        ("", set()),
    ],
)
def test_concepts(text: str, named: set[str]) -> None:
    assert concepts(fold(text)) == named


def test_a_word_stands_under_one_concept_only() -> None:
    words = [fold(word) for entry in (SUBJECTS | SETTINGS).values() for word in entry.split()]
    assert not [word for word, times in Counter(words).items() if times > 1]
    assert not [word for word in words if not word or BREAK in word]
    assert not SUBJECTS.keys() & SETTINGS.keys()
    assert not set(words) & set(FILLERS.split())  # a complaint that ends with 谢谢 is no praise


def test_a_text_about_everything_is_not_about_their_sum() -> None:
    everything = "，".join(words.split()[0] for words in SUBJECTS.values())
    together = {k: n for k, n in features(everything).items() if k.count("#") == 2}
    assert sum(together.values()) <= PAIRS


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": 3, "b": 1}, {"a": 3, "b": 1}),
        ({"a": 3, "b": 1}, {"c": 5}),
        ({"a": 4, "b": 2, "c": 2}, {"a": 2, "b": 2, "d": 4}),  # (2 + 2) of (4 + 2 + 2 + 4)
        ({str(n): 1 for n in range(300)}, {str(n): 1 for n in range(150, 450)}),  # 150 of 450
        ({str(n): 1 for n in range(8)}, {str(n): 1 for n in range(5, 40)}),  # 3 of 40
    ],
)
def test_the_agreement_is_the_weighted_likeness(
    first: dict[str, int], second: dict[str, int]
) -> None:
    one, other = Counter(first), Counter(second)
    exact = (one & other).total() / (one | other).total()
    keys = [bytes([number]) for number in range(1, 101)]
    estimates = [agreement(sketch(first, key), sketch(second, key)) for key in keys]
    error = math.sqrt(exact * (1 - exact) / SIZE / len(keys))  # of the mean of 100 estimates
    assert mean(estimates) == pytest.approx(exact, abs=4 * error + 1e-9)


def test_unrelated_texts_share_no_number_by_chance() -> None:
    made = [sketch({f"{n}-{m}": 1 for m in range(50)}, KEY) for n in range(20)]
    assert not [1 for one, other in combinations(made, 2) if set(one) & set(other)]
