"""What single lines cannot show: lines of a policy that do not go together.

Each check names the sections it reads and is asked only when those are right in themselves, so
that one wrong line does not hide the others' mistakes. It yields where, and a sentence without
its full stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from actions.deadlines.hours import MIDNIGHT, Pair
from actions.deadlines.spans import Span, SpanUnit
from actions.policy.clocks import Deadline, Deadlines, HoursOfDay
from actions.policy.model import (
    AskAfter,
    BeforeAnswer,
    Callback,
    Extension,
    Invitations,
    OfficerCode,
    Retaliation,
    Review,
    Revisit,
    Route,
    SpotChecks,
    When,
)
from actions.policy.unit_rule_checks import unit_rules
from actions.policy.values import size
from actions.policy.yaml_lines import Path, Value, dotted
from actions.ratings.rating import Grade

type Found = Iterator[tuple[Path, str]]

SCALES = (
    (Grade.SATISFIED, Grade.BASICALLY, Grade.UNSATISFIED),
    (Grade.SATISFIED, Grade.UNSATISFIED),
)
_LENGTHS = (SpanUnit.MINUTES, SpanUnit.HOURS, SpanUnit.DAYS)
_LEVELS = ("lead", "sub_centre", "centre")


def repeated(value: Value, path: Path = ()) -> Found:
    """Anything that stands twice in one list of words, wherever it is."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from repeated(below, (*path, name))
    elif isinstance(value, list):
        plain = [each for each in value if isinstance(each, str)]
        for each in dict.fromkeys(word for word in plain if plain.count(word) > 1):
            yield path, f"{dotted(path)} names {each} twice; once is enough"
        for place, below in enumerate(value):
            yield from repeated(below, (*path, place))


def _scale(scale: tuple[Grade, ...]) -> Found:
    if scale not in SCALES and len(set(scale)) == len(scale):
        written = f"[{', '.join(scale)}]"
        yield (
            ("scale",),
            f"scale is {written}; write [satisfied, basically, unsatisfied] or "
            "[satisfied, unsatisfied], the best first",
        )


def _hours(hours: HoursOfDay) -> Found:
    try:
        _ = hours.hours  # the hours say themselves what does not fit
    except ValueError as error:
        names = ("same_day_late", "duty", "office", "calls")
        name = next((each for each in names if each in str(error)), "")
        yield ("hours", name), f"hours.{name} does not fit: {error}"


def _routing(routing: tuple[Route, ...]) -> Found:
    for place, route in enumerate(routing[:-1]):
        if route.when == When():
            here = dotted(("routing", place))
            yield (
                ("routing", place),
                f"{here} takes every case, so what follows it is never reached; make it the last",
            )


def _deadlines(deadlines: Deadlines) -> Found:
    for clock in Deadlines.model_fields:
        deadline: Deadline | None = getattr(deadlines, clock)
        if deadline is not None:
            yield from _warning(deadline, ("deadlines", clock))
            yield from _ladder(deadline, ("deadlines", clock, "escalate"))


def _warning(deadline: Deadline, path: Path) -> Found:
    warn, here = deadline.warn, (*path, "warn")
    if warn is None:
        return
    if warn.unit is SpanUnit.SAME_DAY:
        yield here, f'{dotted(here)} is "same day"; write how long before, for example "4 hours"'
        return
    spans = {(*path, "within"): deadline.within}
    spans.update({(*path, "kinds", kind.value): span for kind, span in deadline.kinds.items()})
    for other, span in spans.items():
        if size(warn) >= size(span):
            yield here, f'{dotted(here)} is "{warn}", not shorter than {dotted(other)}, "{span}"'
            return


def _ladder(deadline: Deadline, path: Path) -> Found:
    steps = deadline.escalate
    for place, (below, step) in enumerate(pairwise(steps), start=1):
        here = (*path, place)
        if _LEVELS.index(step.to) <= _LEVELS.index(below.to):
            yield (
                (*here, "to"),
                f"{dotted(here)}.to is {step.to} after {below.to}; each step goes further up: "
                "lead, sub_centre, centre",
            )
        if size(step.after) < size(below.after):
            yield (
                (*here, "after"),
                f'{dotted(here)}.after is "{step.after}", earlier than the step before, '
                f'"{below.after}"',
            )


def _idle_clocks(
    deadlines: Deadlines,
    callback: Callback | None,
    review: Review | None,
    revisit: Revisit | None,
    extension: Extension,
    before_answer: BeforeAnswer,
) -> Found:
    starts = {
        "callback": (callback, "callback is null"),
        "review": (review, "review is null"),
        "revisit": (revisit, "revisit is null"),
        "extension": (extension.times, "extension.times is 0"),
        "verify": (before_answer.finding, "before_answer.finding is false"),
    }
    for clock, (needed, why) in starts.items():
        if getattr(deadlines, clock) is not None and not needed:
            yield (
                ("deadlines", clock),
                f"deadlines.{clock} never runs, because {why}; take it out or change that",
            )


def _callback_asked(before_answer: BeforeAnswer, callback: Callback | None) -> Found:
    if before_answer.callback and callback is None:
        yield (
            ("before_answer", "callback"),
            "before_answer.callback is true, but callback is null; say who calls, or write false",
        )


def _before_answer(before_answer: BeforeAnswer) -> Found:
    asked = before_answer.model_dump(exclude={"kinds"})
    wanted = [name for name, value in asked.items() if value]
    here = ("before_answer", "kinds")
    if wanted and not before_answer.kinds:
        yield here, f"before_answer.kinds is [], but {wanted[0]} is asked; name the kinds of case"
    if before_answer.kinds and not wanted:
        yield here, "before_answer.kinds names cases, but nothing is asked of them; write []"


def _aspects(
    aspects: tuple[str, ...],
    callback: Callback | None,
    spot_checks: SpotChecks | None,
    invitations: Invitations | None,
) -> Found:
    in_form = callback is not None and "aspects" in callback.form
    in_checks = spot_checks is not None and spot_checks.aspects
    asked = in_form or in_checks or (invitations is not None and invitations.aspects)
    if aspects and not asked:
        yield (
            ("aspects",),
            "aspects are named, but neither callback.form nor spot_checks nor invitations asks "
            "them; write []",
        )
    if in_form and not aspects:
        yield ("callback", "form"), "callback.form asks the aspects, but aspects is []; name some"
    if in_checks and not aspects:
        yield (
            ("spot_checks", "aspects"),
            "spot_checks.aspects is true, but aspects is []; name some",
        )


def _unsatisfied_result(
    unsatisfied_result: str, review: Review | None, revisit: Revisit | None
) -> Found:
    if unsatisfied_result == "review" and review is None:
        yield (
            ("unsatisfied_result",),
            "unsatisfied_result is review, but review is null; say who reviews, or write close",
        )
    if unsatisfied_result == "close" and revisit is not None and revisit.own_answer_counts:
        yield (
            ("revisit", "own_answer_counts"),
            "revisit.own_answer_counts is true, but unsatisfied_result is close; then a citizen "
            "who is not satisfied would never be asked again: write false, or review there",
        )


def _retaliation(retaliation: Retaliation | None) -> Found:
    spans = retaliation.after if retaliation else ()
    for place, (earlier, later) in enumerate(pairwise(spans), start=1):
        if size(later) < size(earlier):
            here = ("retaliation", "after", place)
            yield here, f'{dotted(here)} is "{later}", earlier than the one before, "{earlier}"'


def _invitations(invitations: Invitations | None, aspects: tuple[str, ...]) -> Found:
    if invitations is None:
        return
    delays: dict[str, Span | None] = {
        name: getattr(invitations.after, name) for name in AskAfter.model_fields
    }
    spans: dict[Path, Span | None] = {("after", name): span for name, span in delays.items()}
    spans |= {(name,): getattr(invitations, name) for name in ("reminder", "expires", "oldest")}
    spans["contact", "within"] = invitations.contact.within
    for path, span in spans.items():
        here = ("invitations", *path)
        if span is not None and (span.unit not in _LENGTHS or span.duty):
            yield here, f'{dotted(here)} is "{span}"; write minutes, hours or days'
    if not any(delays.values()):
        here = ("invitations", "after")
        yield here, f"{dotted(here)} names no kind; name one, or write invitations: null"
    for name, span in delays.items():
        if span is not None and size(span) >= size(invitations.oldest):
            here = ("invitations", "after", name)
            yield here, f'{dotted(here)} is "{span}", not shorter than invitations.oldest'
    yield from _invitation_ends(invitations, aspects)


def _invitation_ends(invitations: Invitations, aspects: tuple[str, ...]) -> Found:
    reminder = invitations.reminder
    if reminder is not None and size(reminder) >= size(invitations.expires):
        yield (
            ("invitations", "reminder"),
            f'invitations.reminder is "{reminder}", not shorter than invitations.expires',
        )
    if invitations.aspects and not aspects:
        here = ("invitations", "aspects")
        yield here, "invitations.aspects is true, but aspects is []; name some"


def _officer_code(lines: OfficerCode | None) -> Found:
    if lines is None:
        return
    for name, span in (("valid", lines.valid), ("grace", lines.grace)):
        here = ("officer_code", name)
        if span.unit not in (SpanUnit.MINUTES, SpanUnit.HOURS) or span.duty:
            yield here, f'{dotted(here)} is "{span}"; write minutes or hours'
    for name, most in (("per_hour", lines.per_hour), ("pack", lines.pack)):
        if most > lines.per_day:
            here = ("officer_code", name)
            yield here, f"{dotted(here)} is {most}, more than officer_code.per_day"
    yield from _whole_day(lines.shifts)


def _whole_day(shifts: tuple[Pair, ...]) -> Found:
    """Each shift has to begin where another ends, and one of them at most spans midnight."""
    here = ("officer_code", "shifts")
    if len(shifts) == 1:
        if shifts[0] != (MIDNIGHT, MIDNIGHT):
            yield here, f'{dotted(here)} has to fill the whole day; write ["00:00-24:00"] or more'
        return
    for shift, after in zip(shifts, (*shifts[1:], shifts[0]), strict=True):
        if shift[1] != after[0]:
            ends, begins = f"{shift[1]:%H:%M}", f"{after[0]:%H:%M}"
            yield here, f"{dotted(here)}: one ends at {ends} and the next begins at {begins}"
    if sum(shift[1] <= shift[0] for shift in shifts) != 1:
        yield here, f"{dotted(here)} go round the clock more than once; name each hour once"


_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Found]], ...] = (
    (("scale",), _scale),
    (("hours",), _hours),
    (("routing",), _routing),
    (("deadlines",), _deadlines),
    (
        ("deadlines", "callback", "review", "revisit", "extension", "before_answer"),
        _idle_clocks,
    ),
    (("before_answer", "callback"), _callback_asked),
    (("before_answer",), _before_answer),
    (("aspects", "callback", "spot_checks", "invitations"), _aspects),
    (("unsatisfied_result", "review", "revisit"), _unsatisfied_result),
    (("retaliation",), _retaliation),
    (("invitations", "aspects"), _invitations),
    (("officer_code",), _officer_code),
    (("unit_rules",), unit_rules),
)


def disagreements(sections: Mapping[str, Any]) -> Found:
    """What does not go together among the sections (by name) that are right in themselves."""
    for needs, check in _CHECKS:
        if all(name in sections for name in needs):
            yield from check(*(sections[name] for name in needs))
