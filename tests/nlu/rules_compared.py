"""In Rasa's environment: `python -m tests.nlu.rules_compared MODEL` holds what the indexed rules find
against what Rasa's own search finds, for true conversations and muddled ones; prints JSON.
"""

from __future__ import annotations

import json
import random
import sys
import tarfile
from typing import Any

from rasa.core.policies.rule_policy import (
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RulePolicy,
)

from nlu.rules import IndexedRulePolicy

MUDDLED = 1500


def conversations(tables: list[dict[str, str]], chance: random.Random) -> list[list[Any]]:
    """Those that the rules themselves describe, and others put together of their states."""
    true = [json.loads(key) for table in tables for key in table]
    states = [state for conversation in true for state in conversation]
    muddled = [
        [
            _mixed(chance.choice(states), chance.choice(states), chance)
            for _ in range(chance.randint(1, 5))
        ]
        for _ in range(MUDDLED)
    ]
    return [[], [{}], *true, *([{}, *each] for each in true), *muddled]


def _mixed(one: dict[str, Any], other: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    parts = {**one, **other} if chance.random() < 0.5 else dict(one)
    return {name: part for name, part in parts.items() if chance.random() < 0.9}


def main(path: str) -> None:
    with tarfile.open(path) as archive:
        name = next(each for each in archive.getnames() if each.endswith("rule_policy.json"))
        file = archive.extractfile(name)
        lookup = json.load(file)["lookup"] if file else {}
    tables = [lookup[RULES], lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
    theirs, ours = RulePolicy.__new__(RulePolicy), IndexedRulePolicy.__new__(IndexedRulePolicy)
    ours._indexes = []
    found, different = 0, 0
    those = conversations(tables, random.Random(7))
    for states in those:
        for table in tables:
            expected = theirs._get_possible_keys(table, states)
            different += ours._get_possible_keys(table, states) != expected
            found += bool(expected)
    rules = sum(map(len, tables))
    print(json.dumps({"rules": rules, "asked": len(those), "found": found, "different": different}))


if __name__ == "__main__":
    main(sys.argv[1])
