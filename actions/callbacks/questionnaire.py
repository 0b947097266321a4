"""What a recorded voice asks, and what the keys mean that were pressed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

REPEAT, HUMAN = "*", "0"


class Say(Protocol):
    """The sentence of this key in a language, its gaps filled."""

    def __call__(self, key: str, language: str, **params: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One question with a key for each grade. No word of the matter: anybody may have picked up.

    `answers`: key → grade; `farewell` is said after an answer, `human` after a 0.
    """

    question: str
    answers: dict[str, str]
    farewell: str
    human: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of the keys: a grade, a wish to speak with a person, or neither."""

    grade: str = ""
    human: bool = False


def questionnaire(
    say: Say, language: str, scale: Sequence[str], bureau: str, hotline: str
) -> Questionnaire:
    """The question for this scale, the best grade on 1."""
    answers = {str(key): str(grade) for key, grade in enumerate(scale, 1)}
    keys = [
        say("voice_key", language, digit=key, grade=say(f"grade_{grade}", language))
        for key, grade in answers.items()
    ]
    between = "，" if language == "zh" else ", "
    return Questionnaire(
        question=say("voice_question", language, bureau=bureau, keys=between.join(keys)),
        answers=answers,
        farewell=say("voice_farewell", language, hotline=hotline),
        human=say("voice_human", language, hotline=hotline),
    )


def read_keys(pressed: str, answers: dict[str, str]) -> Pressed:
    """The first key that means something; asking again and keys without a meaning are passed over."""
    for key in pressed:
        if key in answers:
            return Pressed(grade=answers[key])
        if key == HUMAN:
            return Pressed(human=True)
    return Pressed()
