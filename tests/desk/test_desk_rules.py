"""Who may write down what."""

from __future__ import annotations

import pytest

from actions.cases.kinds import CaseKind
from actions.desk.entry import EntryKind, Source, kinds_of, may_grade, reaches, sources_of
from actions.people.roles import Role

CITY, COUNTY, STATION, DESK, OTHER = "/1/", "/1/2/", "/1/2/5/", "/1/2/5/9/", "/1/3/"
VISITS = (Source.WALK_IN, Source.DOOR_VISIT)


@pytest.mark.parametrize(
    ("role", "sources"),
    [
        (Role.OFFICER, VISITS),
        (Role.UNIT_LEAD, tuple(Source)),
        (Role.SUB_CENTRE, tuple(Source)),
        (Role.CENTRE, tuple(Source)),
        (Role.INSPECTOR, tuple(Source)),
        (Role.SUPERVISOR, ()),
        (Role.ADMINISTRATOR, ()),
    ],
)
def test_how_citizens_come_to_whom(role: Role, sources: tuple[Source, ...]) -> None:
    assert sources_of([role]) == sources


@pytest.mark.parametrize("role", Role)
def test_a_grade_is_for_those_above(role: Role) -> None:
    above = role in {Role.SUB_CENTRE, Role.CENTRE, Role.INSPECTOR}
    assert (EntryKind.RATING in kinds_of([role])) is above


@pytest.mark.parametrize(
    ("posts", "unit", "may"),
    [
        ([(Role.SUB_CENTRE, COUNTY)], STATION, True),
        ([(Role.SUB_CENTRE, COUNTY)], DESK, True),
        ([(Role.SUB_CENTRE, COUNTY)], COUNTY, False),  # their own house
        ([(Role.SUB_CENTRE, COUNTY)], OTHER, False),
        ([(Role.CENTRE, CITY)], COUNTY, True),
        ([(Role.INSPECTOR, CITY)], STATION, True),
        ([(Role.OFFICER, STATION)], STATION, False),
        ([(Role.UNIT_LEAD, STATION)], DESK, False),
        ([(Role.CENTRE, CITY), (Role.OFFICER, STATION)], STATION, False),  # works there as well
        ([(Role.CENTRE, CITY), (Role.OFFICER, DESK)], STATION, False),
        ([(Role.CENTRE, CITY), (Role.OFFICER, OTHER)], STATION, True),
        ([(Role.SUPERVISOR, CITY)], STATION, False),
    ],
)
def test_nobody_grades_where_they_work(
    posts: list[tuple[Role, str]], unit: str, *, may: bool
) -> None:
    assert may_grade(posts, unit) is may


def test_what_lies_within_reach() -> None:
    assert reaches([(Role.OFFICER, STATION)], DESK)
    assert not reaches([(Role.OFFICER, STATION)], COUNTY)
    assert reaches([(Role.INSPECTOR, CITY)], DESK)
    assert not reaches([(Role.SUPERVISOR, CITY)], DESK)


def test_what_each_kind_becomes() -> None:
    assert EntryKind.QUESTION.case_kind is CaseKind.HELP
    assert EntryKind.RATING.case_kind is CaseKind.UNSATISFIED
    assert EntryKind.PRAISE.case_kind is CaseKind.PRAISE
