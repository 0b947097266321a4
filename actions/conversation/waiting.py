"""Words that answer no question of this chat, while somebody waits for the citizen's word.

An officer's question, or the record of a visit, reaches the citizen as a notice: the dialogue does
not know of it. What is then written plainly, without a tap or a command, is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.promise import promised
from actions.errors import Refusal

if TYPE_CHECKING:
    from actions.conversation.talk import Talk

ONLY_A_PHOTO = "📎"  # what is said of a photo without words
UNSURE_BELOW = 0.65  # the classifier's word counts from here
_ALARMS = frozenset({"danger", "self_harm"})


def unsure(talk: Talk) -> bool:
    """Whether the intent is a guess that the words may well not mean."""
    return bool(talk.text) and talk.confidence < UNSURE_BELOW and talk.intent not in _ALARMS


async def taken_as_awaited(talk: Talk, *, said: str = "replied", opening: bool = False) -> bool:
    """Whether the words were passed on to whoever waits for them; that has then been told.

    `opening`: a form is about to open because of them. Raises Refusal where it is too late.
    """
    asked, visited = await awaiting(talk, opening=opening)
    if asked is not None:
        await send_reply(talk, asked.number, await talk.whole_text(), said=said)
    elif visited is not None:
        await add_facts(talk, visited.number, await talk.whole_text())
        talk.say("facts_added", number=visited.number)
    return asked is not None or visited is not None


async def awaiting(talk: Talk, *, opening: bool = False) -> tuple[CaseView | None, CaseView | None]:
    """The case whose officer asked something, and the one with a visit to be confirmed.

    None where there are several, and where the words are not free: in a form, or with a case named.
    An officer's words are their work: they tap, or name their own case. In a channel that proves
    nothing there is no such case.
    """
    if not _free_words(talk) or (_in_form(talk) and not opening):
        return None, None
    person = await services().people.whoami(talk.turn)
    if person.officer is not None or not person.proven:
        return None, None
    return await awaiting_word(talk)


async def awaiting_word(talk: Talk) -> tuple[CaseView | None, CaseView | None]:
    """The same, whatever the message is. What it has answered before its turn broke off counts."""
    found = [
        await services().cases.touched(talk.turn, each) for each in (Verb.REPLY, Verb.CONFIRM_VISIT)
    ]
    if any(found):
        return found[0], found[1]
    mine = await services().cases.mine(talk.turn)
    return _only(mine, Verb.REPLY), _only(mine, Verb.CONFIRM_VISIT)


async def send_reply(
    talk: Talk, number: str, words: str, photos: Sequence[str] = (), *, said: str = "replied"
) -> None:
    """Passes it on and says so; added to the case where nobody waits for it any more."""
    try:
        case = await services().cases.act(
            talk.turn, number, Verb.REPLY, text=words or ONLY_A_PHOTO, attachments=list(photos)
        )
    except Refusal as refusal:
        if Verb.ADD_FACTS not in refusal.may:
            raise
        await add_facts(talk, number, words, photos)
        talk.say("reply_added", number=number)
    else:
        talk.say(said, number=case.number, answer_by=promised(talk, case))


async def add_facts(talk: Talk, number: str, words: str, attached: Sequence[str] = ()) -> CaseView:
    """Adds these words and attachments (inbox ids) to the case. Raises Refusal."""
    return await services().cases.act(
        talk.turn, number, Verb.ADD_FACTS, text=words or ONLY_A_PHOTO, attachments=list(attached)
    )


async def confirm_visit(talk: Talk, number: str) -> None:
    """Confirms the record of the visit and says so. Raises Refusal where none waits."""
    case = await services().cases.act(talk.turn, number, Verb.CONFIRM_VISIT)
    talk.say("visit_confirmed", number=case.number)


def _free_words(talk: Talk) -> bool:
    named = talk.entity("case") or talk.entity("code")
    return any(char.isalnum() for char in talk.text) and not named


def _in_form(talk: Talk) -> bool:
    """Whether a form is open, or was until this message."""
    if (talk.tracker.active_loop or {}).get("name"):
        return True
    for event in reversed(talk.tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "active_loop":
            return True
    return False


def _only(cases: list[CaseView], verb: Verb) -> CaseView | None:
    found = [case for case in cases if verb in case.may]
    return found[0] if len(found) == 1 else None
