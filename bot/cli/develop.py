"""Commands for developers: training, generated documents."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import Command
from bot.cli.documents import GENERATED
from bot.stack import model


def _train(arguments: Namespace) -> None:
    if model.is_trained() and not arguments.force:
        print(f"The model is up to date: {model.model_path().name}")
        return
    print(f"Trained {model.train().name}")


def _train_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="train although nothing changed")


def _docs(arguments: Namespace) -> int:
    """Writes the generated documents; with --check only says whether they are current."""
    stale = []
    for name, render in GENERATED.items():
        path: Path = model.ROOT / "docs" / name
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        if current != render():
            stale.append(name)
            if not arguments.check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(render(), encoding="utf-8")
    if stale and arguments.check:
        print(f"Not current, run ./huiyin docs: {', '.join(stale)}")
        return 1
    return 0


def _docs_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether they are current")


def _by_launcher(arguments: Namespace) -> int:
    print(f"Run it as ./huiyin {arguments.command}: it needs the environment for developers.")
    return 2


COMMANDS = (
    Command("test", "run all tests; arguments go to pytest", _by_launcher),
    Command("lint", "linters, types, boundaries, documents, dialogue data", _by_launcher),
    Command("bench", "measure turns beside a bare echo and stock Rasa", _by_launcher),
    Command("lock", "renew the hash-locked requirement files", _by_launcher),
    Command("train", "train the dialogue model if its sources changed", _train, _train_arguments),
    Command("docs", "write docs/configuration.md and docs/states.md", _docs, _docs_arguments),
)
