"""Lots: fair, and drawn again from the seed by anybody."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from actions.callbacks.draw import draw
from actions.callbacks.months import end_of_month, month_before, month_bounds

ids = st.lists(st.from_regex(r"Q26-[0-9]{4}", fullmatch=True), max_size=60)
seeds = st.text(alphabet="0123456789abcdef", min_size=1, max_size=32)
counts = st.integers(min_value=0, max_value=80)


@given(ids=ids, n=counts, seed=seeds)
def test_the_same_come_out_again_however_the_ids_come(ids: list[str], n: int, seed: str) -> None:
    drawn = draw(ids, n, seed)
    assert drawn == draw(sorted(ids, reverse=True), n, seed)
    assert len(drawn) == len(set(drawn)) == min(n, len(set(ids)))
    assert set(drawn) <= set(ids)


@given(ids=ids, n=counts, more=counts, seed=seeds)
def test_more_lots_begin_with_the_same(ids: list[str], n: int, more: int, seed: str) -> None:
    assert draw(ids, n + more, seed)[:n] == draw(ids, n, seed)


@given(ids=ids.filter(bool), seed=seeds)
def test_who_is_left_out_moves_no_other(ids: list[str], seed: str) -> None:
    without = [each for each in ids if each != ids[0]]
    whole = draw(ids, len(ids), seed)
    assert [each for each in whole if each != ids[0]] == draw(without, len(ids), seed)


def test_it_is_drawn_as_it_is_described() -> None:
    """What somebody with a shell does: printf '%s' "seed:id" | sha256sum, the smallest first."""
    ids = [f"Q26-{n:04}" for n in range(50)]
    lots = sorted(ids, key=lambda each: hashlib.sha256(f"5eed:{each}".encode()).hexdigest())
    assert draw(ids, 10, "5eed") == lots[:10]


def test_everybody_is_drawn_about_as_often() -> None:
    """5 of 20, 2000 times: each 500 times, give or take six standard deviations (19.4)."""
    ids = [str(n) for n in range(20)]
    drawn = Counter(each for seed in range(2000) for each in draw(ids, 5, str(seed)))
    assert all(abs(drawn[each] - 500) < 6 * 19.4 for each in ids)


def test_months_are_beijings() -> None:
    """31 October 23:59 in Beijing is still October; a minute later October is the month before."""
    assert month_before(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)) == "2026-09"
    assert month_before(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == "2026-10"
    assert month_before(datetime(2026, 1, 15, tzinfo=UTC)) == "2025-12"
    assert month_bounds("2026-12") == (
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert end_of_month(datetime(2026, 2, 3, tzinfo=UTC)) == datetime(
        2026, 2, 28, 15, 59, tzinfo=UTC
    )
