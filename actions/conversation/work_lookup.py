"""Units and colleagues as officers name them, and which of them to offer."""

from __future__ import annotations

import re

from actions.bootstrap import services
from actions.cases.states import Verb
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Talk
from actions.conversation.units import APART, SURE, WORTH_OFFERING
from actions.conversation.work_kept import Kept
from actions.org.org import Tree, Unit
from actions.people.people import OfficerView

MOST_OFFERED = 5
_BELOW_STATION = frozenset({"desk", "car", "community"})
_BREAK = re.compile(r"[\s，,。；;：:]+")
_TO = re.compile(r"^(?:请)?(?:转|转办|转给|移交|移交给|交给|给|到|去|由|派给|分给|to)\s*")
_EDGE = " 　，,。；;：:"


async def unit_in(words: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The unit that the words begin with and the reason behind it, or units to choose from."""
    said = _TO.sub("", words.strip(_EDGE))
    first, *rest = _BREAK.split(said, maxsplit=1)
    for name, reason in ((first, rest[0] if rest else ""), (said, "")):
        found = await services().org.match_units(name) if name else []
        near = [each for each in found if each.score >= WORTH_OFFERING]
        if not near:
            continue
        best = near[0]
        if best.score >= SURE and all(best.score - other.score >= APART for other in near[1:]):
            return {"unit": str(best.unit_id), **({"text": reason} if reason else {})}, []
        if name == said or not rest:
            return {}, [(each.unit_id, each.label) for each in near[:MOST_OFFERED]]
    return {}, []


async def unit_anywhere(sentence: str) -> dict[str, str]:
    """The unit that a sentence in plain words names beyond doubt."""
    for part in (*_BREAK.split(sentence), sentence):
        found, _ = await unit_in(part)
        if found:
            return {"unit": found["unit"]}
    return {}


async def units_to_offer(kept: Kept, where: str = "") -> list[tuple[int, str]]:
    """The level above and the other stations beside it; who dispatches is offered those first, and
    before them the unit that the citizen named in `where`."""
    tree = await services().org.tree()
    unit = await unit_called(kept.unit, tree)
    station = unit
    while station.kind in _BELOW_STATION and station.parent_id is not None:
        station = tree.units[station.parent_id]
    above = tree.units.get(station.parent_id or 0)
    beside = [
        each
        for each in tree.units.values()
        if each.kind not in _BELOW_STATION and each.id not in (unit.id, station.id)
        if each.parent_id == (above.id if above else station.id)
    ]
    level = [above] if above is not None else []
    if kept.verb is not Verb.DISPATCH:
        return [(each.id, each.label) for each in [*level, *beside][:MOST_OFFERED]]
    said, near = await unit_in(where)
    named = [(int(said["unit"]), tree.units[int(said["unit"])].label)] if said else near
    found = {i: label for i, label in named if i != unit.id}
    found |= {each.id: each.label for each in [*beside, *level] if each.id not in found}
    return list(found.items())[:MOST_OFFERED]


async def unit_called(label: str, tree: Tree | None = None) -> Unit:
    """The unit of that label. Raises LookupError when it is gone."""
    tree = tree or await services().org.tree()
    for unit in tree.units.values():
        if unit.label == label:
            return unit
    raise LookupError("a case at a unit that is not in the tree")


async def colleagues(talk: Talk, kept: Kept) -> list[tuple[OfficerView, str]]:
    """Who could take the case over, with a label that tells them apart."""
    unit = await unit_called(kept.unit)
    found = await services().people.colleagues(talk.turn, unit.path)
    called = [each.called for each in found]
    return [(o, o.called if called.count(o.called) == 1 else o.name) for o in found]


async def colleague_in(talk: Talk, kept: Kept, words: str) -> dict[str, str]:
    """The one colleague whom the words name: by the name, or the family name and 警官."""
    named = [
        officer
        for officer, label in await colleagues(talk, kept)
        if officer.name in words or label in words or _addressed(officer, words)
    ]
    exact = [officer for officer in named if officer.name in words] or named
    return {"officer": str(exact[0].id)} if len(exact) == 1 else {}


def _addressed(officer: OfficerView, words: str) -> bool:
    """王哥, 小王, 王所, or the family name alone."""
    family = re.escape(officer.name[:1])
    pattern = rf"(?:小|老){family}|{family}(?:警官|警员|哥|姐|所|队|师傅)|^{family}$"
    return re.search(pattern, words.strip(_EDGE)) is not None


def unit_buttons(kept: Kept, intent: str, units: list[tuple[int, str]]) -> list[Button]:
    return [button(label, intent, case=kept.number, unit_id=unit_id) for unit_id, label in units]
