"""A photo that an officer sends outside any form: proof of what was mended."""

from __future__ import annotations

from actions.bootstrap import services
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.talk import Talk

MOST_OFFERED = 4


async def offer_as_proof(talk: Talk) -> bool:
    """Offers to keep the photo with a case that this officer holds; False when there is none."""
    person = await services().people.whoami(talk.turn)
    if person.officer is None or talk.entity("media_kind") == "location":
        return False
    listed = await services().cases.open_for_officer(talk.turn)
    held = [case for case in listed if case.mine and Verb.RECTIFY in case.may][:MOST_OFFERED]
    if not held:
        return False
    buttons = [
        button(
            talk.wording("part_as_proof", number=case.number),
            "rectify_case",
            case=case.number,
            attachment=talk.turn.inbox_id,
        )
        for case in held
    ]
    talk.say("photo_from_officer", buttons=buttons)
    return True
