"""The intent behind a verb's button, command or plain words. Pure."""

from __future__ import annotations

from actions.cases.states import Verb

_ELSE: dict[str, str] = {
    "accept": "accept_case",
    "answer": "answer_case",
    "hand_in": "answer_case",  # one button: the policy says whether it is reviewed first
    "show": "show_case",
    "reply": "reply_officer",
    "ask": "ask_citizen",
    "message": "message_citizen",
    "hand_over": "hand_over_case",  # hand_over is asking for a human being
}


def intent_of(verb: Verb | str) -> str:
    """`accept_case` for accept; most intents are called as their verb, with `_case` behind short
    English words that could mean anything."""
    name = str(verb)
    if name in _ELSE:
        return _ELSE[name]
    return f"{name}_case" if name in _PLAIN else name


_PLAIN = frozenset({
    "transfer", "continue", "visit", "verify", "rectify", "explain", "review", "close", "reopen",
    "merge", "extend", "supervise", "grant", "deny",
})  # fmt: skip
