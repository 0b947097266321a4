"""Proving a number: a code goes there by text message and comes back in the chat.

Nobody can see by it whose number is whose, or what was asked about it: whoever reads the messages
to a number may have what is sent there sent to their chat instead, no more.
"""

from __future__ import annotations

import secrets
import uuid

from redis.asyncio import Redis
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.contacts.proof import DIGITS, TRIES, VALID, digits_in, takes_proof
from actions.errors import Refusal
from actions.notices.notices import Notices
from actions.people.people import CITIZENS_ONLY, People, Person
from actions.phones import mask, normalise
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import contact_proofs, contacts, deliveries, identities
from actions.turn import Turn

TOPIC = "contact_code"
SMS = "sms"
DAY = 86400  # seconds
A_DAY_PER_NUMBER = 3  # codes
A_DAY_PER_PERSON = 5


class Contacts:
    """`wanted`: whether the policy asks in the account at all; else no number is taken."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        notices: Notices,
        redis: Redis,
        *,
        wanted: bool,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._notices = notices
        self._redis = redis
        self._wanted = wanted

    async def check(self, turn: Turn) -> None:
        """Refuses where no number can be linked, before anybody types one."""
        async with reading(self._engine) as connection:
            self._check(await self._people.person(connection, turn.conversation))

    async def ask(self, turn: Turn, written: str) -> str:
        """Sends a code to the number, as people write it; returns the number, masked.

        The same message asks once. Refuses other numbers than mainland mobiles, channels that prove
        nobody or last no longer than a browser, and too many codes a day.
        """
        phone = normalise(written)
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            self._check(person)
            if phone is None or not takes_proof(phone):
                raise Refusal("link_no_mobile")
            if await self._asked_by(connection, turn, person):
                return mask(phone)
            await self._count(person, phone)
            await self._send(connection, turn, person, phone)
        return mask(phone)

    async def prove(self, turn: Turn, text: str) -> str:
        """Takes the code; returns the number, masked. A wrong one counts, five end it."""
        refusal: Refusal | None = None
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            done = await self._proved_by(connection, turn, person)
            if done is not None:
                return mask(self._vault.open(done))
            query = select(contact_proofs).where(contact_proofs.c.identity_id == person.identity_id)
            row = (await connection.execute(query.with_for_update())).one_or_none()
            if row is None or row.expires_at <= clock.now() or row.tries >= TRIES:
                raise Refusal("link_code_over")
            phone = self._vault.open(row.phone_sealed)
            if self._vault.digest(f"proof:{phone}:{digits_in(text)}") == bytes(row.code_digest):
                await self._link(connection, turn, person, phone)
            else:
                refusal = await self._wrong(connection, person, row.tries + 1)
        if refusal is not None:
            raise refusal
        return mask(phone)

    async def forget(self, turn: Turn) -> str | None:
        """Forgets the number of this conversation; returns it masked, None when there was none."""
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            statement = delete(contacts).where(contacts.c.identity_id == person.identity_id)
            found = await connection.execute(statement.returning(contacts.c.phone_sealed))
            sealed = found.scalar_one_or_none()
            waiting = contact_proofs.c.identity_id == person.identity_id
            await connection.execute(delete(contact_proofs).where(waiting))
        return mask(self._vault.open(sealed)) if sealed is not None else None

    async def not_sent(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
        """Tells who asked that the code could not be sent; '' where the delivery is no code."""
        query = select(deliveries.c.key).where(
            deliveries.c.id == delivery, deliveries.c.topic == TOPIC
        )
        key = (await connection.execute(query)).scalar_one_or_none()
        if key is None:
            return ""
        asked = (
            select(contact_proofs.c.identity_id, identities.c.language)
            .join(identities, identities.c.id == contact_proofs.c.identity_id)
            .where(contact_proofs.c.inbox_id == uuid.UUID(key.partition(":")[2]))
        )
        row = (await connection.execute(asked)).one_or_none()
        if row is None:
            return ""
        await self._notices.tell(
            connection,
            key=f"{key}:lost",
            identity_id=row.identity_id,
            topic="contact",
            text=self._notices.wording.say("link_code_lost", row.language),
        )
        return "who asked was told"

    # --- the parts ------------------------------------------------------------------------------

    def _check(self, person: Person) -> None:
        if not self._wanted:
            raise Refusal("link_not_needed")
        if not person.proven or person.channel in CITIZENS_ONLY:
            raise Refusal("link_not_here")

    async def _asked_by(self, connection: AsyncConnection, turn: Turn, person: Person) -> bool:
        query = select(contact_proofs.c.inbox_id).where(
            contact_proofs.c.identity_id == person.identity_id
        )
        return (await connection.execute(query)).scalar_one_or_none() == uuid.UUID(turn.inbox_id)

    async def _proved_by(
        self, connection: AsyncConnection, turn: Turn, person: Person
    ) -> bytes | None:
        """The sealed number that this very message has proved already."""
        query = select(contacts.c.phone_sealed).where(
            contacts.c.identity_id == person.identity_id,
            contacts.c.inbox_id == uuid.UUID(turn.inbox_id),
        )
        found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return found

    async def _count(self, person: Person, phone: str) -> None:
        """Refuses where too many codes went out today; a lost count only starts again."""
        number = self._vault.digest(f"phone:{phone}").hex()
        for key, most in (
            (f"contact:person:{person.identity_id.hex}", A_DAY_PER_PERSON),
            (f"contact:number:{number}", A_DAY_PER_NUMBER),
        ):
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=DAY, nx=True)
                pipe.incr(key)
                _, count = await pipe.execute()
            if count > most:
                raise Refusal("link_too_often")

    async def _send(
        self, connection: AsyncConnection, turn: Turn, person: Person, phone: str
    ) -> None:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        values = {
            "phone_digest": self._vault.digest(f"phone:{phone}"),
            "phone_sealed": self._vault.seal(phone),
            "code_digest": self._vault.digest(f"proof:{phone}:{code}"),
            "tries": 0,
            "inbox_id": uuid.UUID(turn.inbox_id),
            "expires_at": clock.now() + VALID,
        }
        statement = upsert(contact_proofs).values(identity_id=person.identity_id, **values)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["identity_id"], set_=values)
        )
        reader = await self._people.meet(connection, SMS, f"+86{phone}")
        if reader.state != "active":  # the number said so, or is gone
            raise Refusal("link_no_mobile")
        await self._notices.tell(
            connection,
            key=f"contact:{turn.inbox_id}",
            identity_id=reader.identity_id,
            topic=TOPIC,
            text=self._notices.wording.say("link_code", person.language, code=code),
        )

    async def _wrong(self, connection: AsyncConnection, person: Person, tries: int) -> Refusal:
        mine = contact_proofs.c.identity_id == person.identity_id
        await connection.execute(update(contact_proofs).where(mine).values(tries=tries))
        left = TRIES - tries
        return Refusal("link_code_wrong", left=str(left)) if left else Refusal("link_code_over")

    async def _link(
        self, connection: AsyncConnection, turn: Turn, person: Person, phone: str
    ) -> None:
        """The number is this conversation's now, and nobody else's."""
        digest = self._vault.digest(f"phone:{phone}")
        taken = delete(contacts).where(
            (contacts.c.phone_digest == digest) | (contacts.c.identity_id == person.identity_id)
        )
        former = (await connection.execute(taken.returning(contacts.c.identity_id))).scalars().all()
        await connection.execute(
            insert(contacts).values(
                identity_id=person.identity_id,
                phone_digest=digest,
                phone_sealed=self._vault.seal(phone),
                inbox_id=uuid.UUID(turn.inbox_id),
                proved_at=clock.now(),
            )
        )
        mine = contact_proofs.c.identity_id == person.identity_id
        await connection.execute(delete(contact_proofs).where(mine))
        for identity in former:
            if identity != person.identity_id:
                await self._tell_former(connection, turn, identity, mask(phone))

    async def _tell_former(
        self, connection: AsyncConnection, turn: Turn, identity: uuid.UUID, phone: str
    ) -> None:
        query = select(identities.c.language).where(identities.c.id == identity)
        language = (await connection.execute(query)).scalar_one()
        await self._notices.tell(
            connection,
            key=f"contact:{turn.inbox_id}:former",
            identity_id=identity,
            topic="contact",
            text=self._notices.wording.say("link_moved", language, phone=phone),
        )
