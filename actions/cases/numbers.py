"""Case numbers as people read them: Q26-0017, and the short code that opens a case: 7K3M9X."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.clock import CODE_ALPHABET
from actions.store.tables import case_numbers

_NUMBER = re.compile(r"Q(\d{2})-?(\d{4,9})")
_LOOK_ALIKE = str.maketrans("OIL", "011")


def tidy(text: str) -> str:
    """Full-width made half-width, spaces gone, capitals."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).replace("—", "-").replace("–", "-").upper()


def read_number(text: str) -> str | None:
    """The case number that a person typed, in its one spelling, or None."""
    found = _NUMBER.fullmatch(tidy(text))
    return f"Q{found[1]}-{found[2]}" if found else None


def read_short_code(text: str) -> str | None:
    """The short code that a person typed: six characters, O read as 0, I and L as 1; or None."""
    code = tidy(text).replace("-", "").translate(_LOOK_ALIKE)
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
