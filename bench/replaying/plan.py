"""What happens on which day, drawn from a recorded seed. Pure: the same seed, the same months.

Events come to the centre the day after, at ten; so that exactly as many messages go out as wanted,
it is known of every event whether the policy lets anybody be asked, and why not.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bench.replaying import sayings
from bench.replaying.article import Size

KINDS = {"police_call": 5, "case": 1, "counter": 7, "visit": 2}  # how often, by weight
FEEDS = {"police_call": "jingqing", "case": "anjian", "counter": "chuangkou", "visit": "zonghe"}
RETURN = 100  # days at least, for people who come back; shorter replays have none
TO_RECTIFY = 10  # days before the end: whoever is not satisfied then can still be answered
MATTERS = ("身份证补办", "车辆年检", "报警求助", "户口迁移", "纠纷调解", "失物招领")

# How many events beside those that are asked about, of a thousand, and why nobody is asked.
LEFT_OUT = {
    "do_not_ask": 30,
    "not_screened": 10,
    "no_way": 28,
    "kind": 3,
    "too_old": 3,
    "contact_cap": 10,
    "opted_out": 3,
}
# Of a thousand replies that count, so many come in a special way, and others come besides.
ASKED_AGAIN, REMARKS, BY_CODE, TWICE = 30, 40, 20, 10
SECOND, LATE, STOPS = 30, 15, 12


@dataclass(slots=True)
class Event:
    """A service as its feed reports it, on the day after `day`."""

    day: date
    kind: str
    unit: str
    phone: str
    at: datetime
    flags: str = "none"
    matter: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody sends on a day. `sender` is who sends, `asked` who was asked. `counts` as the
    event's rating; `opens` a case. `by_code` puts the invitation's code before the last text.
    """

    day: date
    asked: str
    sender: str
    texts: tuple[str, ...]
    counts: bool = True
    opens: bool = False
    by_code: bool = False
    twice: bool = False


@dataclass(slots=True)
class Plan:
    """`events` by the day they were finished, `answers` by the day they come."""

    seed: int
    size: Size
    first: date
    last: date
    events: dict[date, list[Event]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[date, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def days(self) -> Iterator[date]:
        for n in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=n)

    def total(self, **like: bool) -> int:
        """How many answers have these marks."""
        every = (answer for day in self.answers.values() for answer in day)
        return sum(
            all(getattr(one, name) == value for name, value in like.items()) for one in every
        )


@dataclass(frozen=True, slots=True)
class Places:
    """Codes of units: desks for counters, stations for everything else; the county of each."""

    desks: Sequence[str]
    stations: Sequence[str]
    counties: dict[str, str]


def plan(size: Size, places: Places, first: date, last: date, seed: int) -> Plan:
    """The months between the two days, both included. Raises ValueError for too few days."""
    if (last - first).days < TO_RECTIFY + 8:
        raise ValueError("too few days to ask, answer and rectify in")
    return _Planner(Plan(seed, size, first, last), places).planned()


class _Planner:
    def __init__(self, made: Plan, places: Places) -> None:
        self._plan = made
        self._places = places
        self._chance = random.Random(made.seed)
        self._phones = 0

    def planned(self) -> Plan:
        asked = sorted((self._event() for _ in range(self._plan.size.sent)), key=lambda e: e.day)
        capped, back = self._people(asked)
        free = [event for n, event in enumerate(asked) if n not in capped]
        answering = self._answers(free)
        quiet = [
            event
            for n, event in enumerate(asked)
            if n not in capped | back and id(event) not in answering
        ]
        self._left_out(asked, capped, quiet)
        for event in asked:
            self._plan.events[event.day].append(event)
        return self._plan

    # --- events -----------------------------------------------------------------------------------

    def _event(self, kind: str = "", last: date | None = None) -> Event:
        """A service that somebody may be asked about, finished in time for it."""
        kind = kind or self._chance.choices(list(KINDS), list(KINDS.values()))[0]
        ends = last or self._plan.last - timedelta(days=2 if kind == "case" else 1)
        day = self._day(ends)
        minutes = self._chance.randrange(8 * 60, 22 * 60)
        units = self._places.desks if kind == "counter" else self._places.stations
        return Event(
            day=day,
            kind=kind,
            unit=self._chance.choice(units),
            phone=self._phone(),
            at=datetime.combine(day, time()) + timedelta(minutes=minutes),
            matter=self._chance.choice(MATTERS),
            born=str(self._chance.randrange(1940, 1995)),
        )

    def _day(self, ends: date) -> date:
        """Any day, weekends less often."""
        while True:
            day = self._plan.first + timedelta(
                days=self._chance.randrange((ends - self._plan.first).days + 1)
            )
            if day.weekday() < 5 or self._chance.random() < 0.7:
                return day

    def _phone(self) -> str:
        """Of another person each time."""
        self._phones += 1
        return f"139{self._phones:08d}"

    def _people(self, asked: list[Event]) -> tuple[set[int], set[int]]:
        """Who comes more than once: again months later (`back`), or twice within days (`capped`,
        whose third service nobody asks about); places in the list.
        """
        half, capped, back = len(asked) // 2, set[int](), set[int]()
        if (self._plan.last - self._plan.first).days >= RETURN * 2:
            for n in range(0, half, 12):
                asked[n + half].phone = asked[n].phone
                back |= {n, n + half}
        wanted = len(asked) * LEFT_OUT["contact_cap"] // 1000
        for n in range(5, half - 1, 12):
            close = asked[n + 1].day - asked[n].day <= timedelta(days=3)
            if len(capped) < 2 * wanted and close:
                asked[n + 1].phone = asked[n].phone
                capped |= {n, n + 1}
        return capped, back

    # --- whom nobody asks --------------------------------------------------------------------------

    def _left_out(self, asked: list[Event], capped: set[int], quiet: list[Event]) -> None:
        for reason, share in LEFT_OUT.items():
            if reason in ("contact_cap", "opted_out"):
                continue
            for n in range(len(asked) * share // 1000):
                self._add(reason, self._unasked(reason, n))
        for n in sorted(capped)[1::2]:
            third = self._event("counter", last=asked[n].day)
            third.day = asked[n].day + timedelta(days=1)
            self._add("contact_cap", self._moved(third, third.day, asked[n].phone))
        self._stops(quiet, len(asked) * LEFT_OUT["opted_out"] // 1000)

    def _unasked(self, reason: str, n: int) -> Event:
        event = self._event("enterprise" if reason == "kind" else "")
        if reason == "do_not_ask":
            marks = ("domestic_violence", "suspect", "bereaved", "sexual_violence", "", "")
            event.flags = marks[n % 6] or "none"
            event.matter = "家庭暴力警情" if n % 6 == 4 else event.matter
            event.born = str(event.day.year - 15) if n % 6 == 5 else event.born
        elif reason == "not_screened":
            event.flags = ""
        elif reason == "no_way":
            event.phone = ("0310-3123456", "+852 5123 4567", "", "不详", "1390000")[n % 5]
        elif reason == "too_old":
            event.at -= timedelta(days=20)
        return event

    def _stops(self, quiet: list[Event], wanted: int) -> None:
        """Who writes T; and those of them who come again, about whom nobody asks any more."""
        latest = self._plan.last - timedelta(days=8)
        early = [event for event in quiet if event.day <= latest]
        stopping = min(len(early), self._plan.size.replies * STOPS // 1000)
        for n, event in enumerate(self._chance.sample(early, stopping)):
            day = event.day + timedelta(days=3)
            text = self._chance.choice(sayings.STOP)
            self._say(Answer(day, event.phone, event.phone, (text,), counts=False))
            if n < wanted:
                again = self._event("counter", last=self._plan.last - timedelta(days=1))
                later = day + timedelta(days=self._chance.randrange(1, 5))
                self._add("opted_out", self._moved(again, later, event.phone))

    @staticmethod
    def _moved(event: Event, day: date, phone: str) -> Event:
        event.at += day - event.at.date()
        event.day, event.phone = day, phone
        return event

    def _add(self, reason: str, event: Event) -> None:
        self._plan.events[event.day].append(event)
        self._plan.left_out[reason] += 1

    # --- answers ------------------------------------------------------------------------------------

    def _answers(self, free: list[Event]) -> set[int]:
        """Who answers, and how; the ids of their events."""
        size = self._plan.size
        latest = self._plan.last - timedelta(days=TO_RECTIFY + 2)
        bad = self._worst([event for event in free if event.day <= latest], size.unsatisfied)
        chosen = {id(event) for event in bad}
        rest = [
            event
            for event in free
            if id(event) not in chosen and event.day <= self._plan.last - timedelta(days=3)
        ]
        late = size.replies * LATE // 1000
        good = self._chance.sample(rest, size.satisfied + late)
        for n, event in enumerate(bad):
            self._say(*self._answer(n, event, bad=True))
        for n, event in enumerate(good[: size.satisfied]):
            self._say(*self._answer(n, event, bad=False))
        for n, event in enumerate(good[size.satisfied :]):
            self._say(*self._late(n, event))
        return chosen | {id(event) for event in good}

    def _worst(self, events: list[Event], count: int) -> list[Event]:
        """So many, more of them where a county had a bad month."""
        bad: dict[tuple[str, int, int], float] = {}

        def lot(event: Event) -> float:
            key = (self._places.counties[event.unit], event.day.year, event.day.month)
            weight = bad.setdefault(key, self._chance.choice((0.5, 0.8, 1.0, 1.3, 2.0)))
            return float(self._chance.random() ** (1 / weight))

        return sorted(events, key=lot, reverse=True)[:count]

    def _answer(self, n: int, event: Event, *, bad: bool) -> list[Answer]:
        """The answer that counts, and perhaps a second one that does not."""
        asked = event.day + timedelta(days=2 if event.kind == "case" else 1)
        ends = self._plan.last - timedelta(days=TO_RECTIFY if bad else 0)
        day = asked + timedelta(days=self._chance.randrange(min(6, (ends - asked).days + 1)))
        text = self._chance.choice(sayings.UNSATISFIED if bad else sayings.SATISFIED)
        how, sender = n * 7919 % 1000, event.phone
        texts: tuple[str, ...] = (text,)
        by_code = how < BY_CODE
        if by_code:
            sender = self._phone()
        elif how < BY_CODE + ASKED_AGAIN:
            texts = (self._chance.choice(sayings.UNCLEAR), text)
        elif how < BY_CODE + ASKED_AGAIN + REMARKS:
            texts = (
                "3" if bad else "1",
                self._chance.choice(sayings.WHY if bad else sayings.THANKS),
            )
        twice = how >= 1000 - TWICE
        found = [Answer(day, event.phone, sender, texts, True, bad, by_code, twice)]
        second = BY_CODE + ASKED_AGAIN + REMARKS <= how < BY_CODE + ASKED_AGAIN + REMARKS + SECOND
        if second and day < self._plan.last:
            changed = not bad and n % 10 == 3 and day <= ends - timedelta(days=TO_RECTIFY)
            again = ("3",) if changed else ("1",)
            after = day + timedelta(days=1)
            found.append(Answer(after, event.phone, event.phone, again, False, changed))
        return found

    def _late(self, n: int, event: Event) -> list[Answer]:
        """An answer behind the time; “not satisfied” still opens a case. None after the end."""
        day = event.day + timedelta(days=self._chance.randrange(11, 16))
        bad = n % 20 == 7 and day <= self._plan.last - timedelta(days=TO_RECTIFY)
        text = "3 现在才看到短信，当时等了很久" if bad else "1"
        answer = Answer(day, event.phone, event.phone, (text,), False, bad)
        return [answer] if day <= self._plan.last else []

    def _say(self, *answers: Answer) -> None:
        for answer in answers:
            self._plan.answers[answer.day].append(answer)
