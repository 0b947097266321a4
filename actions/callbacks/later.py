"""Questions to the citizen long after a case was closed: whether it stayed solved, how they fared."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases import readers
from actions.cases.rows import CaseRow
from actions.cases.states import Clock, State
from actions.notices.notices import Notices, Offer
from actions.policy.model import Policy

LATER_ANSWERS = {
    Clock.STAYED: ("confirm_solved", "solved", ("yes", "no")),
    Clock.RETALIATION: ("report_treatment", "treated", ("fairly", "badly")),
}


class Later:
    def __init__(self, notices: Notices, policy: Policy) -> None:
        self._notices = notices
        self._policy = policy

    async def ask(
        self, connection: AsyncConnection, row: CaseRow, clock: Clock, *, stage: int = 0
    ) -> None:
        """Asks whoever opened or follows the case, with a button for each answer.

        `clock` is STAYED or RETALIATION; `stage` counts the times that it is asked. Nobody is asked
        about a case that is not closed any more or was withdrawn.
        """
        if row.state != State.CLOSED:
            return
        for reader in await readers.citizens(connection, row):
            await self._notices.tell(
                connection,
                key=f"later:{row.id.hex}:{clock}:{stage}:{row.reopened}:{reader.identity_id.hex}",
                identity_id=reader.identity_id,
                topic="case",
                text=self._question(row, clock, reader.language),
                offers=self._offers(row, clock, reader.language),
                case_id=row.id,
            )

    def _question(self, row: CaseRow, clock: Clock, language: str) -> str:
        """The question; about their treatment, with who alone will see the answer."""
        rule = self._policy.retaliation
        by_centre = clock is Clock.RETALIATION and rule is not None and rule.by == "centre"
        sentence = "later_retaliation_centre" if by_centre else f"later_{clock}"
        return self._notices.wording.say(sentence, language, number=row.number)

    def _offers(self, row: CaseRow, clock: Clock, language: str) -> list[Offer]:
        intent, name, answers = LATER_ANSWERS[clock]
        return [
            Offer(
                self._notices.wording.say(f"later_{clock}_{answer}", language),
                f'/{intent}{{"case": "{row.number}", "{name}": "{answer}"}}',
            )
            for answer in answers
        ]
