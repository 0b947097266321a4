"""What is done about a citizen who could not be reached as often as the policy wants to try."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.callbacks.tasks import Attempted, CallKind
from actions.cases.intents import intent_of
from actions.cases.readers import Reader
from actions.cases.rows import CaseRow
from actions.cases.states import Actor, State, Verb
from actions.cases.telling import CaseNotices
from actions.notices.notices import Offer, Wording
from actions.policy.model import Policy

_CLOSES = frozenset({State.REVIEWING, State.ANSWERED})  # from where the level above may close


class Unreached:
    """The policy's rule for a first call; a re-visit's caller may close with a reason.

    A spot check that reached nobody is only counted.
    """

    def __init__(self, telling: CaseNotices, wording: Wording, policy: Policy) -> None:
        self._telling = telling
        self._wording = wording
        self._policy = policy

    async def tell(self, connection: AsyncConnection, row: CaseRow, done: Attempted) -> None:
        """Tells whoever has to go on now, in the transaction of the last attempt."""
        sentence = self._sentence(done.kind)
        if sentence is None:
            return
        for reader in await self._readers(connection, row, sentence):
            await self._telling.note(
                connection,
                row,
                reader,
                f"unreached:{done.task_id.hex}",
                sentence,
                offers=self._offers(row, reader, sentence),
                count=str(done.attempts),
            )

    def _sentence(self, kind: CallKind) -> str | None:
        if kind is CallKind.REVISIT:
            return "unreached_revisit"
        if kind is CallKind.FIRST and self._policy.callback is not None:
            return f"unreached_{self._policy.callback.unreachable}"
        return None

    async def _readers(
        self, connection: AsyncConnection, row: CaseRow, sentence: str
    ) -> list[Reader]:
        if sentence in ("unreached_close", "unreached_revisit"):
            return await self._telling.audience(connection, row, Actor.EXAMINER, Verb.CLOSE)
        return await self._telling.audience(connection, row, Actor.HOLDER, Verb.CALL_BACK)

    def _offers(self, row: CaseRow, reader: Reader, sentence: str) -> list[Offer]:
        names = ["show"]
        if sentence == "unreached_visit" and row.state == State.ACCEPTED:
            names.insert(0, "visit")
        if sentence in ("unreached_close", "unreached_revisit") and row.state in _CLOSES:
            names.insert(0, "close")
        return [
            Offer(
                self._wording.say(f"unreached_do_{name}", reader.language),
                f'/{intent_of(name)}{{"case": "{row.number}"}}',
            )
            for name in names
        ]
