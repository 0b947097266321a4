"""Which older cases may be the matter of a new one: what is proposed to the staff. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from actions.cases.kinds import CaseKind
from actions.duplicates.signature import likeness

ALIKE = 0.25  # measured by bench/duplicates.py; a policy may ask for more or be content with less
SAME_CITIZEN_SHARE = 0.6  # who tells it again needs this much of it
MOST = 5
_COUNTY_PARTS = 3  # "", city, county of the path "/1/5/12/"

Why = Literal["same_citizen", "same_matter"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case as it is compared.

    `same_citizen`: of the same identity or phone as the new case. `opened_at`: aware.
    `unit_path`: from the city down with a slash at either end, "/1/5/12/".
    """

    case_id: UUID
    signature: tuple[int, ...]
    same_citizen: bool
    unit_path: str
    opened_at: datetime
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class Proposal:
    """That the new case and this one may be one matter; `likeness` 0 to 1, an estimate."""

    case_id: UUID
    why: Why
    likeness: float


def propose(
    new: Candidate,
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    alike: float = ALIKE,
    same_citizen_days: int = 90,
    same_matter_days: int = 30,
) -> list[Proposal]:
    """At most five, those first that are furthest above what they needed, of equals the newer.

    The same citizen's case needs 0.6 of `alike`, anywhere in the city, opened in the last
    `same_citizen_days` (of 24 hours) before `now`. Somebody else's needs `alike`, the same county
    and `same_matter_days`. Praise is compared with praise only. `new` itself is passed over; its
    `same_citizen` says nothing. Raises ValueError unless 0 < alike <= 1.
    """
    if not 0 < alike <= 1:
        raise ValueError(f"alike is a share above 0, not {alike}")
    citizens, others = (now - timedelta(days=n) for n in (same_citizen_days, same_matter_days))
    found: list[tuple[float, datetime, Proposal]] = []
    for candidate in _comparable(new, candidates):
        by: Why = "same_citizen" if candidate.same_citizen else "same_matter"
        needed = alike * SAME_CITIZEN_SHARE if candidate.same_citizen else alike
        if candidate.opened_at < (citizens if candidate.same_citizen else others):
            continue
        share = likeness(new.signature, candidate.signature)
        if share >= needed:
            proposal = Proposal(candidate.case_id, by, share)
            found.append((share / needed, candidate.opened_at, proposal))
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [proposal for _, _, proposal in found[:MOST]]


def same_county(first: str, second: str) -> bool:
    """Whether two unit paths lie in one county; what is still with the city lies in every one."""
    one, other = _county(first), _county(second)
    return one.startswith(other) or other.startswith(one)


def _comparable(new: Candidate, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    for candidate in candidates:
        if candidate.case_id == new.case_id or not candidate.signature:
            continue
        if (candidate.kind is CaseKind.PRAISE) != (new.kind is CaseKind.PRAISE):
            continue
        if candidate.same_citizen or same_county(new.unit_path, candidate.unit_path):
            yield candidate


def _county(path: str) -> str:
    return "/".join([*path.strip("/").split("/")[: _COUNTY_PARTS - 1], ""])
