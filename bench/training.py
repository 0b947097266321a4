"""How long Huiyin's own model takes to train, from nothing."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from actions.settings import environment
from bot.stack.model import NLU_PYTHON, ROOT, TRAINING_DATA

LIMIT = 600  # seconds


async def train(folder: Path) -> float:
    """Trains into `folder` without any cache; gives the seconds. Raises RuntimeError."""
    argv = [
        *(str(NLU_PYTHON), "-m", "rasa", "train", "--quiet", "--out", str(folder / "models")),
        *("--config", "config.yml", "--domain", "domain"),
        *("--data", *(part for part in TRAINING_DATA if (ROOT / part).exists())),
    ]
    env = {
        **environment(),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(ROOT),
    }
    return await timed(argv, ROOT, env, folder / "train.log", LIMIT)


async def timed(argv: list[str], cwd: Path, env: dict[str, str], log: Path, limit: float) -> float:
    """The seconds that a program takes. Raises RuntimeError when it fails, TimeoutError."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *argv, cwd=cwd, env=env, stdout=out, stderr=out
        )
        try:
            async with asyncio.timeout(limit):
                code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if code:
        raise RuntimeError(f"training ended with code {code}; see {log}")
    return time.monotonic() - started
