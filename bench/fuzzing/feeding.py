"""The intake's edges: service events and cases from elsewhere; each batch is taken whole or not."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from bench.fuzzing.edges import Posts
from bench.fuzzing.house import House, Keys
from bench.fuzzing.values import Dice, as_json, nested
from bench.fuzzing.wire import Answer, Sending

_UNITS = ("YZ-QX-MDL", "YZ-QD", "YZ")


def _event(dice: Dice) -> dict[str, Any]:
    event = {
        "number": f"E{dice.randrange(10**9)}",
        "kind": "counter",
        "unit": dice.choice(_UNITS),
        "phone": dice.phone(),
        "finished_at": "2026-11-20 09:00",
        "flags": [],
        "matter": dice.text()[:90],
    }
    return dice.spoil(event, 0.08)


def _case(dice: Dice) -> dict[str, Any]:
    case = {
        "number": f"C{dice.randrange(10**9)}",
        "category": "服务态度",
        "title": dice.text()[:200],
        "words": dice.text()[:5000] or "x",
        "unit": "明德里派出所",
        "name": dice.text()[:40],
        "phone": dice.phone(),
        "filed_at": "2026-11-20 09:00",
        "until": "2026-11-29 18:00",
        "anonymous": dice.chance(0.2),
    }
    return dice.spoil(case, 0.06)


class Intake(Posts):
    """Counts what was said to be new, and compares it with the rows at the end."""

    def __init__(self, name: str, kind: str, key: str, table: str) -> None:
        super().__init__(name, self._make, judging=self._note)
        self._kind, self._key, self._table = kind, key, table
        self._said: Counter[str] = Counter()

    def _make(self, dice: Dice) -> Sending:
        kind = self._kind
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if dice.chance(0.1):
            body = dice.choice(
                (
                    b"",
                    b"[]",
                    b"{}",
                    b"\xff",
                    nested(200_000),
                    b" " * (2**20 + 1),
                    b'{"cases": [{}]}',
                    as_json({kind: dice.value()}),
                    b'{"events": [NaN]}',
                )
            )
            return Sending("POST", f"/api/{kind}", body, headers)
        if kind == "cases" and dice.chance(0.15):
            return Sending("GET", f"/api/cases/{quote(dice.word()[:500], safe='')}", b"", headers)
        make = _event if kind == "events" else _case
        body = as_json({kind: [make(dice) for _ in range(dice.choice((1, 1, 2, 3)))]})
        return Sending(
            "POST", f"/api/{kind}", dice.mangle(body) if dice.chance(0.04) else body, headers
        )

    def _note(self, sending: Sending, answer: Answer) -> str:
        if answer.status == 200 and sending.method == "POST":
            told = json.loads(answer.body)
            self._said["new"] += told.get("new", 0) + told.get("opened", 0) + told.get("waiting", 0)
        elif (
            sending.method == "POST"
            and answer.status >= 400
            and not isinstance(_errors(answer), list)
        ):
            return "a refusal without its sentences"
        return ""

    async def after(self, house: House) -> list[str]:
        rows = await house.count(f"SELECT count(*) FROM {self._table}")
        said = self._said["new"]
        return (
            []
            if rows == said
            else [f"{rows} rows in {self._table}, but {said} were said to be new"]
        )


def _errors(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)["errors"]
    except (ValueError, KeyError, TypeError):
        return None


def _strangers(keys: Keys) -> Posts:
    def make(dice: Dice) -> Sending:
        key: Any = dice.choice(
            (
                b"",
                b"Bearer ",
                b"Bearer \xff\xfe",
                b"Basic eDp4",
                dice.word().encode(),
                f"Bearer {keys.events[:-1]}",
                f"bearer {dice.word()}",
            )
        )
        kind = dice.choice(("events", "cases"))
        body = as_json({kind: [_event(dice)]})
        return Sending(
            "POST", f"/api/{kind}", body, {"Authorization": key, "Content-Type": "application/json"}
        )

    return Posts("feeds, forged", make, forged=True)


def edges(keys: Keys) -> list[Posts]:
    return [
        Intake("feeds: events", "events", keys.events, "service_events"),
        Intake("feeds: cases", "cases", keys.cases, "fed_cases"),
        _strangers(keys),
    ]
