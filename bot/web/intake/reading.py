"""From a request's body to its events, or to the sentences that say what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from actions.invitations.intake import Fields
from actions.invitations.kinds import Flag
from actions.invitations.wrongs import MOST, EventMistakes, Placed, Wrong
from bot.web.intake.openapi import LARGEST
from bot.web.intake.schemas import MOST_AT_ONCE


class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """What the feed is told: a status and the mistakes as (JSON pointer, sentence)."""

    def __init__(
        self,
        status: int,
        mistakes: tuple[tuple[str, str], ...],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.mistakes = mistakes
        self.headers = headers


def problem(status: int, message: str, pointer: str = "", **headers: str) -> Problem:
    return Problem(status, ((pointer, message),), headers or None)


async def read_body(request: web.Request) -> bytes:
    """The body, read no further than is allowed. Raises Problem."""
    if request.content_type != "application/json":
        raise problem(415, "Send it as application/json.")
    if (request.content_length or 0) > LARGEST:
        raise problem(413, "The body is larger than 1 MiB; send it in several requests.")
    body = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        body += chunk
        if len(body) > LARGEST:
            raise problem(413, "The body is larger than 1 MiB; send it in several requests.")
    return bytes(body)


def read_batch(body: bytes, name: str = "events") -> list[Any]:
    """The list of that name, each item still unread. Raises Problem."""
    try:
        batch = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise problem(400, "The body is no JSON in UTF-8.") from error
    if not isinstance(batch, dict) or not isinstance(batch.get(name), list):
        raise problem(422, f'The body must be an object with a list "{name}".')
    if set(batch) != {name}:
        raise problem(422, f'The body may hold "{name}" only.')
    items: list[Any] = batch[name]
    if not 1 <= len(items) <= MOST_AT_ONCE:
        raise problem(422, f"Send 1 to {MOST_AT_ONCE} {name} at once.", f"/{name}")
    return items


def given(events: list[Any]) -> Iterator[tuple[int, Fields | Wrong]]:
    """Each event with its place, as the intake takes them."""
    for place, event in enumerate(events):
        if not isinstance(event, dict):
            yield place, Wrong("", "not_object")
            continue
        loose = list(_loose(event))
        for wrong in loose:
            yield place, wrong
        if not loose:
            yield place, event


def _loose(event: dict[str, Any]) -> Iterator[Wrong]:
    """What may be written so in a CSV file, and not in JSON."""
    if isinstance(event.get("flags"), str):
        yield Wrong("flags", "not_flags", {"known": ", ".join(Flag)})
    if isinstance(event.get("birth_year"), str):
        yield Wrong("birth_year", "not_a_year")
    if event.get("language") == "":
        yield Wrong("language", "unknown_kind", {"known": "zh, en"})


def as_problem(mistakes: EventMistakes, name: str = "events") -> Problem:
    """The mistakes as a feed is told of them; `name` is that of the list."""
    return Problem(422, tuple(_told(placed, name) for placed in mistakes.found[:MOST]))


def _told(placed: Placed, batch: str) -> tuple[str, str]:
    wrong = placed.wrong
    name = wrong.field.replace("~", "~0").replace("/", "~1")
    message = wrong.sentence()
    if wrong.why == "twice":  # the sentence for files speaks of lines
        message = (
            f"number “{wrong.params['value']}” also stands at /{batch}/{wrong.params['other']}"
        )
    pointer = f"/{batch}/{placed.place}" + (f"/{name}" if name else "")
    return pointer, f"{message[:1].upper()}{message[1:]}."


def _no_constant(_: str) -> float:
    """NaN and Infinity are no JSON."""
    raise ValueError
