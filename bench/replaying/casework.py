"""The officers' part: every case from its acceptance to the citizen's last word, by the verbs.

Each case gets its days when it is opened, by lot from the recorded seed: when it is taken, whether
the inspector reaches the citizen, what is found, whether what was mended was mended on paper only.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, literal, select

from actions import clock
from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.errors import Refusal
from actions.people.roles import HANDLES_CASES
from actions.store.tables import cases, identities, officers, posts, units
from actions.turn import Turn

AT_ONCE = 6
INSPECTOR = "Y00004"
FINDINGS = (("substantiated", 55), ("partly", 15), ("unsubstantiated", 30))
FALSE_RECTIFICATION, UNREACHED, RATED, DISPUTED = 0.08, 0.1, 0.4, 0.04  # shares
MENDED = (
    "已向当事人致歉，窗口备好一次性告知单",
    "调整班次，中午加开一个窗口",
    "业务差错已更正并补发",
)
EXPLAINED = "手续按规定须本人到场，已当面解释，群众表示理解"


@dataclass(frozen=True, slots=True)
class Step:
    """A verb on a half day (two each day, counted from the first), by whom, with what."""

    half: int
    who: str  # officer, inspector or citizen
    verb: Verb
    given: dict[str, Any]


@dataclass(slots=True)
class Course:
    """A case and what is still to happen to it."""

    number: str
    chats: list[str]  # of those who may take it, in the order they try
    citizen: str
    steps: list[Step] = field(default_factory=list)
    taken_by: str = ""


class Casework:
    """`did` counts what was done; `wrong` keeps a few refusals that nobody expected."""

    def __init__(self, services: Services, chats: dict[str, str], seed: int) -> None:
        self._services = services
        self._chats = chats
        self._chance = random.Random(seed)
        self._known: set[uuid.UUID] = set()
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._open: list[Course] = []
        self.did: Counter[str] = Counter()
        self.wrong: list[str] = []

    @property
    def open(self) -> int:
        """How many cases still have something before them."""
        return len(self._open)

    async def take_up(self, half: int) -> None:
        """Gives every new case its days, from this half day on."""
        async with self._services.engine.connect() as connection:
            query = (
                select(cases.c.id, cases.c.number, units.c.path, identities.c.conversation)
                .join(units, units.c.id == cases.c.unit_id)
                .join(identities, identities.c.id == cases.c.identity_id)
                .where(cases.c.created_at >= self._looked)
                .order_by(cases.c.number)
            )
            self._looked = clock.now()
            found = (await connection.execute(query)).all()
            for row in found:
                if row.id not in self._known:
                    self._known.add(row.id)
                    chats = await self._who_may(connection, row.path)
                    course = Course(row.number, chats, row.conversation)
                    course.steps = list(days(self._chance, half))
                    self._open.append(course)

    async def _who_may(self, connection: Any, path: str) -> list[str]:
        """The chats of those who handle the unit's cases, the nearest first."""
        query = (
            select(officers.c.badge)
            .join(posts, posts.c.officer_id == officers.c.id)
            .join(units, units.c.id == posts.c.unit_id)
            .where(literal(path).startswith(units.c.path), posts.c.role.in_(HANDLES_CASES))
            .order_by(func.length(units.c.path).desc(), posts.c.role, officers.c.badge)
        )
        badges = (await connection.execute(query)).scalars()
        return [self._chats[badge] for badge in badges]

    async def work(self, half: int) -> None:
        """Does what is due by this half day, some cases at once."""
        waiting = iter(self._open)

        async def some() -> None:
            for course in waiting:
                while course.steps and course.steps[0].half <= half:
                    await self._do(course, course.steps.pop(0))

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        self._open = [course for course in self._open if course.steps]

    async def _do(self, course: Course, step: Step) -> None:
        for chat in self._actors(course, step):
            try:
                turn = Turn(chat, str(clock.new_id()))
                await self._services.cases.act(turn, course.number, step.verb, **step.given)
            except Refusal as refusal:
                reason = f"{course.number} {step.verb}: {refusal.key}"
            else:
                course.taken_by = chat if step.verb is Verb.ACCEPT else course.taken_by
                self.did[_name(step)] += 1
                return
        self.did["refused"] += 1
        self.wrong = [*self.wrong, reason][:12]

    def _actors(self, course: Course, step: Step) -> Sequence[str]:
        if step.verb is Verb.ACCEPT:
            return course.chats
        who = {"inspector": self._chats[INSPECTOR], "citizen": course.citizen}
        return [who.get(step.who, course.taken_by)]


def _name(step: Step) -> str:
    return f"{step.verb}{'' if step.given.get('reached', 'yes') == 'yes' else ', nobody there'}"


def days(chance: random.Random, half: int) -> Sequence[Step]:
    """A case's days from this half day on: the officer, the inspector, perhaps the citizen."""
    found: list[Step] = []
    finding = chance.choices([name for name, _ in FINDINGS], [n for _, n in FINDINGS])[0]

    def add(later: int, who: str, verb: Verb, **given: Any) -> None:
        nonlocal half
        half += later
        found.append(Step(half, who, verb, given))

    def mends() -> None:
        if finding == "unsubstantiated":
            add(chance.randrange(1, 3), "officer", Verb.EXPLAIN, text=EXPLAINED)
        else:
            add(chance.randrange(1, 3), "officer", Verb.RECTIFY, text=chance.choice(MENDED))
        add(0, "officer", Verb.HAND_IN, text="情况已查清，给您添麻烦了，详情见整改措施。")

    add(chance.randrange(2), "officer", Verb.ACCEPT)
    if chance.random() < UNREACHED:
        add(chance.randrange(1, 2), "inspector", Verb.CALL_BACK, reached="no")
    add(chance.randrange(1, 2), "inspector", Verb.CALL_BACK, **_said())
    add(
        chance.randrange(1, 3), "officer", Verb.VERIFY, finding=finding, text="调取录像并询问当事人"
    )
    mends()
    if finding != "unsubstantiated" and chance.random() < FALSE_RECTIFICATION:
        add(1, "inspector", Verb.SEND_BACK, text="到现场看了，没有落实，是虚假整改，重新办")
        mends()
    add(chance.randrange(1, 3), "inspector", Verb.REVIEW)
    lot = chance.random()
    if lot < DISPUTED:
        add(1, "citizen", Verb.RATE_RESULT, grade="unsatisfied")
        add(1, "inspector", Verb.SEND_BACK, text="群众还不认可，请再上门")
        mends()
        add(1, "inspector", Verb.REVIEW)
    elif lot < RATED:
        grade = "satisfied" if chance.random() < 0.8 else "basically"
        add(chance.randrange(1, 6), "citizen", Verb.RATE_RESULT, grade=grade)
    return found


def _said() -> dict[str, str]:
    """What the inspector writes down."""
    return {
        "reached": "yes",
        "text": "群众说跑了几趟，没有人一次讲清",
        "reason": "沟通不畅",
        "responsible": "受理环节",
        "wish": "一次讲清要带什么",
        "result": "核实整改后答复",
    }
