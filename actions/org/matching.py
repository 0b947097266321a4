"""Which unit do these words mean? Full and short names, what people call it, typos, sentences.

A unit is found by a *spelling* (actions/org/spellings.py). A spelling inside a longer one that was
also found does not count: 清河 in 清河路派出所. Where units share a spelling, the one whose county
or station is named too is meant. A desk or car is looked for once its station is found.

Scores, 0 to 100: 100 the words are the spelling; 95 it stands in a sentence; 93 to 84 it does so
without its generic word; 82 misspelt; 75 and below, it may be chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from actions.org.spellings import (
    COUNTERS,
    UnitName,
    core,
    counters,
    generic,
    misspelt_score,
    named_score,
    plain,
    spellings,
)

BEST_AT = 78.0  # below this nothing is taken without asking
BEST_BY = 6.0  # and it must be better than the next by this much
_LOWEST = 55.0
_NEAR = 30.0  # what is worse than the best by more is not offered
_SURE = 75.0  # from here a name counts as said
_READ = 120  # characters in which misspelt names are looked for
_LIKE = 64.0  # of three characters two are right

__all__ = ["Index", "Match", "UnitName", "best", "match"]


@dataclass(frozen=True, slots=True)
class Match:
    unit_id: int
    score: float


@dataclass(frozen=True, slots=True)
class _Hit:
    unit_id: int
    score: float
    start: int
    end: int

    def inside(self, other: _Hit) -> bool:
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


class Index:
    """The spellings of all units, made once and asked often: 2,000 units in a few milliseconds."""

    def __init__(self, names: Sequence[UnitName]) -> None:
        self._units = {unit.unit_id: unit for unit in names}
        self._below: dict[int, list[UnitName]] = {}
        self._spelt: dict[str, list[UnitName]] = {}
        self._counters: dict[str, list[int]] = {}
        for unit in names:
            if unit.parent_id is not None:
                self._below.setdefault(unit.parent_id, []).append(unit)
            if unit.kind in COUNTERS:
                for spelling in {plain(unit.name), plain(unit.short_name)}:
                    self._counters.setdefault(spelling, []).append(unit.unit_id)
            else:
                for spelling in spellings(unit):
                    self._spelt.setdefault(spelling, []).append(unit)
        self._longest = max(map(len, self._spelt), default=0)
        self._misspellable = [spelling for spelling in self._spelt if _misspellable(spelling)]

    def match(self, text: str, limit: int = 5) -> list[Match]:
        """The units that the words may mean, best first; empty when none comes near."""
        words = plain(text)
        hits = list(self._named(words))
        hits += self._misspelt(words, hits)
        hits = [hit for hit in hits if not any(hit.inside(other) for other in hits)]
        scores = self._counter_alone(words) or self._in_the_tree(hits)
        scores |= self._at_the_counter(scores, words, hits)
        order = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        floor = max(_LOWEST, order[0][1] - _NEAR) if order else 0
        return [Match(unit_id, score) for unit_id, score in order[:limit] if score >= floor]

    def best(self, text: str, at: float = BEST_AT) -> int | None:
        """The unit meant, when one with a score of at least `at` stands out; None when a person
        should choose.

        Several counters of one station that was itself named come to the station.
        """
        found = self.match(text, 20)
        if not found or found[0].score < at:
            return None
        near = [each.unit_id for each in found if each.score > found[0].score - BEST_BY]
        for unit_id in near:
            if all(other == unit_id or unit_id in self._above(other) for other in near):
                return unit_id
        return None

    def _above(self, unit_id: int) -> Iterator[int]:
        """The units above one, the nearest first."""
        above = self._units[unit_id].parent_id
        while above is not None and above in self._units:
            yield above
            above = self._units[above].parent_id

    def _named(self, words: str) -> Iterator[_Hit]:
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + self._longest) + 1):
                for unit in self._spelt.get(words[start:end], ()):
                    score = named_score(words, start, end, unit.kind)
                    yield _Hit(unit.unit_id, score, start, end)

    def _misspelt(self, words: str, named: list[_Hit]) -> Iterator[_Hit]:
        """Names with about one wrong character, in what the exact ones have left."""
        rest = _blank(words, named)[:_READ]
        if generic(rest.replace("\0", "")):
            return
        near = process.extract(
            rest, self._misspellable, scorer=fuzz.partial_ratio, score_cutoff=_LIKE, limit=8
        )
        for spelling, _, _ in near:
            yield from self._misspelling(spelling, rest)

    def _misspelling(self, spelling: str, rest: str) -> Iterator[_Hit]:
        start, end = 0, len(rest)
        if end > len(spelling):
            place = fuzz.partial_ratio_alignment(spelling, rest)
            start, end = (place.dest_start, place.dest_end) if place else (0, 0)
        likeness = fuzz.ratio(spelling, rest[start:end])
        complete = core(spelling) == spelling
        if likeness < _LIKE or not (complete or end - start == len(spelling)):
            return
        for unit in self._spelt[spelling]:
            # At the edge of the words the likest piece may lack the misspelt character.
            ends = {end, min(start + len(spelling), len(rest))}
            score = max(misspelt_score(rest, start, each, unit.kind) for each in ends)
            score = (score if complete else 62.0) - (100 - likeness) / 20
            yield _Hit(unit.unit_id, round(score, 1), start, end)

    def _in_the_tree(self, hits: list[_Hit]) -> dict[int, float]:
        """Scores by unit, after looking at which units stand above which."""
        scores: dict[int, float] = {}
        for hit in hits:
            scores[hit.unit_id] = max(scores.get(hit.unit_id, 0), hit.score)
        said = {unit_id for unit_id, score in scores.items() if score >= _SURE}
        supported = {hit for hit in hits if said.intersection(self._above(hit.unit_id))}
        places = {(hit.start, hit.end) for hit in supported}
        for hit in hits:
            score = scores[hit.unit_id]
            if hit in supported:
                scores[hit.unit_id] = min(100.0, score + 4)
                for above in said.intersection(self._above(hit.unit_id)):
                    if score >= _SURE:
                        scores[above] = min(scores[above], 65.0)
            elif (hit.start, hit.end) in places:
                scores[hit.unit_id] = min(score, 60.0)
        return scores

    def _at_the_counter(
        self, scores: dict[int, float], words: str, hits: list[_Hit]
    ) -> dict[int, float]:
        """Scores of the desks and cars of the named units, and of their unit when one is sure."""
        rest = _blank(words, hits)
        found: dict[int, float] = {}
        for unit_id, score in scores.items():
            if score < _SURE:
                continue
            for unit, sure in counters(self._below.get(unit_id, []), rest):
                found[unit.unit_id] = min(100.0, score + 2) if sure else score - 2
                if sure:
                    found[unit_id] = score - 10
        return found

    def _counter_alone(self, words: str) -> dict[int, float]:
        """Desks and cars of exactly that name, when no unit is named with it."""
        same = self._counters.get(words, [])
        return dict.fromkeys(same, 90.0 if len(same) == 1 else 70.0)


def match(text: str, names: Sequence[UnitName], limit: int = 5) -> list[Match]:
    """Index(names).match(text, limit), for a single question."""
    return Index(names).match(text, limit)


def best(text: str, names: Sequence[UnitName]) -> int | None:
    """Index(names).best(text), for a single question."""
    return Index(names).best(text)


def _misspellable(spelling: str) -> bool:
    """Three characters without their generic word, or two with it."""
    bare = len(core(spelling))
    return len(spelling) > 2 if bare == len(spelling) else bare == 2 and len(spelling) > 3


def _blank(words: str, hits: list[_Hit]) -> str:
    """The words with every name found replaced by NULs, so that places stay the same."""
    rest = list(words)
    for hit in hits:
        rest[hit.start : hit.end] = "\0" * (hit.end - hit.start)
    return "".join(rest)
