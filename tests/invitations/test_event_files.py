"""CSV files of events, right and wrong: all of a file or nothing, and the line named."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.errors import ConfigurationError
from actions.invitations.csv_events import read_events
from actions.invitations.intake import Outcome
from actions.invitations.wrongs import EventMistakes, Wrong
from tests.invitations.asking import Counter

HEADER = "number,kind,unit,phone,finished_at,flags\n"
LINE = "{n},counter,YZ-QX-MDL-HJ2,1390000{tail:04d},2026-11-20 10:00,none\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "events.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def lines(count: int) -> str:
    return HEADER + "".join(LINE.format(n=f"N{n}", tail=n % 10_000) for n in range(count))


async def imported(counter: Counter, path: Path) -> dict[Outcome, int]:
    taken = await counter.services.invitations.intake.take(
        counter.feed, read_events(path), path.name
    )
    return dict(taken.counts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    text = f'number,kind,unit,finished_at,matter{end}N1,counter,HALL,2026-11-20 10:00,"身份证,补办"{end}{end}'
    [(number, fields)] = read_events(written(tmp_path, text, encoding))
    assert number == 2
    assert not isinstance(fields, Wrong)
    assert fields["matter"] == "身份证,补办"


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "events.csv:1", "the file is empty"),
        ("number,kind\n", "events.csv:1", "unit, finished_at"),
        ("number,kind,unit,finished_at,name\n", "events.csv:1", "name does not fit"),
        ("number,number,kind,unit,finished_at\n", "events.csv:1", "number does not fit"),
        (HEADER + "N1,counter\n", "events.csv:2", "2 fields"),
        (HEADER + LINE.format(n="N1", tail=1) + 'N2,"a"b,c,d,e,f\n', "events.csv:3", "quotation"),
        (HEADER + 'N1,"open,YZ,1,2,3\n', "events.csv:2", "quotation"),
        (HEADER + "N1,counter,NOWHERE,,2026-11-20 10:00,\n", "events.csv:2 [unit]", "NOWHERE"),
        (HEADER + "N1,counter,YZ-QX-MDL,,2027-11-20 10:00,\n", "events.csv:2 [finished_at]", "future"),
        ("PK\x03\x04", "events.csv:1", "not text"),
    ],
)  # fmt: skip
async def test_a_wrong_line_is_named_and_nothing_is_kept(
    counter: Counter, tmp_path: Path, text: str, where: str, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(EventMistakes) as told:
        await imported(counter, path)
    assert str(told.value).startswith(where)
    assert words in str(told.value)
    assert await imported(counter, written(tmp_path, lines(3))) == counts(new=3)


def counts(**given: int) -> dict[Outcome, int]:
    return {outcome: given.get(outcome, 0) for outcome in Outcome}


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        list(read_events(tmp_path / "none.csv"))


async def test_broken_near_its_end_nothing_is_kept(counter: Counter, tmp_path: Path) -> None:
    text = lines(20_000)
    path = written(tmp_path, text + "N20000,counter,YZ-QX-MDL-HJ2,139,morgen,none\n")
    with pytest.raises(EventMistakes) as told:
        await imported(counter, path)
    assert str(told.value).startswith("events.csv:20002 [finished_at]")
    assert await imported(counter, written(tmp_path, text)) == counts(new=20_000)
    # The whole history once more: known, and nothing happens.
    assert await imported(counter, written(tmp_path, text)) == counts(known=20_000)


async def test_a_million_mistakes_are_told_in_twenty_lines(
    counter: Counter, tmp_path: Path
) -> None:
    path = written(tmp_path, HEADER + "N1,raid,YZ,1,2026-11-20 10:00,none\n" * 1000)
    with pytest.raises(EventMistakes) as told:
        await imported(counter, path)
    assert len(str(told.value).splitlines()) == 21


async def test_one_number_twice_with_other_content(counter: Counter, tmp_path: Path) -> None:
    same = LINE.format(n="N1", tail=1)
    path = written(tmp_path, HEADER + same + same + LINE.format(n="N1", tail=2))
    with pytest.raises(EventMistakes) as told:
        await imported(counter, path)
    assert str(told.value).startswith("events.csv:4 [number] number “N1” also stands in line 2")
    assert await imported(counter, written(tmp_path, HEADER + same + same)) == counts(
        new=1, known=1
    )


def test_reading_a_long_file_needs_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, lines(100_000))  # about 6 MB
    tracemalloc.start()
    try:
        assert drain(read_events(path)) == 100_000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 24 * 1024 * 1024  # a block's worth, whatever the length


def drain(given: Iterator[object]) -> int:
    return sum(1 for _ in given)
