"""Training and running stock Rasa with its own action server, in a folder of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from actions.settings import environment
from bench.training import timed
from bot.stack.children import Child, Children
from bot.stack.embedded import free_port
from bot.stack.model import NLU_PYTHON

PROJECT = Path(__file__).parent / "project"
LIMIT = 900  # seconds
_ENV = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True, slots=True)
class StockRasa:
    """A running stock Rasa: its REST channel, its processes by name."""

    url: str
    pids: Mapping[str, int]


def prepare(folder: Path) -> None:
    """The project with the pipeline and policies that Rasa itself takes when none are given.

    Its whitespace tokenizer refuses Chinese, so Jieba, which Rasa ships too, stands in for it.
    """
    shutil.copytree(PROJECT, folder)
    (default,) = NLU_PYTHON.parents[1].glob(
        "lib/python*/site-packages/rasa/engine/recipes/config_files/default_config.yml"
    )
    config = default.read_text(encoding="utf-8")
    for stock, chinese in (("language: en", "language: zh"), ("WhitespaceTok", "JiebaTok")):
        if config.count(stock) != 1:
            raise RuntimeError(f"Rasa's default configuration has no single {stock!r}")
        config = config.replace(stock, chinese)
    (folder / "config.yml").write_text(config, encoding="utf-8")


async def train(folder: Path) -> float:
    """Trains with `rasa train`, all epochs; gives the seconds that it took."""
    argv = _rasa("train", "--quiet", "--fixed-model-name", "stock")
    return await timed(argv, folder, {**environment(), **_ENV}, folder / "train.log", LIMIT)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[StockRasa]:
    """Rasa and its action server, on free ports, until the block ends."""
    rasa, actions = free_port(), free_port()
    env = {**_ENV, "ACTIONS_URL": f"http://127.0.0.1:{actions}"}
    children = Children(folder / "logs")
    sdk = [str(NLU_PYTHON), "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)]
    children.start(Child("actions", sdk, env, f"http://127.0.0.1:{actions}/health", folder))
    serve = _rasa("run", "--port", str(rasa), "--interface", "127.0.0.1")
    children.start(Child("rasa", serve, env, f"http://127.0.0.1:{rasa}/", folder))
    try:
        for name in ("actions", "rasa"):
            await children.ready(name, 180)
        yield StockRasa(f"http://127.0.0.1:{rasa}/webhooks/rest/webhook", children.pids())
    finally:
        await asyncio.to_thread(children.stop)


def _rasa(*arguments: str) -> list[str]:
    return [str(NLU_PYTHON), "-m", "rasa", *arguments]
