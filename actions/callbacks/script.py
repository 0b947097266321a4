"""What to say in a call, in order: who we are, who they are, why, the form's questions, what if. Pure.

The matter is never named before the person has said who they are: somebody else may answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SITUATIONS = ("angry", "crying", "danger", "wrong", "no_time", "pressed")
_BETWEEN = {"zh": "、"}


class Say(Protocol):
    """The sentence of this key in a language, its gaps filled."""

    def __call__(self, key: str, language: str, **params: str) -> str: ...


@dataclass(frozen=True, slots=True)
class CallScript:
    """A call's words: `opening` until they have said who they are, then `questions`, `closing`.

    `kind` is first, revisit or spot_check; `situations` are what to say when it goes otherwise;
    `record` is how the call is written down in the chat afterwards.
    """

    kind: str
    number: str
    opening: tuple[str, ...]
    questions: tuple[str, ...]
    situations: tuple[str, ...]
    closing: str
    record: str

    @property
    def lines(self) -> list[str]:
        """Everything in the order in which it is said, the questions numbered."""
        asked = [f"{place}. {line}" for place, line in enumerate(self.questions, 1)]
        return [*self.opening, *asked, *self.situations, self.closing, self.record]


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls: the bureau's name and its public hotline."""

    bureau: str
    hotline: str


def script_of(
    say: Say,
    language: str,
    kind: str,
    number: str,
    form: Sequence[str],
    callers: Callers,
    grades: Sequence[str],
    aspects: Sequence[str],
) -> CallScript:
    """The script for a call of this kind. `form`: the policy's questions in order; `grades` and
    `aspects`: the keys of the scale and of what is scored one by one."""
    between = _BETWEEN.get(language, ", ")
    told = {
        "grades": between.join(say(f"grade_{grade}", language) for grade in grades),
        "aspects": between.join(say(f"aspect_{aspect}", language) for aspect in aspects),
    }
    who = {"bureau": callers.bureau, "hotline": callers.hotline}
    opening = ("script_greeting", "script_who", "script_not_them", f"script_purpose_{kind}")
    return CallScript(
        kind=kind,
        number=number,
        opening=tuple(say(key, language, **who) for key in opening),
        questions=tuple(
            say(f"script_ask_{each}", language, **told)
            for each in form
            if each != "aspects" or aspects
        ),
        situations=tuple(say(f"script_if_{each}", language) for each in SITUATIONS),
        closing=say(f"script_close_{kind}", language),
        record=say(f"script_record_{kind}", language, number=number),
    )
