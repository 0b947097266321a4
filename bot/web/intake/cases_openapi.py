"""The part of the API's document that is about cases."""

from __future__ import annotations

from typing import Any

from actions.cases.states import State
from actions.feeds.happened import WORDS
from actions.feeds.opening import Became
from actions.feeds.record import FIELDS, REQUIRED, YES_OR_NO
from bot.web.intake.schemas import WAIT, batch, closed, content, counted, refused, texts

_ABOUT: dict[str, str] = {
    "number": "Your own number of this matter. The same number is the same case.",
    "category": "Your own category; a file on our side says what it means here. One that is not in "
    "it goes to the centre and is marked.",
    "title": "A heading, if you have one.",
    "words": "What the citizen said, whole. Several lines are fine.",
    "when": "When it happened, in words.",
    "place": "Where it happened, in words.",
    "unit": "The unit that it is about: its code as in units.csv, or its name.",
    "name": "The citizen's name; officers see only the family name.",
    "phone": "The citizen's number, written as you like. One that cannot be read is not refused.",
    "anonymous": "The citizen does not want to be named: name and phone are not kept.",
    "do_not_contact": "The citizen does not want to be called or written to.",
    "language": "In which language to answer.",
    "filed_at": "When you took it: 2026-11-20 14:05 is Beijing time, or with a zone. Not in the "
    "future. What is older than a day alarms nobody.",
    "until": "By when you want the answer; the earlier of this and our own time counts.",
}


def case_paths() -> dict[str, Any]:
    """By address."""
    common = {
        "401": refused("The key is missing or wrong."),
        "403": refused("The key is another kind of feed's."),
        "429": {**refused("Too many requests."), "headers": WAIT},
        "503": {**refused("Not ready; send the same again."), "headers": WAIT},
    }
    post = {
        "operationId": "fileCases",
        "summary": "Hand cases over, all of the batch or nothing",
        "requestBody": {"required": True, "content": content("CaseBatch")},
        "responses": {
            "200": {"description": "All of them are kept.", "content": content("CasesTaken")},
            "400": refused("The body is no JSON."),
            "413": refused("The body is larger than 1 MiB."),
            "415": refused("The body is not called application/json."),
            "422": refused("At least one is wrong; nothing is kept. Each mistake is named."),
            **common,
        },
    }
    get = {
        "operationId": "readCase",
        "summary": "How one of your own cases stands",
        "parameters": [
            {
                "name": "number",
                "in": "path",
                "required": True,
                "description": "Your own number, or ours.",
                "schema": {"type": "string", "minLength": 1},
            }
        ],
        "responses": {
            "200": {"description": "As its citizen may see it.", "content": content("CaseSeen")},
            "404": refused("Of you there is no case of that number."),
            **common,
        },
    }
    return {"/api/cases": {"post": post}, "/api/cases/{number}": {"get": get}}


def case_webhooks() -> dict[str, Any]:
    """What is posted to the other side; see docs/feeds.md for the signature."""
    names = ("Huiyin-Id", "Huiyin-Timestamp", "Huiyin-Signature")
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    post = {
        "operationId": "takeResult",
        "summary": "Something happened to a case that you handed over",
        "security": [],
        "parameters": headers,
        "requestBody": {"required": True, "content": content("Result")},
        "responses": {
            "2XX": {"description": "Taken; what you say is not read."},
            "410": {"description": "Send nothing more."},
            "default": {"description": "Send it again later."},
        },
    }
    return {"result": {"post": post}}


def case_schemas() -> dict[str, Any]:
    """By name."""
    return {
        "Case": _case(),
        "CaseBatch": batch("cases", "Case"),
        "CasesTaken": _taken(),
        "CaseSeen": _seen(),
        "Result": _result(),
    }


def _case() -> dict[str, Any]:
    properties = texts(FIELDS, REQUIRED, _ABOUT)
    for name in YES_OR_NO:
        properties[name] = {"type": ["boolean", "null"], "description": _ABOUT[name]}
    return closed(REQUIRED, properties)


def _taken() -> dict[str, Any]:
    became = [each.value for each in Became]
    told = {
        "type": "object",
        "required": ["number", "state"],
        "properties": {
            "number": {"type": "string"},
            "state": {
                "type": "string",
                "enum": became,
                "description": "opened; known: the same as before; updated: the case was told what "
                "changed; kept: the case is over, it stays as it was; waiting: kept, and its case "
                "is opened in a moment: ask for it by its number.",
            },
            "case": {"type": "string", "description": "Our number."},
            "code": {
                "type": "string",
                "description": "Six characters for the citizen alone: they show the case anywhere.",
            },
            "note": {
                "type": "string",
                "enum": ["phone_unreadable", "case_over"],
                "description": "phone_unreadable: the number was not kept. case_over: file what is "
                "new under a new number.",
            },
        },
    }
    return counted(became, "cases", told)


def _result() -> dict[str, Any]:
    text, moment = {"type": "string"}, {"type": "string", "format": "date-time"}
    properties = {
        "id": {"type": "string", "format": "uuid", "description": "The same for every attempt."},
        "seq": {"type": "integer", "minimum": 1, "description": "Of this record: 1, 2, 3, …"},
        "feed": text,
        "number": {"type": "string", "description": "Your own."},
        "case": {"type": "string", "description": "Our number."},
        "happened": {
            "type": "string",
            "enum": list(WORDS),
            "description": " ".join(f"{name}: {said}" for name, said in WORDS.items()),
        },
        "state": {"type": "string", "enum": [state.value for state in State]},
        "at": moment,
        "text": {"type": "string", "description": "A sentence to pass on to the citizen."},
        "answer_by": {**moment, "type": ["string", "null"]},
        "grade": {"type": ["string", "null"]},
        "closed_as": {"type": ["string", "null"]},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _seen() -> dict[str, Any]:
    text, moment = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
    properties = {
        "number": {"type": "string"},
        "received_at": {"type": "string", "format": "date-time"},
        "case": text,
        "code": text,
        "state": {"type": "string", "enum": ["waiting", *(state.value for state in State)]},
        "answer_by": moment,
        "answer": {**text, "description": "The result, as the citizen was told it."},
        "question": {**text, "description": "What the citizen is asked and has not answered."},
        "grade": text,
        "closed_at": moment,
        "closed_as": text,
    }
    return {"type": "object", "required": list(properties), "properties": properties}
