"""An officer's record, in words."""

from __future__ import annotations

from actions.clock import beijing
from actions.conversation.talk import Talk
from actions.reports.intervals import percent, percent_range, wilson
from actions.reports.officer import FEWEST_CITIZENS, OfficerRecord
from actions.reports.work_figures import Part

MINIMUM = 30  # below this a share says little


def say_officer(talk: Talk, record: OfficerRecord, minimum: int = MINIMUM) -> None:
    """Answers with the record; shares of fewer than `minimum` are counts only."""
    english = talk.language == "en" and record.period.label_en
    talk.say(
        "officer_record",
        who=_who(talk, record),
        period=record.period.label_en if english else record.period.label,
        accepted=f"{record.accepted:,}",
        answered=f"{record.answered:,}",
        closed=f"{record.closed:,}",
        on_time=_share(talk, record.on_time, minimum),
        sent_back=f"{record.sent_back:,}",
        disputed=_disputed(talk, record, minimum),
        calls_done=f"{record.calls.done:,}",
        calls_unreachable=f"{record.calls.unreachable:,}",
        codes=_codes(talk, record),
        as_of=f"{beijing(record.as_of):%m-%d %H:%M}",
    )


def _who(talk: Talk, record: OfficerRecord) -> str:
    key = "part_officer_mine" if record.mine else "part_officer_other"
    return talk.wording(key, unit=record.unit_label, called=record.called, badge=record.badge)


def _disputed(talk: Talk, record: OfficerRecord, minimum: int) -> str:
    """What citizens said of the results: not of so few that each could be known."""
    if not record.disputed.n:
        return talk.wording("part_officer_none")
    shown = record.disputed_shown
    if shown is None:
        return talk.wording("part_officer_hidden", fewest=FEWEST_CITIZENS)
    return _share(talk, shown, minimum)


def _share(talk: Talk, part: Part, minimum: int) -> str:
    interval = wilson(part.count, part.n)
    if interval is None:
        return talk.wording("part_officer_none")
    counts = {"count": f"{part.count:,}", "n": f"{part.n:,}"}
    if part.n < minimum:
        return talk.wording("part_officer_few", **counts)
    return talk.wording(
        "part_officer_share",
        share=percent(part.count, part.n),
        range=percent_range(*interval),
        **counts,
    )


def _codes(talk: Talk, record: OfficerRecord) -> str:
    used = record.used_shown
    if not record.asked:
        return talk.wording("part_officer_codes_none")
    if used is None:
        return talk.wording("part_officer_codes_few", asked=f"{record.asked:,}")
    return talk.wording("part_officer_codes", asked=f"{record.asked:,}", used=f"{used:,}")
