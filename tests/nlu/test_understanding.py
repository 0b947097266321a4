"""How well the trained model understands sentences that it has never seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.stack import model

HERE = Path(__file__).parent
FLOORS = {"test_data.yml": 0.92, "blind_data.yml": 0.87}
WORST_RECALL = 0.6  # of any one intent with eight sentences or more


@pytest.fixture(scope="session")
def trained() -> Path:
    return model.model_path() if model.is_trained() else model.train()


@pytest.mark.parametrize("name", FLOORS)
def test_held_out_sentences(trained: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints every confusion, so that a drop shows where."""
    found = measured(trained, HERE / name)
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {found['accuracy']:.1%} of {found['sentences']} sentences\n")
        for intent, taken_for, confidence, text in found["confusions"]:
            sys.stdout.write(f"  {intent} taken for {taken_for} ({confidence}): {text}\n")
    assert found["accuracy"] >= FLOORS[name]
    if name == "test_data.yml":
        worst = {k: v for k, v in found["recall"].items() if v < WORST_RECALL}
        assert not worst


def test_no_test_sentence_is_trained_on() -> None:
    trained_on = sentences(*(model.ROOT / "data" / "nlu").glob("*.yml"))
    held_out = sentences(*HERE.glob("*.yml"))
    assert not trained_on & held_out


def measured(path: Path, data: Path) -> dict[str, Any]:
    argv = [str(model.NLU_PYTHON), "-W", "ignore", "-m", "nlu.measure", str(data), "--json"]
    done = subprocess.run(
        [*argv, "--model", str(path)], cwd=model.ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def sentences(*files: Path) -> set[str]:
    return {
        line.strip().removeprefix("- ")
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("    - ")
    }
