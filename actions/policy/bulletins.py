"""The policy's lines on bulletins as the schedule wants them."""

from __future__ import annotations

from dataclasses import dataclass

from actions.bulletins.kinds import BulletinKind, Timing
from actions.people.roles import Role
from actions.policy.model import Policy
from actions.policy.values import parse_clock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Plan:
    """When a kind goes out, to the holders of which posts, and about what: the whole city, or the
    unit of each reader's own post.
    """

    timing: Timing
    roles: frozenset[Role]
    whole_city: bool


def plans_of(policy: Policy) -> list[Plan]:
    """A plan for each kind that this deployment sends."""
    lines = policy.bulletins
    if lines is None:
        return []
    on = {
        BulletinKind.DAILY: 1,
        BulletinKind.WEEKLY: WEEKDAYS.index(lines.weekly.weekday) + 1 if lines.weekly else 1,
        BulletinKind.MONTHLY: lines.monthly.day if lines.monthly else 1,
        BulletinKind.QUARTERLY: lines.quarterly.day if lines.quarterly else 1,
    }
    given = {kind: getattr(lines, kind.value) for kind in on}
    return [
        Plan(
            Timing(kind, parse_clock(line.at), on[kind]),
            frozenset(Role(role) for role in line.to),
            line.of == "city",
        )
        for kind, line in given.items()
        if line is not None
    ]
