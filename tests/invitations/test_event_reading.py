"""From what a feed writes to an event, a line each; now is Friday 20 November 2026, 14:05."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.invitations.event import FIELDS, Places, ServiceEvent, read_event, read_phone
from actions.invitations.kinds import EventKind, Excluded, Flag, Reach
from actions.invitations.sensitive import flags_in, is_minor

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
PLACES = Places({"HALL": 7}, {"Y1": 3}, frozenset(EventKind))


def event(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "number": "N1",
        "kind": "counter",
        "unit": "HALL",
        "phone": "13900000000",
        "finished_at": "2026-11-20 14:00",
        "flags": [],
    }
    return given | fields


def read(**fields: object) -> ServiceEvent:
    found = read_event(event(**fields), PLACES, NOW)
    assert isinstance(found, ServiceEvent), found
    return found


@pytest.mark.parametrize(
    ("written", "kept", "reach"),
    [
        ("13900000000", "13900000000", Reach.MOBILE),
        ("139 0000 0000", "13900000000", Reach.MOBILE),
        ("+86-139-0000-0000", "13900000000", Reach.MOBILE),
        ("１３９００００００００", "13900000000", Reach.MOBILE),
        ("0310-3123456", "03103123456", Reach.LANDLINE),
        ("010 6123 4567转8", "01061234567-8", Reach.LANDLINE),
        ("+852 5123 4567", "+85251234567", Reach.ABROAD),
        ("00853 6612 3456", "+85366123456", Reach.ABROAD),
        ("110", "", Reach.UNREADABLE),
        ("无", "", Reach.UNREADABLE),
        ("12345678901", "", Reach.UNREADABLE),
        ("", "", Reach.NONE),
    ],
)
def test_numbers_as_feeds_write_them(written: str, kept: str, reach: Reach) -> None:
    assert read_phone(written) == (kept, reach)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-20 14:00", "2026-11-20T06:00"),
        ("2026-11-20T14:00:30", "2026-11-20T06:00:30"),
        ("2026-11-20T06:00:00Z", "2026-11-20T06:00"),
        ("2026-11-20T06:00:00+00:00", "2026-11-20T06:00"),
        ("2026-11-20 14:09", "2026-11-20T06:09"),  # four minutes ahead: clocks differ
    ],
)
def test_moments(written: str, utc: str) -> None:
    assert read(finished_at=written).finished_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_an_event_of_the_future_is_refused() -> None:
    # 14:05 now, five minutes allowed: 14:11 is in the future.
    [wrong] = read_event(event(finished_at="2026-11-20 14:11"), PLACES, NOW)  # type: ignore[misc]
    assert (wrong.field, wrong.why) == ("finished_at", "future")


@pytest.mark.parametrize("flags", [[], "none", "无"])
def test_looked_and_none_holds(flags: object) -> None:
    assert read(flags=flags).excluded is None


@pytest.mark.parametrize("flags", [None, ""])
def test_who_was_not_looked_at_is_not_asked(flags: object) -> None:
    assert read(flags=flags).excluded is Excluded.NOT_SCREENED


@pytest.mark.parametrize(
    "fields",
    [
        {"flags": ["domestic_violence"]},
        {"flags": "suspect;minor"},
        {"flags": "suspect，bereaved"},
        {"flags": ["do_not_ask"]},
        {"matter": "家庭暴力求助"},
        {"matter": "被人 强 奸"},
        {"matter": "非正常死亡"},
        {"matter": "取保候审"},
        {"birth_year": 2010},
        {"birth_year": "2008"},  # turns 18 this year: in doubt under age
        {"flags": None, "birth_year": 2015},
    ],
)
def test_whom_nobody_may_ask(fields: dict[str, object]) -> None:
    assert read(**fields).excluded is Excluded.DO_NOT_ASK


def test_of_age() -> None:
    # 2026 - 2007 = 19: of age on every day of the year.
    assert read(birth_year=2007).excluded is None
    assert [is_minor(born, 2026) for born in (2006, 2007, 2008, 2009)] == [False, False, True, True]


def test_an_enterprise_is_nobody_s_victim() -> None:
    assert read(kind="enterprise", flags=None).excluded is None


@pytest.mark.parametrize("matter", ["丢失身份证", "电动车被盗", "噪音扰民", "户籍迁移", ""])
def test_an_ordinary_matter_says_nothing(matter: str) -> None:
    assert flags_in(matter) == set()


def test_the_same_content_is_the_same_however_it_is_written() -> None:
    one = read(phone="139 0000 0000", flags=["minor", "suspect"])
    other = read(
        phone="+8613900000000", flags=["suspect", "minor"], finished_at="2026-11-20T06:00Z"
    )
    assert one.content == other.content
    assert one.content != read(phone="13900000000").content
    assert read(unit="HALL", officer="Y1").content != read().content


def test_what_is_not_kept_is_not_content() -> None:
    assert Flag.MINOR in read(matter="未成年人救助").flags
    assert "救助" not in read(matter="未成年人救助").content


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80), st.lists(st.text())
)


@given(st.dictionaries(st.one_of(st.sampled_from(sorted(FIELDS)), st.text()), VALUES))
def test_whatever_is_sent_is_read_or_named(fields: dict[str, object]) -> None:
    found = read_event(event() | fields, PLACES, NOW)
    if not isinstance(found, ServiceEvent):
        assert found
        assert all(wrong.sentence("zh") and wrong.sentence("en") for wrong in found)
