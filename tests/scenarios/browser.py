"""A citizen's browser: posts what the page's script posts, reads what the page shows."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession, CookieJar

from tests.scenarios.story import Story


class Page:
    """One browser with its own cookie; what it is shown stays in `seen`, as HTML lines."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session, self.url = session, url
        self.number = 0
        self.after = 0
        self.seen: list[str] = []

    async def opens(self, path: str) -> str:
        async with self.session.get(self.url + path) as response:
            assert response.status == 200
            return await response.text()

    async def says(self, **fields: Any) -> None:
        self.number += 1
        body = {"id": f"story-{self.number:08d}", "after": self.after, **fields}
        headers = {"Origin": self.url}
        posted = self.session.post(f"{self.url}/chat/messages", json=body, headers=headers)
        async with posted as response:
            assert response.status == 200, await response.text()
            self._take((await response.json())["lines"])

    async def taps(self, label: str) -> None:
        tokens = [re.search(rf'value="([\w-]+)">{label}<', html) for html in self.seen]
        await self.says(token=next(found[1] for found in reversed(tokens) if found))

    async def hears(self, *words: str) -> str:
        """Waits until a line of ours holds the words; fails after a minute."""
        async with asyncio.timeout(60):
            while True:
                for html in self.seen:
                    if 'class="said theirs"' in html and all(word in html for word in words):
                        return html
                question = f"{self.url}/chat/messages?after={self.after}&wait=20"
                async with self.session.get(question) as response:
                    self._take((await response.json())["lines"])

    def _take(self, lines: list[dict[str, Any]]) -> None:
        self.after = max([self.after, *(line["change"] for line in lines)])
        self.seen += [line["html"] for line in lines]


@contextlib.asynccontextmanager
async def browsing(story: Story, language: str = "zh-CN") -> AsyncIterator[Page]:
    """A browser of its own; closed at the end."""
    url = f"http://127.0.0.1:{story.stack.ports.gateway}"
    jar, headers = CookieJar(unsafe=True), {"Accept-Language": language}
    async with ClientSession(cookie_jar=jar, headers=headers) as session:
        yield Page(session, url)
