"""The rules of the presets, with the arithmetic beside each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.accountability.evaluation import Evaluation, Outcome, evaluate, months_before
from actions.accountability.evidence import changed, evidence, from_plain, plain, rule_of
from actions.accountability.months import last_finished, months_between, read_month
from actions.accountability.rule import Standing
from actions.reports.intervals import BASICALLY_HALF, SATISFIED_ONLY
from tests.accountability.unit_months import (
    ALIKE,
    FEW,
    LAST,
    NONE,
    OTHER,
    SHARED,
    at_the_end,
    months_of,
    outcomes,
    the_rule,
    verdict,
)

MONTH = the_rule("yuxi", "last_in_the_month")
RUNNING = the_rule("yuxi", "last_three_months_running")
BEST = the_rule("yuxi", "best_three_months_running")
BOTTOM = the_rule("callbacks2014", "bottom_three")
TWICE = the_rule("callbacks2014", "bottom_three_twice")
THRICE = the_rule("callbacks2014", "bottom_three_thrice")
NOTABLE = the_rule("zhumadian", "notable_two_months_running")

# --- yuxi: last in the month ----------------------------------------------------------------------

IN_A_MONTH: list[tuple[str, Mapping[str, str], dict[str, str]]] = [
    (
        "D lies wholly below the three others: 91.7 < 95.8",
        LAST,
        {"A": "not", "B": "not", "C": "not", "D": "proposed"},
    ),
    (
        "C and D overlap (88.5–92.2, 88.0–91.7): one of them is last, which cannot be told",
        SHARED,
        {"A": "not", "B": "not", "C": "untold", "D": "untold"},
    ),
    ("all overlap: anybody may be last", ALIKE, dict.fromkeys("ABCD", "untold")),
    (
        "D has 29 ratings of 30: not compared. A, B and C overlap, each may be last of three",
        FEW,
        {"A": "untold", "B": "untold", "C": "untold", "D": "too_few"},
    ),
    (
        "two with enough ratings are fewer than the three that are compared",
        {"A": "980/1000", "D": "900/1000"},
        {"A": "few_units", "B": "too_few", "C": "too_few", "D": "few_units"},
    ),
    ("nobody was rated", NONE, dict.fromkeys("ABCD", "too_few")),
    (
        "a small unit between: E 88.8–97.8 may be worse than D 88.0–91.7",
        {**LAST, "A": "95/100"},
        {"A": "untold", "B": "not", "C": "not", "D": "untold"},
    ),
]


@pytest.mark.parametrize(("why", "month", "expected"), IN_A_MONTH)
def test_last_in_the_month(why: str, month: Mapping[str, str], expected: dict[str, str]) -> None:
    assert outcomes(at_the_end(MONTH, "2026-10", month)) == expected, why


def test_the_evidence_of_a_month() -> None:
    (found,) = at_the_end(MONTH, "2026-10", LAST).of(Outcome.PROPOSED)
    (month,) = found.months
    assert (month.month, month.n, month.share) == (date(2026, 10, 1), 1000, 0.9)
    assert month.interval == pytest.approx((0.8798, 0.9171), abs=1e-4)  # Wilson, 900 of 1000
    assert (month.rank, month.to, month.of) == (4, 4, 4)
    assert month.came == (("sms", "invited", 1000),)


def test_a_ranking_of_the_first_is_the_other_way_round() -> None:
    first = {**dict.fromkeys("BCD", "900/1000"), "A": "980/1000"}
    found = at_the_end(replace(BEST, months=1), "2026-10", first)
    assert outcomes(found) == {"A": "proposed", "B": "not", "C": "not", "D": "not"}
    shared = {**first, "B": "975/1000"}  # 96.4–98.3 overlaps 97.0–98.7
    found = at_the_end(replace(BEST, months=1), "2026-10", shared)
    assert outcomes(found) == {"A": "untold", "B": "untold", "C": "not", "D": "not"}


# --- yuxi: three months running -------------------------------------------------------------------

THREE_RUNNING: list[tuple[str, str, list[Mapping[str, str]], str, int]] = [
    ("last, last, last", "2026-10", [LAST, LAST, LAST], "proposed", 3),
    ("only two of three", "2026-10", [LAST, LAST], "too_few", 2),
    ("another was last in between", "2026-10", [LAST, OTHER, LAST], "not", 1),
    ("a month that cannot be told breaks the run", "2026-10", [LAST, SHARED, LAST], "untold", 1),
    ("a month without data breaks it", "2026-10", [LAST, LAST, NONE, LAST], "too_few", 1),
    ("a month with 29 ratings breaks it", "2026-10", [LAST, FEW, LAST], "too_few", 1),
    ("over the year's end", "2027-01", [LAST, LAST, LAST], "proposed", 3),
    ("the fourth month counts anew: 4 mod 3", "2026-10", [LAST] * 4, "counted", 1),
    ("and the sixth proposes again", "2026-10", [LAST] * 6, "proposed", 3),
    ("what came before the break does not count", "2026-10", [LAST, OTHER, LAST, LAST], "not", 2),
    ("certainly not comes before what is not known", "2026-10", [SHARED, OTHER, LAST], "not", 1),
    (
        "too few outweighs what may be: no run of three",
        "2026-10",
        [FEW, SHARED, LAST],
        "too_few",
        1,
    ),
    ("three years and a month: 37 mod 3", "2026-10", [LAST] * 37, "counted", 1),
]


@pytest.mark.parametrize(("why", "until", "months", "outcome", "reached"), THREE_RUNNING)
def test_three_months_running(
    why: str, until: str, months: list[Mapping[str, str]], outcome: str, reached: int
) -> None:
    found = verdict(at_the_end(RUNNING, until, *months), "D")
    assert (found.outcome.value, found.reached) == (outcome, reached), why
    assert len(found.months) == 3
    assert found.now.month == date.fromisoformat(f"{until}-01")


def test_good_ones_get_points() -> None:
    first = {**dict.fromkeys("BCD", "900/1000"), "A": "980/1000"}
    assert outcomes(at_the_end(BEST, "2026-10", *[first] * 3))["A"] == "proposed"
    assert outcomes(at_the_end(BEST, "2026-10", LAST, first, first))["A"] == "untold"  # A, B, C


def test_close_is_said() -> None:
    (found,) = at_the_end(RUNNING, "2026-10", LAST, LAST).close
    assert (found.label, found.reached) == ("D", 2)
    assert at_the_end(RUNNING, "2026-10", LAST, OTHER).close == []  # C has one month of three


# --- callbacks2014: bottom three, and how often in a year -----------------------------------------

GOOD, POOR, BETWEEN = "980/1000", "900/1000", "940/1000"  # 97.0–98.7, 88.0–91.7, 92.4–95.3
EIGHT = {**dict.fromkeys("ABCDE", GOOD), **dict.fromkeys("FGH", POOR)}
FOUR_POOR = {**EIGHT, "E": POOR}
TWO_POOR = {**EIGHT, "F": BETWEEN}  # F is third from below all the same
GOOD_F = {**EIGHT, "F": GOOD}


def eight(rule_name: str, until: str, *months: Mapping[str, str | int]) -> Evaluation:
    return at_the_end(the_rule("callbacks2014", rule_name), until, *months, names="ABCDEFGH")


BOTTOM_THREE: list[tuple[str, Mapping[str, str], str]] = [
    ("five certainly better than F, G and H: 8 - 3", EIGHT, "proposed"),
    ("four share the last places: nobody is singled out", FOUR_POOR, "untold"),
    ("F is better than G and H, but five are better than F", TWO_POOR, "proposed"),
    ("G and H are certainly worse, one of six others is the third", GOOD_F, "untold"),
    ("nobody was rated", {}, "too_few"),
]


@pytest.mark.parametrize(("why", "month", "outcome"), BOTTOM_THREE)
def test_bottom_three(why: str, month: Mapping[str, str], outcome: str) -> None:
    found = eight("bottom_three", "2026-10", month)
    assert verdict(found, "F").outcome.value == outcome, why


def test_the_last_three_of_six_are_not_compared() -> None:
    six = {name: said for name, said in EIGHT.items() if name not in "AB"}
    assert outcomes(eight("bottom_three", "2026-10", six))["F"] == "few_units"


IN_A_YEAR: list[tuple[str, str, str, list[Mapping[str, str]], str]] = [
    ("once is not twice", "bottom_three_twice", "2026-10", [EIGHT], "not"),
    ("twice, with months between", "bottom_three_twice", "2026-10",
     [EIGHT, GOOD_F, NONE, EIGHT], "proposed"),
    ("the third time is not the second", "bottom_three_twice", "2026-10", [EIGHT] * 3, "counted"),
    ("it is the third", "bottom_three_thrice", "2026-10", [EIGHT] * 3, "proposed"),
    ("the fourth proposes nothing new", "bottom_three_thrice", "2026-10", [EIGHT] * 4, "counted"),
    ("December does not count in January", "bottom_three_twice", "2026-01", [EIGHT, EIGHT], "not"),
    ("a January month counts to December", "bottom_three_twice", "2026-12",
     [EIGHT, *[GOOD_F] * 10, EIGHT], "proposed"),
    ("good this month: nothing is proposed now", "bottom_three_twice", "2026-10",
     [EIGHT, EIGHT, {**EIGHT, "F": GOOD, "A": POOR}], "not"),
    ("once certain, once perhaps", "bottom_three_twice", "2026-10", [EIGHT, FOUR_POOR], "untold"),
    ("perhaps once is not twice", "bottom_three_twice", "2026-10", [FOUR_POOR], "not"),
    ("no ratings now", "bottom_three_twice", "2026-10", [EIGHT, NONE], "too_few"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "rule", "until", "months", "outcome"), IN_A_YEAR)
def test_how_often_in_a_year(
    why: str, rule: str, until: str, months: list[Mapping[str, str]], outcome: str
) -> None:
    assert outcomes(eight(rule, until, *months))["F"] == outcome, why


def test_a_unit_that_began_mid_year_counts_from_its_first_rating() -> None:
    """H has no ratings before September: these months are too few, and count for nobody."""
    without = {name: said for name, said in EIGHT.items() if name != "H"}
    found = eight("bottom_three_twice", "2026-10", without, without, EIGHT, EIGHT)
    assert verdict(found, "H").outcome is Outcome.PROPOSED
    assert [month.standing for month in verdict(found, "H").months[-4:]] == [
        Standing.TOO_FEW,
        Standing.TOO_FEW,
        Standing.THERE,
        Standing.THERE,
    ]


# --- zhumadian: notable problems two months running -----------------------------------------------

CASES: list[tuple[str, list[Mapping[str, int]], str, int]] = [
    ("three and three", [{"D": 3}, {"D": 3}], "proposed", 2),
    ("two are not notable", [{"D": 3}, {"D": 2}], "not", 0),
    ("one month", [{"D": 0}, {"D": 9}], "not", 1),
    ("a month without cases is a good month, not a gap", [{"D": 5}, {}, {"D": 5}], "not", 1),
    ("the third month counts anew", [{"D": 3}] * 3, "counted", 1),
    ("and the fourth proposes again", [{"D": 4}] * 4, "proposed", 2),
]


@pytest.mark.parametrize(("why", "months", "outcome", "reached"), CASES)
def test_notable_problems(
    why: str, months: list[Mapping[str, int]], outcome: str, reached: int
) -> None:
    found = verdict(at_the_end(NOTABLE, "2026-10", *months), "D")
    assert (found.outcome.value, found.reached) == (outcome, reached), why
    assert found.now.share is None


# --- months, formulas, evidence -------------------------------------------------------------------

AT = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)


def test_the_formula_is_kept_by_name_and_version() -> None:
    (half,) = evaluate(MONTH, BASICALLY_HALF, [date(2026, 10, 1)], months_of("2026-10", LAST))
    kept = plain(evidence(half, half.verdicts[0], AT))
    assert kept["formula"] == {"name": "basically_half", "version": 1}


FINISHED = [
    ("2026-11-01 00:00", 0, "2026-10"),
    ("2026-10-31 23:59", 0, "2026-09"),
    ("2026-11-03 23:59", 3, "2026-09"),  # ends on the 31st, three days more: the 4th
    ("2026-11-04 00:00", 3, "2026-10"),
    ("2027-01-02 12:00", 3, "2026-11"),
    ("2027-01-04 00:00", 3, "2026-12"),
]


@pytest.mark.parametrize(("now", "grace", "month"), FINISHED)
def test_only_whole_months_are_looked_at(now: str, grace: int, month: str) -> None:
    moment = datetime.fromisoformat(f"{now}:00+08:00").astimezone(UTC)
    assert last_finished(moment, grace) == read_month(month)


def test_months_over_the_year_s_end() -> None:
    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert months_between(months[0], months[2]) == months == months_before(months[2], 2)
    assert months_between(months[2], months[0]) == []
    for wrong in ("2026-13", "10", "2026-1-1", ""):
        with pytest.raises(ValueError, match="does not match"):
            read_month(wrong)


def test_what_is_kept_reads_back_the_same() -> None:
    found = at_the_end(RUNNING, "2026-10", SHARED, LAST, LAST)
    for each in found.verdicts:
        kept = evidence(found, each, AT)
        again = from_plain(plain(kept))
        assert again.months == each.months
        assert rule_of(again) == RUNNING
        assert changed(kept, again) == []


def test_a_later_correction_is_shown_beside_what_was_known() -> None:
    then = at_the_end(MONTH, "2026-10", LAST)
    now = at_the_end(MONTH, "2026-10", {**LAST, "D": "960/1000"})
    was, now_is = (evidence(each, verdict(each, "D"), AT) for each in (then, now))
    ((before, after),) = changed(was, now_is)
    assert (before.share, after and after.share) == (0.9, 0.96)
    assert now_is.outcome is Outcome.UNTOLD


_COUNTS = st.builds(lambda s, o: f"{s}/{s + o}", st.integers(0, 300), st.integers(0, 300))
_MONTHS = st.lists(st.dictionaries(st.sampled_from("ABCD"), _COUNTS), min_size=1, max_size=6)


@given(_MONTHS)
def test_nobody_is_proposed_who_might_not_have_been_last(months: list[dict[str, str]]) -> None:
    """Of whoever is proposed every other that was compared is certainly better: all its interval."""
    found = at_the_end(MONTH, "2026-10", *months)
    proposed = found.of(Outcome.PROPOSED)
    assert len(proposed) <= 1
    for each in proposed:
        others = [other.now for other in found.verdicts if other.unit_id != each.unit_id]
        ranked = [other for other in others if other.interval is not None]
        assert len(ranked) >= MONTH.among - 1
        assert each.now.interval is not None
        assert all(other.interval and other.interval[0] > each.now.interval[1] for other in ranked)


@given(_MONTHS)
def test_many_months_at_once_say_what_each_says_alone(months: list[dict[str, str]]) -> None:
    """The dry run is the round: what is evaluated together is what was evaluated month by month."""
    last = date(2026, 10, 1)
    history = months_of("2026-10", *months)
    asked = months_before(last, len(months) - 1)
    together = evaluate(RUNNING, SATISFIED_ONLY, asked, history)
    alone = [evaluate(RUNNING, SATISFIED_ONLY, [each], history)[0] for each in asked]
    assert together == alone
