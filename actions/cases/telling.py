"""Who hears of what happens to a case, and the notice each of them gets.

The table says who; the sentence for a verb and an audience is `told_<verb>_<audience>` in
`actions/notices/wording/<language>/work.yml`. Where there is none, nobody is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import readers
from actions.cases.card import Card
from actions.cases.intents import intent_of
from actions.cases.kinds import CaseKind
from actions.cases.readers import Reader
from actions.cases.routing import STATION, depth
from actions.cases.rows import CaseRow
from actions.cases.standing import examined_by
from actions.cases.states import Actor, Transition, Verb
from actions.deadlines.explain import say_span
from actions.deadlines.hours import Pair
from actions.deadlines.spans import parse_span
from actions.notices.dates import say_date
from actions.notices.notices import Notices, Offer
from actions.people.people import OfficerView
from actions.people.roles import LEVELS, Role
from actions.policy.model import Policy

_TAKES_UP = frozenset({Verb.DISPATCH, Verb.TRANSFER, Verb.REOPEN, Verb.NAME_SUBJECT})
GRADES = ("satisfied", "basically", "unsatisfied")


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence may use: the verb's own words, and who acted."""

    given: Mapping[str, Any]
    by: OfficerView | None = None


class CaseNotices:
    """The notices about cases. `key` ties each to the event that it tells of."""

    def __init__(self, notices: Notices, card: Card, policy: Policy) -> None:
        self._notices = notices
        self._card = card
        self._policy = policy
        self._say = notices.wording.say

    async def tell(
        self, connection: AsyncConnection, row: CaseRow, step: Transition, key: str, told: Told
    ) -> None:
        """Tells everyone whom the row of the table names; `row` is the case after the verb."""
        if _not_worth_telling(step.verb, told):
            return
        heard: dict[uuid.UUID, tuple[Reader, list[Actor]]] = {}
        for audience in step.tells:
            for reader in await self.audience(connection, row, audience, step.verb):
                if told.by is None or reader.officer_id != told.by.id:  # who did it knows
                    heard.setdefault(reader.identity_id, (reader, []))[1].append(audience)
        for reader, audiences in heard.values():
            await self._one(connection, row, step.verb, audiences, reader, key, told)

    async def audience(
        self, connection: AsyncConnection, row: CaseRow, audience: Actor, verb: Verb
    ) -> list[Reader]:
        """The people behind an audience now; a step further up where there are none."""
        match audience:
            case Actor.CITIZEN:
                return await readers.citizens(connection, row)
            case Actor.OFFICER:
                told = await readers.groups(connection, row) if verb in _TAKES_UP else []
                return told or await readers.of_unit(connection, row)
            case Actor.HOLDER:
                found = await readers.holder(connection, row)
                return found or await readers.of_unit(connection, row)
            case Actor.LEAD:
                return await self.level(connection, row, "lead")
            case Actor.APPROVER:
                return await self.level(connection, row, self._policy.extension.by)
            case Actor.EXAMINER:
                return await self.level(connection, row, examined_by(self._policy))
            case Actor.REVIEWER:
                return await self.level(connection, row, self._reviewers(verb))
            case Actor.CALLER:
                return await self._callers(connection, row, verb)
            case _:
                return []

    async def level(self, connection: AsyncConnection, row: CaseRow, level: str) -> list[Reader]:
        """Those of a level above the case, but not its holder; the centre where there are none."""
        away = [row.accepted_by] if row.accepted_by else []
        found = await readers.nearest(connection, row, {LEVELS[level]}, excluding=away)
        if not found and level != "centre":
            return await readers.nearest(connection, row, {Role.CENTRE}, excluding=away)
        return found

    async def note(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        reader: Reader,
        key: str,
        sentence: str,
        *,
        offers: Sequence[Offer] = (),
        urgent: bool = False,
        **params: str,
    ) -> None:
        """One notice in a sentence of its own, about the case."""
        text = self._say(sentence, reader.language, number=row.number, **params)
        await self._send(connection, row, reader, key, text, offers, urgent=urgent)

    async def later_than_promised(
        self, connection: AsyncConnection, row: CaseRow, answer_by: datetime, key: str
    ) -> None:
        """Tells its citizens by when (aware, UTC) they will hear now."""
        for reader in await readers.citizens(connection, row):
            by = say_date(self._notices.wording, answer_by, reader.language)
            await self.note(
                connection, row, reader, f"{key}:{row.number}", "told_grant_citizen", answer_by=by
            )

    async def alarm(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        reader: Reader,
        key: str,
        text: str,
        offers: Sequence[Offer],
        *,
        urgent: bool,
    ) -> None:
        """One notice of a deadline; an escalation is not held over night."""
        await self._send(connection, row, reader, key, text, offers, urgent=urgent)

    async def digest(self, connection: AsyncConnection, reader: Reader, text: str) -> None:
        """One message instead of many."""
        await self._notices.tell(
            connection,
            key=f"digest:{clock.now():%Y%m%d%H%M%S%f}:{reader.identity_id.hex}",
            identity_id=reader.identity_id,
            topic="digest",
            text=text,
            offers=[Offer(self._say("digest_button", reader.language), "/officer_cases")],
            held=self.quiet(reader),
        )

    async def settle_card(
        self, connection: AsyncConnection, row: CaseRow, verb: Verb, by: OfficerView | None
    ) -> None:
        """Shows on the cards of the case, as it was before the verb, that nothing is to do any more:
        who took it, that it went elsewhere, that it was withdrawn."""
        sentence = _SETTLED.get(verb)
        if sentence is None:
            return
        at = f"{clock.beijing(clock.now()):%H:%M}"
        officer = by.called if by is not None else ""

        def text(language: str) -> str:
            return self._say(sentence, language, number=row.number, officer=officer, at=at)

        await self._notices.revise(connection, card=card_name(row), texts=text)

    @property
    def unit_calls(self) -> bool:
        """Whether it is the unit itself that calls the citizen back."""
        return self._policy.callback is not None and self._policy.callback.by == "unit"

    def quiet(self, reader: Reader) -> bool:
        """Whether this officer is left alone now and told in the morning."""
        if reader.officer_id is None or reader.on_duty or self._policy.hours.quiet is None:
            return False
        return within(self._policy.hours.quiet)

    def read_at(self, reader: Reader) -> datetime:
        """When what is told now will be read (aware): now, or when the quiet hours end."""
        now, hours = clock.beijing(clock.now()), self._policy.hours.quiet
        if hours is None or not self.quiet(reader):
            return now
        days = 0 if now.time() < hours[1] else 1
        return datetime.combine(now.date() + timedelta(days), hours[1], now.tzinfo)

    async def _one(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        verb: Verb,
        audiences: Sequence[Actor],
        reader: Reader,
        key: str,
        told: Told,
    ) -> None:
        """One notice, whatever in: who is asked in two capacities gets the buttons of both."""
        known = [a for a in audiences if self._notices.wording.knows(f"told_{verb}_{a}")]
        if not known:
            return
        audience, language = known[0], reader.language
        sentence = f"told_{verb}_{audience}"
        seen = self.read_at(reader)
        params = self._params(row, language, told, seen)
        if verb in _TAKES_UP and audience is Actor.OFFICER:
            text = await self._card.text(
                connection, row, language, self._say(sentence, language), seen
            )
            name: str | None = card_name(row)
        else:
            text, name = self._say(sentence, language, **params), None
        offers = {o.label: o for a in known for o in self._offers(row, verb, a, reader)}
        await self._send(connection, row, reader, key, text, list(offers.values()), card=name)

    def _params(self, row: CaseRow, language: str, told: Told, seen: datetime) -> dict[str, str]:
        given = {name: str(value) for name, value in told.given.items() if value is not None}
        for name in ("grade", "finding"):
            if name in given:
                given[name] = self._say(f"{name}_{given[name]}", language)
        if "span" in given:
            given["span"] = say_span(parse_span(given["span"]), self._say, language)
        named = self._policy.identity.officer_named and told.by is not None
        officer = told.by.called if named and told.by else self._say("officer_unnamed", language)
        return {
            **given,
            "number": row.number,
            "officer": officer,
            "by": told.by.called if told.by else self._say("by_system", language),
            "answer_by": say_date(
                self._notices.wording, row.answer_by, language, certain=row.certain, seen=seen
            ),
            "rounds": str(row.rounds),
            "after": self._say("now_closed", language) if row.closed_at is not None else "",
        }

    def _offers(self, row: CaseRow, verb: Verb, audience: Actor, reader: Reader) -> list[Offer]:
        if audience is Actor.CITIZEN:
            return self._for_citizen(row, verb, reader)
        if verb in _TAKES_UP and audience is Actor.OFFICER:
            work = "answer" if depth(row.path) >= STATION else "dispatch"
            names = ["accept", "show"] if reader.group else ["accept", work, "show"]
            if row.links_proposed and not reader.group:
                names.insert(2, "links")
            return [self._offer(name, reader, row) for name in names]
        names = _BUTTONS.get((verb, audience), ["show"])
        return [self._offer(name, reader, row) for name in names]

    def _for_citizen(self, row: CaseRow, verb: Verb, reader: Reader) -> list[Offer]:
        number = row.number
        if verb in {Verb.ANSWER, Verb.REVIEW}:
            return [
                Offer(
                    self._say(f"grade_{grade}", reader.language),
                    f'/rate_result{{"case": "{number}", "grade": "{grade}"}}',
                )
                for grade in GRADES
                if grade in self._policy.scale
            ]
        names = {Verb.ASK: ["reply"], Verb.VISIT: ["confirm_visit"]}.get(verb, [])
        return [self._offer(name, reader, row) for name in names]

    def _offer(self, name: str, reader: Reader, row: CaseRow) -> Offer:
        label = self._say(f"button_{name}", reader.language)
        return Offer(label, f'/{intent_of(name)}{{"case": "{row.number}"}}')

    def _reviewers(self, verb: Verb) -> str:
        policy = self._policy
        if verb is Verb.REPORT_TREATMENT and policy.retaliation is not None:
            return policy.retaliation.by
        return examined_by(policy)

    async def _callers(self, connection: AsyncConnection, row: CaseRow, verb: Verb) -> list[Reader]:
        policy, kind = self._policy, CaseKind(row.kind)
        if verb is Verb.DISPATCH:
            wanted = policy.callback is not None and kind in policy.callback.kinds
            if policy.callback is None or not wanted or row.phone_sealed is None:
                return []
            by: str = policy.callback.by
        else:
            if policy.revisit is None or not policy.revisit.concerns(kind, row.outcome):
                return []
            by = policy.revisit.by
        return [] if by == "unit" else await self.level(connection, row, by)

    async def _send(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        reader: Reader,
        key: str,
        text: str,
        offers: Sequence[Offer],
        *,
        card: str | None = None,
        urgent: bool = False,
    ) -> None:
        await self._notices.tell(
            connection,
            key=f"{key}:{reader.identity_id.hex}",
            identity_id=reader.identity_id,
            topic="case",
            text=text,
            offers=offers,
            case_id=row.id,
            card=card,
            held=not urgent and self.quiet(reader),
        )


_SETTLED = {
    Verb.ACCEPT: "card_taken",
    Verb.TRANSFER: "card_moved",
    Verb.DISPATCH: "card_moved",
    Verb.NAME_SUBJECT: "card_moved",
    Verb.MERGE: "card_merged",
    Verb.WITHDRAW: "card_withdrawn",
}
_BUTTONS: dict[tuple[Verb, Actor], list[str]] = {
    (Verb.DISPATCH, Actor.CALLER): ["call_back", "show"],
    (Verb.ANSWER, Actor.CALLER): ["revisit", "show"],
    (Verb.REVIEW, Actor.CALLER): ["revisit", "show"],
    (Verb.HAND_IN, Actor.EXAMINER): ["review", "send_back", "show"],
    (Verb.REVISIT, Actor.EXAMINER): ["send_back", "close", "show"],
    (Verb.RATE_RESULT, Actor.EXAMINER): ["send_back", "close", "show"],
    (Verb.ADD_FACTS, Actor.EXAMINER): ["send_back", "show"],
    (Verb.REOPEN, Actor.REVIEWER): ["show"],
    (Verb.EXTEND, Actor.APPROVER): ["grant", "deny", "show"],
    (Verb.SEND_BACK, Actor.HOLDER): ["rectify", "answer", "show"],
    (Verb.REPLY, Actor.HOLDER): ["show", "answer"],
}


def _not_worth_telling(verb: Verb, told: Told) -> bool:
    """A visit that asks no confirmation; good news from a question asked later."""
    if verb is Verb.VISIT:
        return not told.given.get("code")
    if verb is Verb.CONFIRM_SOLVED:
        return bool(told.given["solved"] == "yes")
    return verb is Verb.REPORT_TREATMENT and bool(told.given["treated"] == "fairly")


def card_name(row: CaseRow) -> str:
    """The card by which a unit was told of a round of the case."""
    return f"case:{row.number}:{row.rounds}:{row.unit_id}"


def within(quiet: Pair, at: Any = None) -> bool:
    """Whether the hours, over midnight or not, hold the Beijing time of the moment (now)."""
    local = clock.beijing(at or clock.now()).time()
    begins, ends = quiet
    return begins <= local < ends if begins <= ends else local >= begins or local < ends
