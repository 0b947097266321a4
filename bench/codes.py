"""What printing costs: `python -m bench.codes [--codes 2000]`

So many codes of places with names of all kinds, once on each form. Each PDF is written by a process
of its own, as `./huiyin codes sheet` is one; its seconds (with the start of Python and of the
typeface) and its largest memory are measured. Then every page is drawn again by another library and
every code on it read by a third.

Exit code 1: a PDF took too long or too much memory, or a code leads elsewhere than it should.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp

from actions.codes.listing import Listed
from actions.codes.spelling import address, new_scene
from bench import machine
from bot.print.forms import FORMS

SECONDS, MEGABYTES = 30.0, 300
URL = "https://huiyin.yunzhou.example"
_BYTES = 1024 if sys.platform == "linux" else 1  # in which ru_maxrss counts
_COUNTIES = ("桥西分局", "桥东分局", "清河县公安局", "安平县公安局")
_NAMES = "明德里南站槐荫路望江门石桥头城关柳林镇小坝白沙龙泉寺观音堂八里庄垚堃淏湾塬"
_PARTS = ("", "户籍 {} 号窗口", "报案接待窗口 {}", "巡逻 {} 号车", "第 {} 社区", "李警官 {}")


@dataclass(frozen=True, slots=True)
class Printed:
    """One PDF: how it was made and what is wrong with it."""

    form: str
    pages: int
    seconds: float
    processor: float  # seconds of one core
    megabytes: int
    size: int  # bytes
    wrong: int  # codes that cannot be read or lead elsewhere


def some_codes(count: int) -> list[Listed]:
    """So many codes of a city whose stations have names of two to four characters."""
    dice = random.Random(20261120)
    codes = []
    for number in range(count):
        station = "".join(dice.choices(_NAMES, k=dice.randint(2, 4)))
        part = dice.choice(_PARTS).format(number)
        place = f"{dice.choice(_COUNTIES)}{station}派出所"
        label = f"{place} · {part}" if part else place
        codes.append(Listed(number, new_scene(), "desk", f"U{number}", "", label, True, ""))
    return codes


def make(form: str, codes: list[Listed], path: str) -> tuple[int, float, int]:
    """Writes the PDF in this process: its pages, processor seconds, most memory in megabytes."""
    from bot.print.sheets import write_sheets

    pages = write_sheets(Path(path), form, codes, URL, "0000-12345")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES
    return pages, time.process_time(), used // 1024 // 1024


def decoded(path: Path, pages: range) -> Counter[str]:
    """What the codes on these pages say."""
    found: Counter[str] = Counter()
    document = pypdfium2.PdfDocument(path)
    for number in pages:
        picture = document[number].render(scale=150 / 72, grayscale=True).to_pil()
        found.update(code.text for code in zxingcpp.read_barcodes(picture))
    document.close()
    return found


def wrong(path: Path, codes: list[Listed], pages: int) -> int:
    """How many codes are missing on paper, or there and not meant."""
    wanted = Counter(address(URL, code.scene) for code in codes)
    found: Counter[str] = Counter()
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        shares = [range(pages * w // workers, pages * (w + 1) // workers) for w in range(workers)]
        for part in pool.map(decoded, [path] * workers, shares):
            found += part
    return (wanted - found).total() + (found - wanted).total()


def print_all(codes: list[Listed]) -> Iterator[Printed]:
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            path = Path(folder) / f"{form}.pdf"
            started = time.perf_counter()
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                pages, processor, megabytes = pool.submit(make, form, codes, str(path)).result()
            seconds = time.perf_counter() - started
            size = path.stat().st_size
            bad = wrong(path, codes, pages)
            yield Printed(form, pages, seconds, processor, megabytes, size, bad)


def _line(done: Printed, count: int) -> str:
    return (
        f"{done.form:<8} {count:,} codes on {done.pages:,} pages: {done.seconds:.1f} s "
        f"(goal {SECONDS:.0f}; {done.processor:.1f} s of processor), {done.megabytes} MB "
        f"(goal {MEGABYTES}), {done.size / 1e6:.1f} MB of PDF, {done.wrong} codes wrong"
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.codes", description=__doc__)
    parser.add_argument("--codes", type=int, default=2000)
    count = parser.parse_args(argv).codes
    print("\n".join(machine.description()))
    missed = False
    for done in print_all(some_codes(count)):
        bad = done.seconds > SECONDS or done.megabytes > MEGABYTES or done.wrong > 0
        missed |= bad
        print(_line(done, count) + ("  MISSED" if bad else ""), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
