"""Where a case goes: the policy's first fitting line, and never to whom it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cases.kinds import CaseKind
from actions.cases.routing import Line, Matter, Place, Way, route

# A city of two counties; the station MDL has two desks.
CITY = Place(1, "YZ", "city", "/1/")
QX, QD = Place(2, "QX", "county", "/1/2/"), Place(3, "QD", "county", "/1/3/")
MDL, NZ = Place(21, "MDL", "station", "/1/2/21/"), Place(22, "NZ", "station", "/1/2/22/")
HJ1, HJ2 = Place(211, "HJ1", "desk", "/1/2/21/211/"), Place(212, "HJ2", "desk", "/1/2/21/212/")
JJ = Place(31, "JJ", "station", "/1/3/31/")
UNITS = {place.path: place for place in (CITY, QX, QD, MDL, NZ, HJ1, HJ2, JJ)}
CODES = {place.code: place for place in UNITS.values()}


def line_to(place: Place | None) -> tuple[Place, ...]:
    if place is None:
        return ()
    ids = place.path.strip("/").split("/")
    return tuple(UNITS[f"/{'/'.join(ids[: n + 1])}/"] for n in range(len(ids)))


def above(path: str) -> Place | None:
    return UNITS.get(path.strip("/").rpartition("/")[0].join("//"))


def sent(
    lines: list[Line],
    named: Place | None = MDL,
    kind: CaseKind = CaseKind.COMPLAINT,
    words: str = "",
    source: str = "wechat",
    subjects: tuple[str, ...] = (),
) -> Way:
    matter = Matter(kind, source, words, line_to(named))
    return route(lines, matter, CITY, CODES.get, subjects, above)


# --- the policy's lines ---------------------------------------------------------------------------


def test_without_a_line_it_goes_to_the_unit_named() -> None:
    assert sent([]) == Way(MDL.unit_id, "named")
    assert sent([], HJ2) == Way(HJ2.unit_id, "named")


def test_without_a_unit_it_goes_to_the_centre() -> None:
    assert sent([], None) == Way(CITY.unit_id, "centre")


@pytest.mark.parametrize(
    ("to", "unit"), [("named", HJ1), ("station", MDL), ("county", QX), ("city", CITY)]
)
def test_a_line_names_a_level(to: str, unit: Place) -> None:
    assert sent([Line(to)], HJ1).unit_id == unit.unit_id


def test_a_level_below_the_unit_named_is_that_unit() -> None:
    assert sent([Line("station")], QX) == Way(QX.unit_id, "named")


@pytest.mark.parametrize("to", ["named", "station", "county"])
def test_a_level_of_no_unit_is_the_centre(to: str) -> None:
    unit = sent([Line(to)], None).unit_id
    assert unit == CITY.unit_id


def test_the_first_line_that_fits_wins() -> None:
    lines = [
        Line("code:JJ", words=("车管", "违章")),
        Line("county", kinds=(CaseKind.COMPLAINT,)),
        Line("city"),
    ]
    assert sent(lines, words="车管所排队") == Way(JJ.unit_id, "policy")
    assert sent(lines) == Way(QX.unit_id, "policy")
    assert sent(lines, kind=CaseKind.HELP) == Way(CITY.unit_id, "policy")


def test_every_condition_of_a_line_must_hold() -> None:
    line = Line("city", (CaseKind.HELP,), ("hotline",), ("噪音",), ("QX",))
    fits = {"kind": CaseKind.HELP, "source": "hotline", "words": "半夜噪音", "named": MDL}
    assert sent([line], **fits).why == "policy"  # type: ignore[arg-type]
    for name, other in [
        ("kind", CaseKind.PRAISE),
        ("source", "wechat"),
        ("words", "路灯"),
        ("named", JJ),
    ]:
        assert sent([line], **{**fits, name: other}).why == "named"  # type: ignore[arg-type]


def test_a_line_to_a_unit_that_is_not_there_is_passed_over() -> None:
    assert sent([Line("code:GONE"), Line("county")]) == Way(QX.unit_id, "policy")
    assert sent([Line("code:GONE")]) == Way(MDL.unit_id, "named")


# --- whom it is about -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "subject", "unit", "why"),
    [
        (MDL, MDL, QX, "conflict"),  # the officer's own station: the county
        (HJ1, MDL, QX, "conflict"),  # one of its desks: that is the same station
        (MDL, HJ1, QX, "conflict"),  # who sits at the desk works for the station
        (HJ1, HJ1, QX, "conflict"),
        (HJ1, HJ2, QX, "conflict"),  # nor does the next desk
        (QX, MDL, QX, "named"),  # the county is above them
        (QX, QX, CITY, "conflict"),  # someone of the county bureau: the city
        (MDL, QX, CITY, "conflict"),  # and no station below them
        (NZ, MDL, NZ, "named"),  # another station has nothing to do with them
        (QD, QX, QD, "named"),
        (CITY, MDL, CITY, "named"),
        (MDL, CITY, CITY, "conflict"),  # there is nothing above the city
    ],
)
def test_it_goes_above_whom_it_is_about(
    named: Place, subject: Place, unit: Place, why: str
) -> None:
    assert sent([], named, subjects=(subject.path,)) == Way(unit.unit_id, why)


def test_who_has_posts_at_two_units_is_avoided_at_both() -> None:
    assert sent([], MDL, subjects=(MDL.path, QX.path)) == Way(CITY.unit_id, "conflict")
    assert sent([], NZ, subjects=(MDL.path, NZ.path)) == Way(QX.unit_id, "conflict")


def test_a_line_of_the_policy_does_not_lead_to_them_either() -> None:
    way = sent([Line("code:MDL")], NZ, subjects=(MDL.path,))
    assert way == Way(QX.unit_id, "conflict")


_places = st.sampled_from(sorted(UNITS.values(), key=lambda place: place.path))
_lines = st.builds(
    Line,
    to=st.sampled_from(["named", "station", "county", "city", "code:MDL", "code:JJ", "code:GONE"]),
    kinds=st.just(()) | st.tuples(st.sampled_from(CaseKind)),
    words=st.just(()) | st.just(("车",)),
    units=st.just(()) | st.just(("QX",)),
)


def station_of(place: Place) -> str:
    """The station that a place belongs to; itself for a county or the city."""
    return "/".join(place.path.split("/")[:4]).rstrip("/") + "/"


@given(
    lines=st.lists(_lines, max_size=4),
    named=st.none() | _places,
    subjects=st.lists(_places, min_size=1, max_size=2),
    kind=st.sampled_from(CaseKind),
)
def test_never_to_the_subjects_own_house(
    lines: list[Line], named: Place | None, subjects: list[Place], kind: CaseKind
) -> None:
    """Wherever the policy or the citizen points: not the station, and not below a county of
    theirs; only of the city there is nothing above."""
    way = sent(lines, named, kind, "车", subjects=tuple(s.path for s in subjects))
    unit = next(place for place in UNITS.values() if place.unit_id == way.unit_id)
    for subject in subjects:
        if unit != CITY:
            assert not unit.path.startswith(station_of(subject))


@given(lines=st.lists(_lines, max_size=4), named=st.none() | _places)
def test_without_a_subject_it_is_the_first_fitting_line(
    lines: list[Line], named: Place | None
) -> None:
    way = sent(lines, named, CaseKind.HELP, "车")
    if way.why == "conflict":
        raise AssertionError("nobody to be in conflict with")
    if not lines:
        assert way.why == ("named" if named else "centre")
