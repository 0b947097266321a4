"""The wall's page: a frame with its words in it; its script fills in the figures."""

from __future__ import annotations

import hashlib
import html
import json
import re
from importlib import resources

from actions.cases.states import Clock
from actions.ratings.rating import Way
from bot.web.files import Static, packed
from bot.web.pages import Say

_GAP = re.compile(r"\{\{(\w+)\}\}")
_KINDS = {
    "wall.css": "text/css",
    "chart.js": "text/javascript",
    "panels.js": "text/javascript",
    "wall.js": "text/javascript",
}
_CHANNELS = ("wechat", "wecom", "telegram", "sms", "web", "console", "desk", "other")
_WORDS = (
    *("few", "count", "no_ratings", "more_ways", "more_cases", "none_burning", "hidden"),
    *("late", "soon", "days", "hours", "minutes", "as_of", "stale", "lost", "until", "full"),
    *("closing", "date", "weekdays", "page", "no_trend", "merged", "trend_by", "below_by"),
    *("open", "called", "count_many"),
)  # what the scripts say


_GAPS = ("n", "time", "date", "channel", "way", "ways", "merged", "month", "day", "page", "pages")
_KEPT = {name: f"{{{name}}}" for name in _GAPS}  # filled in by the scripts


class WallPages:
    """Draws the page in either language; `static` holds what it loads."""

    def __init__(self, say: Say) -> None:
        self._say = say
        folder = resources.files("bot.web.wall") / "static"
        self._frames = {
            name: (folder / f"{name}.html").read_text("utf-8") for name in ("wall", "over")
        }
        self.static: dict[str, Static] = {
            name: packed(kind, (folder / name).read_bytes()) for name, kind in _KINDS.items()
        }
        mark = "".join(file.version for file in self.static.values()) + "".join(
            self._frames.values()
        )
        self.version = hashlib.sha256(mark.encode()).hexdigest()[:12]

    def wall(self, language: str) -> str:
        """The page that shows figures as soon as its stream brings them."""
        return self._filled("wall", language, words=self._words(language), version=self.version)

    def over(self, language: str) -> str:
        """A screen that may show nothing (any more): how to come back, in large letters."""
        return self._filled("over", language)

    def _words(self, language: str) -> str:
        """The sentences of the scripts, as JSON that no tag can end."""
        words = {name: self._say(f"wall_{name}", language, **_KEPT) for name in _WORDS}
        words |= {f"way_{way}": self._say(f"wall_way_{way}", language) for way in Way}
        words |= {
            f"channel_{each}": self._say(f"wall_channel_{each}", language) for each in _CHANNELS
        }
        words |= {f"clock_{each}": self._say(f"clock_{each}", language) for each in Clock}
        return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")

    def _filled(self, frame: str, language: str, **parts: str) -> str:
        known = {
            "lang": "zh-CN" if language == "zh" else "en",
            **{
                name.replace(".", "_"): f"/wall/static/{name}?v={file.version}"
                for name, file in self.static.items()
            },
            **parts,
        }

        def put(found: re.Match[str]) -> str:
            name = found[1]
            return (
                known[name] if name in known else html.escape(self._say(f"wall_{name}", language))
            )

        return _GAP.sub(put, self._frames[frame])
