"""From a record and its feed's mapping to the draft of a case. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.cases.case import CaseDraft, Fed
from actions.feeds.mapping import CENTRE, CategoryMap, Meaning, Priority
from actions.feeds.record import Record, masked_name


def draft_of(
    record: Record, mapping: CategoryMap, codes: Mapping[str, int], labels: Mapping[int, str]
) -> CaseDraft:
    """The case. `codes` are the units by code, `labels` by id, with the city's under "centre".

    The category's unit counts first, then the unit's code in the record; a name or a place is left
    to the routing, which takes it where it is beyond doubt, else the centre decides. So does it for
    a category that nobody mapped.
    """
    meaning = mapping.meaning(record.category)
    meant = meaning or Meaning(mapping.default.kind, unit=CENTRE)
    coded = codes.get(record.unit) if record.unit != CENTRE else None
    said = labels[coded] if coded is not None else record.unit
    return CaseDraft(
        kind=meant.kind,
        what=record.what,
        when=record.when,
        where=" ".join(part for part in (said, record.place) if part),
        unit_id=codes.get(meant.unit, codes[CENTRE]) if meant.unit else coded,
        phone="" if record.do_not_contact else record.phone,
        anonymous=record.anonymous,
        reason=meant.reason,
        source=mapping.source.value,
        wanted_by=datetime.fromisoformat(record.until) if record.until else None,
        fed=Fed(
            number=record.number,
            category=record.category,
            known=meaning is not None,
            urgent=meant.priority is Priority.URGENT,
            do_not_contact=record.do_not_contact,
            name=masked_name(record.name),
        ),
    )
