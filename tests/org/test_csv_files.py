"""The three CSV files: what loads, and each mistake with its file, line, column and sentence."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from actions.errors import ConfigurationError
from actions.org.csv_files import (
    CODES,
    OFFICERS,
    UNITS,
    City,
    CodeRow,
    OfficerRow,
    UnitRow,
    load_city,
    read_city,
)
from actions.org.csv_mistakes import WHY, Mistake, Mistakes
from actions.people.roles import Role

SAMPLE = Path(__file__).parents[2] / "data" / "sample"

UNIT_LINES = [
    "code,name,short_name,aliases,kind,parent",  # 1
    "C,甲市公安局,甲市局,市局;全市,city,",  # 2
    "B,乙分局,乙,,county,C",  # 3
    "S,丙派出所,丙所,丙;丙警务室,station,B",  # 4
    "D,户籍 1 号窗口,户籍 1 号,,desk,S",  # 5
]
OFFICER_LINES = [
    "badge,name,unit,role,title",
    "P1,李甲,S,officer,民警",
    "P2,王乙,B,supervisor,副局长",
]
CODE_LINES = [
    "scene,unit,officer,label",
    "d-1,D,,丙派出所 · 户籍 1 号窗口",
    "p-1,S,P1,丙派出所 · 李警官",
]


def read(
    units: list[str] | bytes = UNIT_LINES,
    officers: list[str] | bytes = OFFICER_LINES,
    codes: list[str] | bytes = CODE_LINES,
) -> City:
    files = {UNITS: units, OFFICERS: officers, CODES: codes}
    return read_city(
        {
            name: lines if isinstance(lines, bytes) else "\n".join(lines).encode()
            for name, lines in files.items()
        }
    )


def mistakes(
    units: list[str] | bytes = UNIT_LINES,
    officers: list[str] | bytes = OFFICER_LINES,
    codes: list[str] | bytes = CODE_LINES,
) -> list[tuple[str, int, str, str]]:
    with pytest.raises(Mistakes) as caught:
        read(units, officers, codes)
    return [(m.file, m.line, m.column, m.why) for m in caught.value.found]


# What loads


def test_a_right_city() -> None:
    city = read()
    assert city.units[0] == UnitRow("C", "甲市公安局", "甲市局", ("市局", "全市"), "city", None)
    assert city.units[3] == UnitRow("D", "户籍 1 号窗口", "户籍 1 号", (), "desk", "S")
    assert city.officers[1] == OfficerRow("P2", "王乙", "B", Role.SUPERVISOR, "副局长")
    assert city.codes == (
        CodeRow("d-1", "D", None, "丙派出所 · 户籍 1 号窗口"),
        CodeRow("p-1", "S", "P1", "丙派出所 · 李警官"),
    )


def test_parents_come_before_their_children_whatever_the_order() -> None:
    city = read([UNIT_LINES[0], *reversed(UNIT_LINES[1:])])
    assert [unit.code for unit in city.units] == ["C", "B", "S", "D"]


def test_columns_in_any_order_and_case() -> None:
    officers = ["Title,ROLE, unit ,name,badge", "民警,officer,S,李甲,P1"]
    assert read(officers=officers).officers[0].badge == "P1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, ending: str) -> None:
    raw = (ending.join(UNIT_LINES) + ending).encode(encoding)
    assert read(raw) == read()


def test_blank_lines_and_lines_of_commas_are_left_out() -> None:
    units = ["", UNIT_LINES[0], "", ",,,,,", "   ", *UNIT_LINES[1:], "", " , ,,,, "]
    assert read(units) == read()


def test_white_space_is_trimmed_and_collapsed() -> None:
    units = [*UNIT_LINES[:3], " S ,　丙派出所 , 丙所\u200b, 丙 ；丙 ;; 丙警务室, station ,B\t"]
    units += ['D,"户籍\n1  号窗口",户籍 1 号,,desk,S']
    assert read(units) == read()


def test_an_alias_named_twice_is_kept_once() -> None:
    units = [*UNIT_LINES[:3], "S,丙派出所,丙所,丙;丙;丙警务室,station,B", UNIT_LINES[4]]
    assert read(units) == read()


def test_no_officers_and_no_codes_yet() -> None:
    city = read(officers=OFFICER_LINES[:1], codes=CODE_LINES[:1])
    assert (city.officers, city.codes) == ((), ())


def test_a_badge_may_be_worn_at_the_own_unit_above_and_below() -> None:
    codes = [CODE_LINES[0], "a,D,P1,甲", "b,S,P1,乙", "c,B,P1,丙"]
    assert len(read(codes=codes).codes) == 3


# Each mistake by itself: unit lines from line 2, what is found

LONG = "长" * 61

UNIT_MISTAKES = [
    # a field
    ([",甲市公安局,甲市局,,city,"], (2, "code", "required")),
    (["C,,甲市局,,city,"], (2, "name", "required")),
    (["C,甲市公安局, ,,city,"], (2, "short_name", "required")),
    (["C,甲市公安局,甲市局,,,"], (2, "kind", "required")),
    (["C,甲市公安局,甲市局,,town,"], (2, "kind", "unknown_kind")),
    ([f"C,{LONG},甲市局,,city,"], (2, "name", "too_long")),
    ([f"{'C' * 65},甲市公安局,甲市局,,city,"], (2, "code", "too_long")),
    (["C 1,甲市公安局,甲市局,,city,"], (2, "code", "characters")),
    (["甲,甲市公安局,甲市局,,city,"], (2, "code", "characters")),
    (["C/1,甲市公安局,甲市局,,city,"], (2, "code", "characters")),
    # the number of fields
    (["C,甲市公安局,甲市局,,city"], (2, "", "fields")),
    (["C,甲市公安局,甲市局,,city,,"], (2, "", "fields")),
    # the tree
    (["C,甲市公安局,甲市局,,city,X"], (2, "parent", "city_has_parent")),
    (["C,甲市公安局,甲市局,,city,", "B,乙分局,乙,,county,"], (3, "parent", "no_parent")),
    (["C,甲市公安局,甲市局,,city,", "B,乙分局,乙,,county,X"], (3, "parent", "unknown_unit")),
    (
        ["C,甲市公安局,甲市局,,city,", "B,乙分局,乙,,county,C", "A,丁分局,丁,,county,B"],
        (4, "parent", "wrong_level"),
    ),
    (
        ["C,甲市公安局,甲市局,,city,", "M,戊社区,戊,,community,C"],
        (3, "parent", "wrong_level"),
    ),
    (["C,甲市公安局,甲市局,,city,", "B,乙分局,乙,,county,B"], (3, "parent", "circle")),
    (["C,甲市公安局,甲市局,,city,", "C,乙分局,乙,,county,C"], (3, "code", "twice")),
    (["C,甲市公安局,甲市局,,city,", "c,乙分局,乙,,county,C"], (3, "code", "twice")),
    (["C,甲市公安局,甲市局,,city,", "E,己市公安局,己,,city,"], (3, "kind", "second_city")),
    (
        ["C,甲市公安局,甲市局,,city,", "B,乙分局,乙,,county,C", "A,乙分局,丁,,county,C"],
        (4, "name", "same_name"),
    ),
]


@pytest.mark.parametrize(
    ("lines", "found"), UNIT_MISTAKES, ids=[row[1][2] for row in UNIT_MISTAKES]
)
def test_a_mistake_in_units(lines: list[str], found: tuple[int, str, str]) -> None:
    units = [UNIT_LINES[0], *lines]
    assert mistakes(units, OFFICER_LINES[:1], CODE_LINES[:1]) == [(UNITS, *found)]


OFFICER_MISTAKES = [
    ("P1,,S,officer,民警", ("name", "required")),
    ("P1,李甲,S,officer,", ("title", "required")),
    ("P1,李甲,X,officer,民警", ("unit", "unknown_unit")),
    ("P1,李甲,S,chief,民警", ("role", "unknown_role")),
    ("P 1,李甲,S,officer,民警", ("badge", "characters")),
    ("p2,李甲,S,officer,民警", ("badge", "twice")),
    (f"P1,{'长' * 41},S,officer,民警", ("name", "too_long")),
]


@pytest.mark.parametrize(
    ("line", "found"), OFFICER_MISTAKES, ids=[row[0] for row in OFFICER_MISTAKES]
)
def test_a_mistake_in_officers(line: str, found: tuple[str, str]) -> None:
    officers = [OFFICER_LINES[0], OFFICER_LINES[2], line]
    assert mistakes(officers=officers, codes=CODE_LINES[:1]) == [(OFFICERS, 3, *found)]


CODE_MISTAKES = [
    (",S,,丙派出所", ("scene", "required")),
    ("s-1,,,丙派出所", ("unit", "required")),
    ("s-1,S,,", ("label", "required")),
    ("s-1,X,,丙派出所", ("unit", "unknown_unit")),
    ("s-1,S,P9,丙派出所", ("officer", "unknown_officer")),
    ("s 1,S,,丙派出所", ("scene", "characters")),
    ("窗口,S,,丙派出所", ("scene", "characters")),
    (f"{'s' * 65},S,,丙派出所", ("scene", "too_long")),
    ("d-1,S,,丙派出所", ("scene", "twice")),
    ("s-1,Z,P1,丁派出所", ("officer", "elsewhere")),
]


@pytest.mark.parametrize(("line", "found"), CODE_MISTAKES, ids=[row[0] for row in CODE_MISTAKES])
def test_a_mistake_in_codes(line: str, found: tuple[str, str]) -> None:
    units = [*UNIT_LINES, "Z,丁派出所,丁所,,station,B"]
    assert mistakes(units, codes=[*CODE_LINES[:2], line]) == [(CODES, 3, *found)]


def test_a_code_of_64_characters_is_right() -> None:
    assert read(codes=[CODE_LINES[0], f"{'s' * 64},S,,丙派出所"]).codes[0].scene == "s" * 64


def test_a_circle_of_two_is_reported_at_both() -> None:
    units = [*UNIT_LINES, "X,庚分局,庚,,county,Y", "Y,辛分局,辛,,county,X"]
    assert mistakes(units) == [(UNITS, 6, "parent", "circle"), (UNITS, 7, "parent", "circle")]


# Whole files


@pytest.mark.parametrize(
    ("raw", "line", "why"),
    [
        (b"", 1, "empty_file"),
        (b"\n\n  \n", 1, "empty_file"),
        (b"\xef\xbb\xbf", 1, "empty_file"),
        (b"PK\x03\x04\x14\x00\x06\x00", 1, "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not_text"),
        ("\n".join(UNIT_LINES).encode("utf-16"), 1, "not_text"),
        (b"\xff\xff\xff", 1, "not_text"),
        (b"code,name,short_name,aliases,kind\n", 1, "columns_missing"),
        (b"\ncode,name,short_name,aliases,kind\n", 2, "columns_missing"),
        (b"code;name;short_name;aliases;kind;parent\n", 1, "columns_missing"),
        (b"code,name,short_name,aliases,kind,parent,phone\n", 1, "columns_unknown"),
        (b"code,name,short_name,aliases,kind,parent,\n", 1, "columns_unknown"),
        (b"code,name,short_name,aliases,kind,parent,kind\n", 1, "columns_twice"),
        ("C,甲市公安局,甲市局,,city,\n".encode(), 1, "columns_missing"),
        (b"code,name,short_name,aliases,kind,parent\n", 1, "no_city"),
        (b'code,name,short_name,aliases,kind,parent\nC,a,b,"c,city,\nD,\n', 2, "quotes"),
        (b'code,name,short_name,aliases,kind,parent\nC,"a"b,c,,city,\n', 2, "quotes"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(raw: bytes, line: int, why: str) -> None:
    found = mistakes(raw, OFFICER_LINES[:1], CODE_LINES[:1])
    assert found[0] == (UNITS, line, "", why)
    assert all(name == UNITS for name, *_ in found)


def test_officers_and_codes_do_not_echo_a_mistake_of_units() -> None:
    """A broken line of units does not make every officer of that unit a mistake, too."""
    assert mistakes([*UNIT_LINES[:3], "S,丙派出所"]) == [(UNITS, 4, "", "fields")]


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / UNITS).write_text("\n".join(UNIT_LINES))
    with pytest.raises(Mistakes) as caught:
        load_city(tmp_path)
    assert [(m.file, m.line, m.why) for m in caught.value.found] == [
        (OFFICERS, 0, "no_file"),
        (CODES, 0, "no_file"),
    ]


# Places and sentences


def test_the_line_is_right_behind_quoted_line_breaks_and_blank_lines() -> None:
    units = [
        UNIT_LINES[0],  # 1
        'C,"甲市\n公安局",甲市局,"市局;\n\n全市",city,',  # 2 to 5
        "",  # 6
        "B,乙分局,乙,,county,X",  # 7
        'S,"丙\n派出所",,,station,B',  # 8 to 9
    ]
    assert mistakes(units, OFFICER_LINES[:1], CODE_LINES[:1]) == [
        (UNITS, 7, "parent", "unknown_unit"),
        (UNITS, 8, "short_name", "required"),
    ]


def test_every_mistake_of_all_files_is_reported_in_order() -> None:
    units = [*UNIT_LINES, "E,,己,,desk,S", "F,庚,,,boat,S"]
    officers = [*OFFICER_LINES, "P3,张丙,Q,king,民警"]
    codes = [*CODE_LINES, "x y,Q,P8,"]
    assert mistakes(units, officers, codes) == [
        (UNITS, 6, "name", "required"),
        (UNITS, 7, "short_name", "required"),
        (UNITS, 7, "kind", "unknown_kind"),
        (OFFICERS, 4, "unit", "unknown_unit"),
        (OFFICERS, 4, "role", "unknown_role"),
        (CODES, 4, "scene", "characters"),
        (CODES, 4, "label", "required"),
        (CODES, 4, "unit", "unknown_unit"),
    ]


def test_a_mistake_reads_as_one_line_in_two_languages() -> None:
    mistake = Mistake(UNITS, 14, "parent", "unknown_unit", {"value": "X"})
    assert mistake.sentence() == "no unit has the code “X”"
    assert mistake.sentence("zh") == "没有代码为“X”的单位"
    assert str(mistake) == "units.csv:14 [parent] no unit has the code “X” · 没有代码为“X”的单位"
    assert str(Mistake(UNITS, 0, "", "no_file")).startswith("units.csv the file is not there")


def test_every_kind_of_mistake_can_happen_and_has_its_words() -> None:
    """Walks the tables above: nothing in WHY is dead, and every sentence can be filled."""
    seen = {row[1][2] for row in UNIT_MISTAKES}
    seen |= {row[1][1] for row in itertools.chain(OFFICER_MISTAKES, CODE_MISTAKES)}
    whole = {"no_file", "empty_file", "not_text", "quotes", "no_city"}
    whole |= {"columns_missing", "columns_unknown", "columns_twice"}
    whole |= {"reads_alike"}  # of lists of places: tests/codes
    assert seen | whole == set(WHY)


@pytest.mark.parametrize(
    ("lines", "found"), UNIT_MISTAKES, ids=[row[1][2] for row in UNIT_MISTAKES]
)
def test_every_sentence_is_filled(lines: list[str], found: tuple[int, str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read([UNIT_LINES[0], *lines], OFFICER_LINES[:1], CODE_LINES[:1])
    assert "{" not in str(caught.value)
    assert found[2] in WHY


# The sample city


def test_the_sample_city_is_right() -> None:
    city = load_city(SAMPLE)
    kinds = Counter(unit.kind for unit in city.units)
    assert (kinds["city"], kinds["county"], kinds["station"]) == (1, 4, 12)
    assert kinds["desk"] + kinds["car"] == 30
    assert len(city.officers) == 40


def test_the_sample_city_is_staffed() -> None:
    city = load_city(SAMPLE)
    kinds = {unit.code: unit.kind for unit in city.units}
    staff = Counter((officer.unit, officer.role) for officer in city.officers)
    for code, kind in kinds.items():
        if kind == "station":
            assert staff[code, Role.OFFICER] + staff[code, Role.UNIT_LEAD] >= 2
        if kind == "county":
            assert staff[code, Role.SUPERVISOR] == staff[code, Role.SUB_CENTRE] == 1
        if kind == "city":
            assert staff[code, Role.SUPERVISOR] == 1
            assert staff[code, Role.CENTRE] == 2
            assert staff[code, Role.INSPECTOR] == staff[code, Role.ADMINISTRATOR] == 1
    assert {officer.role for officer in city.officers} == set(Role)


def test_every_counter_of_the_sample_has_a_code_that_names_it() -> None:
    city = load_city(SAMPLE)
    labels = {code.unit: code.label for code in city.codes if code.officer is None}
    assert labels["YZ-QX-MDL-HJ2"] == "桥西分局明德里派出所 · 户籍 2 号窗口"
    for unit in city.units:
        if unit.kind in {"station", "desk", "car"}:
            assert unit.name in labels[unit.code]
    assert len({code.label for code in city.codes}) == len(city.codes)
    assert any(code.officer for code in city.codes)
