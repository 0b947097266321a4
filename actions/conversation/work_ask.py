"""Putting a question of the table: its words, what is known around it, and what can be tapped."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.case import CaseView, gist
from actions.cases.intents import intent_of
from actions.conversation.buttons import Button, button
from actions.conversation.forms import REQUESTED, open_form, remember
from actions.conversation.talk import Event, Talk
from actions.conversation.work_kept import Kept
from actions.conversation.work_lookup import colleagues, unit_buttons, units_to_offer
from actions.conversation.work_table import SCORED, About, Question, Read, form_of
from actions.deadlines.explain import say_span
from actions.deadlines.spans import Span, SpanUnit
from actions.policy.values import size

FORM = "work_form"
ANSWER = "work_asked"  # no question is called so: Rasa would say utter_ask_work_asked by itself
DRAFT = "drafted"  # an answer that could not go out yet: {number, text}
_SPANS = tuple(Span(days, SpanUnit.WORKING_DAYS) for days in (1, 2, 3, 5))
MOST_COLLEAGUES = 6


async def begin(
    talk: Talk,
    kept: Kept,
    case: CaseView,
    *,
    offered: list[tuple[int, str]] | None = None,
    lead_in: str = "",
) -> list[Event]:
    """Opens the form at the first question that is left."""
    await put(talk, kept, case, lead_in=lead_in, offered=offered)
    return [
        kept.slot(),
        *remember({"case_in_hand": kept.number}),
        *open_form(talk, FORM, ANSWER, ask=False),
    ]


async def put_again(talk: Talk, kept: Kept, lead_in: str = "", **options: object) -> list[Event]:
    """Puts the first question that is left, inside the open form."""
    await put(talk, kept, None, lead_in=lead_in, **options)  # type: ignore[arg-type]
    return [kept.slot(), SlotSet(REQUESTED, ANSWER)]


async def put(
    talk: Talk,
    kept: Kept,
    case: CaseView | None,
    *,
    lead_in: str = "",
    offered: list[tuple[int, str]] | None = None,
) -> None:
    """Says the first question that is left, with its choices. `offered`: units that were near."""
    left = kept.questions()
    question = left[0]
    if question.read is Read.UNIT and not offered:
        offered = await units_to_offer(kept, case.where if case else "")
    buttons = await _choices(talk, kept, question, offered or [])
    if question.skippable:
        buttons.append(button(talk.wording("part_skip"), "skip"))
        if sum(each.skippable for each in left) > 1:
            buttons.append(button(talk.wording("part_that_is_all"), "skip", choice="rest"))
    talk.say(
        question.wording,
        buttons=buttons,
        lead_in=lead_in,
        number=kept.number,
        contact=contact(talk, case) if case else "",
        script=script(talk, kept),
        unit=kept.unit,
        aspect=_aspect(talk, question),
        most=say_span(
            services().policy.extension.most, services().notices.wording.say, talk.language
        ),
    )


def contact(talk: Talk, case: CaseView) -> str:
    """How the citizen can be reached, as far as this officer may know."""
    if case.escrow and not case.phone:
        return talk.wording("part_reach_escrow")
    if not case.phone:
        return talk.wording("part_no_phone")
    masked = "part_call_masked" if "*" in case.phone else "part_call"
    return talk.wording(masked, phone=case.phone)


def script(talk: Talk, kept: Kept) -> str:
    """What to ask on the phone, numbered: the fields of the policy's form."""
    fields = form_of(About(kept.kind, kept.state), services().policy)
    lines = [talk.wording(f"part_script_{name}") for name in ("open", *fields)]
    return "".join(f"{n}. {line}\n" for n, line in enumerate(lines, 1)) if fields else ""


def _aspect(talk: Talk, question: Question) -> str:
    if not question.name.startswith(SCORED):
        return ""
    return talk.wording(f"part_aspect_{question.name.removeprefix(SCORED)}")


async def _choices(
    talk: Talk, kept: Kept, question: Question, offered: list[tuple[int, str]]
) -> list[Button]:
    intent = intent_of(kept.verb)

    def choice(label: str, **answer: object) -> Button:
        return button(label, intent, case=kept.number, **answer)

    match question.read:
        case Read.CHOICE:
            return [
                choice(choice_label(talk, question.name, value), **{question.name: value})
                for value in question.choices
                if question.name != "grade" or value in services().policy.scale
            ]
        case Read.UNIT:
            return unit_buttons(kept, intent, offered)
        case Read.COLLEAGUE:
            found = await colleagues(talk, kept)
            return [choice(label, officer=o.id) for o, label in found[:MOST_COLLEAGUES]]
        case Read.CASE:
            links = await services().cases.links(talk.turn, kept.number)
            return [choice(link.number, into=link.number) for link in links]
        case Read.SPAN:
            say, most = services().notices.wording.say, size(services().policy.extension.most)
            spans = [span for span in _SPANS if size(span) <= most]
            return [choice(say_span(s, say, talk.language), span=str(s)) for s in spans]
        case Read.SCORE:
            aspect = question.name.removeprefix(SCORED)
            return [choice(score, aspect=aspect, score=score) for score in question.choices]
        case Read.WORDS:
            return _draft(talk, kept, intent)
    return []


def _draft(talk: Talk, kept: Kept, intent: str) -> list[Button]:
    """The answer written before, when something had to be done first."""
    draft = talk.slot(DRAFT) or {}
    if intent != "answer_case" or draft.get("number") != kept.number:
        return []
    label = talk.wording("part_use_draft", words=gist(draft["text"], 12))
    return [button(label, intent, case=kept.number, said=draft["text"])]


def choice_label(talk: Talk, name: str, value: str) -> str:
    """A choice in the words that everything else uses for it too."""
    if name in ("grade", "finding"):
        return talk.term(f"{name}_{value}")
    return talk.wording(f"part_{name}_{value}")
