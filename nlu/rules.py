"""Rasa's rules, found by what was done and said last instead of by trying each of them.

Rasa compares every rule with every state of the conversation, twice in each turn, and does the same
for each step of each rule when it trains.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Dict, List, Optional, Set, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Last = Tuple[Optional[str], Optional[str]]  # the action and the intent of a state, where it has one


class RuleIndex:
    """The keys of a table of rules by the last state of each."""

    def __init__(self, rules: Dict[str, str]) -> None:
        self.rules = rules
        self.size = len(rules)
        self._keys: Dict[Last, List[str]] = defaultdict(list)
        for key in rules:
            self._keys[_last(json.loads(key)[-1])].append(key)

    def holds(self, rules: Dict[str, str]) -> bool:
        """Whether the index is of just these rules."""
        return self.rules is rules and self.size == len(rules)

    def near(self, state: State) -> List[str]:
        """All rules that may end in this state, and few others."""
        action, intent = _last(state)
        if action is None:
            return [key for last, keys in self._keys.items() if last[0] is None for key in keys]
        return self._keys.get((action, None), []) + (
            self._keys.get((action, intent), []) if intent is not None else []
        )


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IndexedRulePolicy(RulePolicy):
    """Decides as its parent does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._indexes: List[RuleIndex] = []  # of the rules, and of those inside a form

    def _get_possible_keys(self, lookup: Dict[str, str], states: List[State]) -> Set[str]:
        if not states:
            return set(lookup)
        near = self._index(lookup).near(states[-1])
        return super()._get_possible_keys(dict.fromkeys(near, ""), states)

    def _index(self, lookup: Dict[str, str]) -> RuleIndex:
        found = next((index for index in self._indexes if index.holds(lookup)), None)
        if found is None:
            found = RuleIndex(lookup)
            self._indexes = [found, *self._indexes[:1]]
        return found


def _last(state: State) -> Last:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)
