"""A phone number to call back, or the wish to leave none; who will see it is said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.bootstrap import services
from actions.cases.kinds import CaseKind
from actions.conversation.talk import Event, Talk, TurnAction
from actions.phones import find_phones
from actions.policy.model import Policy

CONTACT = "contact"
_ANONYMOUS = ("匿名", "不想留名", "不留名", "anonym")
_NONE = ("不留", "不用", "不要", "没有", "不想留", "不方便", "跳过", "算了不留", "skip", "no")


@dataclass(frozen=True, slots=True)
class Contact:
    """`value` None: it was meant as a number and is none; `lead_in` says so."""

    value: dict[str, Any] | None
    lead_in: str = ""


def take_contact(talk: Talk) -> Contact | None:
    """What the message says about being called back; None when it speaks of something else."""
    if talk.intent == "anonymous":
        return Contact({"anonymous": True})
    if talk.intent in {"skip", "deny"}:
        return Contact({})
    words = talk.text.casefold()
    phones = find_phones(words)
    if phones:
        return Contact({"phone": phones[0].number})
    if any(word in words for word in _ANONYMOUS):
        return Contact({"anonymous": True})
    if sum(char.isdecimal() for char in words) >= 5 and talk.intent != "case_progress":
        return Contact(None, talk.wording("part_phone_wrong"))
    if words and len(words) <= 12 and any(words.startswith(word) for word in _NONE):
        return Contact({})
    return None


def wishes_anonymity(text: str) -> bool:
    """Whether these few words ask for nothing but to stay anonymous."""
    words = text.casefold().strip(" 。.!！")
    return len(words) <= 10 and any(word in words for word in _ANONYMOUS)


class AskContact(TurnAction):
    """A form's question for the number: whether anybody calls, and who sees it, is the policy's."""

    question = ""

    async def act(self, talk: Talk) -> list[Event]:
        policy = services().policy
        kind = CaseKind(talk.slot("kind") or CaseKind.COMPLAINT)
        calls = policy.callback is not None and kind in policy.callback.kinds
        concerned = talk.slot("rating" if kind is CaseKind.UNSATISFIED else "unit") or {}
        hidden = in_escrow(policy, concerned.get("officer_id"))
        talk.say(
            self.question,
            lead_in=talk.slot("lead_in") or "",
            offer=talk.wording("part_offer_call" if calls else "part_offer_number"),
            seen=seen_by(talk, policy, calls=calls, hidden=hidden),
        )
        return []


def in_escrow(policy: Policy, officer_id: int | None) -> bool:
    """Whether the citizen's identity is locked away, given the officer whom the matter is about."""
    rule = policy.identity.escrow
    return rule == "always" or (rule == "about_an_officer" and officer_id is not None)


def seen_by(talk: Talk, policy: Policy, *, calls: bool, hidden: bool) -> str:
    by = policy.callback.by if policy.callback is not None and calls else None
    callers = talk.wording(f"part_callers_{by}") if by else ""
    if hidden and callers and policy.identity.callers_see_phone:
        return talk.wording("part_seen_hidden", callers=callers)
    if hidden:
        return talk.wording("part_seen_escrow")
    if by in (None, "unit"):
        return talk.wording("part_seen_by_holder")
    return talk.wording("part_seen_by_both", callers=callers)
