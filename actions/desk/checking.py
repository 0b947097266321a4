"""Who may write down what: the officer in the conversation, and an entry before it is kept."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.desk.entry import LONGEST, Entry, EntryKind, may_grade, reaches, sources_of
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People, Person
from actions.phones import normalise
from actions.policy.model import Policy


def who_writes(person: Person) -> OfficerView:
    """The officer who writes things down. Refuses everybody else."""
    if person.officer is None or not sources_of(person.officer.roles):
        raise Refusal("desk_not_yours")
    return person.officer


class Checking:
    """Whether an entry may be made as it stands."""

    def __init__(self, people: People, org: Org, policy: Policy) -> None:
        self._people = people
        self._org = org
        self._policy = policy

    async def checked(
        self, connection: AsyncConnection, officer: OfficerView, entry: Entry
    ) -> Entry:
        """The entry with its number in one form, its subject, and a unit within reach.

        Raises ValueError for an entry that lacks what its kind needs, Refusal for one that this
        officer may not make.
        """
        if entry.source not in sources_of(officer.roles):
            raise Refusal("desk_source_not_yours")
        entry = await self._about(connection, _tidied(entry))
        if len(entry.what) > LONGEST:
            raise Refusal("desk_too_long", most_characters=str(LONGEST))
        unit = await self._org.unit(entry.unit_id, connection) if entry.unit_id else None
        if entry.kind is EntryKind.RATING:
            self._check_rating(officer, entry, unit)
            return entry
        if not entry.what:
            raise ValueError("an entry needs what happened")
        if unit is not None and not reaches(officer.held, unit.path):
            words = entry.unit_words or unit.label
            return replace(entry, unit_id=None, unit_words=words)
        return entry

    async def _about(self, connection: AsyncConnection, entry: Entry) -> Entry:
        """The entry with the officer whom its badge number names."""
        if not entry.badge:
            return entry
        subject = await self._people.by_badge(connection, entry.badge)
        if subject is None:
            raise Refusal("desk_badge_unknown")
        return replace(entry, officer_id=subject.id)

    def _check_rating(self, officer: OfficerView, entry: Entry, unit: Unit | None) -> None:
        if unit is None or entry.grade not in self._policy.scale:
            raise ValueError("a rating needs a unit and a grade of the scale")
        if not may_grade(officer.held, unit.path):
            raise Refusal("desk_grade_not_yours")


def _tidied(entry: Entry) -> Entry:
    """The number in one form, the words without space around them."""
    phone = normalise(entry.phone) if entry.phone else ""
    if phone is None:
        raise Refusal("desk_phone_wrong")
    return replace(entry, phone=phone, what=entry.what.strip())
