"""What an officer can do here, from the table of the work and the transitions: no list of its own."""

from __future__ import annotations

from actions.accountability.standing import HEARS_OF_PROPOSALS, TRIES_RULES
from actions.bootstrap import services
from actions.cases.standing import examined_by, revisited_by
from actions.cases.states import Actor, Verb
from actions.cases.transitions import who_may
from actions.conversation.talk import Talk
from actions.conversation.work_table import WORK
from actions.desk.entry import sources_of
from actions.people.people import OfficerView
from actions.people.roles import AT_OR_ABOVE, HANDLES_CASES, LEVELS, REVIEWS, SEES_FIGURES, Role

_SECTIONS: dict[str, tuple[Verb, ...]] = {
    "take": (Verb.ACCEPT, Verb.TRANSFER, Verb.HAND_OVER),
    "call": (Verb.CALL_BACK, Verb.VISIT),
    "citizen": (Verb.ASK, Verb.MESSAGE, Verb.CONTINUE),
    "work": (Verb.VERIFY, Verb.RECTIFY, Verb.EXPLAIN),
    "finish": (Verb.ANSWER,),
    "time": (Verb.EXTEND, Verb.GRANT, Verb.DENY),
    "review": (Verb.REVIEW, Verb.SEND_BACK, Verb.REVISIT, Verb.CLOSE),
    "above": (Verb.DISPATCH, Verb.SUPERVISE, Verb.NAME_SUBJECT, Verb.MERGE),
}


def actors_of(officer: OfficerView) -> set[Actor]:
    """The capacities in which this officer may ever act on somebody's case."""
    roles = officer.roles or {officer.role}
    found: set[Actor] = set()
    if roles & HANDLES_CASES:
        found |= {Actor.OFFICER, Actor.HOLDER}
    if Role.UNIT_LEAD in roles:
        found.add(Actor.LEAD)
    if roles & REVIEWS:
        found.add(Actor.REVIEWER)
    policy = services().policy
    if roles & AT_OR_ABOVE[LEVELS[examined_by(policy)]]:
        found.add(Actor.EXAMINER)
    if roles & AT_OR_ABOVE[LEVELS[revisited_by(policy)]]:
        found.add(Actor.REVISITOR)
    if roles & AT_OR_ABOVE[LEVELS[policy.extension.by]]:
        found.add(Actor.APPROVER)
    callback = policy.callback
    if callback is not None:
        callers = HANDLES_CASES if callback.by == "unit" else {Role(callback.by)}
        found |= {Actor.CALLER} if roles & callers else set()
    return found


def tell_help(talk: Talk, officer: OfficerView) -> None:
    """A line for each part of the work that is this officer's, with examples to copy."""
    actors = actors_of(officer)
    lines = [
        talk.wording(f"part_help_{section}", examples=_examples(talk, verbs, actors))
        for section, verbs in _SECTIONS.items()
        if any(who_may(verb) & actors for verb in verbs)
    ]
    if sources_of(officer.roles):
        lines.append(talk.wording("part_help_desk").rstrip())
    if officer.role in SEES_FIGURES:
        lines.append(talk.wording("part_help_figures"))
        lines.append(talk.wording("part_help_wall"))
    if services().policy.officer_code is not None:
        lines.append(talk.wording("part_help_invite"))
    lines += _rules_about_units(talk, officer.roles)
    talk.say(
        "help_officer",
        unit=officer.unit_label,
        name=officer.name,
        lines="\n".join(lines),
        look=talk.wording("part_help_look") if actors else "",
    )


def _rules_about_units(talk: Talk, roles: set[Role]) -> list[str]:
    if services().policy.unit_rules is None or not roles & HEARS_OF_PROPOSALS:
        return []
    told = [talk.wording("part_help_proposals")]
    return [*told, talk.wording("part_help_rules")] if roles & TRIES_RULES else told


def _examples(talk: Talk, verbs: tuple[Verb, ...], actors: set[Actor]) -> str:
    named = [
        talk.wording(f"part_example_{verb}")
        for verb in verbs
        if verb in WORK and who_may(verb) & actors
    ]
    return talk.wording("part_between").join(named)
