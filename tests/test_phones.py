"""Phone numbers as people write them; every number here is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.phones import find_phones, mask, normalise

ONE = "13800000000"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000000", ONE),
        ("138 0000 0000", ONE),
        ("1380 000 0000", ONE),
        ("138-0000-0000", ONE),
        ("138—0000—0000", ONE),
        ("138.0000.0000", ONE),
        ("１３８００００００００", ONE),
        ("１３８－００００－００００", ONE),
        ("+8613800000000", ONE),
        ("+86 138-0000-0000", ONE),
        ("＋86 138 0000 0000", ONE),
        ("(+86)13800000000", ONE),
        ("（+86）138 0000 0000", ONE),
        ("008613800000000", ONE),
        ("0086 138 0000 0000", ONE),
        ("8613800000000", ONE),
        ("86-13800000000", ONE),
        ("  13800000000\n", ONE),
        ("一三八零零零零零零零零", ONE),
        ("幺三八 零零零零 零零零零", ONE),
        ("一三八〇〇〇〇〇〇〇〇", ONE),
        ("19900000001", "19900000001"),
        ("16600000001", "16600000001"),
        ("0310-2000000", "03102000000"),
        ("(0310) 2000000", "03102000000"),
        ("0310 200 0000", "03102000000"),
        ("010-60000000", "01060000000"),
        ("021 6000 0000", "02160000000"),
        ("0571-80000000", "057180000000"),
        ("+86 10 6000 0000", "01060000000"),
        ("+86-310-2000000", "03102000000"),
        ("+86 (0)10 60000000", "01060000000"),
        ("0310-2000000转8012", "03102000000-8012"),
        ("0310-2000000-8012", "03102000000-8012"),
        ("0310-2000000 ext. 12", "03102000000-12"),
        ("+852 9000 0000", "+85290000000"),
        ("00852-20000000", "+85220000000"),
        ("+853 6600 0000", "+85366000000"),
        ("(+853) 28000000", "+85328000000"),
    ],
)
def test_accepted(written: str, kept: str) -> None:
    assert normalise(written) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "不留",
        "110",
        "12345",
        "12800000000",  # no such range
        "12345678901",
        "1380000000",  # ten digits
        "138000000000",  # twelve
        "+8612800000000",
        "2000000",  # a landline without its area code
        "0310-1000000",  # local numbers begin with 2 to 8
        "010-6000000",  # Beijing has eight digits
        "4000000000",
        "+1 415 555 0100",
        "+886 912 000 000",
        "+44 20 7946 0000",
        "85290000000",  # Hong Kong without + could be anything
        "90000000",
        "+852 1000 0000",
        "+853 9000 0000",
        "我的电话13800000000",
        "13800000000转12",
        "13800000000 13900000000",
        "++13800000000",
        "1" * 5000,
        "138-" * 3000,
    ],
)
def test_refused(written: str) -> None:
    assert normalise(written) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("我电话13800000000", [ONE]),
        ("13800000000，打我就行", [ONE]),
        ("手机：+86 138-0000-0000。", [ONE]),
        ("打 138 0000 0000 找我", [ONE]),
        ("电话一三八零零零零零零零零", [ONE]),
        ("两个号13800000000和13900000000", [ONE, "13900000000"]),
        ("13800000000 13900000000", [ONE, "13900000000"]),
        ("138 0000 0000 139 0000 0000", [ONE, "13900000000"]),
        ("13800000000/13900000000", [ONE, "13900000000"]),
        ("3 13800000000", [ONE]),
        ("1. 138 0000 0000", [ONE]),
        ("2026-11-21 13800000000", [ONE]),
        ("家里0310-2000000转8012", ["03102000000-8012"]),
        ("香港+852 9000 0000", ["+85290000000"]),
        ("tel13800000000", [ONE]),
        ("13800000000是我的，座机010-60000000", [ONE, "01060000000"]),
        # pieces of something else
        ("没有电话", []),
        ("数字12800000000不是手机号", []),
        ("证件110101199001010000", []),
        ("证件 1101 0119 9001 0100 00", []),
        ("11010119900101000X", []),
        ("卡号 6222 1380 0000 0000 012", []),
        ("卡号6222138000000000012", []),
        ("卡号 6222-1380-0000-0000", []),
        ("编号 Q26-0017，凭码 7K3M", []),
        ("等了一二十分钟，三四个人", []),
        ("我在2号窗口等了120分钟", []),
        ("2026-11-21 14:05:00", []),
        ("", []),
    ],
)
def test_found(text: str, numbers: list[str]) -> None:
    assert [found.number for found in find_phones(text)] == numbers


def test_the_place_is_that_of_the_number() -> None:
    text = "打 138 0000 0000，或一三九零零零零零零零零"
    first, second = find_phones(text)
    assert text[first.start : first.end] == "138 0000 0000"
    assert text[second.start : second.end] == "一三九零零零零零零零零"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        (ONE, "138****0000"),
        ("03102000567", "0310****567"),
        ("01060000567", "010****567"),
        ("03102000567-8012", "0310****567"),
        ("+85290000567", "+852****567"),
        ("+85366000567", "+853****567"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_mask(phone: str, masked: str) -> None:
    assert mask(phone) == masked


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "－", "　"])
)
def test_a_mobile_in_any_dress(number: str, gap: str) -> None:
    dressed = f"{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    assert normalise(dressed) == number
    assert [found.number for found in find_phones(f"电话{dressed}。")] == [number]
    assert number[3:7] not in mask(number)[3:-4]


@given(st.text(alphabet=st.sampled_from([*"0123456789+-() 一三八零转号.\n"]), max_size=80))
def test_any_scramble_is_bearable(text: str) -> None:
    for found in find_phones(text):
        assert 0 <= found.start < found.end <= len(text)
        assert normalise(text[found.start : found.end]) == found.number
    kept = normalise(text)
    assert kept is None or normalise(kept) == kept


@given(st.text(max_size=100))
def test_any_text_is_bearable(text: str) -> None:
    find_phones(text)
    normalise(text)
