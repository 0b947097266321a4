"""The unit a person means, in the words people use. The sample city is the cast."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.org.csv_files import load_city
from actions.org.matching import Index, UnitName, best, match
from actions.org.spellings import core

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def sample_names() -> tuple[list[UnitName], dict[int, str]]:
    units = load_city(SAMPLE).units
    ids = {unit.code: number for number, unit in enumerate(units, 1)}
    names = [
        UnitName(
            ids[unit.code],
            unit.name,
            unit.short_name,
            unit.aliases,
            unit.kind,
            ids[unit.parent] if unit.parent else None,
        )
        for unit in units
    ]
    return names, {number: code.removeprefix("YZ-") for code, number in ids.items()}


NAMES, CODES = sample_names()
INDEX = Index(NAMES)


def offered(text: str) -> list[str]:
    return [CODES[found.unit_id] for found in INDEX.match(text)]


def taken(text: str) -> str | None:
    unit_id = INDEX.best(text)
    return CODES[unit_id] if unit_id else None


MEANT = [
    # names as they are kept
    ("云州市公安局", "YZ"),
    ("桥西分局", "QX"),
    ("清河县公安局", "QH"),
    ("安平县局", "AP"),
    ("明德里派出所", "QX-MDL"),
    ("明德里所", "QX-MDL"),
    ("南站派出所", "QX-NZ"),
    ("出入境管理大队", "AP-CRJ"),
    ("交警大队", "QD-JJ"),  # generic, but there is only this one
    ("云州市公安局桥西分局明德里派出所", "QX-MDL"),
    # as people shorten them
    ("桥西", "QX"),
    ("桥东", "QD"),
    ("清河", "QH"),
    ("安平县", "AP"),
    ("桥西区", "QX"),
    ("桥西公安", "QX"),
    ("桥西公安局", "QX"),
    ("市局", "YZ"),
    ("全市", "YZ"),
    ("明德里", "QX-MDL"),
    ("明德里警务室", "QX-MDL"),
    ("南站", "QX-NZ"),
    ("南站所", "QX-NZ"),
    ("槐荫所", "QX-HYL"),
    ("石桥所", "QD-SQT"),
    ("柳林", "QH-LL"),
    ("柳林派出所", "QH-LL"),
    ("白沙", "AP-BS"),
    ("桥东交警", "QD-JJ"),
    ("安平出入境", "AP-CRJ"),
    # two units of one name, told apart by what stands above
    ("清河城关", "QH-CG"),
    ("清河城关所", "QH-CG"),
    ("清河县城关派出所", "QH-CG"),
    ("安平的城关派出所", "AP-CG"),
    ("城关派出所，安平那个", "AP-CG"),
    # in a sentence
    ("昨天在明德里派出所办身份证等了很久", "QX-MDL"),
    ("我要投诉南站", "QX-NZ"),
    ("就是桥西分局啊", "QX"),
    ("桥西满意率多少", "QX"),
    ("桥西分局明德里", "QX-MDL"),
    ("明德里那边的人态度不行", "QX-MDL"),
    ("去望江门办户口", "QD-WJM"),
    ("昨儿上石桥头派出所 没人", "QD-SQT"),
    ("小坝镇派出所的民警帮我找到了孩子", "QH-XB"),
    ("火车南站派出所", "QX-NZ"),
    ("城关，清河县的", "QH-CG"),
    # counters and cars
    ("明德里派出所户籍2号窗口", "QX-MDL-HJ2"),
    ("明德里户籍二号窗口", "QX-MDL-HJ2"),
    ("明德里 2号窗口", "QX-MDL-HJ2"),
    ("桥西分局明德里派出所 · 户籍 2 号窗口", "QX-MDL-HJ2"),
    ("明德里派出所户籍窗口", "QX-MDL"),  # there are two: the station is sure, the counter not
    ("南站报案窗口", "QX-NZ-BA"),
    ("明德里巡逻车", "QX-MDL-XL1"),
    ("石桥头巡逻２号车", "QD-SQT-XL2"),
    ("车管1号窗口", "QD-JJ-CG1"),  # the only one of that name in the city
    ("昨天在明德里户籍窗口等了2小时", "QX-MDL"),
    # misspelt
    ("名德里", "QX-MDL"),
    ("明得里派出所", "QX-MDL"),
    ("明德理所", "QX-MDL"),
    ("桥西名德里派出所", "QX-MDL"),
    ("怀荫路派出所", "QX-HYL"),
    ("望江们派出所", "QD-WJM"),
    ("石乔头", "QD-SQT"),
    ("明德", "QX-MDL"),
    # full width, spaces, punctuation
    (" 桥 西 ", "QX"),
    ("【南站派出所】", "QX-NZ"),
    ("明德里派出所。", "QX-MDL"),
]


@pytest.mark.parametrize(("text", "code"), MEANT, ids=[text for text, _ in MEANT])
def test_the_unit_meant_stands_out(text: str, code: str) -> None:
    assert taken(text) == code


def test_there_are_enough_sayings() -> None:
    assert len(MEANT) >= 60


@pytest.mark.parametrize(
    "text",
    ["派出所", "分局", "公安局", "窗口", "户籍窗口", "交警", "2号窗口", "县局", "车管所", "大厅"],
)
def test_generic_words_name_nothing(text: str) -> None:
    assert offered(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "？？",
        "今天天气不错",
        "身份证丢了怎么办",
        "你好",
        "12345",
        "/stats",
        "🙂",
        "a" * 500,
    ],
)
def test_words_without_a_unit_name_nothing(text: str) -> None:
    assert offered(text) == []
    assert taken(text) is None


def test_a_shared_name_is_offered_and_not_taken() -> None:
    assert offered("城关派出所") == ["QH-CG", "AP-CG"]
    scores = [found.score for found in INDEX.match("城关所")]
    assert scores[0] - scores[1] < 6
    assert taken("城关所") is None


def test_two_units_named_are_both_offered() -> None:
    assert set(offered("桥西和桥东哪个好")) >= {"QX", "QD"}
    assert taken("桥西和桥东哪个好") is None


def test_a_counter_name_that_many_have_is_offered() -> None:
    assert offered("户籍 2 号窗口") == ["QX-MDL-HJ2", "QD-WJM-HJ2"]
    assert taken("户籍 2 号窗口") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南占派出所", "QX-NZ"),  # two characters, one of them wrong
        ("祝南站越来越好", "QX-NZ"),  # may be chance
        ("桥西派出所", "QX"),  # there is none: the county is what comes near
        ("昨天在名德里办身份证", "QX-MDL"),
    ],
)
def test_a_guess_is_offered_and_not_taken(text: str, code: str) -> None:
    assert offered(text)[0] == code
    assert taken(text) is None


def test_exact_beats_misspelt() -> None:
    names = [UnitName(1, "名德里派出所", "名德里所"), UnitName(2, "明德里派出所", "明德里所")]
    assert match("明德里派出所", names)[0].unit_id == 2
    assert best("名德里所", names) == 1


def test_a_name_inside_a_longer_name_does_not_count() -> None:
    names = [
        UnitName(1, "清河县公安局", "清河县局", kind="county"),
        UnitName(2, "清河路派出所", "清河路所"),
    ]
    assert [found.unit_id for found in match("清河路派出所", names)] == [2]
    assert best("清河的派出所", names) == 1


def test_the_limit_holds() -> None:
    names = [UnitName(n, "城关派出所", "城关所") for n in range(20)]
    assert len(match("城关所", names)) == 5
    assert len(match("城关所", names, limit=3)) == 3


def test_no_units_no_match() -> None:
    assert match("桥西", []) == []
    assert best("桥西", []) is None


def test_every_name_of_the_sample_finds_its_unit() -> None:
    for unit in NAMES:
        if unit.kind in {"city", "county", "station"}:
            for name in (unit.name, unit.short_name, *unit.aliases):
                assert unit.unit_id in {found.unit_id for found in INDEX.match(name)}, name


@given(st.text(max_size=120))
def test_any_text_is_bearable(text: str) -> None:
    found = INDEX.match(text)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)
    assert len({each.unit_id for each in found}) == len(found) <= 5


@given(st.sampled_from([unit for unit in NAMES if unit.kind == "station"]), st.text(max_size=30))
def test_a_unique_station_name_is_found_in_any_sentence(unit: UnitName, tail: str) -> None:
    if unit.name in {"城关派出所", "交警大队"}:
        return
    assert unit.unit_id in {each.unit_id for each in INDEX.match(f"在{unit.name}，{tail}", 20)}


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("明德里派出所", "明德里"),
        ("清河县公安局", "清河"),
        ("桥西分局", "桥西"),
        ("明德里", "明德里"),
    ],
)
def test_core(spelling: str, expected: str) -> None:
    assert core(spelling) == expected


def test_two_thousand_units_are_searched_quickly() -> None:
    """A generous bound: it is there to notice a change of order, not to measure."""
    first, second = "东西南北中明德江山石桥", "里头门路平安清白沙坝柳林城关望槐荫新华"
    names = [
        UnitName(number, f"{a}{b}{c}派出所", f"{a}{b}{c}所")
        for number, (a, b, c) in enumerate(
            (a, b, c) for a in first for b in second for c in first if a != c
        )
    ][:2000]
    index = Index(names)
    begun = time.perf_counter()
    for _ in range(10):
        index.match("昨天在明里德派出所办身份证等了很久没有人理我到底怎么回事")
    assert (time.perf_counter() - begun) / 10 < 0.05
