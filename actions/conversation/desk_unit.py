"""Which unit an entry at the desk is about, and which officer, as far as they are this officer's to name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.bootstrap import services
from actions.conversation.talk import Talk
from actions.conversation.units import unit_in_passing, unit_meant

_BADGE = re.compile(r"(?:警号|badge)\s*[:：]?\s*([0-9A-Za-z]{3,16})", re.IGNORECASE)


async def unit_in_line(talk: Talk, rest: str) -> tuple[dict[str, Any] | None, str]:
    """The unit that a line names, in a word of its own at its front or in passing; the rest."""
    first, _, behind = rest.partition(" ")
    subject = await subject_in(talk, rest)
    meant = await unit_meant(first) if behind and len(first) <= 30 else None
    found, what = (meant.unit, behind.strip()) if meant and meant.unit else (None, rest)
    found = found or (await unit_in_passing(rest) if rest else None)
    if found is None:
        own = await services().desk_lookups.within_reach(talk.turn, None)
        found = {"unit_id": own.id, "label": own.label} if own else None
    else:
        found = await unit_within_reach(talk, found, first)
    return ({**(found or {}), **subject} if found or subject else None), what


async def unit_within_reach(talk: Talk, unit: dict[str, Any], words: str) -> dict[str, Any]:
    """The unit, or only its name where it is not this officer's to name."""
    near = await services().desk_lookups.within_reach(talk.turn, int(unit["unit_id"]))
    if near is not None:
        return {**unit, "words": words}
    kept = {name: value for name, value in unit.items() if name != "unit_id"}
    return {**kept, "words": words}


async def gradable(talk: Talk, unit: Mapping[str, Any]) -> bool:
    unit_id = unit.get("unit_id")
    return unit_id is not None and await services().desk_lookups.gradable(talk.turn, int(unit_id))


async def subject_in(talk: Talk, words: str) -> dict[str, Any]:
    """The officer whom the words name by badge number."""
    found = _BADGE.search(words)
    subject = await services().desk_lookups.subject(talk.turn, found[1]) if found else None
    return {"officer_id": subject} if subject is not None else {}
