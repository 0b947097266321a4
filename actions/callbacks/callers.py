"""Who makes the spot checks of a unit, and the word to them when lots have been drawn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.telling import within
from actions.notices.notices import Notices, Offer
from actions.org.org import Unit
from actions.policy.model import Policy
from actions.store.tables import identities, officers, posts


class Callers:
    def __init__(self, notices: Notices, policy: Policy) -> None:
        self._notices = notices
        self._policy = policy

    async def serving(self, connection: AsyncConnection, role: str, unit: Unit) -> str:
        """`role`, or the centre's where nobody serves in that role at the unit."""
        query = (
            select(posts.c.officer_id)
            .join(officers, officers.c.id == posts.c.officer_id)
            .where(posts.c.unit_id == unit.id, posts.c.role == role, officers.c.active)
            .limit(1)
        )
        served = (await connection.execute(query)).one_or_none() is not None
        return role if served else "centre"

    async def tell(
        self,
        connection: AsyncConnection,
        draw_id: uuid.UUID,
        role: str,
        unit: Unit,
        period: str,
        counts: Mapping[str, str],
    ) -> None:
        """Tells those in the role at the unit, or at one above, that there are calls to make."""
        say = self._notices.wording.say
        line = [int(each) for each in unit.path.strip("/").split("/")]
        query = (
            select(identities.c.id, identities.c.language)
            .join(officers, officers.c.id == identities.c.officer_id)
            .join(posts, posts.c.officer_id == officers.c.id)
            .where(
                posts.c.role == role,
                posts.c.unit_id.in_(line),
                officers.c.active,
                identities.c.state == "active",
                identities.c.kind == "person",
            )
            .distinct()
        )
        quiet = self._policy.hours.quiet
        for chat in (await connection.execute(query)).all():
            await self._notices.tell(
                connection,
                key=f"draw:{draw_id.hex}:{chat.id.hex}",
                identity_id=chat.id,
                topic="callbacks",
                text=say(
                    "spot_checks_drawn", chat.language, unit=unit.label, period=period, **counts
                ),
                offers=[Offer(say("spot_checks_list", chat.language), "/callbacks")],
                held=quiet is not None and within(quiet),
            )
