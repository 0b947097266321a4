"""Roles, and what each may do. Pure: the database says who holds which."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    UNIT_LEAD = "unit_lead"
    SUB_CENTRE = "sub_centre"
    CENTRE = "centre"
    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


HANDLES_CASES = frozenset({Role.OFFICER, Role.UNIT_LEAD, Role.SUB_CENTRE, Role.CENTRE})
SEES_FIGURES = frozenset(
    {Role.UNIT_LEAD, Role.SUB_CENTRE, Role.CENTRE, Role.INSPECTOR, Role.SUPERVISOR}
)
REVIEWS = frozenset({Role.SUB_CENTRE, Role.CENTRE, Role.INSPECTOR})
OPENS_ESCROW = frozenset({Role.CENTRE, Role.INSPECTOR})
BINDS_GROUPS = frozenset({Role.UNIT_LEAD, Role.SUB_CENTRE, Role.CENTRE})
ON_DUTY_DESK = frozenset({Role.CENTRE})

AT_OR_ABOVE: dict[Role, frozenset[Role]] = {
    Role.UNIT_LEAD: frozenset({Role.UNIT_LEAD}) | REVIEWS,
    Role.SUB_CENTRE: REVIEWS,
    Role.INSPECTOR: frozenset({Role.INSPECTOR, Role.CENTRE}),
    Role.CENTRE: frozenset({Role.CENTRE}),
}
"""Who may decide what a policy leaves to a level; the centre stands in where there is none."""

LEVELS = {
    "lead": Role.UNIT_LEAD,
    "sub_centre": Role.SUB_CENTRE,
    "centre": Role.CENTRE,
    "inspector": Role.INSPECTOR,
}
"""How a policy names the levels."""


def covers(post_path: str, unit_path: str) -> bool:
    """Whether a post at `post_path` reaches the unit at `unit_path` (itself or below)."""
    return unit_path.startswith(post_path)
