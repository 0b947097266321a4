"""docs/figures.md: every figure as the code computes it."""

from __future__ import annotations

from actions.figures.definitions import DEFINITIONS, Definition
from actions.figures.disclosure import CERTAIN, FEW
from actions.policy.load import load_policy, shipped
from actions.reports.intervals import FORMULAS, percent

_HEADER = "<!-- Written by `./huiyin docs`; change the code it is made from. -->\n\n"


def figures() -> str:
    lines = [
        _HEADER + "# Figures\n",
        "Each figure is defined once, in `actions/figures/definitions.py`, and computed in one place.",
        "A rate always comes with its denominator n and a 95 % interval (Wilson 1927). With fewer than",
        "`satisfaction.minimum` of the policy it says “too few” instead of a number. An empty period is",
        "said to be empty, never shown as zero.\n",
        "| figure | Chinese | version | counted | of | computed in |",
        "|---|---|---|---|---|---|",
        *(_row(each) for each in DEFINITIONS.values()),
        "",
        "## Satisfaction",
        "",
        "Grades are stored as they were given; the formula of the policy is applied when a figure is",
        "asked for, so another formula gives the whole history anew. Every answer names its formula.\n",
        "| formula | version | meaning | 用语 |",
        "|---|---|---|---|",
        *(
            f"| `{each.name}` | {each.version} | {each.label_en} | {each.label} |"
            for each in FORMULAS.values()
        ),
        "",
        "| policy | formula | minimum |",
        "|---|---|---|",
        *(_policy(name) for name in shipped()),
        "",
        "**Ways are never pooled without saying so.** How a rating came (own scan, typed, invited by an",
        "officer, invited by message, hotline, walk-in, door visit) and by which channel stand side by",
        "side in every answer; the rate of all is the first line and is called that.",
        "",
        f"Percentages: half up to one decimal, two above 99.9 %: {percent(938_339, 939_199)} for 938,339",
        f"of 939,199 and {percent(33_563, 139_976)} for 33,563 of 139,976. Intervals are rounded outwards.",
        "",
        "## Small cells",
        "",
        f"Grades of fewer than {FEW} citizens are never shown, by themselves or by subtraction of two",
        "figures (`actions/figures/disclosure.py`):",
        "",
        f"- a span may begin and end only where at least {FEW} ratings of the unit lie between that and",
        "  every other day on which one may; other spans are drawn in, and the answer says to which day;",
        "- today's ratings count in longer periods from the next day on; of today alone the first",
        f"  {FEW}, {2 * FEW}, … of each way are shown once {FEW} more have come;",
        f"- before a month ends, {FEW} ratings must follow, or {CERTAIN} be expected;",
        "- a way stands by itself only where it, its rest of the month, and what is left over of all",
        f"  ways are none or {FEW} ratings;",
        f"- a unit is hidden where the unit above has one to {FEW - 1} ratings more;",
        "- below 50 ratings, citizens are counted, not ratings.",
        "",
        "What this does not stop: putting three or more answers together, and what somebody knows from",
        "elsewhere. Every question is logged with who asked it.",
        "",
        "## Ranking",
        "",
        "`actions/figures/ranking.py`: units of one kind, by the interval, not by the rate. A unit's",
        "rank is one more than the number of units whose interval lies wholly above its own; units that",
        "cannot be told apart share a rank. Below the minimum there is no rank.",
        "",
        "## Where the numbers come from",
        "",
        "Triggers note every change of ratings and cases; a round adds the changes up by unit, Beijing",
        "day and month (`actions/figures/counters.py`). A figure reads counters and what is not added up",
        "yet in one statement: it equals a count of the rows at every moment.",
    ]
    return "\n".join(lines) + "\n"


def _row(each: Definition) -> str:
    of = each.of or "— (a count)"
    return (
        f"| {each.name_en} | {each.name} | {each.version} | {each.counted} | {of} "
        f"| `{each.computed_in}` |"
    )


def _policy(name: str) -> str:
    satisfaction = load_policy(name).satisfaction
    return f"| {name} | `{satisfaction.formula}` | {satisfaction.minimum} |"
