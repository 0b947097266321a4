"""How well likeness tells matters apart, and what a signature costs.

`python -m bench.duplicates [FILE.csv:COLUMN ...]`

First the labelled pairs of tests/duplicates/pairs.yml: recall and precision at several thresholds,
the mean over keys, and how often two texts of unrelated entries are taken for one matter (a row
of `tuned` holds the noon counters told by several citizens: some of those are right). Then, for
every file given, the share of its pairs of messages that would be proposed. Nothing is printed of
what the messages say.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import yaml

from actions.duplicates.proposals import ALIKE, SAME_CITIZEN_SHARE
from actions.duplicates.signature import likeness, signature

PAIRS = Path(__file__).parents[1] / "tests" / "duplicates" / "pairs.yml"
THRESHOLDS = (ALIKE * SAME_CITIZEN_SHARE, 0.2, ALIKE, 0.3, 0.35)
KEYS = [bytes([number]) * 32 for number in range(1, 9)]
MESSAGES = 600  # of a file, evenly spread: 179,700 pairs

Pairs = list[tuple[str, str]]


def measure(same: Pairs, different: Pairs) -> None:
    """Prints a line for each threshold."""
    found = [likenesses(same, key) for key in KEYS]
    wrong = [likenesses(different, key) for key in KEYS]
    apart = [unrelated(same, key) for key in KEYS]
    print("  alike  recall  precision  of the different  of the unrelated")
    for threshold in THRESHOLDS:
        right = share_from(threshold, found) * len(same)
        mistaken = share_from(threshold, wrong) * len(different)
        print(
            f"  {threshold:5.2f}  {right / len(same):6.2f}  {right / (right + mistaken):9.2f}"
            f"  {mistaken / len(different):16.2f}  {share_from(threshold, apart):16.4f}"
        )


def likenesses(pairs: Pairs, key: bytes) -> list[float]:
    return [likeness(signature(a, key), signature(b, key)) for a, b in pairs]


def unrelated(pairs: Pairs, key: bytes) -> list[float]:
    """The likeness of every two texts that are not of one pair."""
    signatures = [(at, signature(text, key)) for at, pair in enumerate(pairs) for text in pair]
    return [likeness(a, b) for (i, a), (j, b) in combinations(signatures, 2) if i != j]


def share_from(threshold: float, runs: Sequence[Sequence[float]]) -> float:
    """Which share of all values reaches the threshold."""
    values = [value for run in runs for value in run]
    return sum(value >= threshold for value in values) / len(values)


def measure_file(path: str, column: str) -> None:
    """Prints the share of pairs above each threshold and the time a signature takes."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file)]
    texts = texts[:: max(1, len(texts) // MESSAGES)]
    started = time.perf_counter()
    signatures = [signature(text, KEYS[0]) for text in texts]
    each = (time.perf_counter() - started) / len(texts) * 1000
    pairs = [likeness(a, b) for a, b in combinations(signatures, 2)]
    length = sum(map(len, texts)) / len(texts)
    print(f"{path}: {len(texts)} messages of {length:.0f} characters, {each:.2f} ms a signature")
    for threshold in THRESHOLDS:
        print(f"  {threshold:5.2f}  {share_from(threshold, [pairs]) * 1e4:8.2f} of 10,000 pairs")


def cost() -> None:
    """Prints what 500 characters and one comparison take."""
    pairs = yaml.safe_load(PAIRS.read_text("utf-8"))
    text = "。".join(a for a, _ in pairs["tuned"]["same"])[:500]
    made = signature(text, KEYS[0])
    started = time.perf_counter()
    for _ in range(200):
        signature(text, KEYS[0])
    signed = time.perf_counter()
    for _ in range(10_000):
        likeness(made, made)
    compared = time.perf_counter()
    print(f"500 characters, many matters: {(signed - started) / 200 * 1000:.2f} ms a signature,")
    print(f"{(compared - signed) / 10_000 * 1e6:.1f} µs a comparison")


def main() -> None:
    for part, pairs in yaml.safe_load(PAIRS.read_text("utf-8")).items():
        print(f"{part}: {len(pairs['same'])} same, {len(pairs['different'])} different but near")
        measure(pairs["same"], pairs["different"])
    for argument in sys.argv[1:]:
        measure_file(*argument.rsplit(":", 1))
    cost()


if __name__ == "__main__":
    main()
