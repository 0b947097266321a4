"""What is known against the packages of a lock file, asked of a fake advisory database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientResponseError, web
from aiohttp.test_utils import TestServer

from bench.holes import LOCKS, REASONS, Hole, holes, pinned, table

LOCK = """\
aiohttp==3.9.5 ; python_version < "3.12" \\
    --hash=sha256:00
Left-Pad==1.0
    # via nothing
"""


class Advisories:
    """Knows one hole of aiohttp 3.9.5; or fails."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = 200

    async def batch(self, request: web.Request) -> web.Response:
        self.asked += (await request.json())["queries"]
        holed = {"vulns": [{"id": "GHSA-2"}, {"id": "GHSA-1"}]}
        last = [holed if q["package"]["name"] == "aiohttp" else {} for q in self.asked]
        return web.json_response({"results": last[-2:]}, status=self.status)


@pytest.fixture
async def advisories() -> AsyncIterator[tuple[Advisories, str]]:
    known, app = Advisories(), web.Application()
    app.router.add_post("/v1/querybatch", known.batch)
    async with TestServer(app) as server:
        yield known, str(server.make_url("")).rstrip("/")


@pytest.fixture
def locks(tmp_path: Path) -> dict[str, Path]:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK, "utf-8")
    return {"nlu": path, "bot": path}


async def test_each_hole_comes_with_its_reason(
    advisories: tuple[Advisories, str], locks: dict[str, Path], tmp_path: Path
) -> None:
    known, base = advisories
    reasons = tmp_path / "reasons.yml"
    reasons.write_text("nlu: {aiohttp: it only asks}\nbot: {}\n", "utf-8")
    found = await holes(base, locks, reasons)
    assert found == [
        Hole("nlu", "aiohttp", "3.9.5", ("GHSA-1", "GHSA-2"), "it only asks"),
        Hole("bot", "aiohttp", "3.9.5", ("GHSA-1", "GHSA-2"), ""),
    ]
    assert known.asked[0] == {
        "package": {"name": "aiohttp", "ecosystem": "PyPI"},
        "version": "3.9.5",
    }
    assert table(found)[-2:] == ["aiohttp: it only asks", "aiohttp: NOBODY HAS LOOKED"]
    assert table([]) == ["none known"]


async def test_an_answer_that_is_none(
    advisories: tuple[Advisories, str], locks: dict[str, Path]
) -> None:
    advisories[0].status = 500
    with pytest.raises(ClientResponseError):
        await holes(advisories[1], locks)


def test_the_lock_files_are_read_whole_and_every_reason_is_of_a_package_in_one() -> None:
    reasons = yaml.safe_load(REASONS.read_text("utf-8"))
    for side, path in LOCKS.items():
        text = path.read_text("utf-8")
        packages = dict(pinned(text))
        assert len(packages) == text.count("==") - text.count("python_full_version ==")
        assert reasons[side].keys() <= packages.keys()
