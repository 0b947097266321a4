"""Rasa's rules, found by what was done and said last instead of by trying each of them.

Rasa goes through the whole conversation three times in each turn and compares every rule with every
state of it; when it trains, it does so for each step of each rule.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Dict, List, Optional, Set, Tuple

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Last = Tuple[Optional[str], Optional[str]]  # the action and the intent of a state, where it has one


class RuleIndex:
    """The keys of a table of rules by the last state of each. `longest`: states of one rule."""

    def __init__(self, rules: Dict[str, str]) -> None:
        self._rules = rules
        self._size = len(rules)
        self._keys: Dict[Last, List[str]] = defaultdict(list)
        self.longest = 1
        for key in rules:
            states = json.loads(key)
            self.longest = max(self.longest, len(states))
            self._keys[_last(states[-1])].append(key)

    def holds(self, rules: Dict[str, str]) -> bool:
        """Whether the index is of just these rules."""
        return self._rules is rules and self._size == len(rules)

    def near(self, state: State) -> List[str]:
        """All rules that may end in this state, and few others."""
        action, intent = _last(state)
        if action is None:
            return [key for last, keys in self._keys.items() if last[0] is None for key in keys]
        named = self._keys.get((action, intent), []) if intent is not None else []
        return self._keys.get((action, None), []) + named

    @property
    def by_words(self) -> bool:
        """Whether a rule may apply to words whose intent is not looked at."""
        return (ACTION_LISTEN_NAME, None) in self._keys or (None, None) in self._keys


class Recent:
    """Stands in for a conversation of which the last states alone are looked at."""

    def __init__(self, tracker: DialogueStateTracker, states: int) -> None:
        self._tracker = tracker
        self._states = states

    def past_states(self, domain: Domain, omit_unset_slots: bool = False, **_: Any) -> List[State]:
        """See DialogueStateTracker.past_states."""
        applied = self._tracker.applied_events()
        older = sum(isinstance(event, ActionExecuted) for event in applied) + 1 - self._states
        return [
            domain._clean_state(domain.get_active_state(before, omit_unset_slots))
            for number, (before, _) in enumerate(self._tracker.generate_all_prior_trackers())
            if number >= older
        ]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IndexedRulePolicy(RulePolicy):
    """Decides as its parent does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._indexes: List[RuleIndex] = []  # of the rules, and of those inside a form

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[str], Optional[str], bool]:
        """Our rules are of intents; Rasa looks first whether one is of just these words."""
        if use_text_for_last_user_input and not self._index(self.lookup[RULES]).by_words:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _prediction_states(
        self, tracker: DialogueStateTracker, *args: Any, **kwargs: Any
    ) -> List[State]:
        if isinstance(tracker, TrackerWithCachedStates):  # of training, where all are kept
            return super()._prediction_states(tracker, *args, **kwargs)
        longest = max(self._index(table).longest for table in self._tables())
        return super()._prediction_states(Recent(tracker, longest), *args, **kwargs)

    def _get_possible_keys(self, lookup: Dict[str, str], states: List[State]) -> Set[str]:
        if not states:
            return set(lookup)
        near = self._index(lookup).near(states[-1])
        return super()._get_possible_keys(dict.fromkeys(near, ""), states)

    def _tables(self) -> List[Dict[str, str]]:
        return [self.lookup[RULES], self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]

    def _index(self, lookup: Dict[str, str]) -> RuleIndex:
        found = next((index for index in self._indexes if index.holds(lookup)), None)
        if found is None:
            found = RuleIndex(lookup)
            self._indexes = [found, *self._indexes[:1]]
        return found


def _last(state: State) -> Last:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)
