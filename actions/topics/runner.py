"""Starts the process that finds groups, and ends it when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from actions.topics.building import FoundGroup

LONGEST = 180.0  # seconds
_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = {  # nothing of ours: the process needs no secret, and one core
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


async def find_apart(now: Sequence[str], before: Sequence[str]) -> list[FoundGroup]:
    """`find_groups` in a process of its own. Raises TimeoutError after three minutes, RuntimeError
    when it failed. Cancelled, it ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "actions.topics.worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=_ROOT,
        env=_ENVIRONMENT,
    )
    given = json.dumps({"now": list(now), "before": list(before)}).encode()
    try:
        async with asyncio.timeout(LONGEST):
            said, wrong = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = wrong.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"finding topics failed: {last.partition(':')[0]}")  # no word of a text
    return [
        FoundGroup(tuple(name), ours, theirs, [(at, text) for at, text in typical])
        for name, ours, theirs, typical in json.loads(said)
    ]
