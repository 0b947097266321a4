"""Whom a month's spot checks are drawn from: the cases that were closed in it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.facts import CONTENT
from actions.cases.states import State, Verb
from actions.privacy.vault import Vault
from actions.store.tables import callback_tasks, case_events, cases, identities, units

_GRADED = frozenset({Verb.RATE_RESULT, Verb.REVISIT})


@dataclass(frozen=True, slots=True)
class Member:
    """A case that may be drawn. `reachable` now: by phone or chat, and not to be called anyway."""

    case_id: uuid.UUID
    number: str
    reachable: bool


async def population(
    connection: AsyncConnection,
    vault: Vault,
    path: str,
    start: datetime,
    end: datetime,
    of: Collection[str],
    *,
    whole: bool,
) -> list[Member]:
    """The cases at the unit at `path` (`whole`: and below it) that were closed from `start` up to
    `end` (aware), each once; what was withdrawn was never closed.

    `of` may hold "satisfied", those that a content citizen closed, and "closed", all others. Who
    belongs is read from the events, which never change: so a draw can be drawn again even after
    cases were reopened.
    """
    below = units.c.path.startswith(path, autoescape=True) if whole else units.c.path == path
    waiting = exists().where(
        callback_tasks.c.case_id == cases.c.id,
        callback_tasks.c.kind == "spot_check",
        callback_tasks.c.state == "open",
    )
    called = or_(cases.c.phone_sealed.is_not(None), identities.c.state == "active")
    query = (
        select(
            cases.c.id,
            cases.c.number,
            case_events.c.verb,
            case_events.c.detail_sealed,
            (called & ~waiting).label("reachable"),
        )
        .join(cases, cases.c.id == case_events.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
        .join(identities, identities.c.id == cases.c.identity_id)
        .where(
            case_events.c.to_state == State.CLOSED,
            case_events.c.from_state != State.CLOSED,
            case_events.c.at >= start,
            case_events.c.at < end,
            below,
        )
        .order_by(case_events.c.id)
    )
    closings = {row.id: row for row in (await connection.execute(query)).all()}  # the last of each
    wanted = [row for row in closings.values() if _group(vault, row, of) in of]
    return [Member(row.id, row.number, row.reachable) for row in wanted]


def _group(vault: Vault, row: Any, of: Collection[str]) -> str:
    """ "satisfied" or "closed"; what is sealed is opened only where the difference matters."""
    if {"closed", "satisfied"} <= set(of) or row.verb not in _GRADED:
        return "closed"
    return "satisfied" if vault.open_json(row.detail_sealed)["grade"] in CONTENT else "closed"
