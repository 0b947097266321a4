"""Whom invitations go to: in the official account who follows it, else in the chat in which they
proved that the number is theirs, else by SMS.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.contacts.reading import provers
from actions.invitations import sending_sql as sql
from actions.invitations.intake import ACCOUNT
from actions.invitations.kinds import Reach
from actions.invitations.naming import sms_sender
from actions.invitations.wording import SMS
from actions.people.meeting import Met, meet_all
from actions.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an invitation goes to."""

    identity_id: uuid.UUID
    channel: str
    language: str


async def readers_of(
    connection: AsyncConnection, vault: Vault, rows: Sequence[Row[Any]], by: str
) -> dict[uuid.UUID, Reader]:
    """The reader of each invitation that has a way, by the invitation's id.

    `by` is account_first, account or sms. What decides is looked up for all of them at once; a
    number that is met for the first time becomes an identity.
    """
    followers = await _followers(connection, rows) if by != "sms" else {}
    linked = await _linked(connection, rows) if by != "sms" else {}
    numbers = {
        row.id: sms_sender(vault.open(row.phone_sealed))
        for row in rows
        if by != "account" and row.reach == Reach.MOBILE and _known(row, followers, linked) is None
    }
    met = await meet_all(connection, vault, SMS, set(numbers.values()))
    found = {
        row.id: _known(row, followers, linked) or _by_text(met.get(numbers.get(row.id, "")))
        for row in rows
    }
    return {invitation: reader for invitation, reader in found.items() if reader is not None}


def _known(
    row: Row[Any], followers: Mapping[bytes, Reader], linked: Mapping[bytes, Reader]
) -> Reader | None:
    """The citizen's own chat, if we know it."""
    return followers.get(_account(row)) or linked.get(bytes(row.phone_digest or b""))


def _by_text(met: Met | None) -> Reader | None:
    """Who is behind the number, if that counts here; None: there is no way."""
    if met is None or met.state != "active":
        return None
    return Reader(met.identity_id, SMS, met.language)


async def _linked(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[bytes, Reader]:
    """Who has proved one of these numbers to be theirs."""
    numbers = [bytes(row.phone_digest) for row in rows if row.phone_digest is not None]
    found = await provers(connection, numbers, clock.now())
    return {
        digest: Reader(one.identity_id, one.channel, one.language) for digest, one in found.items()
    }


async def _followers(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[bytes, Reader]:
    """Who of these follows the official account and can be written to there."""
    accounts = {_account(row) for row in rows} - {b""}
    if not accounts:
        return {}
    given = {"channel": ACCOUNT, "accounts": list(accounts)}
    found = (await connection.execute(sql.FOLLOWERS, given)).all()
    return {bytes(row.sender_digest): Reader(row.id, ACCOUNT, row.language) for row in found}


def _account(row: Row[Any]) -> bytes:
    """The digest of the citizen's account, where the feed knew it; else empty."""
    return bytes(row.account_digest or b"")
