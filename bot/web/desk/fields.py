"""What the form brought, and what is wrong with it. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.desk.entry import LONGEST, Entry, EntryKind, Source
from actions.phones import normalise
from actions.ratings.rating import Grade
from bot.text import clean

_SHORT = 200  # characters of a line
NAMES = ("source", "kind", "grade", "unit", "unit_id", "what", "when", "badge", "phone", "news")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they were typed; `id` makes the form one however often it is sent, `seen` names
    the open cases of the number that were shown already."""

    id: str
    seen: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def unit_id(self) -> int | None:
        """The unit that was chosen; 0: none of those on offer."""
        chosen = self["unit_id"]
        return int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None


def read(fields: Mapping[str, Any]) -> Form:
    """The form; one without an id of its own gets a new one."""
    given = {name: clean(str(fields.get(name, ""))) for name in NAMES}
    values = {
        name: value.strip()[: LONGEST + 1 if name == "what" else _SHORT]
        for name, value in given.items()
    }
    try:
        key = str(uuid.UUID(str(fields.get("id", ""))))
    except ValueError:
        key = str(uuid.uuid4())
    return Form(key, clean(str(fields.get("seen", "")))[:_SHORT], values)


def fresh(source: Source) -> Form:
    """An empty form for somebody to whom citizens mostly come this way."""
    return Form(str(uuid.uuid4()), values={"source": str(source)})


def mistakes_in(form: Form) -> dict[str, str]:
    """Field → the key of what is wrong with it; empty when an entry can be made of it."""
    found: dict[str, str] = {}
    if form["source"] not in list(Source):
        found["source"] = "desk_wrong_source"
    if form["kind"] not in list(EntryKind):
        found["kind"] = "desk_wrong_kind"
    rating = form["kind"] == EntryKind.RATING
    if rating and form["grade"] not in list(Grade):
        found["grade"] = "desk_wrong_grade"
    if rating and not form["unit"]:
        found["unit"] = "desk_wrong_unit"
    if not rating and len(form["what"]) < 2:
        found["what"] = "desk_wrong_what"
    if len(form["what"]) > LONGEST:
        found["what"] = "desk_wrong_long"
    if form["phone"] and normalise(form["phone"]) is None:
        found["phone"] = "desk_wrong_phone"
    if form["news"] and not form["phone"]:
        found["phone"] = "desk_wrong_no_phone"
    return found


def entry_of(form: Form, unit_id: int | None) -> Entry:
    """The entry, of a form without mistakes, for this unit."""
    rating = form["kind"] == EntryKind.RATING
    return Entry(
        source=Source(form["source"]),
        kind=EntryKind(form["kind"]),
        what=form["what"],
        unit_id=unit_id,
        unit_words=form["unit"],
        when=form["when"],
        phone=form["phone"],
        news=bool(form["news"]),
        grade=Grade(form["grade"]) if rating else None,
        badge=form["badge"],
    )
