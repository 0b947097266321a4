"""Who hears of what happens to a case, and the notice each of them gets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.case import gist
from actions.cases.rows import CaseRow
from actions.notices.dates import say_date
from actions.notices.notices import Notices, Offer
from actions.org.org import Org
from actions.people.roles import HANDLES_CASES
from actions.phones import mask
from actions.privacy.vault import Vault
from actions.store.tables import case_followers, identities, officers, posts, units


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone to tell."""

    identity_id: uuid.UUID
    language: str
    officer_id: int | None = None


async def unit_officers(
    connection: AsyncConnection, unit_path: str, *, excluding: Sequence[int] = ()
) -> list[Reader]:
    """The officers to tell: those bound in chat at the nearest unit, from this one upwards.

    A desk without officers leads to its station, a station to its county's sub-centre, a county to
    the city's centre. Excluded officers (the one a case is about) are passed over.
    """
    query = (
        select(identities.c.id, identities.c.language, officers.c.id.label("officer"), units.c.path)
        .join(officers, officers.c.id == identities.c.officer_id)
        .join(posts, posts.c.officer_id == officers.c.id)
        .join(units, units.c.id == posts.c.unit_id)
        .where(
            literal(unit_path).startswith(units.c.path),
            posts.c.role.in_(HANDLES_CASES),
            officers.c.active,
            identities.c.state == "active",
            officers.c.id.not_in(excluding),
        )
        .order_by(func.length(units.c.path).desc(), identities.c.id)
    )
    rows = (await connection.execute(query)).all()
    return [Reader(r.id, r.language, r.officer) for r in rows if r.path == rows[0].path]


async def citizens(connection: AsyncConnection, row: CaseRow) -> list[Reader]:
    """Who opened the case, and whoever follows it by its short code."""
    followers = select(case_followers.c.identity_id).where(case_followers.c.case_id == row.id)
    query = select(identities.c.id, identities.c.language).where(
        or_(identities.c.id == row.identity_id, identities.c.id.in_(followers)),
        identities.c.state == "active",
    )
    return [Reader(r.id, r.language) for r in (await connection.execute(query)).all()]


class CaseNotices:
    """The notices about cases. `key` ties each to the event that it tells of."""

    def __init__(self, notices: Notices, vault: Vault, org: Org) -> None:
        self._notices = notices
        self._vault = vault
        self._org = org
        self._say = notices.wording.say

    async def new_case(self, connection: AsyncConnection, row: CaseRow, key: str) -> None:
        """Tells the unit's officers, with all they need to act, and buttons."""
        excluding = _never_told(row)
        label = await self._org.unit_label(row.unit_id, connection)
        for reader in await unit_officers(connection, row.path, excluding=excluding):
            text = self._say(
                "case_new",
                reader.language,
                number=row.number,
                kind=self._say(f"kind_{row.kind}", reader.language),
                unit=label,
                gist=self._gist(row, reader.language),
                details=self._details(row, reader.language),
                answer_by=say_date(self._notices.wording, row.answer_by, reader.language),
            )
            offers = [
                self._offer("case_new_button_accept", reader, "accept_case", row.number),
                self._offer("case_new_button_answer", reader, "answer_case", row.number),
                self._offer("case_new_button_show", reader, "show_case", row.number),
            ]
            await self._tell(connection, row, reader, key, text, offers)

    async def taken(
        self, connection: AsyncConnection, row: CaseRow, key: str, officer_id: int, called: str
    ) -> None:
        """Tells the other officers of the unit that they need not look any more."""
        excluding = [officer_id, *_never_told(row)]
        for reader in await unit_officers(connection, row.path, excluding=excluding):
            text = self._say("case_taken", reader.language, number=row.number, officer=called)
            await self._tell(connection, row, reader, f"{key}:taken", text)

    async def to_citizens(
        self, connection: AsyncConnection, row: CaseRow, key: str, sentence: str, **params: str
    ) -> None:
        for reader in await citizens(connection, row):
            due = say_date(self._notices.wording, row.answer_by, reader.language)
            text = self._say(sentence, reader.language, number=row.number, answer_by=due, **params)
            offers = self._grades(reader, row.number) if sentence == "case_answered" else []
            await self._tell(connection, row, reader, key, text, offers)

    async def to_officers(
        self, connection: AsyncConnection, row: CaseRow, key: str, sentence: str, **params: str
    ) -> None:
        """Tells the officer who accepted the case; the unit while there is none or they have left."""
        readers = await _chats_of(connection, row.accepted_by)
        if not readers:
            readers = await unit_officers(connection, row.path, excluding=_never_told(row))
        for reader in readers:
            due = say_date(self._notices.wording, row.answer_by, reader.language)
            filled = {
                name: self._say(value, reader.language) if name == "grade" else value
                for name, value in params.items()
            }
            text = self._say(sentence, reader.language, number=row.number, answer_by=due, **filled)
            await self._tell(connection, row, reader, key, text)

    def _gist(self, row: CaseRow, language: str) -> str:
        """The citizen's words; where there are none, the reason that was tapped."""
        what = gist(self._vault.open_json(row.matter_sealed)["what"], 120)
        return what or (self._say(f"reason_{row.reason}", language) if row.reason else "—")

    def _details(self, row: CaseRow, language: str) -> str:
        lines = ""
        if row.reason:
            reason = self._say(f"reason_{row.reason}", language)
            lines += self._say("case_reason", language, reason=reason) + "\n"
        if row.anonymous:
            return lines + self._say("case_anonymous", language) + "\n"
        if row.phone_sealed is None:
            return lines + self._say("case_no_phone", language) + "\n"
        phone = mask(self._vault.open(row.phone_sealed))
        return lines + self._say("case_phone", language, phone=phone) + "\n"

    def _grades(self, reader: Reader, number: str) -> list[Offer]:
        return [
            Offer(
                self._say(f"grade_{grade}", reader.language),
                f'/rate_result{{"case": "{number}", "grade": "{grade}"}}',
            )
            for grade in ("satisfied", "basically", "unsatisfied")
        ]

    def _offer(self, sentence: str, reader: Reader, intent: str, number: str) -> Offer:
        return Offer(self._say(sentence, reader.language), f'/{intent}{{"case": "{number}"}}')

    async def _tell(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        reader: Reader,
        key: str,
        text: str,
        offers: Sequence[Offer] = (),
    ) -> None:
        await self._notices.tell(
            connection,
            key=f"{key}:{reader.identity_id.hex}",
            identity_id=reader.identity_id,
            topic="case",
            text=text,
            offers=offers,
            case_id=row.id,
        )


def _never_told(row: CaseRow) -> list[int]:
    """The officer it is about, and one who opened it as a citizen."""
    return [officer for officer in (row.subject_id, row.opener_id) if officer is not None]


async def _chats_of(connection: AsyncConnection, officer_id: int | None) -> list[Reader]:
    if officer_id is None:
        return []
    query = (
        select(identities.c.id, identities.c.language)
        .join(officers, officers.c.id == identities.c.officer_id)
        .where(
            identities.c.officer_id == officer_id,
            officers.c.active,
            identities.c.state == "active",
        )
    )
    rows = (await connection.execute(query)).all()
    return [Reader(r.id, r.language, officer_id) for r in rows]
