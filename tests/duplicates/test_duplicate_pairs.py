"""How well matters are told apart, on invented pairs: the floors that a change may not go below.

What python -m bench.duplicates prints, as the mean over eight keys. The pairs called different are
as near as two matters can be; taking one for the other costs somebody a look. The last figure is
what staff live with: how often a new case meets an unrelated one.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import pytest
import yaml

from actions.duplicates.proposals import ALIKE, SAME_CITIZEN_SHARE
from bench.duplicates import KEYS, PAIRS, Pairs, likenesses, share_from, unrelated

Part = Literal["tuned", "held_out"]


@cache
def pairs(part: Part) -> dict[str, Pairs]:
    labelled: dict[str, dict[str, Pairs]] = yaml.safe_load(PAIRS.read_text("utf-8"))
    return labelled[part]


def found(part: Part, label: str, threshold: float) -> float:
    """The share of the pairs with that label that reach the threshold."""
    return share_from(threshold, [likenesses(pairs(part)[label], key) for key in KEYS])


def test_there_are_enough_pairs_of_two() -> None:
    assert [len(pairs("tuned")[label]) for label in ("same", "different")] == [48, 48]
    assert [len(pairs("held_out")[label]) for label in ("same", "different")] == [16, 16]
    for part in ("tuned", "held_out"):
        assert all(len(pair) == 2 for labelled in pairs(part).values() for pair in labelled)


@pytest.mark.parametrize(
    ("part", "recall", "precision"), [("tuned", 0.83, 0.71), ("held_out", 0.46, 0.53)]
)
def test_the_same_matter_of_others_is_found(part: Part, recall: float, precision: float) -> None:
    right, wrong = found(part, "same", ALIKE), found(part, "different", ALIKE)
    assert right >= recall
    assert right / (right + wrong) >= precision  # as many same as different


@pytest.mark.parametrize(("part", "recall"), [("tuned", 0.94), ("held_out", 0.74)])
def test_the_same_citizens_matter_is_found_sooner(part: Part, recall: float) -> None:
    assert found(part, "same", ALIKE * SAME_CITIZEN_SHARE) >= recall


@pytest.mark.parametrize(("part", "most"), [("tuned", 0.005), ("held_out", 0.002)])
def test_unrelated_matters_are_left_alone(part: Part, most: float) -> None:
    assert share_from(ALIKE, [unrelated(pairs(part)["same"], key) for key in KEYS]) <= most
