"""A record is read from JSON or a CSV line; what is wrong with it is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from actions.errors import ConfigurationError
from actions.feeds.record import (
    FIELDS,
    REQUIRED,
    Record,
    changes,
    masked_name,
    read_record,
    stored_record,
)
from actions.invitations.csv_events import read_events
from actions.invitations.wrongs import EventMistakes, Wrong
from tests.feeds.office import record

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


def read(**fields: object) -> Record:
    found = read_record(record(**fields), NOW)
    assert isinstance(found, Record), found
    return found


PHONES = [
    ("139 0000 0000", "13900000000", "mobile"),
    ("+86-139-0000-0000", "13900000000", "mobile"),
    ("0310-312 3456", "03103123456", "landline"),
    ("852 2123 4567", "", "unreadable"),
    ("+852 2123 4567", "+85221234567", "abroad"),
    ("没有", "", "unreadable"),
    ("", "", "none"),
]


@pytest.mark.parametrize(("written", "kept", "reach"), PHONES)
def test_phones_as_people_write_them(written: str, kept: str, reach: str) -> None:
    found = read(phone=written)
    assert (found.phone, found.reach) == (kept, reach)


def test_of_the_anonymous_nothing_is_kept() -> None:
    found = read(anonymous=True, name="陈静", phone="13900000000")
    assert (found.name, found.phone, found.reach) == ("", "", "none")


@pytest.mark.parametrize("yes", ["是", "yes", "YES", "1", "true", True])
def test_yes_as_it_is_written(yes: object) -> None:
    assert read(do_not_contact=yes).do_not_contact


@pytest.mark.parametrize("no", ["否", "no", "0", "", None, False])
def test_no_as_it_is_written(no: object) -> None:
    assert not read(do_not_contact=no).do_not_contact


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"number": ""}, "number", "missing"),
    ({"number": "a\nb"}, "number", "characters"),
    ({"number": "x" * 65}, "number", "too_long"),
    ({"words": "   "}, "words", "missing"),
    ({"words": "x" * 5001}, "words", "too_long"),
    ({"words": "a\x00b"}, "words", "characters"),
    ({"words": 7}, "words", "not_text"),
    ({"photo": "../../x"}, "photo", "unknown_field"),
    ({"filed_at": "2999-01-01 10:00"}, "filed_at", "not_yet"),
    ({"filed_at": "gestern"}, "filed_at", "not_a_moment"),
    ({"until": "20/11/2026"}, "until", "not_a_moment"),
    ({"anonymous": "maybe"}, "anonymous", "not_yes_no"),
    ({"anonymous": 1}, "anonymous", "not_yes_no"),
    ({"language": "fr"}, "language", "unknown_kind"),
]


@pytest.mark.parametrize(("fields", "field", "why"), WRONG)
def test_what_is_wrong_is_named(fields: dict[str, Any], field: str, why: str) -> None:
    found = read_record(record(**fields), NOW)
    assert isinstance(found, list)
    assert [(each.field, each.why) for each in found] == [(field, why)]
    for language in ("en", "zh"):
        assert found[0].sentence(language)


def test_every_mistake_of_a_record_is_told() -> None:
    found = read_record(record(filed_at="x", until="y", anonymous="z"), NOW)
    assert isinstance(found, list)
    assert len(found) == 3


def test_words_may_have_lines_and_the_title_stands_before_them() -> None:
    assert read(title="态度差", words="第一行\n第二行").what == "态度差\n第一行\n第二行"
    assert read(title="窗口", words="窗口民警态度很差").what == "窗口民警态度很差"


def test_the_same_content_however_it_is_written() -> None:
    one = read(phone="139 0000 0000", until="2026-11-21 10:00")
    other = read(phone="+8613900000000", until="2026-11-21T02:00:00Z")
    assert one.content == other.content
    assert stored_record(one.to_json()) == one


def test_what_changed_is_told_but_no_number() -> None:
    changed = changes(
        read(), read(words="又去了一次", phone="13900000001", until="2026-11-21 10:00")
    )
    assert changed == {"words": "又去了一次", "until": "2026-11-21 10:00", "phone": ""}


@pytest.mark.parametrize(("name", "shown"), [("陈静", "陈某某"), ("Jane Doe", "J…"), ("", "")])
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


# --- files ----------------------------------------------------------------------------------------

HEAD = "number,category,words,phone\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "cases.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_in_any_of_the_encodings(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, HEAD + 'GD-1,噪音扰民,"半夜施工，\n吵得睡不着",0310 3123456\n', encoding)
    [(line, fields)] = read_events(path, tuple(FIELDS), REQUIRED)
    assert line == 2
    assert not isinstance(fields, Wrong)
    assert fields["words"] == "半夜施工， 吵得睡不着"


def test_a_file_with_other_columns(tmp_path: Path) -> None:
    with pytest.raises(EventMistakes, match="photo does not fit"):
        list(read_events(write(tmp_path, "number,words,photo\n"), tuple(FIELDS), REQUIRED))
    with pytest.raises(ConfigurationError, match="words does not fit"):
        list(read_events(write(tmp_path, "number,category\n"), tuple(FIELDS), REQUIRED))
