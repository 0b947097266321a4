"""Known holes of both lock files: `python -m bench.holes [--advisories URL]`

Sends the names and versions of each lock file, once, to OSV (https://osv.dev), the advisory database
that pip-audit asks too, and prints what is known beside why it cannot be reached (bench/unreachable.yml).
Needs the way out that an installation need not have. Exit code 1: a hole without a reason; 2: not
reached.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import yaml

from bench.table import aligned

OSV = "https://api.osv.dev"
ROOT = Path(__file__).parents[1]
LOCKS = {"bot": ROOT / "requirements.lock", "nlu": ROOT / "nlu" / "requirements.lock"}
REASONS = Path(__file__).with_name("unreachable.yml")
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_TIMES = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class Hole:
    """A package with known holes; `why`: why nobody gets at them, empty while nobody has looked."""

    side: str
    package: str
    version: str
    ids: tuple[str, ...]
    why: str


def pinned(lock: str) -> list[tuple[str, str]]:
    """Name and version of every package in a lock file's text."""
    return [(name.lower(), version) for name, version in _PINNED.findall(lock)]


async def known(base: str, packages: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The advisories of each package, in the given order. Raises ClientError, TimeoutError, or
    ValueError for an answer that is none."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    async with (
        aiohttp.ClientSession(timeout=_TIMES, trust_env=True, raise_for_status=True) as session,
        session.post(f"{base}/v1/querybatch", json={"queries": queries}) as answer,
    ):
        results = (await answer.json())["results"]
    if len(results) != len(packages):
        raise ValueError("not an answer for each package")
    return [tuple(sorted(each["id"] for each in found.get("vulns", ()))) for found in results]


async def holes(
    base: str, locks: Mapping[str, Path] = LOCKS, reasons: Path = REASONS
) -> list[Hole]:
    """Every package with a known hole, by side and name."""
    told, found = _reasons(reasons), []
    for side, path in locks.items():
        packages = _read(path)
        advisories = await known(base, packages)
        found += [
            Hole(side, name, version, ids, told[side].get(name, ""))
            for (name, version), ids in zip(packages, advisories, strict=True)
            if ids
        ]
    return found


def _reasons(path: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))
    return found


def _read(path: Path) -> list[tuple[str, str]]:
    return pinned(path.read_text("utf-8"))


def table(found: Sequence[Hole]) -> list[str]:
    """The lines that are printed."""
    rows = [(f"{h.side} {h.package}", h.version, str(len(h.ids)), ", ".join(h.ids)) for h in found]
    lines = aligned([("package", "version", "holes", "which"), *rows]) if rows else ["none known"]
    return lines + [f"{h.package}: {h.why or 'NOBODY HAS LOOKED'}" for h in found]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.holes", description=__doc__)
    parser.add_argument("--advisories", default=OSV, help="OSV's address, or that of a mirror")
    given = parser.parse_args()
    try:
        found = asyncio.run(holes(given.advisories.rstrip("/")))
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        print(f"{given.advisories} was not reached or not understood: {type(error).__name__}")
        sys.exit(2)
    print("\n".join(table(found)))
    sys.exit(1 if any(not hole.why for hole in found) else 0)


if __name__ == "__main__":
    main()
