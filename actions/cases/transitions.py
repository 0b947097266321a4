"""The life of a case as one declared table.

Everything else reads it: the service that moves cases, the clocks, who is told, the verbs a person
is offered, the help, the drawing in docs/states.md, and the test that walks every
state × verb × actor. A new verb is a new row here. Of several rows for a verb in a state the first
one whose condition holds counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from actions.cases.states import HELD, STATES, Actor, Clock, State, Transition, Verb, When

_CITIZEN, _HOLDER, _REVIEWER = Actor.CITIZEN, Actor.HOLDER, Actor.REVIEWER
_OFFICER, _LEAD, _CALLER, _SYSTEM = Actor.OFFICER, Actor.LEAD, Actor.CALLER, Actor.SYSTEM
_EXAMINER, _REVISITOR, _APPROVER = Actor.EXAMINER, Actor.REVISITOR, Actor.APPROVER

OPEN = frozenset(state for state, info in STATES.items() if not info.final)
_WORKED = frozenset({State.DISPATCHED, State.ACCEPTED, State.WAITING})
_ALL = tuple(Clock)
_WORK = (Clock.VERIFY, Clock.RECTIFY, Clock.ANSWER)
_AFTER_CLOSE = (Clock.STAYED, Clock.RETALIATION)


def _row(
    verb: Verb,
    sources: Collection[State],
    to: State | None,
    who: Collection[Actor],
    sentence: str,
    when: When | None = None,
    **rest: Any,
) -> Transition:
    return Transition(verb, frozenset(sources), to, frozenset(who), sentence, when, **rest)


_GIVEN = (
    _row(
        Verb.DISPATCH,
        {State.SUBMITTED},
        State.DISPATCHED,
        {_SYSTEM},
        "The case goes to the unit that the policy's routing names, else to the centre.",
        tells=(_OFFICER, _CALLER),
        starts=(Clock.ACCEPT, Clock.CALLBACK, *_WORK),
    ),
    _row(
        Verb.DISPATCH,
        {*_WORKED, State.REVIEWING, State.MERGED},
        State.DISPATCHED,
        {_REVIEWER},
        "The level above gives it to another unit; a merged case stands by itself again.",
        needs=("unit",),
        tells=(_OFFICER,),
        starts=(Clock.ACCEPT, *_WORK),
        stops=(Clock.ACCEPT, Clock.REVIEW, Clock.CITIZEN, Clock.EXTENSION),
        resumes=_WORK,
    ),
    _row(
        Verb.DISPATCH,
        {State.MERGED},
        State.DISPATCHED,
        {_SYSTEM},
        "The case it was merged into was withdrawn; it stands by itself again.",
        tells=(_OFFICER,),
        starts=(Clock.ACCEPT, *_WORK),
    ),
    _row(
        Verb.ACCEPT,
        {State.DISPATCHED},
        State.ACCEPTED,
        {_OFFICER},
        "The first officer to press takes it; the next is told who was faster.",
        tells=(_CITIZEN,),
        stops=(Clock.ACCEPT,),
    ),
    _row(
        Verb.ACCEPT,
        HELD,
        State.ACCEPTED,
        {_OFFICER},
        "Its holder has left the force; a colleague takes it.",
        when=When.HOLDER_GONE,
        tells=(_CITIZEN,),
        stops=(Clock.CITIZEN,),
        resumes=_WORK,
    ),
    _row(
        Verb.TRANSFER,
        {State.DISPATCHED},
        State.DISPATCHED,
        {_OFFICER},
        "It belongs to another unit of the county, or to the level above. Never in a circle.",
        needs=("unit", "text"),
        tells=(_OFFICER,),
        starts=(Clock.ACCEPT,),
        stops=(Clock.ACCEPT,),
    ),
    _row(
        Verb.TRANSFER,
        {State.ACCEPTED},
        State.DISPATCHED,
        {_HOLDER, _LEAD, _REVIEWER},
        "The same, once somebody holds it.",
        needs=("unit", "text"),
        tells=(_OFFICER,),
        starts=(Clock.ACCEPT,),
        stops=(Clock.EXTENSION,),
    ),
    _row(
        Verb.HAND_OVER,
        HELD,
        None,
        {_HOLDER, _LEAD, _REVIEWER},
        "A colleague of the unit becomes its holder.",
        needs=("officer",),
        tells=(_HOLDER,),
    ),
    _row(
        Verb.NAME_SUBJECT,
        {*_WORKED, State.REVIEWING},
        State.DISPATCHED,
        {_REVIEWER},
        "The officer it is about is named; the case goes above them and their leader.",
        needs=("officer",),
        tells=(_OFFICER,),
        starts=(Clock.ACCEPT, *_WORK),
        stops=(Clock.ACCEPT, Clock.REVIEW, Clock.CITIZEN, Clock.EXTENSION),
        resumes=_WORK,
    ),
    _row(
        Verb.MERGE,
        {State.DISPATCHED},
        State.MERGED,
        {_OFFICER, _REVIEWER},
        "It is the same matter as another open case; one answer goes to everyone.",
        needs=("into",),
        tells=(_CITIZEN,),
        stops=_ALL,
    ),
    _row(
        Verb.MERGE,
        {State.ACCEPTED},
        State.MERGED,
        {_HOLDER, _LEAD, _REVIEWER},
        "The same, once somebody holds it.",
        needs=("into",),
        tells=(_CITIZEN,),
        stops=_ALL,
    ),
)

_WORKING = (
    _row(
        Verb.CALL_BACK,
        _WORKED,
        None,
        {_HOLDER, _CALLER},
        "A call to the citizen: reached or not, and what was said.",
        needs=("reached",),
    ),
    _row(
        Verb.CALL_BACK,
        {State.REVIEWING, State.ANSWERED, State.CLOSED},
        None,
        {_CALLER, _SYSTEM},
        "A call that is still to be made, or one drawn at random for a spot check; by a person, or "
        "by the voice that asks with keys.",
        when=When.CALLBACK_OPEN,
        needs=("reached",),
    ),
    _row(
        Verb.ASK,
        {State.ACCEPTED},
        State.WAITING,
        {_HOLDER},
        "A question to the citizen; the clocks stand still until the reply or its timeout.",
        needs=("text",),
        tells=(_CITIZEN,),
        starts=(Clock.CITIZEN,),
        pauses=_WORK,
    ),
    _row(
        Verb.REPLY,
        {State.WAITING},
        State.ACCEPTED,
        {_CITIZEN},
        "The citizen's reply; the clocks run on.",
        needs=("text",),
        tells=(_HOLDER,),
        stops=(Clock.CITIZEN,),
        resumes=_WORK,
    ),
    _row(
        Verb.CONTINUE,
        {State.WAITING},
        State.ACCEPTED,
        {_HOLDER, _SYSTEM},
        "No reply came in time, or none is needed any more; the work goes on.",
        tells=(_HOLDER,),
        stops=(Clock.CITIZEN,),
        resumes=_WORK,
    ),
    _row(
        Verb.MESSAGE,
        {State.ACCEPTED, State.WAITING, State.ANSWERED},
        None,
        {_HOLDER},
        "A word to the citizen in between.",
        needs=("text",),
        tells=(_CITIZEN,),
    ),
    _row(
        Verb.VISIT,
        {State.ACCEPTED},
        None,
        {_HOLDER, _CALLER},
        "A door visit and its record; the citizen is asked to confirm it.",
        needs=("text",),
        tells=(_CITIZEN,),
    ),
    _row(
        Verb.CONFIRM_VISIT,
        {State.ACCEPTED, State.WAITING, State.REVIEWING, State.ANSWERED},
        None,
        {_CITIZEN, _HOLDER},
        "The citizen confirms the record: by a tap, or by telling the officer the code.",
        when=When.UNCONFIRMED_VISIT,
    ),
    _row(
        Verb.VERIFY,
        {State.ACCEPTED},
        None,
        {_HOLDER, _REVIEWER},
        "What was found: substantiated, partly, or not, and on what grounds.",
        needs=("finding", "text"),
        stops=(Clock.VERIFY,),
    ),
    _row(
        Verb.RECTIFY,
        {State.ACCEPTED},
        None,
        {_HOLDER},
        "What was mended, with photos as proof.",
        needs=("text",),
    ),
    _row(
        Verb.EXPLAIN,
        {State.ACCEPTED},
        None,
        {_HOLDER},
        "It cannot be mended, and why was explained to the citizen.",
        needs=("text",),
    ),
)

_FINISHING = (
    _row(
        Verb.HAND_IN,
        {State.ACCEPTED},
        State.REVIEWING,
        {_HOLDER},
        "The answer, for review by the level above before the citizen gets it.",
        when=When.REVIEWED,
        needs=("text",),
        before=("callback", "visit", "finding", "measures", "photos"),
        tells=(_EXAMINER,),
        starts=(Clock.REVIEW,),
        stops=(Clock.RECTIFY, Clock.VERIFY, Clock.EXTENSION),
    ),
    _row(
        Verb.ANSWER,
        {State.ACCEPTED},
        State.ANSWERED,
        {_HOLDER},
        "The citizen is told what was done and asked to rate it.",
        when=When.UNREVIEWED,
        needs=("text",),
        before=("callback", "visit", "finding", "measures", "photos"),
        tells=(_CITIZEN, _CALLER),
        starts=(Clock.REVISIT, Clock.SILENCE),
        stops=(*_WORK, Clock.EXTENSION),
    ),
    _row(
        Verb.ANSWER,
        {State.MERGED},
        State.ANSWERED,
        {_SYSTEM},
        "The answer of the case it was merged into.",
        needs=("text",),
        tells=(_CITIZEN,),
        starts=(Clock.SILENCE,),
    ),
    _row(
        Verb.REVIEW,
        {State.REVIEWING},
        State.ANSWERED,
        {_EXAMINER},
        "The review is content; the citizen gets the answer and is asked to rate it.",
        when=When.FRESH,
        tells=(_CITIZEN, _HOLDER, _CALLER),
        starts=(Clock.REVISIT, Clock.SILENCE),
        stops=(Clock.REVIEW, Clock.ANSWER),
    ),
    _row(
        Verb.SEND_BACK,
        {State.REVIEWING},
        State.ACCEPTED,
        {_EXAMINER},
        "Not good enough, and why; the holder starts again, and so does the clock.",
        when=When.FRESH,
        needs=("text",),
        tells=(_HOLDER, _LEAD),
        starts=(Clock.RECTIFY, Clock.ANSWER),
        stops=(Clock.REVIEW, Clock.RECTIFY),
    ),
    _row(
        Verb.SEND_BACK,
        {State.REVIEWING, State.ANSWERED},
        State.ACCEPTED,
        {_EXAMINER},
        "The same, and the citizen, who has had the answer, hears that there will be a better one.",
        needs=("text",),
        tells=(_HOLDER, _LEAD, _CITIZEN),
        starts=(Clock.RECTIFY, Clock.ANSWER),
        stops=(Clock.REVIEW, Clock.REVISIT, Clock.SILENCE, Clock.RECTIFY),
    ),
    _row(
        Verb.REVISIT,
        {State.ANSWERED},
        State.CLOSED,
        {_REVISITOR, _SYSTEM},
        "Someone else than who did the work asks the citizen, who is content.",
        when=When.CONTENT,
        needs=("grade",),
        tells=(_HOLDER,),
        stops=_ALL,
        starts=_AFTER_CLOSE,
    ),
    _row(
        Verb.REVISIT,
        {State.ANSWERED},
        State.REVIEWING,
        {_REVISITOR, _SYSTEM},
        "The same, and the citizen is not content: it is sent back, or closed with a reason.",
        when=When.DISPUTED,
        needs=("grade",),
        tells=(_EXAMINER, _HOLDER),
        starts=(Clock.REVIEW,),
        stops=(Clock.REVISIT, Clock.SILENCE),
    ),
    _row(
        Verb.RATE_RESULT,
        {State.ANSWERED},
        State.CLOSED,
        {_CITIZEN},
        "The citizen is content with the result, which closes the case.",
        when=When.CONTENT_SETTLES,
        needs=("grade",),
        tells=(_HOLDER,),
        stops=_ALL,
        starts=_AFTER_CLOSE,
    ),
    _row(
        Verb.RATE_RESULT,
        {State.ANSWERED},
        None,
        {_CITIZEN},
        "The citizen is content; the re-visit is still to come.",
        when=When.CONTENT,
        needs=("grade",),
        tells=(_HOLDER,),
        stops=(Clock.SILENCE,),
    ),
    _row(
        Verb.RATE_RESULT,
        {State.ANSWERED},
        State.CLOSED,
        {_CITIZEN},
        "The citizen is not content, and the policy has no second look: closed, and counted so.",
        when=When.DISPUTED_CLOSES,
        needs=("grade",),
        tells=(_HOLDER,),
        stops=_ALL,
        starts=_AFTER_CLOSE,
    ),
    _row(
        Verb.RATE_RESULT,
        {State.ANSWERED},
        State.REVIEWING,
        {_CITIZEN},
        "The unit says solved, the citizen says not: the level above looks at it.",
        when=When.DISPUTED,
        needs=("grade",),
        tells=(_EXAMINER, _HOLDER),
        starts=(Clock.REVIEW,),
        stops=(Clock.REVISIT, Clock.SILENCE),
    ),
    _row(
        Verb.CLOSE,
        {State.REVIEWING, State.ANSWERED},
        State.CLOSED,
        {_EXAMINER},
        "The level above ends it, and tells the citizen why.",
        needs=("text",),
        tells=(_CITIZEN, _HOLDER),
        stops=_ALL,
        starts=_AFTER_CLOSE,
    ),
    _row(
        Verb.CLOSE,
        {State.ANSWERED},
        State.CLOSED,
        {_SYSTEM},
        "The citizen said nothing for so long: closed as silent, never as satisfied.",
        stops=_ALL,
        starts=_AFTER_CLOSE,
    ),
)

_CITIZENS = (
    _row(
        Verb.REOPEN,
        {State.CLOSED},
        State.DISPATCHED,
        {_CITIZEN},
        "It was not settled after all; the unit starts anew.",
        when=When.MAY_REOPEN,
        needs=("text",),
        tells=(_OFFICER, _REVIEWER),
        starts=(Clock.ACCEPT, *_WORK),
        stops=_ALL,
    ),
    _row(
        Verb.ADD_FACTS,
        OPEN - {State.REVIEWING},
        None,
        {_CITIZEN},
        "The citizen adds words or attachments.",
        needs=("text",),
        tells=(_HOLDER,),
    ),
    _row(
        Verb.ADD_FACTS,
        {State.REVIEWING},
        None,
        {_CITIZEN},
        "The same, before whoever decides on the result has decided.",
        needs=("text",),
        tells=(_EXAMINER, _HOLDER),
    ),
    _row(
        Verb.URGE,
        OPEN - {State.ANSWERED},
        None,
        {_CITIZEN},
        "The citizen asks for speed.",
        when=When.URGES_LEFT,
        tells=(_HOLDER,),
    ),
    _row(
        Verb.WITHDRAW,
        OPEN,
        State.WITHDRAWN,
        {_CITIZEN},
        "The citizen takes the case back.",
        tells=(_HOLDER,),
        stops=_ALL,
    ),
    _row(
        Verb.CONFIRM_SOLVED,
        {State.CLOSED},
        None,
        {_CITIZEN},
        "Asked a month later whether it stayed solved.",
        needs=("solved",),
        tells=(_REVIEWER,),
    ),
    _row(
        Verb.REPORT_TREATMENT,
        {State.CLOSED},
        None,
        {_CITIZEN},
        "Asked later whether anyone let them feel the complaint; only the level above sees it.",
        needs=("treated",),
        tells=(_REVIEWER,),
    ),
)

_TIME = (
    _row(
        Verb.EXTEND,
        HELD,
        None,
        {_HOLDER},
        "More time is asked for, with a reason.",
        when=When.EXTENSION_FREE,
        needs=("span", "text"),
        tells=(_APPROVER,),
        starts=(Clock.EXTENSION,),
    ),
    _row(
        Verb.GRANT,
        HELD,
        None,
        {_APPROVER},
        "The extension is granted; what runs falls due that much later.",
        when=When.EXTENSION_ASKED,
        tells=(_HOLDER, _CITIZEN),
        stops=(Clock.EXTENSION,),
    ),
    _row(
        Verb.DENY,
        HELD,
        None,
        {_APPROVER},
        "The extension is refused; the due time stands.",
        when=When.EXTENSION_ASKED,
        tells=(_HOLDER,),
        stops=(Clock.EXTENSION,),
    ),
    _row(
        Verb.WARN,
        OPEN | {State.CLOSED},
        None,
        {_SYSTEM},
        "Something falls due soon.",
        tells=(_HOLDER,),
    ),
    _row(
        Verb.SUPERVISE,
        OPEN,
        None,
        {_SYSTEM, _REVIEWER},
        "A supervision notice: overdue, or the level above presses.",
        tells=(_HOLDER, _LEAD),
    ),
    _row(
        Verb.ESCALATE,
        OPEN,
        None,
        {_SYSTEM},
        "Overdue for so long that the next level is told.",
    ),
)

TRANSITIONS: tuple[Transition, ...] = (*_GIVEN, *_WORKING, *_FINISHING, *_CITIZENS, *_TIME)

type Holds = Callable[[When], bool]


def rows_for(verb: Verb, state: State) -> list[Transition]:
    """The rows of this verb in this state, whatever their condition."""
    return [row for row in TRANSITIONS if row.verb is verb and state in row.sources]


def transition(
    verb: Verb, state: State, actors: Collection[Actor], holds: Holds
) -> Transition | None:
    """The row that counts: for these actors, the first whose condition holds; else None."""
    for row in rows_for(verb, state):
        if row.who & set(actors) and (row.when is None or holds(row.when)):
            return row
    return None


def who_may(verb: Verb) -> frozenset[Actor]:
    """The capacities in which the verb can be used at all, in whatever state."""
    return frozenset(actor for row in TRANSITIONS if row.verb is verb for actor in row.who)


def possible(state: State, actors: Collection[Actor], holds: Holds) -> list[Verb]:
    """The verbs that someone acting in these capacities may use now, in the table's order."""
    found: dict[Verb, None] = {}
    for row in TRANSITIONS:
        if state not in row.sources or not row.who & set(actors):
            continue
        if row.when is None or holds(row.when):
            found[row.verb] = None
    return list(found)
