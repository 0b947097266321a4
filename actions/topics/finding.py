"""The groups of the texts of a period and of the one before, found together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actions.privacy.masking import mask_text
from actions.topics.building import FoundGroup
from actions.topics.grouping import Grouping, Ints, group_texts
from actions.topics.naming import name_of
from actions.topics.words import telling_words

CANDIDATES = 12  # typical texts of a group, from which examples are taken
LONGEST = 60  # characters of an example
_SENTENCES = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")


@dataclass(frozen=True, slots=True)
class _Read:
    """All texts in the order of their words, each with its number in the lists joined."""

    texts: list[str]
    numbers: list[int]
    words: list[list[str]]
    of_now: int  # texts with smaller numbers are the period's


def find_groups(now: Sequence[str], before: Sequence[str]) -> list[FoundGroup]:
    """The groups, largest first. In whatever order the texts come, the same groups come of them."""
    joined = [*now, *before]
    numbers = sorted(range(len(joined)), key=lambda at: (joined[at], at))
    texts = [joined[at] for at in numbers]
    read = _Read(texts, numbers, [telling_words(text) for text in texts], len(now))
    grouping = group_texts(read.words)
    named: dict[tuple[str, ...], FoundGroup] = {}
    for number in range(len(grouping.prototypes)):
        found = _found(read, grouping, number)
        if found is not None:
            same = named.get(found.name)
            named[found.name] = _joined(same, found) if same else found
    return sorted(named.values(), key=lambda f: (-len(f.now), -len(f.before), f.name))


def _found(read: _Read, grouping: Grouping, number: int) -> FoundGroup | None:
    members = np.flatnonzero(grouping.group == number)
    name = name_of(grouping, members, read.words) if len(members) else ()
    if not name:
        return None
    places = sorted(read.numbers[at] for at in members)
    return FoundGroup(
        name,
        [at for at in places if at < read.of_now],
        [at - read.of_now for at in places if at >= read.of_now],
        _typical(read, grouping, number, members),
    )


def _typical(read: _Read, grouping: Grouping, number: int, members: Ints) -> list[tuple[int, str]]:
    """The period's texts that are nearest to the group's words; of two that say the same one."""
    prototype = grouping.prototypes[number]
    core = {grouping.words[at]: float(prototype[at]) for at in np.flatnonzero(prototype)}
    ours = [at for at in members if read.numbers[at] < read.of_now]
    ours.sort(key=lambda at: (-round(float(grouping.near[at]), 9), at))
    said: dict[str, int] = {}
    for at in ours[:CANDIDATES]:
        said.setdefault(telling_sentence(read.texts[at], core), read.numbers[at])
    return [(at, sentence) for sentence, at in said.items()]


def _joined(one: FoundGroup, other: FoundGroup) -> FoundGroup:
    """Two groups of one name are one."""
    return replace(
        one,
        now=sorted([*one.now, *other.now]),
        before=sorted([*one.before, *other.before]),
        typical=[*one.typical, *other.typical][:CANDIDATES],
    )


def telling_sentence(text: str, core: Mapping[str, float]) -> str:
    """The sentence in which the group's words weigh most, masked and cut to 60 characters."""
    sentences = [found.group().strip() for found in _SENTENCES.finditer(text)] or [text.strip()]
    best = max(sentences, key=lambda sentence: sum(core[word] for word in core if word in sentence))
    said = mask_text(best)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
