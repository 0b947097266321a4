"""What is proposed: the noon counters told by many, one matter told again by the same citizen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from actions.cases.kinds import CaseKind
from actions.duplicates.proposals import ALIKE, MOST, Candidate, propose, same_county
from actions.duplicates.signature import signature

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
KEY = b"a key of this installation"
STATION, SISTER, ELSEWHERE = "/1/5/12/", "/1/5/13/", "/1/6/20/"
NOON = "中午去派出所办身份证，窗口没人，说是午休"


def case(number: int, text: str = NOON, *, citizen: bool = False, days: float = 1) -> Candidate:
    """A complaint to the station, a day old."""
    opened = NOW - timedelta(days=days)
    made = signature(text, KEY)
    return Candidate(UUID(int=number), made, citizen, STATION, opened, CaseKind.COMPLAINT)


def agreeing(number: int, positions: int, *, citizen: bool = False, days: float = 1) -> Candidate:
    """A case that agrees with NEW in so many of 64 numbers."""
    made = (*NEW.signature[:positions], *[-1] * (64 - positions))
    return replace(case(number, citizen=citizen, days=days), signature=made)


NEW = case(0, days=0)


def numbers(*candidates: Candidate, new: Candidate = NEW, alike: float = ALIKE) -> list[int]:
    return [proposal.case_id.int for proposal in propose(new, candidates, now=NOW, alike=alike)]


def test_many_citizens_one_matter() -> None:
    told = [
        case(1, "户籍窗口中午十二点到两点没人，身份证办不成"),
        case(2, "午休时间办证窗口关门，上班的人怎么办身份证"),
        case(3, "电动车在菜市场门口被偷，报案后一直没消息"),
        case(4, "路口的红绿灯被树枝挡住了，看不见"),
    ]
    found = propose(NEW, told, now=NOW)
    assert {proposal.case_id.int for proposal in found} == {1, 2}
    assert {proposal.why for proposal in found} == {"same_matter"}
    assert all(ALIKE <= proposal.likeness < 1 for proposal in found)


def test_the_same_citizen_needs_less() -> None:
    # 64 × 0.25 = 16 for others, 64 × 0.15 = 9.6 for the same citizen
    candidates = [
        agreeing(1, 16),
        agreeing(2, 15),
        agreeing(3, 10, citizen=True),
        agreeing(4, 9, citizen=True),
    ]
    found = propose(NEW, candidates, now=NOW)
    assert [(proposal.case_id.int, proposal.why) for proposal in found] == [
        (3, "same_citizen"),  # 10 ÷ 9.6 = 1.04 of what it needed
        (1, "same_matter"),  # 16 ÷ 16 = 1.00
    ]
    assert [proposal.likeness for proposal in found] == [10 / 64, 16 / 64]


def test_at_most_five_the_best_first_of_equals_the_newer() -> None:
    candidates = [agreeing(n, 20 + n) for n in range(1, 7)] + [agreeing(9, 26, days=0.5)]
    assert len(candidates) > MOST
    assert numbers(*candidates) == [9, 6, 5, 4, 3]
    assert numbers(*reversed(candidates)) == [9, 6, 5, 4, 3]


@pytest.mark.parametrize(
    ("days", "citizen", "found"),
    [(30, False, True), (30.1, False, False), (90, True, True), (90.1, True, False)],
)
def test_how_long_ago(days: float, citizen: bool, found: bool) -> None:
    assert bool(numbers(case(1, citizen=citizen, days=days))) is found


def test_the_days_are_the_policys() -> None:
    old, own = case(1, days=40), case(2, days=40, citizen=True)
    found = propose(NEW, [old, own], now=NOW, same_citizen_days=39, same_matter_days=41)
    assert [proposal.case_id.int for proposal in found] == [1]


def test_others_must_be_of_the_same_county_the_same_citizen_need_not() -> None:
    sister = replace(case(1), unit_path=SISTER)
    elsewhere = replace(case(2), unit_path=ELSEWHERE)
    own = replace(case(3, citizen=True), unit_path=ELSEWHERE)
    assert set(numbers(sister, elsewhere, own)) == {1, 3}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("/1/5/12/", "/1/5/13/9/", True),
        ("/1/5/", "/1/5/13/", True),
        ("/1/5/12/", "/1/6/12/", False),
        ("/1/5/12/", "/1/55/12/", False),
        ("/1/", "/1/6/12/", True),  # not dispatched yet: still with the city
        ("/1/", "/1/", True),
        ("/1/5/12/", "/2/5/12/", False),
    ],
)
def test_same_county(first: str, second: str, same: bool) -> None:
    assert same_county(first, second) is same
    assert same_county(second, first) is same


def test_praise_is_never_the_complaint() -> None:
    praise = replace(case(1, citizen=True), kind=CaseKind.PRAISE)
    help_asked = replace(case(2), kind=CaseKind.HELP)
    assert numbers(praise, help_asked) == [2]
    assert numbers(praise, help_asked, new=replace(NEW, kind=CaseKind.PRAISE)) == [1]


def test_a_case_is_not_its_own_duplicate_nor_like_one_without_signature() -> None:
    assert numbers(NEW, replace(case(1), signature=())) == []
    assert numbers(case(1), new=replace(NEW, signature=())) == []


@pytest.mark.parametrize("alike", [0, -0.1, 1.1])
def test_a_threshold_is_a_share(alike: float) -> None:
    with pytest.raises(ValueError, match="share"):
        numbers(case(1), alike=alike)


def test_only_the_very_same_at_the_highest_threshold() -> None:
    assert numbers(case(1), agreeing(2, 63), alike=1) == [1]
