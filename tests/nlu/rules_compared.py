"""In Rasa's environment: `python -m tests.nlu.rules_compared MODEL` holds what the indexed rules
decide against what Rasa's own do, for conversations put together by chance; prints JSON.
"""

from __future__ import annotations

import json
import random
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.rules import IndexedRulePolicy

CONVERSATIONS = 400


class Chance:
    """Makes conversations up: mostly as they go, now and then as they should not."""

    def __init__(self, domain: Domain, rules: dict[str, str], seed: int) -> None:
        self._random = random.Random(seed)
        self._domain = domain
        self._intents = sorted(
            {intent for key in rules for state in json.loads(key) for intent in _intents(state)}
        )
        self._actions = sorted(set(rules.values()) - {"action_listen"})

    def events(self) -> list[Event]:
        found: list[Event] = [
            ActionExecuted("action_session_start"),
            ActionExecuted("action_listen"),
        ]
        for _ in range(self._random.randint(1, 6)):
            found += self._turn()
        cut = self._random.randint(0, 2)
        return found[: len(found) - cut]

    def _turn(self) -> list[Event]:
        chance = self._random
        intent = chance.choice(self._intents)
        said = UserUttered("说了些什么", {"name": intent, "confidence": 1.0})
        events: list[Event] = [said]
        if chance.random() < 0.5:
            name = chance.choice([slot.name for slot in self._domain.slots])
            events.append(SlotSet(name, chance.choice([None, "zh", 1, "other"])))
        if chance.random() < 0.4:
            form = chance.choice(sorted(self._domain.form_names))
            active = [ActionExecuted(form), ActiveLoop(form)]
            events += chance.choice(
                [active, [*active, ActiveLoop(None)], [*active, LoopInterrupted(True)]]
            )
            if chance.random() < 0.4:
                events.append(ActionExecutionRejected(form))
        if chance.random() < 0.7:
            events.append(ActionExecuted(chance.choice(self._actions)))
        if chance.random() < 0.8:
            events.append(ActionExecuted("action_listen"))
        return events


def _intents(state: dict[str, Any]) -> list[str]:
    intent = state.get("user", {}).get("intent")
    return [intent] if intent else []


def policy(kind: type[RulePolicy], lookup: dict[str, Any]) -> RulePolicy:
    context = ExecutionContext(GraphSchema({}))
    return kind(kind.get_default_config(), None, None, context, lookup=lookup)


def _shown(prediction: PolicyPrediction) -> dict[str, Any]:
    """All of it but whose it is."""
    return {name: value for name, value in vars(prediction).items() if name != "policy_name"}


def opened(path: str) -> tuple:
    """The model's table of rules, and its domain."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(path) as archive:
        archive.extractall(folder)
        rules = next(Path(folder).rglob("rule_policy.json"))
        domain = next(Path(folder).rglob("domain_provider/domain.yml"))
        return json.loads(rules.read_text("utf-8"))["lookup"], Domain.from_path(str(domain))


def main(path: str) -> None:
    lookup, domain = opened(path)
    theirs, ours = policy(RulePolicy, lookup), policy(IndexedRulePolicy, lookup)
    told = {"rules": len(lookup["rules"]), "asked": 0, "sure": 0, "different": 0}
    chance = Chance(domain, lookup["rules"], 7)
    for number in range(CONVERSATIONS):
        tracker = DialogueStateTracker.from_events(f"c{number}", chance.events(), domain.slots)
        expected, source = theirs._predict(tracker, domain)
        found, our_source = ours._predict(tracker, domain)
        told["asked"] += 1
        told["sure"] += source in lookup["rules"]
        same = _shown(expected) == _shown(found) and (
            source not in lookup["rules"] or source == our_source
        )
        told["different"] += not same
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
