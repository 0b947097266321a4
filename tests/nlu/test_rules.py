"""The rules that apply are the same, whether they are looked up or all tried."""

from __future__ import annotations

import json
import subprocess

from bot.stack import model


def test_the_index_finds_what_rasa_finds() -> None:
    trained = model.model_path() if model.is_trained() else model.train()
    argv = [str(model.NLU_PYTHON), "-W", "ignore", "-m", "tests.nlu.rules_compared", str(trained)]
    done = subprocess.run(argv, cwd=model.ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["rules"] > 200
    assert told["sure"] > told["asked"] / 3  # the others fall back, as they should
    assert told["different"] == 0
