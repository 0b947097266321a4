"""An invitation that could not be brought to an account goes out as a text message instead."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.invitations import sending_sql as sql
from actions.invitations import wording
from actions.invitations.kinds import EventKind, InvitationState, Reach
from actions.invitations.naming import by_text_key, invitation_in, sms_sender
from actions.invitations.rules import Rule
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.store.tables import deliveries, identities, invitations


class SecondWay:
    def __init__(
        self,
        vault: Vault,
        people: People,
        org: Org,
        notices: Notices,
        rule: Rule | None,
        scale: Sequence[Grade],
        hotline: str,
    ) -> None:
        self._vault = vault
        self._people = people
        self._org = org
        self._notices = notices
        self._rule = rule
        self._scale = scale
        self._hotline = hotline

    async def take_over(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
        """Asks by text in place of a delivery that failed for good; says what was done.

        '' where the delivery is no invitation in an account, or the policy asks in the account only.
        """
        row = await _row(connection, delivery)
        if row is None or self._rule is None or self._rule.by == "account":
            return ""
        if row.rating_id is not None:
            return "no text message: rated already"
        if row.reach != Reach.MOBILE:
            return "no text message: the number takes none"
        sender = sms_sender(self._vault.open(row.phone_sealed))
        person = await self._people.meet(connection, wording.SMS, sender)
        stopped = await connection.scalar(sql.OPTED_OUT, {"people": [row.phone_digest]})
        if stopped is not None or person.state != "active":
            return "no text message: the number is silent"
        await self._tell(connection, row, person.identity_id)
        asked = update(invitations).where(invitations.c.id == row.id)
        await connection.execute(asked.values(identity_id=person.identity_id))
        return "asked by text message"

    async def _tell(
        self, connection: AsyncConnection, row: Row[Any], identity_id: uuid.UUID
    ) -> None:
        say, kind = self._notices.wording, EventKind(row.kind)
        text = wording.question(
            say,
            row.language,
            kind=kind,
            unit=await self._org.unit_label(row.unit_id, connection),
            finished_at=row.finished_at,
            code=self._vault.open(row.code_sealed),
            channel=wording.SMS,
            again=False,
            hotline=self._hotline,
        )
        await self._notices.tell(
            connection,
            key=by_text_key(row.id),
            identity_id=identity_id,
            topic="invitation",
            text=text,
            offers=wording.offers(say, row.language, row.id, kind, self._scale, wording.SMS),
            can_wait=True,
        )


async def _row(connection: AsyncConnection, delivery: uuid.UUID) -> Row[Any] | None:
    """The invitation that still waits, of a delivery to an account."""
    query = (
        select(deliveries.c.key)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(
            deliveries.c.id == delivery,
            deliveries.c.topic == "invitation",
            identities.c.channel != wording.SMS,
        )
    )
    key = (await connection.execute(query)).scalar_one_or_none()
    if key is None:
        return None
    found = (
        sql.asked_about()
        .where(invitations.c.id == invitation_in(key), invitations.c.state == InvitationState.SENT)
        .with_for_update(of=invitations)
    )
    row: Row[Any] | None = (await connection.execute(found)).one_or_none()
    return row
