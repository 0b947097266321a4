"""Who is better and who only looks so. The arithmetic stands beside each row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.figures.ranking import Entry, Ranking, rank
from actions.reports.intervals import SATISFIED_ONLY, Counts


def entry(label: str, satisfied: int, total: int) -> Entry:
    return Entry(ord(label), label, "station", Counts(satisfied, 0, total - satisfied))


def ranks(ranking: Ranking) -> list[tuple[str, int, int]]:
    return [(each.entry.label, each.rank, each.to) for each in ranking.placed]


def test_what_cannot_be_told_apart_shares_a_rank() -> None:
    found = rank(
        [
            entry("A", 980, 1000),  # 97.0–98.7 %
            entry("B", 975, 1000),  # 96.4–98.3 %: overlaps A
            entry("C", 900, 1000),  # 88.0–91.7 %: below both
            entry("D", 95, 100),  # 88.8–97.8 %: overlaps all three
        ],
        SATISFIED_ONLY,
        30,
    )
    assert ranks(found) == [("A", 1, 3), ("B", 1, 3), ("D", 1, 4), ("C", 3, 4)]
    assert found.certainly_last == []  # D may be worse than C


def test_the_last_is_one_that_all_others_are_certainly_better_than() -> None:
    found = rank(
        [
            entry("A", 980, 1000),  # 97.0–98.7 %
            entry("B", 975, 1000),  # 96.4–98.3 %
            entry("C", 900, 1000),  # 88.0–91.7 %: below both
        ],
        SATISFIED_ONLY,
        30,
    )
    assert [each.entry.label for each in found.certainly_last] == ["C"]


def test_few_ratings_are_no_rank() -> None:
    found = rank([entry("A", 29, 29), entry("B", 20, 30)], SATISFIED_ONLY, 30)
    assert ranks(found) == [("B", 1, 1)]
    assert [each.label for each in found.too_few] == ["A"]


def test_when_all_overlap_nobody_is_last() -> None:
    found = rank([entry("A", 50, 60), entry("B", 52, 60)], SATISFIED_ONLY, 30)
    assert {each.rank for each in found.placed} == {1}
    assert found.certainly_last == []


def test_nobody_and_one_alone() -> None:
    assert rank([], SATISFIED_ONLY, 30) == Ranking([], [])
    alone = rank([entry("A", 40, 40)], SATISFIED_ONLY, 30)
    assert ranks(alone) == [("A", 1, 1)]
    assert alone.certainly_last == []


def test_without_ratings_there_is_no_minimum_that_low() -> None:
    with pytest.raises(ValueError, match="minimum is 1"):
        rank([entry("A", 0, 0)], SATISFIED_ONLY, 0)


_COUNTS = st.builds(
    lambda satisfied, others: (satisfied, satisfied + others),
    st.integers(0, 400),
    st.integers(0, 400),
)


@given(st.lists(_COUNTS, max_size=15))
def test_a_better_rank_is_a_higher_interval(counts: list[tuple[int, int]]) -> None:
    found = rank(
        [entry(chr(65 + number), *each) for number, each in enumerate(counts)], SATISFIED_ONLY, 1
    )
    for each in found.placed:
        better = [other for other in found.placed if other.interval[0] > each.interval[1]]
        assert each.rank == 1 + len(better)
        assert each.rank <= each.to <= len(found.placed)
        assert all(other.rank <= each.rank for other in better)
    assert len(found.placed) + len(found.too_few) == len(counts)
