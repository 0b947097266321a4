"""A group's name: words that its texts have and others lack, in the order in which people use them.

One to four; a single word only where most of the texts have it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actions.topics.grouping import Floats, Grouping, Ints, shares
from actions.topics.words import is_noun, may_name

MOST = 4
SHARES = (0.2, 0.12)  # of the group's texts that have a word, at least; the second if need be
ALONE = 0.6  # the same for a name of one word
LIFT = 2.0  # how much more often than elsewhere, at least
WEAKEST = 0.35  # of the best word's score that a third word has, at least
OTHERS = 0.6  # what a word counts that is no noun: they say what is done, nouns what it is about


def name_of(grouping: Grouping, members: Ints, texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The name of the group of these texts (their numbers); empty: no word is telling enough."""
    within, others = shares(grouping.presence[members], grouping.presence)
    for share in SHARES:
        words = _chosen(grouping.words, within, others, max(share, 2 / len(members)))
        if len(words) >= 2:
            break
    if len(words) == 1 and within[grouping.words.index(words[0])] < ALONE:
        return ()
    return tuple(sorted(words, key=lambda word: (_place(word, members, texts), word)))


def _chosen(words: list[str], within: Floats, others: Floats, share: float) -> list[str]:
    """The most telling first; of words that hold one another (公交, 公交车) one."""
    lift = within / others
    score = np.where((within >= share) & (lift >= LIFT), within * np.log(np.maximum(lift, 1)), 0)
    score *= [1.0 if is_noun(word) else OTHERS for word in words]
    best = max((score[at] for at, word in enumerate(words) if may_name(word)), default=0.0)
    chosen: list[str] = []
    for number in np.argsort(-score, kind="stable"):
        word = words[number]
        weak = len(chosen) >= 2 and score[number] <= WEAKEST * best
        if weak or score[number] <= 0 or len(chosen) == MOST:
            break
        if may_name(word) and not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return chosen


def _place(word: str, members: Ints, texts: Sequence[Sequence[str]]) -> float:
    """Where the word stands among a text's words on average, 0 to 1."""
    having = [texts[number] for number in members if word in texts[number]]
    return sum(each.index(word) / len(each) for each in having) / len(having)
