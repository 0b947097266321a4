"""Working on a case in chat: by button, by command, in plain words.

The table (work_table.py) says what a verb needs. What was said is taken, what is missing is asked,
then the service does it and the officer hears what holds now and what comes next.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Clock, Verb
from actions.conversation.buttons import button
from actions.conversation.cases import due_line, step_label, work_buttons
from actions.conversation.menu import Fallback
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.waiting import send_reply
from actions.conversation.work_ask import DRAFT, begin, choice_label, contact
from actions.conversation.work_case import case_meant
from actions.conversation.work_form import answers_tapped
from actions.conversation.work_kept import SLOT, Kept
from actions.conversation.work_lookup import colleague_in, unit_anywhere, unit_in
from actions.conversation.work_said import answers_behind, answers_in, behind
from actions.conversation.work_table import MAIN, complete, steps, verb_of
from actions.deadlines.explain import say_span
from actions.deadlines.spans import parse_span
from actions.errors import Refusal

SURE = 0.4  # a guess below this is asked back before anything is written
_AGAIN = {
    "span_unread": "span",
    "span_too_long": "span",
    "transfer_same": "unit",
    "transfer_circle": "unit",
    "transfer_far": "unit",
    "transfer_conflict": "unit",
    "colleague_not_here": "officer",
    "colleague_has_it": "officer",
    "badge_not_here": "officer",
    "merge_not_there": "into",
    "merge_closed": "into",
    "visit_code_wrong": "code",
}  # refusals of one answer only: that question is put again
_FIRST = frozenset(
    {"callback_first", "visit_first", "finding_first", "measures_first", "photos_first"}
)
_GIVEN_AWAY = frozenset({Verb.TRANSFER, Verb.DISPATCH, Verb.MERGE, Verb.NAME_SUBJECT})


class WorkOnCase(TurnAction):
    """Every verb of the table."""

    called = "action_work"

    async def act(self, talk: Talk) -> list[Event]:
        kept = Kept.from_slot(talk)
        if kept is not None and kept.ready == talk.turn.inbox_id:
            return await carry_out(talk, kept, in_form=True)
        verb = verb_of(talk.intent)
        if verb is None:
            return []
        person = await services().people.whoami(talk.turn)
        if person.officer is None and _may_be_a_citizens(talk):
            return await Fallback().act(talk)
        return await work_on(talk, verb)


def _may_be_a_citizens(talk: Talk) -> bool:
    """Words that an officer would mean otherwise: 退回 我的押金."""
    said_more = talk.entity("words") is not None and talk.entity("case") is None
    return bool(talk.text) and (talk.confidence < 1 or said_more)


async def work_on(talk: Talk, verb: Verb) -> list[Event]:
    """Begins the verb that the message asks for, with all that the message says already."""
    given, offered = await _given(talk, verb)
    case = await case_meant(talk, verb, given)
    if case is None:
        return []
    verb = verb_of(talk.intent, case) or verb
    if verb not in case.may:
        return await _refused(talk, case, verb, given)
    if given.get("attachments") and case.outcome == "rectified":
        given.setdefault("text", talk.wording("part_more_photos"))
    kept = Kept.of(verb, case, given)
    if verb is Verb.HAND_OVER and talk.text:
        words = str(talk.entity("words") or talk.text)
        kept = kept.with_answers(await colleague_in(talk, kept, words))
    if talk.text and all(question.extra for question in kept.questions()):
        kept = kept.with_answers({question.name: "" for question in kept.questions()})
    if kept.questions():
        return await begin(talk, kept, case, offered=offered)
    if talk.text and talk.confidence < SURE:
        return _ask_back(talk, kept)
    return await carry_out(talk, kept)


async def _given(talk: Talk, verb: Verb) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """What the message says already; and the units that come near where none is sure."""
    if not talk.text:
        return answers_tapped(talk), []
    whole = await talk.whole_text()
    named = verb in (Verb.TRANSFER, Verb.DISPATCH)
    if talk.entity("words"):
        words = behind(whole, talk.text, str(talk.entity("words")))
        return await unit_in(words) if named else (answers_behind(verb, words), [])
    if talk.confidence == 1:
        return {}, []
    return answers_in(verb, whole) | (await unit_anywhere(whole) if named else {}), []


async def _refused(talk: Talk, case: CaseView, verb: Verb, given: dict[str, Any]) -> list[Event]:
    """What the table does not allow: the service says why. A citizen who replies has been asked.

    It does not refuse what this very message did before its turn broke off: that is told then.
    """
    if verb in (Verb.ANSWER, Verb.HAND_IN) and given.get("text"):
        again = await services().cases.touched(talk.turn, Verb.REPLY)
        if Verb.REPLY in case.may or again is not None:
            await send_reply(talk, case.number, str(given["text"]))
            return []
    done = await services().cases.act(talk.turn, case.number, verb, **complete(given))
    await confirm(talk, done, Kept.of(verb, done, given))
    return talk.keep_in_hand(done.number)


def _ask_back(talk: Talk, kept: Kept) -> list[Event]:
    """A guess that is not sure enough is shown before it is done."""
    carried = {"unit_id": kept.given.get("unit"), "said": kept.given.get("text")}
    rest = {n: v for n, v in kept.given.items() if n not in ("unit", "text", "attachments")}
    label = talk.wording(f"part_do_{kept.verb}")
    buttons = [
        button(label, talk.intent, case=kept.number, **carried, **rest),
        button(talk.wording("part_not_meant"), "deny"),
    ]
    talk.say("ask_work_sure", buttons=buttons, number=kept.number, verb=label)
    return []


async def carry_out(talk: Talk, kept: Kept, *, in_form: bool = False) -> list[Event]:
    """Does the verb and says what holds now; an answer that did not fit is asked for again."""
    given = complete(kept.given)
    try:
        case = await services().cases.act(talk.turn, kept.number, kept.verb, **given)
    except Refusal as refusal:
        return await _not_yet(talk, kept, refusal)
    await confirm(talk, case, kept)
    done = [SlotSet(SLOT, None)] if in_form else []
    sent = [SlotSet(DRAFT, None)] if kept.verb in (Verb.ANSWER, Verb.HAND_IN) else []
    return [*done, *sent, *talk.keep_in_hand(case.number)]


async def _not_yet(talk: Talk, kept: Kept, refusal: Refusal) -> list[Event]:
    again = _AGAIN.get(refusal.key)
    if again is not None and again in kept.given:
        case = await services().cases.find(talk.turn, kept.number)
        lead_in = talk.why_not(refusal) + "\n"
        return await begin(talk, kept.without(again).ready_by(""), case, lead_in=lead_in)
    talk.refuse(refusal)
    forgotten = [SlotSet(SLOT, None)] if kept.ready else []
    if refusal.key in _FIRST:
        draft = {"number": kept.number, "text": kept.given["text"]}
        return [*forgotten, SlotSet(DRAFT, draft), *talk.keep_in_hand(kept.number)]
    return forgotten


async def confirm(talk: Talk, case: CaseView, kept: Kept) -> None:
    """What was noted, what runs now and what comes next, with its buttons."""
    key, called_for_them = f"done_{kept.verb}", False
    if kept.verb is Verb.CALL_BACK:
        key = f"done_call_back_{kept.given.get('reached')}"
        rule = services().policy.callback
        called_for_them = not case.mine and rule is not None and rule.by != "unit"
    given_away = kept.verb in _GIVEN_AWAY or called_for_them
    talk.say(
        key,
        buttons=[] if given_away else work_buttons(talk, case),
        number=case.number,
        said=_said(talk, kept),
        contact=contact(talk, case),
        answer_by=talk.date(case.answer_by),
        state=talk.wording(f"part_state_{case.state}"),
        again=await _again(talk, case, kept),
        next="" if given_away else _next(talk, case),
        **await _names(talk, case, kept),
    )


def _said(talk: Talk, kept: Kept) -> str:
    """The words that were noted, in quotes; and how many photos."""
    words = kept.given.get("text") or ""
    photos = len(kept.attachments)
    return "".join(
        [
            talk.wording("part_said", words=words) if words else "",
            talk.wording("part_with_photos", count=photos) if photos else "",
        ]
    )


async def _again(talk: Talk, case: CaseView, kept: Kept) -> str:
    """When to call once more; empty where the citizen was reached or there is no call left."""
    if kept.verb is not Verb.CALL_BACK or kept.given.get("reached") == "yes" or not case.calls:
        return ""
    calls = await services().callbacks.open_for(talk.turn)
    task = next((call for call in calls if call.number == case.number), None)
    if task is None:
        return ""
    most = task.attempts_at_most
    return talk.wording(
        "part_again_at", at=talk.date(task.next_at), nth=task.attempts + 1, most=most
    )


async def _names(talk: Talk, case: CaseView, kept: Kept) -> dict[str, str]:
    """Units, colleagues, findings, grades and spans in words."""
    given, say = kept.given, services().notices.wording.say
    chosen = {
        name: choice_label(talk, name, str(given[name])) if given.get(name) else ""
        for name in ("finding", "grade")
    }
    span = given.get("span")
    return {
        **chosen,
        "span": say_span(parse_span(str(span)), say, talk.language) if span else "",
        "unit": case.unit_label,
        "officer": case.accepted_by,
        "into": case.merged_into,
    }


def _next(talk: Talk, case: CaseView) -> str:
    """The clock that runs out first, and the step that comes next; others' calls are theirs."""
    own = [each for each in case.due if each.clock != Clock.CALLBACK or case.calls]
    due = next((each for each in own if each.at is not None), None)
    lines = [due_line(talk, due)] if due else []
    ahead = next(iter(steps(case, services().policy)), None)
    if ahead in MAIN:
        lines.append(talk.wording("part_next", step=talk.wording(step_label(ahead))))
    return "".join(f"\n{line}" for line in lines)
