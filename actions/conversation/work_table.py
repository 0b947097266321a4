"""What is asked of whom does a verb, in order: the declared table of the work in chat. Pure.

A question is asked only when its answer was not in the sentence, the command or the button, and
when its condition holds. `actions/cases/transitions.py` says who may do what; this table only says
how the chat gets what a verb needs. A verb that is worked in chat has its row here, its label
`utter_part_do_<verb>`, its confirmation `utter_done_<verb>` and its example
`utter_part_example_<verb>` in domain/work.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from actions.cases.case import CaseView
from actions.cases.intents import intent_of
from actions.cases.states import Clock, State, Verb
from actions.policy.model import Policy


class Read(StrEnum):
    """How an answer is read."""

    WORDS = "words"  # as it was written
    CHOICE = "choice"  # one of the question's choices, tapped or said
    UNIT = "unit"
    COLLEAGUE = "colleague"
    BADGE = "badge"
    SPAN = "span"
    CASE = "case"
    CODE = "code"  # digits
    SCORE = "score"  # one to five
    PHOTOS = "photos"


class If(StrEnum):
    """When a question is asked at all."""

    ALWAYS = "always"
    REACHED = "the citizen was reached"
    IN_FORM = "the citizen was reached, and the policy's form has it"
    PROVEN = "the policy wants photos of what was mended"


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is what the verb calls the answer; the question is `utter_ask_work_<ask>`.

    `extra`: who has written a line, and left it out of that, is not asked.
    """

    name: str
    read: Read
    ask: str = ""
    choices: tuple[str, ...] = ()
    when: If = If.ALWAYS
    skippable: bool = False
    extra: bool = False

    @property
    def wording(self) -> str:
        return f"ask_work_{self.ask or self.name}"


_YES_NO = ("yes", "no")
FINDINGS = ("substantiated", "partly", "unsubstantiated")
FORM = ("reason", "responsible", "wish", "result")
SCORED = "score:"  # before the name of an aspect
SCORES = ("5", "4", "3", "2", "1")


def _text(ask: str, *, extra: bool = False) -> Question:
    return Question("text", Read.WORDS, ask, skippable=extra, extra=extra)


WORK: dict[Verb, tuple[Question, ...]] = {
    Verb.ACCEPT: (),
    Verb.CALL_BACK: (
        Question("reached", Read.CHOICE, choices=_YES_NO),
        Question("text", Read.WORDS, "call", when=If.REACHED),
        *(Question(name, Read.WORDS, when=If.IN_FORM, skippable=True) for name in FORM),
    ),
    Verb.VERIFY: (Question("finding", Read.CHOICE, choices=FINDINGS), _text("grounds")),
    Verb.RECTIFY: (
        _text("measures"),
        Question("photos", Read.PHOTOS, when=If.PROVEN, skippable=True),
    ),
    Verb.EXPLAIN: (_text("explanation"),),
    Verb.HAND_IN: (_text("hand_in"),),
    Verb.ANSWER: (_text("answer"),),
    Verb.ASK: (_text("question"),),
    Verb.MESSAGE: (_text("message"),),
    Verb.CONTINUE: (),
    Verb.VISIT: (_text("visit"),),
    Verb.CONFIRM_VISIT: (Question("code", Read.CODE),),
    Verb.EXTEND: (Question("span", Read.SPAN), _text("why_longer")),
    Verb.TRANSFER: (Question("unit", Read.UNIT), _text("why_there")),
    Verb.HAND_OVER: (Question("officer", Read.COLLEAGUE, "colleague"),),
    Verb.MERGE: (Question("into", Read.CASE),),
    Verb.REVIEW: (),
    Verb.SEND_BACK: (_text("why_back"),),
    Verb.REVISIT: (
        Question("grade", Read.CHOICE, choices=("satisfied", "basically", "unsatisfied")),
        _text("revisit", extra=True),
    ),
    Verb.CLOSE: (_text("why_closed"),),
    Verb.GRANT: (),
    Verb.DENY: (),
    Verb.DISPATCH: (Question("unit", Read.UNIT, "unit_dispatch"),),
    Verb.NAME_SUBJECT: (Question("officer", Read.BADGE, "badge"),),
    Verb.SUPERVISE: (),
}

# In this order their buttons stand; what need not be done now comes behind what need.
_ORDER = (
    Verb.ACCEPT, Verb.GRANT, Verb.DENY, Verb.REVIEW, Verb.REVISIT, Verb.CONFIRM_VISIT,
    Verb.CALL_BACK, Verb.VERIFY, Verb.RECTIFY, Verb.HAND_IN, Verb.ANSWER, Verb.CONTINUE,
    Verb.SEND_BACK, Verb.CLOSE, Verb.ASK, Verb.EXTEND, Verb.TRANSFER, Verb.MESSAGE, Verb.EXPLAIN,
    Verb.VISIT, Verb.HAND_OVER, Verb.MERGE, Verb.DISPATCH, Verb.SUPERVISE, Verb.NAME_SUBJECT,
)  # fmt: skip
_BEHIND = len(_ORDER)
MAIN = frozenset(_ORDER[: _ORDER.index(Verb.CONTINUE)]) - {Verb.GRANT, Verb.DENY}

_OF_INTENT: dict[str, Verb] = {intent_of(verb): verb for verb in reversed(WORK)}
INTENTS = frozenset(_OF_INTENT)


def verb_of(intent: str, case: CaseView | None = None) -> Verb | None:
    """The verb behind the intent; 答复 is handing in where the policy has it reviewed first."""
    verb = _OF_INTENT.get(intent)
    if verb in (Verb.ANSWER, Verb.HAND_IN):
        reviewed = case is not None and Verb.HAND_IN in case.may
        return Verb.HAND_IN if reviewed else Verb.ANSWER
    return verb


@dataclass(frozen=True, slots=True)
class About:
    """What of a case the questions depend on."""

    kind: str
    state: str


def questions(verb: Verb, given: Mapping[str, Any], case: About, policy: Policy) -> list[Question]:
    """What is still to be asked, in order; a skipped answer is given as empty words."""
    asked = [*WORK[verb], *(_scores(case, policy) if verb is Verb.CALL_BACK else ())]
    return [q for q in asked if q.name not in given and _is_wanted(q, given, case, policy)]


def _is_wanted(question: Question, given: Mapping[str, Any], case: About, policy: Policy) -> bool:
    reached = given.get("reached") == "yes"
    match question.when:
        case If.ALWAYS:
            return True
        case If.REACHED:
            return reached
        case If.IN_FORM:
            return reached and question.name in form_of(case, policy)
        case If.PROVEN:
            wanted = policy.before_answer.photos if case.kind in policy.before_answer.kinds else 0
            return len(given.get("attachments", ())) < wanted


def form_of(case: About, policy: Policy) -> tuple[str, ...]:
    """The fields that the policy wants written down at a call for this case: at a spot check, which
    a closed case is called for, the aspects at most."""
    if case.state == State.CLOSED:
        spot = policy.spot_checks
        return ("aspects",) if spot is not None and spot.aspects and policy.aspects else ()
    rule = policy.callback
    return rule.form if rule is not None and case.kind in rule.kinds else ()


def _scores(case: About, policy: Policy) -> list[Question]:
    """A question for each aspect that the policy has scored at this call."""
    if "aspects" not in form_of(case, policy):
        return []
    return [
        Question(f"{SCORED}{aspect}", Read.SCORE, "score", SCORES, If.REACHED, skippable=True)
        for aspect in policy.aspects
    ]


def complete(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the verb takes them: the scores of the aspects in one."""
    scores = {
        name.removeprefix(SCORED): int(value)
        for name, value in given.items()
        if name.startswith(SCORED) and value
    }
    rest = {name: v for name, v in given.items() if not name.startswith(SCORED)}
    rest.pop("photos", None)  # they are among the attachments
    return {**rest, **({"aspects": scores} if scores else {})}


def steps(case: CaseView, policy: Policy) -> list[Verb]:
    """The verbs possible now that are worked in chat, what should be done first in front."""
    due = {each.clock for each in case.due}
    found = [verb for verb in case.may if verb in WORK]
    return sorted(found, key=lambda verb: _place(verb, case, policy, due))


def _place(verb: Verb, case: CaseView, policy: Policy, due: set[str]) -> int:
    wanted = policy.before_answer
    concerns = case.kind in wanted.kinds
    needed = {
        Verb.CALL_BACK: Clock.CALLBACK in due and case.calls,
        Verb.VERIFY: case.finding is None and concerns and wanted.finding,
        Verb.RECTIFY: case.outcome is None and concerns and bool(wanted.measures or wanted.photos),
        Verb.REVISIT: Clock.REVISIT in due,
        Verb.MERGE: case.links > 0,
    }
    behind = 0 if needed.get(verb, True) else _BEHIND
    return _ORDER.index(verb) + behind


def in_order(verbs: Iterable[str]) -> list[Verb]:
    """Those of the verbs that are worked in chat, as their buttons stand."""
    named = {str(verb) for verb in verbs}
    return [verb for verb in _ORDER if str(verb) in named]
