"""The history of a case in words: a line for each thing that happened."""

from __future__ import annotations

from collections.abc import Sequence

from actions.bootstrap import services
from actions.cases.case import EventView, gist
from actions.clock import beijing
from actions.conversation.talk import Talk
from actions.deadlines.explain import say_span
from actions.deadlines.spans import parse_span

_TERMS = ("finding_", "grade_")
_LONGEST = 60  # characters of what was said


def history_lines(talk: Talk, events: Sequence[EventView], longest: int = _LONGEST) -> str:
    """`11-20 14:05 李警官 接单`, one line each, in the order they are given."""
    return "\n".join(_line(talk, event, longest) for event in events)


def _line(talk: Talk, event: EventView, longest: int) -> str:
    by = {"system": "part_by_system", "citizen": "part_by_citizen", "": "part_by_officer"}
    words = " · ".join(_word(talk, each) for each in event.words.split(" · ") if each)
    return talk.wording(
        "part_event",
        at=f"{beijing(event.at):%m-%d %H:%M}",
        by=talk.wording(by[event.by]) if event.by in by else event.by,
        verb=talk.wording(f"part_event_{event.verb}"),
        words=talk.wording("part_event_words", words=gist(words, longest)) if words else "",
    ).rstrip()


def _word(talk: Talk, word: str) -> str:
    """A code of the record (substantiated, yes, 2 working days) as people say it."""
    wording = services().notices.wording
    for prefix in _TERMS:
        if wording.knows(prefix + word):
            return talk.term(prefix + word)
    if talk.knows(f"part_word_{word}"):
        return talk.wording(f"part_word_{word}")
    if talk.knows(f"part_clock_{word}"):
        return talk.wording(f"part_clock_{word}")
    try:
        return say_span(parse_span(word), wording.say, talk.language)
    except ValueError:
        return word
