"""What somebody whose channel proves nothing may do with a case of theirs, and what they see of it.

They may give a result its first grade, and say what was wrong: until somebody has taken the case,
and while the level above looks at a disputed result. They may answer what we ask them ourselves
after it was closed: whether it stayed solved, and how they were treated. Whatever else they ask is
refused before any case is looked for: the answer is the same for a case of theirs, of others, and
one that does not exist.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from actions.cases.case import CaseView
from actions.cases.rows import CaseRow
from actions.cases.states import State, Verb
from actions.errors import Refusal
from actions.people.people import Person

KEY = "channel_unproven"
_HEARD = frozenset({State.DISPATCHED, State.REVIEWING})  # where what was wrong is still to be said
_ASKED_LATER = frozenset({Verb.CONFIRM_SOLVED, Verb.REPORT_TREATMENT})


def refuse(person: Person) -> None:
    """Raises Refusal for somebody whose channel does not prove who they are."""
    if not person.proven:
        raise Refusal(KEY)


def allow(person: Person, row: CaseRow, verb: Verb, *, again: bool) -> None:
    """Raises Refusal, always the same, unless this is one of the few things they may do.

    `row` may be None: there is no such case. `again`: this message has done it before.
    """
    if person.proven:
        return
    own = row is not None and row.identity_id == person.identity_id
    first_grade = own and verb is Verb.RATE_RESULT and (again or row.result_grade is None)
    what_was_wrong = own and verb is Verb.ADD_FACTS and (again or row.state in _HEARD)
    asked_later = own and verb in _ASKED_LATER and row.state == State.CLOSED
    if not (first_grade or what_was_wrong or asked_later):
        raise Refusal(KEY)


@contextlib.contextmanager
def hushed(person: Person) -> Iterator[None]:
    """Why something cannot be done is not said either."""
    try:
        yield
    except Refusal:
        refuse(person)
        raise


def bare(view: CaseView) -> CaseView:
    """The case without anything that was told, found or answered, and with nothing to do but rate."""
    return replace(
        view,
        unit_label="",
        gist="",
        what="",
        when="",
        where="",
        who="",
        reason=None,
        phone="",
        attachments=0,
        answer="",
        question="",
        accepted_by="",
        merged_into="",
        due=[],
        may=[verb for verb in view.may if verb is Verb.RATE_RESULT],
    )
