"""Documents that are written from the code: settings and states."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from actions.cases.states import STATES, TRANSITIONS
from actions.settings import Settings
from bot.settings import BotSettings

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
        "Drawn from `actions/cases/states.py`, which the program runs on.\n",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> submitted: submit (citizen)",
    ]
    for row in TRANSITIONS:
        for source in sorted(row.sources):
            if row.to is not None:
                who = ", ".join(sorted(row.who))
                lines.append(f"    {source} --> {row.to}: {row.verb} ({who})")
    lines += [f"    {state} --> [*]" for state, info in STATES.items() if info.final]
    lines += ["```", "", "| state | what it means |", "|---|---|"]
    lines += [f"| {state} | {info.sentence} |" for state, info in STATES.items()]
    lines += [
        "",
        "| verb | in state | leads to | who | needs | tells | what happens |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in TRANSITIONS:
        cells = (
            row.verb,
            ", ".join(sorted(row.sources)),
            row.to or "the same",
            ", ".join(sorted(row.who)),
            ", ".join(row.needs) or "—",
            ", ".join(row.tells) or "—",
            row.sentence,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


GENERATED: dict[str, Callable[[], str]] = {"configuration.md": configuration, "states.md": states}
