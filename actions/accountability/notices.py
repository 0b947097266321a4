"""Tells those who decide that something is proposed: one notice a rule, month and chat."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.accountability.rule import Rule
from actions.cases.telling import within
from actions.notices.notices import Notices, Offer
from actions.org.org import Unit
from actions.people.roles import AT_OR_ABOVE, LEVELS, Role
from actions.policy.model import Policy
from actions.store.tables import identities, officers, posts, units

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class New:
    """A proposal that was just made."""

    number: int
    unit: Unit


class ProposalNotices:
    def __init__(self, notices: Notices, policy: Policy) -> None:
        self._notices = notices
        self._policy = policy

    async def tell(
        self,
        connection: AsyncConnection,
        evaluation_id: uuid.UUID,
        rule: Rule,
        period: date,
        new: Sequence[New],
    ) -> int:
        """How many chats are told. Where nobody serves at the level, those above it are."""
        by_chat: dict[uuid.UUID, list[New]] = defaultdict(list)
        languages: dict[uuid.UUID, str] = {}
        for each in new:
            for chat in await _deciders(connection, rule.to, each.unit):
                by_chat[chat.id].append(each)
                languages[chat.id] = chat.language
        quiet = self._policy.hours.quiet
        for identity_id, those in by_chat.items():
            language = languages[identity_id]
            await self._notices.tell(
                connection,
                key=f"proposals:{evaluation_id.hex}:{identity_id.hex}",
                identity_id=identity_id,
                topic="accountability",
                text=self._text(rule, period, those, language),
                offers=[
                    Offer(self._notices.wording.say("proposals_made_list", language), "/proposals")
                ],
                held=quiet is not None and within(quiet),
            )
        return len(by_chat)

    def _text(self, rule: Rule, period: date, those: Sequence[New], language: str) -> str:
        say, english = self._notices.wording.say, language == "en"
        lines = [
            say("proposals_made_line", language, number=str(each.number), unit=each.unit.label)
            for each in those[:MOST_NAMED]
        ]
        if len(those) > MOST_NAMED:
            more = str(len(those) - MOST_NAMED)
            lines.append(say("proposals_made_more", language, count=more))
        return say(
            "proposals_made",
            language,
            rule=rule.title_en if english else rule.title,
            month=f"{period:%Y-%m}",
            proposal=rule.proposal_en if english else rule.proposal,
            lines="\n".join(lines),
        )


async def _deciders(connection: AsyncConnection, level: str, unit: Unit) -> list[Any]:
    """The chats of those at the level, above the unit and with no post at it or below."""
    role = LEVELS[level]
    found = await _chats(connection, {role}, unit)
    return found or await _chats(connection, AT_OR_ABOVE[role], unit)


async def _chats(connection: AsyncConnection, roles: Iterable[Role], unit: Unit) -> list[Any]:
    wanted: Collection[str] = [role.value for role in roles]
    above = [int(each) for each in unit.path.strip("/").split("/")[:-1]]
    own = exists().where(
        posts.c.officer_id == officers.c.id,
        posts.c.unit_id == units.c.id,
        units.c.path.startswith(unit.path, autoescape=True),
    )
    query = (
        select(identities.c.id, identities.c.language)
        .join(officers, officers.c.id == identities.c.officer_id)
        .where(
            exists().where(
                posts.c.officer_id == officers.c.id,
                posts.c.role.in_(wanted),
                posts.c.unit_id.in_(above),
            ),
            ~own,
            officers.c.active,
            identities.c.state == "active",
            identities.c.kind == "person",
        )
        .order_by(identities.c.id)
    )
    return list((await connection.execute(query)).all())
