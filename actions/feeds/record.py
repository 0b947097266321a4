"""A record: a matter as another system hands it over, read from JSON or a CSV line. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.clock import BEIJING
from actions.invitations.event import CLOCKS_DIFFER, read_moment, read_phone, wrong_texts
from actions.invitations.kinds import Reach
from actions.invitations.wrongs import Wrong

FIELDS: Mapping[str, int] = {  # the longest that each may be, in characters
    "number": 64,
    "category": 60,
    "title": 200,
    "words": 5000,
    "when": 100,
    "place": 200,
    "unit": 64,
    "name": 40,
    "phone": 40,
    "anonymous": 5,
    "do_not_contact": 5,
    "language": 2,
    "filed_at": 40,
    "until": 40,
}
REQUIRED = ("number", "words")
YES_OR_NO = ("anonymous", "do_not_contact")
PROSE = ("words",)  # may have several lines
_YES = frozenset({"yes", "true", "1", "是"})
_NO = frozenset({"", "no", "false", "0", "否"})


@dataclass(frozen=True, slots=True)
class Record:
    """`number` is the feed's own; `phone` in its kept form or empty; moments ISO with a zone, or
    empty: `filed_at` when the feed took it, `until` by when the feed wants the answer.

    Of somebody who stays anonymous neither name nor phone is kept.
    """

    number: str
    words: str
    category: str = ""
    title: str = ""
    when: str = ""
    place: str = ""
    unit: str = ""
    name: str = ""
    phone: str = ""
    anonymous: bool = False
    do_not_contact: bool = False
    language: str = "zh"
    filed_at: str = ""
    until: str = ""
    reach: str = Reach.NONE.value

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @property
    def content(self) -> str:
        """Canonical text: the same for the same content, however it was written."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)

    @property
    def what(self) -> str:
        """The matter: the title, unless the words begin with it, and the words."""
        if not self.title or self.words.startswith(self.title):
            return self.words
        return f"{self.title}\n{self.words}"

    @property
    def unreadable(self) -> bool:
        """Whether a phone was given that is none."""
        return self.reach == Reach.UNREADABLE


def read_record(fields: Mapping[str, object], now: datetime) -> Record | list[Wrong]:
    """The record, or everything that is wrong with it. `now` is aware; nothing that a citizen said
    stands in the sentences.
    """
    wrong = list(wrong_texts(fields, FIELDS, REQUIRED, loose=YES_OR_NO, prose=PROSE))
    if wrong:
        return wrong
    text = {name: str(fields.get(name) or "").strip() for name in FIELDS}
    filed, until = _moment(text, "filed_at"), _moment(text, "until")
    anonymous, silent = _truth(fields, "anonymous"), _truth(fields, "do_not_contact")
    wrong = [each for each in (filed, until, anonymous, silent) if isinstance(each, Wrong)]
    if isinstance(filed, datetime) and filed > now + CLOCKS_DIFFER:
        wrong.append(Wrong("filed_at", "not_yet"))
    if text["language"] not in ("", "zh", "en"):
        wrong.append(Wrong("language", "unknown_kind", {"known": "zh, en"}))
    if wrong:
        return wrong
    phone, reach = read_phone("" if anonymous is True else text["phone"])
    return Record(
        **{name: text[name] for name in ("number", "words", "category", "title", "when")},
        place=text["place"],
        unit=text["unit"],
        name="" if anonymous is True else text["name"],
        phone=phone,
        anonymous=anonymous is True,
        do_not_contact=silent is True,
        language=text["language"] or "zh",
        filed_at=_iso(filed),
        until=_iso(until),
        reach=reach.value,
    )


def stored_record(content: Mapping[str, Any]) -> Record:
    """The record again from `Record.to_json`."""
    return Record(**content)


def masked_name(name: str) -> str:
    """What others are told of a name: 陈某某, J…; empty for none."""
    if not name:
        return ""
    return f"{name[0]}某某" if "\u4e00" <= name[0] <= "\u9fff" else f"{name[0]}…"


def changes(old: Record, new: Record) -> dict[str, str]:
    """What a case has to be told of when a record comes again with other content: by the field.

    `phone` says only that it changed, not what it is now.
    """
    found = {
        name: str(getattr(new, name))
        for name in ("words", "title", "category", "when", "place", "unit")
        if getattr(new, name) != getattr(old, name) and getattr(new, name)
    }
    if new.until and new.until != old.until:
        found["until"] = f"{datetime.fromisoformat(new.until).astimezone(BEIJING):%Y-%m-%d %H:%M}"
    if _contact(new) != _contact(old):
        found["phone"] = ""
    return found


def _contact(record: Record) -> tuple[str, str, bool]:
    return record.phone, record.name, record.do_not_contact


def _moment(text: Mapping[str, str], field: str) -> datetime | Wrong | None:
    return read_moment(text[field], field) if text[field] else None


def _iso(moment: datetime | Wrong | None) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else ""


def _truth(fields: Mapping[str, object], field: str) -> bool | Wrong:
    given = fields.get(field)
    if given is None or isinstance(given, bool):
        return bool(given)
    written = given.strip().lower() if isinstance(given, str) else "?"
    if written in _YES:
        return True
    return False if written in _NO else Wrong(field, "not_yes_no")
