"""What the tests of the deadlines share: hours, the calendar, moments, and how to draw them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.deadlines.due import due
from actions.deadlines.hours import Hours, parse_hours
from actions.deadlines.pauses import Pause
from actions.deadlines.spans import Span, SpanUnit, parse_span
from actions.deadlines.steps import Due
from actions.deadlines.workdays import Calendar, Published, published

HOURS = Hours(
    duty=parse_hours("08:00-20:00"),
    office=parse_hours("09:00-18:00"),
    calls=parse_hours("08:30-22:00"),
    same_day_late=time(10),
)
DAY = timedelta(days=1)

type Started = tuple[datetime, list[Pause]]
"""A start, and the pauses that follow; none of them open."""


def known_up_to(year: int) -> Calendar:
    """The published days, as if nothing after that year were published yet."""
    known = published()
    years = frozenset(each for each in known.years if each <= year)
    return Calendar(Published(years, known.off, known.make_up))


CALENDAR = known_up_to(2026)


def beijing(text: str) -> datetime:
    """ "2026-11-20 14:05" in Beijing, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def local(moment: datetime | None) -> str | None:
    """The other way round: a moment as Beijing reads it."""
    return None if moment is None else f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def local_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def pause(text: str) -> Pause:
    """ "2026-11-20 14:05 / 2026-11-21 09:00"; nothing after the stroke: still paused."""
    first, _, last = (each.strip() for each in text.partition("/"))
    return beijing(first), beijing(last) if last else None


def due_of(span: str, start: str, *pauses: str) -> Due:
    return due(parse_span(span), beijing(start), map(pause, pauses), HOURS, CALENDAR)


def due_at(span: Span, start: datetime, *pauses: Pause) -> datetime:
    """When it is due; for spans whose clock does not stand still."""
    at = due(span, start, pauses, HOURS, CALENDAR).at
    assert at is not None
    return at


# --- drawing --------------------------------------------------------------------------------------

moments = st.datetimes(
    datetime(2023, 1, 1),  # noqa: DTZ001
    datetime(2027, 3, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
whole_minutes = moments.map(lambda each: each.replace(second=0, microsecond=0))

exact_spans = st.builds(
    Span,
    st.integers(0, 3000),
    st.just(SpanUnit.MINUTES),
    st.booleans(),
) | st.builds(Span, st.integers(0, 50), st.just(SpanUnit.HOURS), st.booleans())
day_spans = st.builds(
    Span, st.integers(1, 25), st.sampled_from([SpanUnit.DAYS, SpanUnit.WORKING_DAYS])
)
working_spans = st.builds(Span, st.integers(1, 25), st.just(SpanUnit.WORKING_DAYS))
same_day = st.just(Span(0, SpanUnit.SAME_DAY))
spans = exact_spans | day_spans | same_day


@st.composite
def starts_and_pauses(draw: st.DrawFn) -> Started:
    """A start, and up to four pauses around and after it, in whole minutes; they may overlap."""
    start = draw(whole_minutes)
    pauses: list[Pause] = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(minutes=draw(st.integers(-2_000, 20_000)))
        pauses.append((first, first + timedelta(minutes=draw(st.integers(0, 8_000)))))
    return start, pauses
