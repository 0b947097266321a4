"""`./huiyin rules`: what the policy's rules about units would have proposed. Changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date

from actions.accountability.evaluation import Evaluation, Outcome, Verdict
from actions.accountability.months import months_between, read_month
from actions.accountability.rule import Rule, RuledBy, UnitMonth
from actions.accountability.terms import rules_of
from actions.accountability.trial import AT_MOST, Tried
from actions.bootstrap import Services
from actions.clock import beijing
from actions.errors import ConfigurationError
from actions.policy.load import load_policy
from actions.policy.model import Policy
from actions.reports.intervals import percent, percent_range
from bot.cli.admin import with_services
from bot.cli.command import Command


def _rules(arguments: Namespace) -> None:
    async def work(services: Services) -> None:
        policy = load_policy(arguments.policy) if arguments.policy else services.policy
        rules = _named(policy, arguments.rule)
        trial = services.accountability.trial
        months = _months(arguments.first, arguments.last, trial.finished(policy))
        for line in _shown(await trial.run(months, rules, policy)):
            print(line)

    with_services(work)


def _named(policy: Policy, name: str) -> list[Rule]:
    rules = rules_of(policy)
    if not rules:
        raise ConfigurationError(
            f"The policy {policy.name} has no rules about units; docs/rules.md says how to write "
            "some, --policy tries another one."
        )
    if name and name not in [rule.name for rule in rules]:
        known = ", ".join(rule.name for rule in rules)
        raise ConfigurationError(f"{policy.name} has no rule {name!r}; there are {known}.")
    return [rule for rule in rules if not name or rule.name == name]


def _months(first: str, last: str, finished: date) -> list[date]:
    begin = _month(first, "--from")
    end = _month(last, "--to") if last else finished
    if end > finished:
        raise ConfigurationError(
            f"--to is {end:%Y-%m}, but only whole months some days after their end are looked at: "
            f"the latest is {finished:%Y-%m}."
        )
    months = months_between(begin, end)
    if not months:
        raise ConfigurationError(f"--from {begin:%Y-%m} lies after {end:%Y-%m}; turn them round.")
    if len(months) > AT_MOST:
        raise ConfigurationError(f"These are {len(months)} months; name {AT_MOST} at most.")
    return months


def _month(text: str, option: str) -> date:
    try:
        return read_month(text)
    except ValueError as error:
        raise ConfigurationError(f'{option} is "{text}"; write a month such as 2026-10.') from error


def _shown(tried: Tried) -> Iterator[str]:
    yield (
        f"Dry run, {tried.months[0]:%Y-%m} to {tried.months[-1]:%Y-%m}, data as of "
        f"{beijing(tried.as_of):%Y-%m-%d %H:%M} (Beijing). Nothing is changed, nobody is told."
    )
    for rule, by_month in tried.found:
        yield ""
        yield f"{rule.name}: {rule.title} ({rule.title_en})"
        yield f"  {_terms(rule, tried)}"
        for found in by_month:
            yield from (f"  {found.month:%Y-%m}  {line}" for line in _lines(found))


def _terms(rule: Rule, tried: Tried) -> str:
    often = f"{rule.months} month(s) {'running' if rule.counted == 'running' else 'in a year'}"
    if rule.figure is RuledBy.SUBSTANTIATED:
        return f"{rule.compare}: {rule.count} or more substantiated cases; {often}; to {rule.to}"
    return (
        f"{rule.compare}: {rule.place} {rule.count} by {tried.formula.label_en}; {often}; ratings "
        f"{', '.join(rule.ways)} together, {rule.minimum} at least; to {rule.to}"
    )


def _lines(found: Evaluation) -> Iterator[str]:
    """What would have been proposed, and why not."""
    silent = True
    for verdict in found.of(Outcome.PROPOSED):
        silent = False
        yield f"PROPOSED  {verdict.label}: {'; '.join(map(_month_words, verdict.months))}"
    for verdict in found.of(Outcome.COUNTED):
        silent = False
        yield f"counted   {verdict.label}: stands there, but these months led to a proposal before"
    for verdict in found.of(Outcome.UNTOLD):
        silent = False
        yield f"untold    {verdict.label}: {'; '.join(map(_month_words, verdict.months))}"
    for verdict in found.close:
        silent = False
        yield f"close     {_close(found, verdict)}"
    few, units = len(found.of(Outcome.TOO_FEW)), len(found.of(Outcome.FEW_UNITS))
    if units:
        silent = False
        yield f"too few   {units} unit(s) with enough ratings; {found.rule.among} are compared"
    if few:
        yield f"too few   ratings at {few} unit(s)"
    if silent and not few:
        yield "nobody"


def _close(found: Evaluation, verdict: Verdict) -> str:
    return (
        f"{verdict.label}: {verdict.reached} of {found.rule.months} months; "
        f"{'; '.join(map(_month_words, verdict.months))}"
    )


def _month_words(month: UnitMonth) -> str:
    """The one place where a unit's share becomes visible here."""
    label = f"{month.month:%Y-%m}"
    if month.share is None or month.interval is None:
        if month.standing in ("there", "not"):
            return f"{label} {month.n} case(s)"
        return f"{label} {month.standing.replace('_', ' ')}"
    return (
        f"{label} {percent(month.share)} ({percent_range(*month.interval)}, n={month.n:,}), place "
        f"{month.rank}–{month.to} of {month.of}"
    )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", required=True, help="first month, such as 2026-01")
    parser.add_argument("--to", dest="last", default="", help="last month; the latest finished one")
    parser.add_argument("--rule", default="", help="one rule by its short name; all of them")
    parser.add_argument("--policy", default="", help="a preset or a file; the installation's own")


COMMANDS = (
    Command(
        "rules",
        "what rules about units would have proposed; changes nothing",
        _rules,
        _arguments,
    ),
)
