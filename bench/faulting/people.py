"""Who is who for the auditor: a phone's name, the platform's id, the identity in the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.privacy.vault import Vault
from actions.store.tables import deliveries, identities, inbox
from bot.message import Incoming, Kind, Outgoing
from bot.simulator.driver import Driver

type Who = tuple[str, str]  # channel and name


@dataclass(frozen=True, slots=True)
class Row:
    """A message in the inbox. `said`: what the driver's log calls it; `answer`: the words; `kept`:
    whether its person was told that it is kept.
    """

    id: uuid.UUID
    said: str
    state: str
    pushed: bool
    answer: list[str]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A delivery: its words and what became of it."""

    id: uuid.UUID
    key: str
    state: str
    text: str
    via: str
    note: str


async def identities_of(
    connection: AsyncConnection, driver: Driver, vault: Vault, people: Iterable[Who]
) -> dict[Who, uuid.UUID]:
    """The identity of each who has one."""
    found: dict[Who, uuid.UUID] = {}
    phones = {
        "wechat": driver.wechat,
        "telegram": driver.telegram,
        "wecom": driver.wecom,
        "sms": driver.sms,
    }
    for channel, name in people:
        sender = await phones[channel](name).identity()
        if channel == "wecom":  # WeCom's ids of members know no upper case
            sender = sender.lower()
        query = select(identities.c.id).where(
            identities.c.channel == channel,
            identities.c.sender_digest == vault.digest(f"{channel}:{sender}"),
        )
        identity = (await connection.execute(query)).scalar_one_or_none()
        if identity is not None:
            found[channel, name] = identity
    return found


async def messages_of(connection: AsyncConnection, vault: Vault, identity: uuid.UUID) -> list[Row]:
    """What the person's inbox rows say, in order."""
    query = select(inbox).where(inbox.c.identity_id == identity).order_by(inbox.c.seq)
    return [_row(row, vault) for row in (await connection.execute(query)).all()]


def _row(row: Any, vault: Vault) -> Row:
    incoming = Incoming.from_json(vault.open_json(row.message_sealed))
    said = incoming.scene if incoming.kind is Kind.SCAN else incoming.text
    answer = vault.open_json(row.answer_sealed) if row.answer_sealed else []
    words = [Outgoing.from_json(one).text for one in answer]
    words = [text for text in words if text.strip()]
    return Row(row.id, said, row.state, row.push, words, kept=row.told_kept)


async def notices_to(
    connection: AsyncConnection, vault: Vault, identity: uuid.UUID
) -> list[Notice]:
    """What was queued for the person, in order."""
    query = (
        select(deliveries)
        .where(deliveries.c.identity_id == identity)
        .order_by(deliveries.c.created_at)
    )
    return [
        Notice(
            row.id,
            row.key,
            row.state,
            vault.open_json(row.content_sealed)["text"],
            row.via or "",
            row.note or "",
        )
        for row in (await connection.execute(query)).all()
    ]
