"""What still counts while Rasa or the action server is away, or when thousands come at once: a
scanned code, and a tapped grade.

Everything that these two need stands in the database and in the button itself. What is written here
is what the dialogue would have written, under the same inbox id, so that it cannot count twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions.bootstrap import Services
from actions.codes.target import CodeTarget
from actions.errors import Refusal
from actions.notices.notices import Offer
from actions.ratings.rating import Grade
from actions.turn import Turn
from bot.choices import Choices, Intent
from bot.message import Outgoing

TARGET = ("code_id", "unit_id", "officer_id", "one_time")  # what a grade's button knows

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counted:
    """`whole`: nothing is left to do; else the turn is kept, and goes on when all is back."""

    message: Outgoing
    whole: bool


class Alone:
    def __init__(self, services: Services, choices: Choices) -> None:
        self._services = services
        self._choices = choices

    async def answer(self, turn: Turn, language: str, said: str | Intent | None) -> Counted | None:
        """The answer to a scan or a grade; None for all that has to wait for the dialogue.

        Raises nothing: what stands in the way here, the kept turn will meet again.
        """
        if not isinstance(said, Intent):
            return None
        try:
            match said.name:
                case "scan":
                    return await self._scanned(turn, language, str(said.entities.get("scene", "")))
                case "grade":
                    return await self._graded(turn, language, said.entities)
        except (Refusal, ValueError):
            return None  # the dialogue explains it
        except (SQLAlchemyError, RedisError, OSError) as error:
            log.warning("no answer alone", turn=turn.inbox_id, error=type(error).__name__)
        return None

    async def _scanned(self, turn: Turn, language: str, scene: str) -> Counted | None:
        """Offers the grades of a code that leads where its sticker says; others need more words."""
        code = await self._services.org.code(scene)
        if code is None or code.state != "live":
            return None
        text = self._say("alone_ask_grade", language, label=code.label)
        choices = await self._choices.offer(turn.conversation, self._grades(code, language))
        return Counted(Outgoing(text, tuple(choices)), whole=True)

    def _grades(self, code: CodeTarget, language: str) -> list[Offer]:
        on = {name: getattr(code, name) for name in TARGET if getattr(code, name) is not None}
        return [
            Offer(
                self._say(f"grade_{grade}", language), f"/grade{json.dumps({'grade': grade, **on})}"
            )
            for grade in self._services.policy.scale
        ]

    async def _graded(
        self, turn: Turn, language: str, entities: Mapping[str, Any]
    ) -> Counted | None:
        """Writes the rating of a button that knows what it rates. What was wrong is asked later."""
        grade, on = entities.get("grade"), {k: entities[k] for k in TARGET if k in entities}
        if grade not in self._services.policy.scale or not on:
            return None
        await self._services.ratings.rate(turn, str(grade), **on)
        whole = grade != Grade.UNSATISFIED
        words = self._say(f"grade_{grade}", language)
        key = "alone_rated" if whole else "alone_rated_unsatisfied"
        return Counted(Outgoing(self._say(key, language, grade=words)), whole)

    def _say(self, key: str, language: str, **params: str) -> str:
        return self._services.notices.wording.say(key, language, **params)
