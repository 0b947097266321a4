"""The API's document, OpenAPI 3.1, from the same words that the reader of events uses."""

from __future__ import annotations

import json
from typing import Any

from actions.invitations.event import FIELDS, REQUIRED
from actions.invitations.intake import Outcome
from actions.invitations.kinds import EventKind, Flag
from bot.web.intake.cases_openapi import case_paths, case_schemas, case_webhooks
from bot.web.intake.schemas import WAIT, batch, closed, content, counted, refused, texts

LARGEST = 1024 * 1024  # bytes of a request

_ABOUT: dict[str, str] = {
    "number": "Your own number of this service. The same number is the same service.",
    "kind": "What was done.",
    "unit": "Code of the unit that did it, as in units.csv.",
    "officer": "Badge of the officer who did it, if it was one.",
    "phone": "The citizen's number, written as you like. Only mainland mobiles get an SMS; a "
    "number that cannot be read is not refused, its citizen is not asked.",
    "finished_at": "When it was finished: 2026-11-20 14:05 is Beijing time, or with a zone. Not in "
    "the future.",
    "flags": "Why this person must not be asked. [] says that you looked and none holds; without "
    "this field the person is not asked either.",
    "matter": "Your own words for the matter; some of them mean that the person is not asked. Not "
    "kept.",
    "birth_year": "Whoever is under age, or may be, is not asked. Not kept.",
    "wechat": "The citizen's openid in our official account, if you know it.",
    "language": "In which language to ask.",
}


def openapi() -> dict[str, Any]:
    """The document as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huiyin: service events, and cases from elsewhere",
            "version": "1",
            "description": "Report finished services; Huiyin decides by its policy whom to ask "
            "how it was. Hand over cases, and hear their results. Sending again what was sent is "
            "safe: nothing happens twice.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "paths": {
            "/api/events": {"post": _post()},
            **case_paths(),
            "/api/openapi.json": {"get": _document()},
        },
        "webhooks": case_webhooks(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Event": _event(),
                "Batch": batch("events", "Event"),
                "Taken": _taken(),
                **case_schemas(),
                "Errors": _errors(),
            },
        },
    }


def document() -> str:
    """docs/openapi.json."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"


def _post() -> dict[str, Any]:
    return {
        "operationId": "reportEvents",
        "summary": "Report finished services, all of the batch or nothing",
        "requestBody": {"required": True, "content": content("Batch")},
        "responses": {
            "200": {"description": "All of them are kept.", "content": content("Taken")},
            "400": refused("The body is no JSON."),
            "401": refused("The key is missing or wrong."),
            "403": refused("The key is another kind of feed's."),
            "413": refused("The body is larger than 1 MiB."),
            "415": refused("The body is not called application/json."),
            "422": refused("At least one event is wrong; nothing is kept. Each mistake is named."),
            "429": {**refused("Too many requests."), "headers": WAIT},
            "503": {**refused("Not ready; send the same again."), "headers": WAIT},
        },
    }


def _document() -> dict[str, Any]:
    return {
        "operationId": "readDocument",
        "summary": "This document",
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _event() -> dict[str, Any]:
    properties = texts(FIELDS, REQUIRED, _ABOUT)
    properties["kind"] |= {"enum": [kind.value for kind in EventKind]}
    properties["flags"] = {
        "type": ["array", "null"],
        "items": {"type": "string", "enum": [flag.value for flag in Flag]},
        "description": _ABOUT["flags"],
    }
    properties["birth_year"] = {
        "type": ["integer", "null"],
        "minimum": 1900,
        "maximum": 9999,
        "description": _ABOUT["birth_year"],
    }
    return closed(REQUIRED, properties)


def _taken() -> dict[str, Any]:
    outcomes = [outcome.value for outcome in Outcome]
    told = {
        "type": "object",
        "required": ["number", "outcome"],
        "properties": {
            "number": {"type": "string"},
            "outcome": {
                "type": "string",
                "enum": outcomes,
                "description": "new; known: the same as before; corrected: your change was taken "
                "over; kept: the citizen has been asked already, it stays as it was.",
            },
            "note": {
                "type": "string",
                "enum": ["phone_unreadable"],
                "description": "The number could not be read, so this citizen is not asked.",
            },
        },
    }
    return counted(outcomes, "events", told)


def _errors() -> dict[str, Any]:
    mistake = {
        "type": "object",
        "required": ["pointer", "message"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "JSON pointer into your body: /events/3/phone; empty: all of it.",
            },
            "message": {"type": "string", "description": "One sentence."},
        },
    }
    return {
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": {"type": "array", "minItems": 1, "items": mistake}},
    }
