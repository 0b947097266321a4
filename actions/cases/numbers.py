"""Case numbers as people read them: Q26-0017, and the short code that opens a case: 7K3M9X."""

from __future__ import annotations

import re

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.clock import CODE_ALPHABET
from actions.spelling import spell_code, tidy
from actions.store.tables import case_numbers

_NUMBER = re.compile(r"Q([0-9]{2})-?([0-9]{4,9})")


def read_number(text: str) -> str | None:
    """The case number that a person typed, in its one spelling, or None."""
    found = _NUMBER.fullmatch(tidy(text))
    return f"Q{found[1]}-{int(found[2]):04d}" if found else None


def read_short_code(text: str) -> str | None:
    """The short code that a person typed: six characters, O read as 0, I and L as 1; or None."""
    code = spell_code(text)
    return code if len(code) == 6 and all(letter in CODE_ALPHABET for letter in code) else None


async def next_number(connection: AsyncConnection, year: int) -> str:
    """The next number of the year. Holds the year's row until the transaction ends: no gaps."""
    statement = (
        insert(case_numbers)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": case_numbers.c.last + 1})
        .returning(case_numbers.c.last)
    )
    last = (await connection.execute(statement)).scalar_one()
    return f"Q{year % 100:02d}-{last:04d}"
