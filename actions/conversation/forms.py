"""What all forms share: taking an answer, being interrupted, coming back, being left.

A form's `validate_<form>` action runs once per message while the form is open. It takes the answer
and names the next slot; Rasa then asks `utter_ask_<form>_<slot>`, which begins with `{lead_in}`:
"noted", "that number looks wrong", "back to what we were at". A message that is no answer is
rejected, so that the rule of its intent replies, after which Rasa runs the form again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import (
    ActionExecutionRejected,
    ActiveLoop,
    FollowupAction,
    SlotSet,
)

from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.work_table import INTENTS as WORK

LISTEN = "action_listen"
REQUESTED = "requested_slot"

ASKS_BESIDE = frozenset(
    [
        "my_cases",
        "case_progress",
        "help",
        "hand_over",
        "switch_language",
        "urge",
        "greet",
        "thanks",
        "out_of_scope",
        "show_case",
        "officer_cases",
        "stats",
        "rank",
        "trend",
        "overdue",
        "query_again",
        "bind",
        "accept_case",
        "rate_result",
        "confirm_solved",
        "start",
        "why_due",
        "history_case",
        "callbacks",
        "draws",
        "work_figures",
        "reveals",
        "desk_page",
        "wall",
        "call_script",
        "bulletin_files",
        "invite",
        "coverage",
        "follow_invitations",
        "proposals",
        "compare_proposal",
        "try_rules",
    ]
)  # answered in between, without leaving the form
OPENS_ELSE = frozenset(
    [
        "rate",
        "scan",
        "grade",
        "complain",
        "suggest",
        "ask_help",
        "praise",
        "add_facts",
        "withdraw",
        "reply_officer",
        "reopen_case",
        "report_treatment",
        "link_number",
        "unlink_number",
        "opt_out",
        "forget_me",
        "record_for",
        "adopt_proposal",
        "decline_proposal",
    ]
) | (WORK - ASKS_BESIDE)  # begins something of its own
_IN_ONE_LINE = frozenset({"add_facts", "reply_officer", "reopen_case"})
_TELLS = frozenset({"what", "detail"})  # the slots that hold what happened, in free words
DANGERS = frozenset({"danger", "self_harm"})
SURE = 0.65  # from here the classifier's word counts against a form's open question
SHORT = 30  # characters; what is longer answers the question


class FormStep(TurnAction):
    """Base of the `validate_<form>` actions."""

    form = ""
    gives_way = False

    def name(self) -> str:
        return f"validate_{self.form}"

    async def act(self, talk: Talk) -> list[Event]:
        asked = talk.slot(REQUESTED)
        if asked is None:
            return await self.begin(talk)
        if _has_acted(talk, self.form):
            return await self.come_back(talk, asked)
        if talk.slot("paused") and talk.entity("media_kind") == "location":
            return []
        if talk.slot("paused"):
            events = await self.come_back(talk, asked, "part_paused")
            return [SlotSet("paused", None), *events]
        return await self.answered(talk, asked)

    async def begin(self, talk: Talk) -> list[Event]:
        """The form has just been opened by a rule."""
        return self.next(talk, {})

    async def come_back(self, talk: Talk, asked: str, lead: str = "part_again") -> list[Event]:
        """Something else was answered in between: asks the open question again."""
        return self.next(talk, {}, lead_in=talk.wording(lead), asking=asked)

    @abstractmethod
    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        """Takes the message as the answer to `asked`, or returns [] to have its rule reply."""

    @abstractmethod
    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        """Remembers what is filled and asks the next thing (`asking`, if given)."""

    def leave(self, **slots: Any) -> list[Event]:
        """Closes the form without a word; the rule of the message's intent replies."""
        return [
            ActionExecutionRejected(self.form),
            ActiveLoop(None),
            SlotSet(REQUESTED, None),
            *(SlotSet(name, value) for name, value in slots.items()),
        ]


def remember(filled: Mapping[str, Any]) -> list[Event]:
    return [SlotSet(name, value) for name, value in filled.items()]


def open_form(talk: Talk, form: str, slot: str, *, ask: bool = True) -> list[Event]:
    """Opens a form at its first question, asked here: saves a turn of the wheel."""
    if ask:
        talk.ask(f"ask_{form}_{slot}")
    return [ActiveLoop(form), SlotSet(REQUESTED, slot), FollowupAction(LISTEN)]


def hold(talk: Talk) -> list[Event]:
    """Ends the turn here; an open form keeps its question for later."""
    loop = (talk.tracker.active_loop or {}).get("name")
    return [*([ActiveLoop(loop)] if loop else []), FollowupAction(LISTEN)]


def beside(talk: Talk, asked: str = "") -> bool:
    """Whether the message plainly asks for something else than the form does.

    A question may be the very matter that is told, but it is no time, place or number.
    """
    if talk.intent in DANGERS or _one_line(talk):
        return True
    if talk.intent not in ASKS_BESIDE and (talk.intent != "ask_question" or asked in _TELLS):
        return False
    return (
        not talk.text
        or talk.confidence == 1
        or (talk.confidence >= SURE and len(talk.text) <= SHORT)
    )


def _one_line(talk: Talk) -> bool:
    """A command that names its case and says all: done in between."""
    said_all = talk.entity("case") and talk.entity("words")
    return talk.confidence == 1 and talk.intent in _IN_ONE_LINE and bool(said_all)


def tapped(talk: Talk) -> bool:
    """A structured intent: a tap or an event, not words."""
    return not talk.text


def opens_else(talk: Talk) -> bool:
    """A tap or a plain command that begins something of its own; an officer's names its case."""
    if talk.intent in WORK and not tapped(talk):
        return talk.confidence == 1 and talk.entity("case") is not None
    return talk.intent in OPENS_ELSE and (tapped(talk) or talk.confidence == 1)


def _has_acted(talk: Talk, form: str) -> bool:
    """Whether some action has replied since the person's last message."""
    for event in reversed(talk.tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] not in {form, None}:
            return True
    return False
