"""Documents that are written from the code: settings and states."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from actions.cases.states import STATES, Clock, Transition
from actions.cases.transitions import TRANSITIONS
from actions.policy.document import policies
from actions.settings import Settings
from bot.cli.figures_document import figures
from bot.settings import BotSettings
from bot.web.intake.openapi import document

_HEADER = "<!-- Written by `./huiyin docs`; change the code it is made from. -->\n\n"


def configuration() -> str:
    """docs/configuration.md: every setting, its default and what it does."""
    lines = [
        _HEADER + "# Configuration\n",
        "Every setting is an environment variable. A secret may be given as a file instead:",
        "`NAME_FILE=/run/secrets/name`. A missing or wrong setting is one sentence at start;",
        "`./huiyin check` also tries to reach everything.\n",
        "| setting | default | what it does |",
        "|---|---|---|",
    ]
    for name, field in BotSettings.model_fields.items():
        default = "required" if field.default is PydanticUndefined else _shown(field.default)
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    services = ", ".join(f"`{name.upper()}`" for name in Settings.model_fields)
    lines += [
        "",
        f"The action server reads only {services}.",
        "",
        "Rasa reads `REDIS_URL`, `ACTIONS_URL`, `NLU_SECRET` and `ACTIONS_SECRET`.",
    ]
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"`{value}`" if value != "" else "—"


def states() -> str:
    """docs/states.md: the life of a case, drawn and told from the table."""
    lines = [
        _HEADER + "# The life of a case\n",
        "Drawn from `actions/cases/transitions.py`, which the program runs on. Who acts in which",
        "capacity is decided by the database (`actions/cases/standing.py`); what a policy changes is",
        "said in [policies.md](policies.md).\n",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> submitted: submit (citizen)",
        *_arrows(),
    ]
    lines += [f"    {state} --> [*]" for state, info in STATES.items() if info.final]
    lines += ["```", "", "| state | what it means |", "|---|---|"]
    lines += [f"| {state} | {info.sentence} |" for state, info in STATES.items()]
    lines += [
        "",
        "| verb | in state | leads to | who | only when | needs | tells | clocks | what happens |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_told(row) for row in TRANSITIONS]
    lines += [
        "",
        "Clocks: + starts, − stops, ‖ pauses, ▷ lets run on. How long each may run, and who is told",
        "before and after, is the policy's.",
    ]
    return "\n".join(lines) + "\n"


def _arrows() -> list[str]:
    """One arrow for each way from a state to another, with every verb that takes it."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in TRANSITIONS:
        for source in row.sources:
            if row.to is not None and row.to != source:
                found.setdefault((source, row.to), []).append(f"{row.verb}")
    order = {str(state): number for number, state in enumerate(STATES)}
    return [
        f"    {source} --> {to}: {', '.join(dict.fromkeys(verbs))}"
        for (source, to), verbs in sorted(
            found.items(), key=lambda way: (order[way[0][0]], order[way[0][1]])
        )
    ]


def _told(row: Transition) -> str:
    cells = (
        row.verb,
        ", ".join(sorted(row.sources)),
        row.to or "the same",
        ", ".join(sorted(row.who)),
        row.when or "—",
        ", ".join((*row.needs, *(f"{each} before" for each in row.before))) or "—",
        ", ".join(row.tells) or "—",
        _clocks(row) or "—",
        row.sentence,
    )
    return "| " + " | ".join(cells) + " |"


def _clocks(row: Transition) -> str:
    stops = ["−all"] if set(row.stops) >= set(Clock) else [f"−{clock}" for clock in row.stops]
    return " ".join(
        (
            *stops,
            *(f"+{clock}" for clock in row.starts),
            *(f"‖{clock}" for clock in row.pauses),
            *(f"▷{clock}" for clock in row.resumes),
        )
    )


GENERATED: dict[str, Callable[[], str]] = {
    "configuration.md": configuration,
    "states.md": states,
    "figures.md": figures,
    "policies.md": policies,
    "openapi.json": document,
}
