"""`python -m nlu.measure tests/nlu/test_data.yml [--model models] [--json]`: how well is understood.

Parses each sentence as a turn would and prints what was taken for something else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections import Counter
from dataclasses import dataclass
from typing import Dict, List, Tuple

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3")

from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.loading import load_data

from nlu.server import quiet


@dataclass(frozen=True)
class Parsed:
    """A sentence, what it is, and what it was taken for, how surely."""

    text: str
    intent: str
    taken_for: str
    confidence: float

    @property
    def right(self) -> bool:
        return self.intent == self.taken_for


async def measure(model: str, path: str) -> List[Parsed]:
    """Every sentence of the file, parsed by the model."""
    agent = Agent.load(model)
    parsed = []
    for example in load_data(path).intent_examples:
        found = (await agent.parse_message(example.get("text")))["intent"]
        parsed.append(
            Parsed(example.get("text"), example.get("intent"), found["name"], found["confidence"])
        )
    return parsed


def summary(parsed: List[Parsed]) -> Dict[str, object]:
    """Accuracy, recall per intent, and the confusions with their sentences."""
    total = Counter(each.intent for each in parsed)
    right = Counter(each.intent for each in parsed if each.right)
    wrong: List[Tuple[str, str, float, str]] = [
        (each.intent, each.taken_for, round(each.confidence, 2), each.text)
        for each in parsed
        if not each.right
    ]
    return {
        "sentences": len(parsed),
        "accuracy": sum(right.values()) / len(parsed),
        "recall": {intent: right[intent] / count for intent, count in sorted(total.items())},
        "confusions": sorted(wrong),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nlu.measure", description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--model", default="models")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    quiet()
    found = summary(asyncio.run(measure(given.model, given.file)))
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{found['accuracy']:.1%} of {found['sentences']} sentences are understood.")
    for intent, taken_for, confidence, text in found["confusions"]:
        print(f"  {intent} taken for {taken_for} ({confidence}): {text}")


if __name__ == "__main__":
    main()
