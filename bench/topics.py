"""How long finding topics takes, and how much memory.

`python -m bench.topics [FILE.csv:COLUMN]`

A line for each number of texts: `floor`, the least that any grouping must do (cutting the texts
into words and weighing them, as the libraries come), here and in one thread; `topics`, all of it,
in a process of its own as it runs in the product, its start and its answer included; the peak of
that process's memory. The texts are invented: sentences of 40 to 200 characters about 60 matters,
a tenth about nothing. A file's messages take their place when one is named, repeated until there
are enough. A second process that works on the machine at the same time makes every number worse:
the load before is printed.
"""

from __future__ import annotations

import asyncio
import csv
import random
import resource
import sys
import time
from pathlib import Path

import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer

from actions.duplicates.concepts import SETTINGS, SUBJECTS
from actions.topics.common_words import COMMON
from actions.topics.runner import find_apart
from bench.machine import load_average
from bench.table import aligned, number

SIZES = (200, 1_000, 5_000, 20_000)
MATTERS = 60


def invented(count: int) -> list[str]:
    """So many messages, the same each time."""
    pick = random.Random(1)
    settings = [word for words in SETTINGS.values() for word in words.split()]
    common = sorted(COMMON)
    subjects = [words.split() for words in list(SUBJECTS.values())[:MATTERS]]
    every = [word for words in subjects for word in words]
    return [
        _message(pick, every if at % 10 == 0 else pick.choice(subjects), settings, common)
        for at in range(count)
    ]


def _message(pick: random.Random, matter: list[str], settings: list[str], common: list[str]) -> str:
    sentences = []
    for _ in range(pick.randint(2, 8)):
        words = [
            *pick.choices(matter, k=2),
            *pick.choices(settings, k=2),
            *pick.choices(common, k=5),
        ]
        pick.shuffle(words)
        sentences.append("".join(words))
    return "，".join(sentences) + "。"


def from_file(path: str, column: str, count: int) -> list[str]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file)]
    return (texts * (count // len(texts) + 1))[:count]


def floor(texts: list[str]) -> float:
    """Seconds for cutting into words and weighing them."""
    started = time.perf_counter()
    TfidfVectorizer(analyzer=rjieba.cut, min_df=3).fit_transform(texts)
    return time.perf_counter() - started


def measured(texts: list[str]) -> tuple[float, float, int, int, float]:
    """Seconds, seconds of the processor, groups, texts in them, and the process's peak in MB.

    The peak is that of the largest process so far: sizes are measured from small to large.
    """
    started, worked = time.perf_counter(), _worked()
    found = asyncio.run(find_apart(texts, []))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    large = [each for each in found if len(each.now) >= 5]
    return seconds, _worked() - worked, len(large), sum(len(each.now) for each in large), peak


def _worked() -> float:
    """Seconds for which the processor worked for processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    print(f"load {load_average()} before")
    rows = [
        (
            "texts",
            "characters",
            "floor s",
            "topics s",
            "of the processor",
            "groups",
            "in groups",
            "peak MB",
        )
    ]
    for size in SIZES:
        named = sys.argv[1].rsplit(":", 1) if len(sys.argv) > 1 else None
        texts = from_file(*named, size) if named else invented(size)
        least = floor(texts)
        seconds, worked, groups, inside, peak = measured(texts)
        length = sum(map(len, texts)) / size
        times = number(least, 2), number(seconds, 1), number(worked, 1)
        found = str(groups), f"{inside / size:.0%}"
        rows.append((f"{size:,}", number(length, 0), *times, *found, number(peak, 0)))
    print("\n".join(aligned(rows)))


if __name__ == "__main__":
    main()
