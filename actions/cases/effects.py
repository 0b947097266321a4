"""What a verb changes on the case itself, besides its state. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions.cases.facts import CONTENT
from actions.cases.states import STATES, Transition, Verb

_ANEW: dict[str, Any] = {"result_grade": None, "revisit_grade": None, "outcome": None}


def effects(
    step: Transition, row: Any, given: dict[str, Any], officer_id: int | None, now: datetime
) -> dict[str, Any]:
    """Columns of the case and their new values.

    `row` is the case as it was; `given` what came with the verb, resolved: unit_id, officer_id and
    into_id are ids. Sealed columns are the caller's to fill.
    """
    values = _of_verb(step.verb, row, given, officer_id)
    if step.to is not None and STATES[step.to].final:
        values |= {"closed_at": now, "closed_as": _closed_as(step.verb, officer_id)}
    return values


def _of_verb(verb: Verb, row: Any, given: dict[str, Any], officer_id: int | None) -> dict[str, Any]:
    match verb:
        case Verb.ACCEPT:
            return {"accepted_by": officer_id}
        case Verb.DISPATCH | Verb.TRANSFER:
            unit_id = given.get("unit_id", row.unit_id)
            return {"unit_id": unit_id, "accepted_by": None, "merged_into": None}
        case Verb.HAND_OVER:
            return {"accepted_by": given["officer_id"]}
        case Verb.NAME_SUBJECT:
            return {
                "subject_id": given["officer_id"],
                "unit_id": given["unit_id"],
                "escrow": given["escrow"],
                "accepted_by": None,
            }
        case Verb.MERGE:
            return {"merged_into": given["into_id"]}
        case Verb.VERIFY:
            return {"finding": given["finding"]}
        case Verb.RECTIFY:
            return {"outcome": "rectified"}
        case Verb.EXPLAIN:
            return {"outcome": "explained"}
        case Verb.HAND_IN | Verb.ANSWER:
            return {"answered_by": officer_id or row.answered_by}
        case Verb.SEND_BACK:
            holder = row.accepted_by or row.answered_by
            again = {"rounds": row.rounds + 1, "merged_into": None}
            return {**_ANEW, **again, "accepted_by": holder}
        case Verb.REVISIT:
            return {"revisit_grade": given["grade"], **_disputed(row, given)}
        case Verb.RATE_RESULT:
            return {"result_grade": given["grade"], **_disputed(row, given)}
        case Verb.REOPEN:
            again = {"rounds": row.rounds + 1, "reopened": row.reopened + 1}
            open_again = {"closed_at": None, "closed_as": None, "accepted_by": None}
            alone = {"merged_into": None, "stayed_solved": None}
            return {**_ANEW, **again, **open_again, **alone}
        case Verb.CONFIRM_SOLVED:
            return {"stayed_solved": given["solved"] == "yes"}
        case Verb.EXTEND:
            return {"extension_asked": given["span"]}
        case Verb.GRANT:
            return {"extension_asked": None, "extensions": row.extensions + 1}
        case Verb.DENY:
            return {"extension_asked": None}
        case _:
            return {}


def _disputed(row: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Once the unit says solved and the citizen says not, that stays on the case for the figures."""
    return {} if given["grade"] in CONTENT else {"disputed": True}


def _closed_as(verb: Verb, officer_id: int | None) -> str:
    match verb:
        case Verb.RATE_RESULT:
            return "rated"
        case Verb.REVISIT:
            return "revisited"
        case Verb.WITHDRAW:
            return "withdrawn"
        case _:
            return "reviewed" if officer_id is not None else "silent"
