"""The month's round: each rule once for each finished month, made up for after a standstill.

A rule that has never been looked at begins with the latest finished month: a new rule proposes
nothing about the past; the dry run shows that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.accountability.evaluation import Evaluation, Outcome
from actions.accountability.evidence import evidence, plain, plain_evaluation
from actions.accountability.looking import look
from actions.accountability.months import last_finished, months_between
from actions.accountability.notices import New, ProposalNotices
from actions.accountability.rule import Rule
from actions.accountability.terms import formula_of, grace_of, rules_of
from actions.org.org import Org, Tree
from actions.policy.model import Policy
from actions.store.engine import reading
from actions.store.tables import proposal_events, proposals, rule_evaluations

MADE_UP_FOR = 12  # months at most


@dataclass(frozen=True, slots=True)
class Made:
    """Rules × months evaluated, proposals made, chats told."""

    evaluated: int = 0
    proposed: int = 0
    told: int = 0

    def __add__(self, other: Made) -> Made:
        return Made(
            self.evaluated + other.evaluated,
            self.proposed + other.proposed,
            self.told + other.told,
        )


class Monthly:
    def __init__(
        self, engine: AsyncEngine, org: Org, policy: Policy, notices: ProposalNotices
    ) -> None:
        self._engine = engine
        self._org = org
        self._policy = policy
        self._notices = notices

    async def run(self, now: datetime | None = None) -> Made:
        """Evaluates what is due. May be called at any time, however often, by several at once."""
        made = Made()
        rules = rules_of(self._policy)
        if not rules:
            return made
        last = last_finished(now or clock.now(), grace_of(self._policy))
        for rule in rules:
            for month in await self._due(rule, last):
                async with self._engine.begin() as connection:
                    made += await self._evaluate(connection, rule, month)
        return made

    async def _due(self, rule: Rule, last: date) -> list[date]:
        """The months that nobody has evaluated yet, the earliest first."""
        query = select(func.max(rule_evaluations.c.period)).where(
            rule_evaluations.c.rule == rule.name
        )
        async with reading(self._engine) as connection:
            seen = (await connection.execute(query)).scalar_one()
        if seen is None:
            return [last]
        return [each for each in months_between(seen, last) if each > seen][-MADE_UP_FOR:]

    async def _evaluate(self, connection: AsyncConnection, rule: Rule, month: date) -> Made:
        """Nothing when another worker was faster."""
        tree = await self._org.tree(connection)
        as_of = clock.now()
        (found,) = await look(connection, tree, rule, formula_of(self._policy), [month])
        statement = (
            upsert(rule_evaluations)
            .values(
                id=clock.new_id(),
                rule=rule.name,
                period=month,
                evidence=plain_evaluation(found, as_of),
                evaluated_at=as_of,
            )
            .on_conflict_do_nothing(index_elements=["rule", "period"])
            .returning(rule_evaluations.c.id)
        )
        evaluation_id = (await connection.execute(statement)).scalar_one_or_none()
        if evaluation_id is None:
            return Made()
        new = await _propose(connection, evaluation_id, found, tree, as_of)
        told = await self._notices.tell(connection, evaluation_id, rule, month, new)
        return Made(1, len(new), told)


async def _propose(
    connection: AsyncConnection,
    evaluation_id: object,
    found: Evaluation,
    tree: Tree,
    as_of: datetime,
) -> Sequence[New]:
    new = []
    for verdict in found.of(Outcome.PROPOSED):
        values = {
            "evaluation_id": evaluation_id,
            "rule": found.rule.name,
            "unit_id": verdict.unit_id,
            "period": found.month,
            "level": found.rule.to,
            "evidence": plain(evidence(found, verdict, as_of)),
            "proposed_at": as_of,
        }
        statement = insert(proposals).values(values).returning(proposals.c.number)
        number = (await connection.execute(statement)).scalar_one()
        event = {"number": number, "at": as_of, "verb": "proposed"}
        await connection.execute(insert(proposal_events).values(event))
        new.append(New(number, tree.units[verdict.unit_id]))
    return new
