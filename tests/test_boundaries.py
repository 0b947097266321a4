"""Which part may know which: the contracts in .importlinter, and what they cannot say."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Rules decide and do nothing else: the standard library, and each other.
RULES = {
    "actions.cases.case",
    "actions.cases.kinds",
    "actions.cases.reasons",
    "actions.cases.states",
    "actions.clock",
    "actions.csv_records",
    "actions.deadlines.workdays",
    "actions.desk.entry",
    "actions.desk.reading",
    "actions.errors",
    "actions.feeds.happened",
    "actions.feeds.record",
    "actions.feeds.sources",
    "actions.feeds.webhook",
    "actions.figures.against_words",
    "actions.figures.compared",
    "actions.figures.leftover",
    "actions.figures.plain_words",
    "actions.figures.question",
    "actions.figures.view_words",
    "actions.figures.vocabulary",
    "actions.figures.words",
    "actions.invitations.event",
    "actions.invitations.kinds",
    "actions.invitations.lots",
    "actions.invitations.replies",
    "actions.invitations.sensitive",
    "actions.invitations.wrongs",
    "actions.numerals",
    "actions.org.csv_files",
    "actions.org.csv_mistakes",
    "actions.org.csv_text",
    "actions.org.spellings",
    "actions.people.roles",
    "actions.phones",
    "actions.ratings.rating",
    "actions.figures.disclosure",
    "actions.figures.measures",
    "actions.figures.period_words",
    "actions.figures.ranking",
    "actions.reports.calendar_words",
    "actions.reports.days",
    "actions.reports.holiday_words",
    "actions.reports.intervals",
    "actions.reports.periods",
    "actions.reports.recent_words",
    "actions.spelling",
    "actions.turn",
}
TABLES = {"chinese_calendar"}  # the published days off: nothing but data


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Our modules as trees, by path."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ".venv" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def attributes(tree: ast.Module) -> Iterator[str]:
    """Every `name.attribute` that is read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def test_the_contracts_are_kept() -> None:
    # In a process of its own: it sets up logging anew and would silence the loggers of this one.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", sorted(RULES))
def test_a_rule_imports_the_standard_library_and_rules(module: str) -> None:
    path = ROOT / (module.replace(".", "/") + ".py")
    modules = {name for name in imported(ast.parse(path.read_text("utf-8"))) if _is_module(name)}
    assert not {
        name
        for name in modules
        if name.split(".")[0] not in sys.stdlib_module_names and name not in RULES | TABLES
    }


def _is_module(name: str) -> bool:
    """Whether the name is a module and not a name from within one."""
    head = name.split(".")[0]
    if head in {"actions", "bot", "nlu"}:
        return (ROOT / (name.replace(".", "/") + ".py")).exists()
    return "." not in name


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path
        for path, tree in sources("actions", "bot")
        if {"os.environ", "os.getenv", "os.environb"} & set(attributes(tree))
        or {"os.environ", "os.getenv"} & set(imported(tree))
    }
    assert readers == {"actions/settings.py"}


def test_the_clock_is_asked_in_one_place() -> None:
    """Channels and fake platforms are handed theirs: what a platform calls now is theirs to say."""
    asking = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    apart = ("bot/channels/", "bot/simulator/")
    askers = {
        path
        for path, tree in sources("actions", "bot")
        if asking & set(attributes(tree)) and not path.startswith(apart)
    }
    assert askers == {"actions/clock.py"}


def test_only_the_ledger_writes_cases() -> None:
    written = {"insert", "update", "delete", "upsert"}
    writers = {
        path
        for path, tree in sources("actions", "bot")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in written
        and node.args
        and getattr(node.args[0], "id", "") in {"cases", "case_events", "case_followers"}
    }
    assert writers == {"actions/cases/ledger.py"}


def test_nothing_is_built_at_import() -> None:
    """No module makes an engine, a Redis client or a queue outside a function."""
    builders = {"create_engine", "create_async_engine", "bootstrap", "build", "create_queue"}
    for path, tree in sources("actions", "bot"):
        for statement in tree.body:
            if isinstance(statement, ast.Assign | ast.Expr | ast.AnnAssign):
                calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
                assert not {getattr(call.func, "id", "") for call in calls} & builders, path


def test_rasas_side_knows_the_standard_library_rasa_and_itself() -> None:
    ours = {name for _, tree in sources("nlu") for name in imported(tree)}
    assert not {name for name in ours if name.split(".")[0] in {"actions", "bot"}}
