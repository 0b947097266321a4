"""The auditor sees what was lost and what came twice, and lets pass what is as it should be."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace

import pytest

from bench.faulting.audit_messages import Effects, audit_person
from bench.faulting.audit_notices import KEPT, audit_phone
from bench.faulting.breaking import Broken
from bench.faulting.findings import Findings, Verdict
from bench.faulting.journal import Shown, squeezed
from bench.faulting.log import Log, Said
from bench.faulting.people import Notice, Row
from bench.faulting.report import IN_TIME, late
from bench.faulting.schedule import Fault, Kind, Measures, schedule

ID = uuid.UUID(int=1)
WHO = ("wechat", "陈女士")
THANKS = "谢谢，记下了：满意。"
RATED = Row(ID, "满意", "done", pushed=False, answer=[THANKS])
NOTICE = Notice(ID, "key", "sent", "Q26-0001 有答复了：\n已补办", "customer", "")


def said(text: str = "满意", *, taken: bool = True) -> Said:
    return Said("wechat", "陈女士", "tap", text, posted=1.0, taken=taken)


def effects(ratings: int = 0, verb: str = "", times: int = 0) -> Effects:
    found = Effects()
    found.ratings[ID] = ratings
    if verb:
        found.verbs[ID] = Counter({verb: times})
        found.numbers[ID] = {"Q26-0001"}
    return found


WISHES = {
    "rate_result": "谢谢，记下了：满意。Q26-0001 办结。",
    "add_facts": "补上了，办 Q26-0001 的人看得到。",
    "urge": "已催办 Q26-0001，办的人马上看到。原定明天 18:00 前给您结果。",
    "withdraw": "Q26-0001 已撤回，不再办了。哪天想说，再发“投诉”。",
    "reopen": "Q26-0001 已重开，交南站派出所重新办，明天 18:00 前给您结果。",
}
TAKEN = Row(ID, "接单 Q26-0001", "done", pushed=True, answer=["接单成功：Q26-0001。"])
OPENED = Row(ID, "不留", "done", pushed=False, answer=["收到，编号 Q26-0001。"])

BEFORE = replace(TAKEN, answer=["Q26-0001 您刚才那一步已经办好了，不用再发。"])


@pytest.mark.parametrize(
    ("spoken", "rows", "done", "verdicts"),
    [
        ([said()], [RATED], effects(1), []),
        ([said()], [], effects(), [Verdict.LOST]),
        ([said(taken=False)], [], effects(), []),
        ([said(taken=False)], [RATED], effects(1), [Verdict.UNTOLD]),
        ([said()], [RATED, RATED], effects(1), [Verdict.DOUBLED]),
        ([said()], [RATED], effects(0), [Verdict.LOST]),
        ([said()], [RATED], effects(2), [Verdict.DOUBLED]),
        ([said()], [replace(RATED, state="working")], effects(1), [Verdict.LOST]),
        ([said()], [replace(RATED, answer=["没听懂"])], effects(1), [Verdict.DOUBLED]),
        ([said(TAKEN.said)], [TAKEN], effects(0, "accept", 1), []),
        ([said(TAKEN.said)], [TAKEN], effects(), [Verdict.LOST]),
        ([said(OPENED.said)], [OPENED], effects(0, "submit", 1), []),
        ([said()], [replace(RATED, answer=["“满意”已经记下了。"])], effects(1), []),
        ([said(TAKEN.said)], [BEFORE], effects(0, "accept", 1), []),
        ([said(TAKEN.said)], [BEFORE], effects(0, "accept", 2), [Verdict.DOUBLED]),
        ([said(OPENED.said)], [OPENED], effects(), [Verdict.LOST, Verdict.BROKEN]),
    ],
)
def test_messages_and_their_effects(
    spoken: list[Said], rows: list[Row], done: Effects, verdicts: list[Verdict]
) -> None:
    findings = Findings()
    audit_person(spoken, rows, done, findings)
    assert [one.verdict for one in findings.found] == verdicts


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize(
    ("times", "told", "verdicts"),
    [
        (1, True, []),
        (0, True, [Verdict.LOST]),
        (2, True, [Verdict.DOUBLED]),
        (1, False, [Verdict.DOUBLED]),
    ],
)
def test_wishes_of_citizens(wish: str, times: int, told: bool, verdicts: list[Verdict]) -> None:
    answer = WISHES[wish] if told else "没找到您在办的案件。"
    row = replace(RATED, said="催一下", answer=[answer])
    findings = Findings()
    audit_person([said("催一下")], [row], effects(0, wish, times), findings)
    assert [one.verdict for one in findings.found] == verdicts


def shown(*texts: str) -> list[Shown]:
    return [
        Shown("陈女士", "wechat", "", squeezed(text), at=float(n)) for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("answered", "notices", "texts", "unsure", "verdicts"),
    [
        (True, [], [THANKS], False, []),
        (True, [], [], False, [Verdict.LOST]),
        (False, [], [], False, []),
        (True, [], [THANKS, THANKS], False, [Verdict.DOUBLED]),
        (True, [], [THANKS, THANKS], True, [Verdict.DOUBLED]),
        (True, [NOTICE], [THANKS, NOTICE.text], False, []),
        (True, [NOTICE], [THANKS + "\n\n" + NOTICE.text], False, []),
        (True, [NOTICE], [THANKS], False, [Verdict.LOST]),
        (True, [replace(NOTICE, state="failed")], [THANKS], False, []),
        (True, [NOTICE], [THANKS, NOTICE.text, NOTICE.text], False, [Verdict.DOUBLED]),
        (True, [NOTICE], [THANKS, NOTICE.text, NOTICE.text], True, [Verdict.TWICE]),
        (True, [NOTICE, NOTICE], [THANKS, NOTICE.text, NOTICE.text], False, []),
    ],
)
def test_what_was_to_be_said_and_what_was_shown(
    answered: bool, notices: list[Notice], texts: list[str], unsure: bool, verdicts: list[Verdict]
) -> None:
    findings = Findings()
    rows = [(RATED, answered)]
    audit_phone(WHO, rows, notices, shown(*texts), lambda *_: unsure, findings)
    assert [one.verdict for one in findings.found] == verdicts


@pytest.mark.parametrize(("times", "verdicts"), [(2, []), (3, [Verdict.DOUBLED])])
def test_that_it_is_kept_is_said_once_for_each_message(times: int, verdicts: list[Verdict]) -> None:
    """Once as the answer that somebody waited for, once as a message of its own."""
    text = KEPT + "，系统恢复后马上办，不用重发。"
    waited = replace(RATED, pushed=True, kept=True)
    pushed = replace(waited, id=uuid.UUID(int=2))
    notice = replace(NOTICE, key=f"{pushed.id}:kept", text=text)
    findings = Findings()
    rows, on_phone = [(waited, True), (pushed, True)], shown(*[text] * times)
    audit_phone(WHO, rows, [notice], on_phone, lambda *_: False, findings)
    assert [one.verdict for one in findings.found] == verdicts


def test_late_is_what_takes_long_after_all_is_back() -> None:
    fault = Fault(0, Kind.KILL, "nlu", 5)
    broken = [Broken(fault, began=100.0, back=120.0)]
    at = Said("wechat", "陈女士", "say", "您好", posted=99.0)
    assert not late(replace(at, answered=120.0 + IN_TIME), broken)
    assert late(replace(at, answered=121.0 + IN_TIME), broken)
    assert late(replace(at, posted=200.0, answered=201.0 + IN_TIME), broken)
    assert not late(at, broken)


def test_silence_lasts_until_anything_is_seen() -> None:
    log = Log(ended=50.0)
    assert replace(said(), seen=4.0).silence(log.ended) == 3.0
    assert said().silence(log.ended) == 49.0


def test_a_schedule_is_the_seeds_own_and_has_every_fault_before_any_comes_again() -> None:
    first = schedule(7, 3000, Measures(together=0))
    assert first == schedule(7, 3000, Measures(together=0))
    assert first != schedule(8, 3000, Measures(together=0))
    names = [fault.name for fault in first]
    twice = {f.name for f in first if f.kind in (Kind.KILL, Kind.PAUSE)}
    once = set(names) - twice
    whole = 2 * len(twice) + len(once)
    assert len(names) > whole
    assert Counter(names[:whole]) == {name: 1 + (name in twice) for name in twice | once}
    ends = [fault.after + fault.seconds for fault in first]
    assert all(end < later.after for end, later in zip(ends, first[1:], strict=False))
