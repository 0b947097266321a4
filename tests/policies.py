"""Policies for tests: a shipped one with some lines changed, written to a file of its own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

PRESETS = Path(__file__).parents[1] / "data" / "policies"

LADDER = [
    {"after": "0 minutes", "to": "lead"},
    {"after": "1 day", "to": "sub_centre"},
    {"after": "3 days", "to": "centre"},
]
KINDS = ["unsatisfied", "complaint"]

FULL: dict[str, Any] = {
    "name": "full",
    "callback": {
        "kinds": KINDS,
        "by": "sub_centre",
        "form": ["reason", "wish", "result"],
        "attempts": 3,
        "unreachable": "continue",
    },
    "before_answer": {
        "kinds": KINDS,
        "callback": True,
        "visit": True,
        "finding": True,
        "measures": True,
        "photos": 1,
    },
    "review": {"by": "sub_centre", "kinds": KINDS},
    "revisit": {"by": "centre", "kinds": KINDS, "own_answer_counts": False, "of": "all"},
    "unsatisfied_result": "review",
    "visit": {"confirm": "code"},
    "deadlines.callback": {"within": "same day", "warn": "2 hours", "escalate": LADDER},
    "deadlines.verify": {"within": "1 working day", "escalate": LADDER},
    "deadlines.rectify": {"within": "3 working days", "warn": "4 hours", "escalate": LADDER},
    "deadlines.review": {"within": "1 working day", "escalate": LADDER},
    "deadlines.revisit": {"within": "2 working days", "escalate": LADDER},
}
"""Everything a policy can ask for: callback, visit, finding, measures, photo, review, re-visit."""


def changed(base: str = "default", changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The shipped policy as plain values; `changes` by dotted names ("deadlines.accept.within")."""
    policy: dict[str, Any] = yaml.safe_load((PRESETS / f"{base}.yml").read_text("utf-8"))
    for name, value in (changes or {}).items():
        *above, last = name.split(".")
        section = policy
        for each in above:
            section = section[each]
        section[last] = copy.deepcopy(value)  # YAML would refer to one that stands twice
    return policy


def written(folder: Path, base: str = "default", changes: dict[str, Any] | None = None) -> str:
    """The path of a file in `folder` that holds the changed policy, for the setting POLICY."""
    policy = changed(base, changes)
    path = folder / f"{policy['name']}.yml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True, sort_keys=False), "utf-8")
    return str(path)
