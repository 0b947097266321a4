"""The printed comparison, and what does not agree with what went in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench.replaying import article
from bench.table import aligned, number

if TYPE_CHECKING:
    from bench.replay import Replayed


def printed(found: Replayed, scale: int) -> list[str]:
    """The whole report as lines."""
    plan, counts = found.plan, found.figures.counts
    return [
        f"yuxi, {plan.first} to {plan.last}, seed {plan.seed}, every count divided by {scale}",
        "",
        *aligned([["", "article", "ours"], *_compared(found)]),
        "",
        *(f"· {line}" for line in article.READING),
        "",
        *aligned(
            [["month", "sent", "replies", "rate", "satisfied", "not", "last"], *_months(found)]
        ),
        "",
        f"not asked, of {counts['events']:,} events: "
        + ", ".join(f"{n:,} {why}" for why, n in sorted(found.figures.why_not.items())),
        f"said back to {counts['messages']:,} messages: "
        + ", ".join(f"{n:,} {what}" for what, n in found.answering.said.most_common()),
        "officers and citizens did: "
        + ", ".join(f"{n:,} × {what}" for what, n in found.casework.did.most_common()),
        *_work(found),
        "",
        *_speed(found),
    ]


def _compared(found: Replayed) -> Iterator[list[str]]:
    size, counts, stats = article.ARTICLE, found.figures.counts, found.figures.stats

    def line(what: str, theirs: str, ours: str) -> list[str]:
        return [what, theirs, ours]

    def share(part: int, whole: int) -> str:
        return f"{part / whole:.1%}" if whole else "–"

    yield line("messages sent", f"{size.sent:,}", f"{counts['sent']:,}")
    yield line("replies", f"{size.replies:,}", f"{counts['replies']:,}")
    yield line(
        "replies of messages",
        f"{article.PRINTED_REPLY_RATE} %",
        share(counts["replies"], counts["sent"]),
    )
    yield line("satisfied", f"{article.PRINTED_SATISFIED:,}", f"{counts['satisfied']:,}")
    yield line("basically satisfied", "not said", f"{counts['basically']:,}")
    yield line("not satisfied", f"{size.unsatisfied:,}", f"{counts['unsatisfied']:,}")
    yield line(
        "satisfied, of replies",
        f"{article.PRINTED_SATISFACTION} %",
        share(counts["satisfied"], counts["replies"]),
    )
    shown = f"{stats.satisfaction:.1%}" if stats.satisfaction is not None else "–"
    yield line("  the same by our report", "", f"{shown} of {stats.ratings:,}")
    opened = counts["cases"]
    yield line("cases opened", "1,072", f"{opened:,}")
    yield line("  of replies that count", "1,072", f"{counts['cases_of_replies']:,}")
    yield line("called back", "100 %", share(counts["called_back"], opened))
    yield line("found true, at least partly", "not said", f"{counts['found_true']:,}")
    yield line(
        "  of these rectified",
        f"{article.PRINTED_RECTIFIED} %",
        share(counts["rectified"], counts["found_true"]),
    )
    yield line(
        "rectified or explained by the last day",
        f"{article.PRINTED_RECTIFIED} %",
        share(counts["settled"], opened),
    )
    yield line("sent back (false rectification, dispute)", "not said", f"{counts['sent_back']:,}")
    yield line("events with two ratings", "“一事一评”", f"{counts['rated_twice']:,}")
    yield line("asked although nobody may", "not said", f"{counts['asked_against_it']:,}")
    yield line("asked oftener than the policy says", "not said", f"{counts['over_cap']:,}")


def _months(found: Replayed) -> Iterator[list[str]]:
    for month in found.figures.months:
        stats = month.stats
        yield [
            month.name,
            f"{month.sent:,}",
            f"{stats.ratings:,}",
            f"{stats.ratings / month.sent:.1%}",
            _percent(stats.satisfaction),
            f"{stats.unsatisfied:,}",
            f"{month.last} {_percent(month.last_share)}",
        ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _work(found: Replayed) -> Iterator[str]:
    work, reasons = found.figures.work, found.figures.reasons
    yield "not satisfied with: " + ", ".join(f"{n:,} {why}" for why, n in reasons.items())
    yield (
        f"by our report on the work: {work.closed:,} closed, {work.silent:,} of them in silence; "
        f"answered in time {work.on_time.count:,} of {work.on_time.n:,}; turned round "
        f"{work.turned_round.count:,} of {work.turned_round.n:,} who said so; sent back "
        f"{work.sent_back:,}"
    )
    asked = ", ".join(f"{n:,} {kind}" for kind, n in found.figures.asked_by_kind.items())
    yield f"asked about: {asked}"


def _speed(found: Replayed) -> Iterator[str]:
    counts, spent = found.figures.counts, found.seconds
    yield f"the text messages took {found.sms.taken['parts']:,} parts, case notices included"
    rows = [["", "s", "of", "a second"]]
    for what, n in (
        ("import", found.feeding.rows),
        ("planning", counts["events"]),
        ("sending", counts["sent"]),
        ("delivery", found.sms.taken["messages"]),
        ("replies", counts["messages"]),
        ("cases", sum(found.casework.did.values())),
        ("rounds", 0),
        ("reports", 0),
    ):
        pace = n / spent[what] if spent[what] and n else None
        rows.append([what, number(spent[what]), f"{n:,}" if n else "", number(pace, 0)])
    yield from aligned(rows)
    yield f"database {found.figures.bytes / 2**20:,.0f} MiB"


def differences(found: Replayed) -> list[str]:
    """One line for each count that is not what went in; empty when all are."""
    plan, counts, stats = found.plan, found.figures.counts, found.figures.stats
    size, opened = plan.size, plan.total(opens=True)
    events = sum(map(len, plan.events.values()))
    wanted = {
        "events": (events, counts["events"]),
        "events new to the intake": (events, found.feeding.new),
        "events known when sent again": (found.feeding.expected_known, found.feeding.known),
        "messages sent": (size.sent, counts["sent"]),
        "messages delivered": (size.sent, counts["delivered"]),
        "replies": (size.replies, counts["replies"]),
        "invitations answered": (size.replies, counts["answered"]),
        "satisfied": (size.satisfied, counts["satisfied"]),
        "not satisfied": (size.unsatisfied, counts["unsatisfied"]),
        "basically satisfied": (0, counts["basically"]),
        "events rated twice": (0, counts["rated_twice"]),
        "asked against it": (0, counts["asked_against_it"]),
        "asked too often": (0, counts["over_cap"]),
        "messages received": (found.answering.messages, counts["messages"]),
        "cases": (opened, counts["cases"]),
        "cases of replies": (size.unsatisfied, counts["cases_of_replies"]),
        "called back": (opened, counts["called_back"]),
        "settled": (opened, counts["settled"]),
        "rectified": (counts["found_true"], counts["rectified"]),
        "closed": (opened, counts["closed"]),
        "cases still worked on": (0, found.casework.open),
        "ratings by our report": (size.replies, stats.ratings),
        "satisfied by our report": (size.satisfied, stats.satisfied),
        "closed by our report": (opened, found.figures.work.closed),
        "replies by month": (size.replies, sum(m.stats.ratings for m in found.figures.months)),
        "asked by kind": (size.sent, sum(found.figures.asked_by_kind.values())),
        **{
            f"not asked: {why}": (plan.left_out[why], found.figures.why_not.get(why, 0))
            for why in plan.left_out.keys() | found.figures.why_not.keys()
        },
    }
    wrong = [
        f"{what}: {had:,} expected, {got:,} found"
        for what, (had, got) in wanted.items()
        if had != got
    ]
    return [*wrong, *found.answering.wrong, *found.casework.wrong]
