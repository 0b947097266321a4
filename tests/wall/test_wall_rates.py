"""What may be shown: enough ratings or none, and nothing that moves by a single citizen."""

from __future__ import annotations

import pytest

from actions.reports.intervals import BASICALLY_HALF, SATISFIED_ONLY, Counts, percent_range, wilson
from actions.wall.rates import STEP, Rate, Rates

RATES = Rates(SATISFIED_ONLY, 30)


def test_enough_are_shown_with_their_interval() -> None:
    low, high = wilson(95, 100) or (0.0, 0.0)
    shown = RATES.shown(Counts(95, 3, 2))
    assert (shown.n, shown.percent, shown.interval) == (100, "95.0%", percent_range(low, high))
    assert (shown.share, shown.low, shown.high) == (0.95, round(low, 4), round(high, 4))


@pytest.mark.parametrize("total", [0, 1, 4, 29])
def test_too_few_are_counted_and_nothing_more(total: int) -> None:
    assert RATES.shown(Counts(total, 0, 0)) == Rate(total)


def test_nobody_is_no_share_even_where_nothing_is_too_few() -> None:
    assert Rates(SATISFIED_ONLY, 0).shown(Counts(0, 0, 0)) == Rate(0)


def test_the_formula_is_the_policys() -> None:
    # (40 + ½ × 20) / 100 = 50 %
    assert Rates(BASICALLY_HALF, 30).shown(Counts(40, 20, 40)).percent == "50.0%"


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        (Counts(990, 5, 5), Counts(900, 50, 50), "up"),
        (Counts(900, 50, 50), Counts(990, 5, 5), "down"),
        (Counts(29, 0, 0), Counts(100, 0, 900), ""),  # too few to say
        (Counts(98, 1, 1), Counts(96, 2, 2), ""),  # within the error
        (Counts(98, 1, 1), Counts(0, 0, 0), ""),
    ],
)
def test_an_arrow_only_beyond_the_error(now: Counts, before: Counts, trend: str) -> None:
    assert RATES.trend(now, before) == trend


@pytest.mark.parametrize(
    ("shown", "counted", "held"),
    [
        (None, Counts(50, 0, 0), Counts(50, 0, 0)),
        (Counts(50, 0, 0), Counts(50, 0, 1), Counts(50, 0, 0)),
        (Counts(50, 0, 0), Counts(52, 1, 1), Counts(50, 0, 0)),
        (Counts(50, 0, 0), Counts(53, 1, 1), Counts(53, 1, 1)),
        (Counts(50, 0, 0), Counts(49, 0, 1), Counts(50, 0, 0)),  # one grade corrected: moves 2
        (Counts(50, 0, 0), Counts(45, 0, 0), Counts(45, 0, 0)),  # deleted
        (Counts(29, 0, 0), Counts(29, 0, 1), Counts(29, 0, 1)),  # no share was shown
    ],
)
def test_a_figure_moves_by_five_or_not_at_all(
    shown: Counts | None, counted: Counts, held: Counts
) -> None:
    before = {} if shown is None else {"2026-11 wechat/scan": shown}
    assert RATES.held({"2026-11 wechat/scan": counted}, before) == {"2026-11 wechat/scan": held}


def test_what_nobody_counts_any_more_is_forgotten() -> None:
    assert STEP == 5
    assert RATES.held({}, {"2026-10 wechat/scan": Counts(50, 0, 0)}) == {}
