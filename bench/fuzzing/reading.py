"""What is read without HTTP: files (policy, mapping, CSV) and the words that people type.

Each reader promises an answer or a sentence that refuses; anything else that rises is a fault.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from actions.accountability.months import read_month
from actions.cases.numbers import read_number, read_short_code
from actions.deadlines.spans import parse_span
from actions.desk.reading import read_line
from actions.errors import HuiyinError
from actions.feeds.mapping import read_mapping
from actions.feeds.record import read_record
from actions.feeds.webhook import check_url
from actions.figures.words import read_question
from actions.invitations.csv_events import read_events
from actions.invitations.replies import is_alarming, read_reply
from actions.invitations.wrongs import EventMistakes
from actions.numerals import number
from actions.people.leave import said_leave
from actions.phones import find_phones, mask, normalise
from actions.policy.load import PRESETS, load_policy
from actions.ratings.rating import Grade
from actions.reports.periods import find_period
from actions.spelling import spell_code
from actions.wall.asking import read_wish
from bench.fuzzing.browsing import picture
from bench.fuzzing.house import House
from bench.fuzzing.inside import Calls
from bench.fuzzing.values import Dice
from bot.channels.web.strip import without_place
from bot.text import clean, shorten, split

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)

WORDS: dict[str, Callable[[str], Any]] = {
    "question": lambda t: read_question(t, NOW),
    "period": lambda t: find_period(t, NOW),
    "leave": lambda t: said_leave(t, NOW),
    "wall": read_wish,
    "desk line": read_line,
    "span": parse_span,
    "month": read_month,
    "case number": read_number,
    "short code": read_short_code,
    "code": spell_code,
    "numeral": number,
    "phone": normalise,
    "phones": lambda t: [mask(each.number) for each in find_phones(t)],
    "reply": lambda t: (read_reply(t, tuple(Grade)), is_alarming(t)),
    "webhook": lambda t: check_url(t, intranet=True),
    "text": lambda t: (clean(t), shorten(t, 20), split(clean(t), 600)),
    "mapping": lambda t: read_mapping(t, "m.yml"),
    "record": lambda t: read_record(dict.fromkeys(("number", "words", "until", "phone"), t), NOW),
}
_VALUE_ERRORS = ("span", "month")
REFUSALS = (HuiyinError, EventMistakes)
_SLOW = 2.0  # seconds of the processor that no reader of one message may take
_PIECES = (
    "null",
    "[]",
    "{}",
    "-1",
    "1e999",
    "'",
    '"',
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!python/object:os.system ",
    "<<: ",
    "\t",
    "\n",
    "|",
    "---",
    "9999999 minutes",
    "\x00",
    "same day",
    "\u2028",
    "[[[[[[[[",
    "汉",
    ",",
    ";",
    "\r",
)


class Read:
    """Counts what came of one kind of input that is read in this process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.read = self.refused = 0
        self.found: Counter[str] = Counter()
        self.samples: dict[str, str] = {}

    def try_(
        self, what: str, call: Callable[[], Any], may: tuple[type[Exception], ...], given: str
    ) -> None:
        """Calls the reader; anything but an answer or a refusal in good time is noted."""
        begin = time.thread_time()
        try:
            call()
            self.read += 1
        except may:
            self.refused += 1
        except Exception as error:
            self._note(f"{what}: {type(error).__name__}", given)
        if time.thread_time() - begin > _SLOW:
            self._note(f"{what}: more than {_SLOW:g} s of the processor", given)

    def _note(self, what: str, given: str) -> None:
        self.found[what] += 1
        self.samples.setdefault(what, given)


def typed(dice: Dice, inputs: int, calls: Calls) -> Read:
    """Words that officers and supervisors type."""
    kept = Read("typed words")
    for _ in range(inputs):
        text, name = calls.words(dice), dice.choice(list(WORDS))
        may = (*REFUSALS, ValueError) if name in _VALUE_ERRORS else REFUSALS
        kept.try_(name, partial(WORDS[name], text), may, text)
    return kept


def pictures(dice: Dice, inputs: int) -> Read:
    """Photos whose place is taken out before anybody looks at them."""
    kept = Read("photos")
    kinds = ("image/jpeg", "image/png", "image/webp", "image/gif")
    for _ in range(inputs):
        content = picture(dice)
        kept.try_("strip", partial(without_place, content, dice.choice(kinds)), (), repr(content))
    return kept


def files(dice: Dice, inputs: int) -> Read:
    """Policy files and CSV files, shipped ones with something else in them, or none at all."""
    kept = Read("policy and CSV files")
    presets = [path.read_text("utf-8") for path in sorted(PRESETS.glob("*.yml"))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.yml"
        for _ in range(inputs):
            if dice.chance(0.4):
                content = _spoiled(dice.choice(presets), dice)
                path.write_bytes(content)
                kept.try_("policy", partial(load_policy, str(path)), REFUSALS, repr(content[:200]))
            else:
                content = _spoiled(_table(dice), dice)
                path.write_bytes(content)
                kept.try_("CSV", lambda: list(read_events(path)), REFUSALS, repr(content[:200]))
    return kept


def _spoiled(text: str, dice: Dice) -> bytes:
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(text) + 1)
        text = (
            text[:at] + dice.choice((*_PIECES, dice.text()[:500])) + text[at + dice.randrange(9) :]
        )
    content = text.encode(dice.choice(("utf-8", "utf-8", "gb18030", "utf-16")), "replace")
    return dice.mangle(content) if dice.chance(0.1) else content


def _table(dice: Dice) -> str:
    lines = ["number,kind,unit,phone,finished_at"]
    lines += [f"E{n},counter,{dice.text()[:60]},{dice.phone()},2026-11-20 09:00" for n in range(3)]
    return "\n".join(lines)


async def run(house: House, dice: Dice, inputs: int, calls: Calls) -> list[Read]:
    """So many inputs in all; the servers go on meanwhile."""
    return [
        await asyncio.to_thread(typed, dice, inputs * 8 // 10, calls),
        await asyncio.to_thread(pictures, dice, inputs // 10),
        await asyncio.to_thread(files, dice, inputs // 20),
    ]
