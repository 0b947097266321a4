"""Who may see and decide what is proposed about a unit. Pure: the database says who holds what.

| who | sees | decides |
|---|---|---|
| the level that the rule names, with a post above the unit; and the centre | yes | yes |
| a supervisor with a post above the unit | yes | no |
| anybody with a post at the unit or below it | no | no |
| everybody else | no | no |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from actions.people.roles import AT_OR_ABOVE, LEVELS, Role, covers

type Posts = Iterable[tuple[Role, str]]
"""Role and path of the unit, of every post."""

TRIES_RULES = frozenset({Role.CENTRE, Role.INSPECTOR})
HEARS_OF_PROPOSALS = frozenset({Role.SUB_CENTRE, Role.CENTRE, Role.INSPECTOR, Role.SUPERVISOR})


def may_decide(posts: Posts, level: str, unit_path: str) -> bool:
    return _above(posts, AT_OR_ABOVE[LEVELS[level]], unit_path)


def may_see(posts: Posts, level: str, unit_path: str) -> bool:
    return _above(posts, AT_OR_ABOVE[LEVELS[level]] | {Role.SUPERVISOR}, unit_path)


def _above(posts: Posts, roles: Collection[Role], unit_path: str) -> bool:
    """Whether one of the posts has such a role above the unit, and none is at or below it."""
    held = list(posts)
    own = any(covers(unit_path, path) for _, path in held)
    return not own and any(role in roles and covers(path, unit_path) for role, path in held)
