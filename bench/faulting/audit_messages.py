"""Every message that was acknowledged had its effect exactly once, and an end."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.store.tables import case_events, cases, ratings
from bench.faulting.findings import Findings, Verdict
from bench.faulting.log import Said
from bench.faulting.people import Row

RATED = re.compile(
    r"谢谢，记下了：[^。]+。(?!还会有人|Q\d{2}-)|抱歉，没办好|^“[^”]+”已经记下了。", re.MULTILINE
)
# What a citizen is told when a wish was done, by what the table calls it.
WISHES = {
    "rate_result": re.compile(
        r"记下了：[^，。\n]+。(?:还会有人再回访您一次，)?Q\d{2}-|记下了：\S+?，上级看得到。|由上一级来看"
    ),
    "add_facts": re.compile(r"补上了，办 Q\d{2}-"),
    "urge": re.compile(r"已催办 Q\d{2}-"),
    "withdraw": re.compile(r"已撤回，不再办了"),
    "reopen": re.compile(r"Q\d{2}-\d{4,} 已重开，"),
}
DONE_BEFORE = "您刚才那一步已经办好了"  # of whatever the message had done
OPENED = re.compile(r"编号[:：]?\s*(Q\d{2}-\d{4,})")
# What an officer is told when a verb was done, by what the table calls it.
DONE = {
    "accept": "接单成功",
    "call_back": "已回访",
    "verify": "核查结论",
    "rectify": "整改记下了",
    "message": "已告诉群众",
    "answer": "已答复，群众马上收到",
}
_TYPED = dict(zip(("接单", "回访", "核查", "整改", "告诉", "答复"), DONE, strict=True))

_SAID = {"submit", *DONE, *WISHES}


class Effects:
    """What the database did because of each message: by the id of its inbox row."""

    def __init__(self) -> None:
        self.ratings: Counter[uuid.UUID] = Counter()
        self.verbs: defaultdict[uuid.UUID, Counter[str]] = defaultdict(Counter)
        self.numbers: defaultdict[uuid.UUID, set[str]] = defaultdict(set)

    @classmethod
    async def read(cls, connection: AsyncConnection) -> Effects:
        found = cls()
        rated = await connection.execute(select(ratings.c.inbox_id))
        found.ratings.update(rated.scalars())
        query = select(case_events.c.inbox_id, case_events.c.verb, cases.c.number).join(
            cases, cases.c.id == case_events.c.case_id
        )
        for inbox_id, verb, number in (await connection.execute(query)).all():
            found.verbs[inbox_id][verb] += 1
            found.numbers[inbox_id].add(number)
        return found

    def counted(self) -> Counter[str]:
        """How often each was done by somebody's message."""
        found = Counter({"rating": self.ratings.total()})
        for done in self.verbs.values():
            found.update({verb: times for verb, times in done.items() if verb in _SAID})
        return found


def audit_person(
    said: Sequence[Said], rows: Sequence[Row], effects: Effects, findings: Findings
) -> None:
    """Holds one person's log against their inbox rows, and these against what they did."""
    _stored(said, rows, findings)
    when = {one.text: one.posted for one in said}
    for row in rows:
        at = when.get(row.said)
        if row.state not in ("done", "failed"):
            findings.add(Verdict.LOST, f"never ended: {row.id} ({row.state})", at)
        elif row.state == "done":
            _effect(row, effects, findings, at)


def _stored(said: Sequence[Said], rows: Sequence[Row], findings: Findings) -> None:
    """One row for each that was acknowledged; for the others one or none."""
    there = Counter(row.said for row in rows)
    sure, all_of = Counter[str](), Counter[str]()
    for one in said:
        all_of[one.text] += 1
        sure[one.text] += one.taken is not False
    for text, count in all_of.items():
        at = next(one.posted for one in said if one.text == text)
        for _ in range(sure[text] - there[text]):
            findings.add(Verdict.LOST, f"acknowledged, not stored: {text}", at)
        for _ in range(there[text] - count):
            findings.add(Verdict.DOUBLED, f"stored twice: {text}", at)
        for _ in range(min(there[text], count) - sure[text]):
            findings.add(Verdict.UNTOLD, f"stored, not acknowledged: {text}", at)


def _effect(row: Row, effects: Effects, findings: Findings, at: float | None) -> None:
    """What was said was done, once; and nothing was done that was not said."""
    words = "\n".join(row.answer)
    done = effects.verbs[row.id]
    expected = {"rating": int(bool(RATED.search(words))), "submit": int(bool(OPENED.search(words)))}
    happened = {"rating": effects.ratings[row.id], "submit": done["submit"]}
    for wish, told in WISHES.items():
        expected[wish], happened[wish] = int(bool(told.search(words))), done[wish]
    verb = _TYPED.get(row.said.split(" ")[0], "")
    if verb:
        expected[verb], happened[verb] = int(DONE[verb] in words), done[verb]
    if DONE_BEFORE in words:
        expected |= {what: min(1, times) for what, times in happened.items() if what in _SAID}
    for what, times in expected.items():
        if happened[what] < times:
            findings.add(Verdict.LOST, f"told, not done: {what} ({row.id})", at)
        elif happened[what] > times:
            findings.add(Verdict.DOUBLED, f"done, not told: {what} ({row.id}): {words[:80]}", at)
    for number in OPENED.findall(words):
        if number not in effects.numbers[row.id]:
            findings.add(Verdict.BROKEN, f"a number that is no case: {number}", at)
