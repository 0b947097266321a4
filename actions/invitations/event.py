"""A service event: what a feed reports, read from the fields of a JSON object or a CSV line. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from actions.clock import BEIJING
from actions.invitations.kinds import EventKind, Excluded, Flag, Reach
from actions.invitations.sensitive import all_flags
from actions.invitations.wrongs import Wrong
from actions.phones import normalise

FIELDS: Mapping[str, int] = {  # the longest that each may be, in characters
    "number": 64,
    "kind": 20,
    "unit": 64,
    "officer": 32,
    "phone": 40,
    "finished_at": 40,
    "flags": 200,
    "matter": 100,
    "birth_year": 4,
    "wechat": 64,
    "language": 2,
}
REQUIRED = ("number", "kind", "unit", "finished_at")
CLOCKS_DIFFER = timedelta(minutes=5)  # so far ahead a feed's clock may be
_FIRST_YEAR = 1900
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\ud800-\udfff]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, slots=True)
class Places:
    """What an event may name: units by code, officers by badge, and what this feed may send."""

    units: Mapping[str, int]
    officers: Mapping[str, int]
    kinds: Collection[str]


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """A service that is finished. `number` is the feed's own; `phone` in its kept form or empty;
    `finished_at` aware, UTC; `flags` is why the person must not be asked.

    `account` is the citizen's openid in our official account, where the feed knows it.
    """

    number: str
    kind: EventKind
    unit_id: int
    officer_id: int | None
    phone: str
    reach: Reach
    finished_at: datetime
    flags: tuple[Flag, ...]
    screened: bool
    account: str
    language: str

    @property
    def excluded(self) -> Excluded | None:
        """Why the person is never asked; None: they may be."""
        if self.flags:
            return Excluded.DO_NOT_ASK
        asked_about_nothing = self.kind is EventKind.ENTERPRISE  # no service, no victim
        return None if self.screened or asked_about_nothing else Excluded.NOT_SCREENED

    @property
    def content(self) -> str:
        """Canonical text: the same for the same content, however it was written."""
        parts = [self.kind, self.unit_id, self.officer_id, self.phone, self.reach, self.account]
        parts += [self.finished_at.isoformat(), list(self.flags), self.screened, self.language]
        return json.dumps(parts, ensure_ascii=False)


def read_event(
    fields: Mapping[str, object], places: Places, now: datetime
) -> ServiceEvent | list[Wrong]:
    """The event, or everything that is wrong with it. `now` is aware; nothing of `fields` is in
    the sentences but codes and badges.
    """
    wrong = list(wrong_texts(fields, FIELDS, REQUIRED, loose=("flags", "birth_year")))
    if wrong:
        return wrong
    text = {name: str(fields.get(name) or "").strip() for name in FIELDS}
    kind, finished = _kind(text["kind"], places), _moment(text["finished_at"], now)
    flags, born = _flags(fields.get("flags")), _year(fields.get("birth_year"), now)
    wrong = [each for each in (kind, finished, flags, born) if isinstance(each, Wrong)]
    if text["unit"] not in places.units:
        wrong.append(Wrong("unit", "unknown_unit", {"value": text["unit"]}))
    if text["officer"] and text["officer"] not in places.officers:
        wrong.append(Wrong("officer", "unknown_officer", {"value": text["officer"]}))
    if text["language"] not in ("", "zh", "en"):
        wrong.append(Wrong("language", "unknown_kind", {"known": "zh, en"}))
    if (
        wrong
        or isinstance(kind, Wrong)
        or isinstance(finished, Wrong)
        or isinstance(flags, Wrong)
        or isinstance(born, Wrong)
    ):
        return wrong
    phone, reach = read_phone(text["phone"])
    year = finished.astimezone(BEIJING).year
    return ServiceEvent(
        number=text["number"],
        kind=kind,
        unit_id=places.units[text["unit"]],
        officer_id=places.officers[text["officer"]] if text["officer"] else None,
        phone=phone,
        reach=reach,
        finished_at=finished,
        flags=tuple(sorted(all_flags(flags or (), text["matter"], born, year))),
        screened=flags is not None,
        account=text["wechat"],
        language=text["language"] or "zh",
    )


def read_phone(written: str) -> tuple[str, Reach]:
    """The number in its kept form, and what kind it is; what is no number is not kept."""
    if not written:
        return "", Reach.NONE
    number = normalise(written)
    if number is None:
        return "", Reach.UNREADABLE
    if number.startswith("+"):
        return number, Reach.ABROAD
    return number, Reach.LANDLINE if number.startswith("0") else Reach.MOBILE


def wrong_texts(
    fields: Mapping[str, object],
    longest: Mapping[str, int],
    required: Collection[str],
    *,
    loose: Collection[str] = (),
    prose: Collection[str] = (),
) -> Iterator[Wrong]:
    """What is unknown, missing, too long or no text.

    `longest` names every field and its most characters; `loose` may be something else than text,
    which their own readers look at; `prose` may have several lines.
    """
    for name in fields:
        if name not in longest:
            yield Wrong(_CONTROL.sub("", name)[:40], "unknown_field")
    for name, most in longest.items():
        value = fields.get(name)
        if value is None or value == "":
            if name in required:
                yield Wrong(name, "missing")
        elif name in loose and not isinstance(value, str):
            continue  # a list, a number: looked at by their own readers
        elif not isinstance(value, str):
            yield Wrong(name, "not_text")
        elif len(value) > most:
            yield Wrong(name, "too_long", {"most": str(most)})
        elif (_NO_TEXT if name in prose else _CONTROL).search(value):
            yield Wrong(name, "characters")
        elif name in required and not value.strip():
            yield Wrong(name, "missing")


def _kind(written: str, places: Places) -> EventKind | Wrong:
    if written not in set(EventKind):
        return Wrong("kind", "unknown_kind", {"known": ", ".join(EventKind)})
    if written not in places.kinds:
        known = ", ".join(sorted(places.kinds))
        return Wrong("kind", "not_this_feed", {"known": known, "value": written})
    return EventKind(written)


def _moment(written: str, now: datetime) -> datetime | Wrong:
    """In UTC, and not in the future."""
    moment = read_moment(written, "finished_at")
    if isinstance(moment, datetime) and moment > now + CLOCKS_DIFFER:
        return Wrong("finished_at", "future")
    return moment


def read_moment(written: str, field: str) -> datetime | Wrong:
    """In UTC; without a zone it is Beijing's."""
    wrong = Wrong(field, "not_a_moment")
    if not _MOMENT.fullmatch(written):
        return wrong
    try:
        moment = datetime.fromisoformat(written)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return wrong
    return moment if moment.year >= _FIRST_YEAR else wrong


def _flags(given: object) -> tuple[Flag, ...] | Wrong | None:
    """None: the feed did not say. An empty list or the word "none" (无): it looked, none holds."""
    if given is None or given == "":
        return None
    known = {"known": ", ".join(Flag)}
    if isinstance(given, str):
        given = [] if given.strip().lower() in ("none", "无") else re.split(r"[;；,，]", given)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return Wrong("flags", "not_flags", known)
    words = [each.strip() for each in given]
    for word in words:
        if word not in set(Flag):
            shown = _CONTROL.sub("", word)[:30]
            return Wrong("flags", "unknown_flag", {"value": shown, **known})
    return tuple(Flag(word) for word in words)


def _year(given: object, now: datetime) -> int | Wrong | None:
    if given is None or given == "":
        return None
    written = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{4}", written):
        return Wrong("birth_year", "not_a_year")
    year = int(written)
    return year if _FIRST_YEAR <= year <= now.year else Wrong("birth_year", "not_a_year")
