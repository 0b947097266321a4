"""Which unit someone means, when it can be told, and what to offer when not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.bootstrap import services
from actions.conversation.buttons import Button, button

SURE = 84.0  # below this a person chooses
APART = 6.0  # by so much the best must be better than the next
WORTH_OFFERING = 60.0
MOST_OFFERED = 4

_NAMED = re.compile(
    r"派出所|分局|支队|大队|中队|警务站|车管所|出入境|户籍|窗口|公安局|交警|(?<=[\u4e00-\u9fff])[所局队]"
    r"|(?i:station|bureau|police\s+office|counter|desk)"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """`unit` is sure, or there are `offers`, or neither: nothing comes near."""

    unit: dict[str, Any] | None = None
    offers: Sequence[Button] = ()


async def unit_meant(words: str) -> Meant:
    """The unit that the words name."""
    found = await services().org.match_units(words)
    if not found or found[0].score < WORTH_OFFERING:
        return Meant()
    best = found[0]
    if best.score >= SURE and all(other.score <= best.score - APART for other in found[1:]):
        return Meant(unit={"unit_id": best.unit_id, "label": best.label})
    near = [match for match in found if match.score >= WORTH_OFFERING][:MOST_OFFERED]
    return Meant(offers=[button(m.label, "choose_unit", unit_id=m.unit_id) for m in near])


async def unit_in_passing(sentence: str) -> dict[str, Any] | None:
    """The unit that a sentence about something else names beyond doubt, or None."""
    return (await unit_meant(sentence)).unit if _NAMED.search(sentence) else None


async def unit_chosen(unit_id: int) -> dict[str, Any]:
    return {"unit_id": unit_id, "label": await services().org.unit_label(unit_id)}
