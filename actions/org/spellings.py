"""How people write the name of a unit: what counts as a name, what is only a generic word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from actions.numerals import to_digits

COUNTERS = frozenset({"desk", "car"})  # named by sort and number, once their station is known

_SEPARATORS = re.compile(r"[\W_]+")
_ENDING = re.compile(
    "(?:公安派出所|派出所|警务室|警务站|公安分局|分局|[县区]公安局|[县区]局|市公安局|市局|公安局|公安"
    "|管理大队|大队|中队|支队|社区|大厅|县|区|所|局)$"
)
_TOWN = re.compile("(?:镇|乡|村|街道)$")
_GENERIC = re.compile(
    "(?:公安|派出所?|分局|[市县区]局|交警|户籍|户政|窗口|车管所?|车辆管理所?|出入境|报案|巡逻车?|警车|警务"
    "|警察|民警|[大中支]队|治安|刑警|特警|巡警|管理|政务|服务|社区|违章|大厅|警官|[所局站县区市])+"
)
_KIND_WORDS = {  # said behind a short name, and the kinds of unit it can then mean
    "派出": {"station"},
    "所": {"station"},
    "警务": {"station", "community"},
    "分局": {"county"},
    "公安": {"county", "city"},
    "县": {"county"},
    "区": {"county"},
    "局": {"county", "city"},
    "市": {"city"},
}
_LEADS_IN = re.compile(
    r"(?:[\0在到去从找给往是来跟和与问查对诉扬价谢评夸]|^)$"
)  # a name may follow
_NUMBER = re.compile(r"\d+")
_COUNTER_WORD = re.compile("号|窗|柜|车")
_ASKED_NUMBER = re.compile(r"(\d+)号?(?:窗|柜|警?车|巡|$)")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit and what it is called; `kind` as in actions.org.csv_files.PARENTS."""

    unit_id: int
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    kind: str = "station"
    parent_id: int | None = None


def plain(text: str) -> str:
    """Half-width, lower case, numerals as digits, without white space and punctuation."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return to_digits(_SEPARATORS.sub("", folded))


def generic(words: str) -> bool:
    """Whether words name no unit by themselves: 派出所, 公安局, 户籍窗口."""
    return not words or bool(_GENERIC.fullmatch(words))


def spellings(unit: UnitName) -> set[str]:
    """What the unit may be called: its names, and each without the generic word at its end.

    A name counts as it is kept, even 交警大队; what is left of one only when it says something.
    """
    names = {plain(unit.name), plain(unit.short_name), *map(plain, unit.aliases)}
    cores = {core(name) for name in names}
    towns = {_TOWN.sub("", name) for name in cores}
    found = names | {name for name in cores | towns if not generic(name)}
    return {name for name in found if len(name) > 1}


def core(spelling: str) -> str:
    """The spelling without the generic word at its end: 明德里派出所 → 明德里."""
    return _ENDING.sub("", spelling)


def named_score(words: str, start: int, end: int, kind: str) -> float:
    """How surely words[start:end], a spelling of a unit of this kind, means that unit."""
    spelling = words[start:end]
    if spelling == words:
        return 100.0
    if core(spelling) != spelling:
        return 95.0
    follows = kinds_behind(words, end)
    if follows:
        return 93.0 if kind in follows else 62.0
    if leads_in(words, start):
        return 88.0
    return 84.0 if len(spelling) > 2 else 75.0  # so short that it may be chance


def misspelt_score(words: str, start: int, end: int, kind: str) -> float:
    """The same for words[start:end] that differ from a spelling by about one character."""
    follows = kinds_behind(words, end)
    if follows:
        return 82.0 if kind in follows else 58.0
    if not words[:start].strip("\0") and not words[end:].strip("\0"):
        return 82.0
    return 74.0 if leads_in(words, start) else 66.0


def kinds_behind(words: str, end: int) -> set[str]:
    """The kinds that the word right behind a name speaks of; empty when there is none."""
    return next(
        (kinds for word, kinds in _KIND_WORDS.items() if words.startswith(word, end)), set()
    )


def leads_in(words: str, start: int) -> bool:
    """Whether a name may begin here: at the beginning, behind 在, 去, 投诉 …"""
    return bool(_LEADS_IN.search(words[:start][-1:]))


def counters(units: list[UnitName], rest: str) -> Iterator[tuple[UnitName, bool]]:
    """The desks and cars among `units` that the words around their station's name may mean.

    Each with whether it is surely meant: named in full, or the only one of its sort.
    """
    asked = _ASKED_NUMBER.search(rest)
    meant = [unit for unit in units if unit.kind in COUNTERS and _sort(unit) in rest]
    if not meant and asked:
        meant = [unit for unit in units if unit.kind in COUNTERS and _right_vehicle(unit, rest)]
    if asked:
        meant = [unit for unit in meant if asked[1] in _NUMBER.findall(plain(unit.name))]
    sure = len(meant) == 1 and bool(_COUNTER_WORD.search(rest) or asked)
    yield from ((unit, sure) for unit in meant)


def _sort(unit: UnitName) -> str:
    """What the counter is for, in two characters: 户籍2号窗口 → 户籍."""
    return _NUMBER.split(plain(unit.name))[0][:2]


def _right_vehicle(unit: UnitName, rest: str) -> bool:
    return ("车" in rest) == (unit.kind == "car")
