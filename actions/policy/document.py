"""docs/policies.md, written from the model: what each line does and what may stand there."""

from __future__ import annotations

from actions.policy.clocks import Deadlines
from actions.policy.load import load_policy, shipped
from actions.policy.model import Policy
from actions.policy.shape import Line, lines
from actions.policy.values import SPAN

_HEAD = """# Policies

A policy says how a case lives in one deployment: grades, clocks, callbacks, reviews. It is one file;
`POLICY` names a shipped one or the path of your own. Copy the shipped one that is nearest, change
it, count up its `version`, and ask:

```
./huiyin policy check my.yml           every mistake: file, line, and what is allowed
./huiyin policy show my.yml            the whole file in words; --lang en for English
./huiyin policy diff zhangjiakou my.yml  only what differs
```

A case keeps the policy it was opened under, known by a digest of the content; comments and the
order of lines do not change it.

## What ships
"""

_SPANS = """
## Spans

`same day`, `30 minutes`, `2 hours`, `3 days`, `3 working days`; minutes and hours may be followed
by `in duty hours`. A deadline in days falls at the end of the office hours, the first day not
counted; `same day` at the end of the calling hours.

## Lines

Every line must be there, except clocks other than `answer`, a clock's `warn`, `escalate` and
`kinds`, and the conditions of a route. Times are Beijing's. Write times and numbers that are names
in quotes.

Lists count from 1: `routing[2].to` is the second route's. `<clock>` is one of
{clocks}.

| line | write | what it does |
|---|---|---|
"""


def policies() -> str:
    """The whole document."""
    text = _HEAD
    for name in shipped():
        title = load_policy(name).title
        text += f"\n- `{name}`: {title.zh}, {title.en}"
    clocks = ", ".join(f"`{clock}`" for clock in Deadlines.model_fields)
    text += "\n" + _SPANS.format(clocks=clocks)
    return text + "".join(map(_row, _told()))


def _told() -> list[Line]:
    """The lines in the model's order; what stands below every clock is told once, after them."""
    first = next(iter(Deadlines.model_fields))
    sections = list(Policy.model_fields)
    told = [line for line in lines() if not _below_clock(line) or line.path[1] == first]
    return sorted(told, key=lambda line: (sections.index(line.path[0]), _below_clock(line)))


def _below_clock(line: Line) -> bool:
    return line.path[0] == "deadlines" and len(line.path) > 2


def _row(line: Line) -> str:
    path = ["deadlines", "<clock>", *line.path[2:]] if _below_clock(line) else line.path
    name = ".".join(path).replace(".[ ]", "[ ]")
    allowed = "—" if line.section else line.allowed.replace(SPAN.words, "a span")
    return f"| `{name}` | {allowed} | {line.description} |\n"
