"""The action server: what people wrote as Rasa hands it on, and calls without the secret."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor

from bench.fuzzing.edges import Posts
from bench.fuzzing.house import House, badges, conversation_of
from bench.fuzzing.values import Dice, as_json, nested
from bench.fuzzing.wire import Sending
from bot.text import clean

_DOMAIN = Path(__file__).parents[2] / "domain"
_TYPED = (
    "case",
    "code",
    "query",
    "words",
)  # the entities that words can become; others are buttons'
_BEHIND = {"action_unit_cases", "action_comment"}  # only ever behind a button, or behind a rating
_WRITTEN = (
    "what",
    "happened_at",
    "place",
    "comment",
    "detail",
    "reply",
    "reopening",
    "treatment",
    "facts",
    "unseal_reason",
    "proposal_reason",
)  # the slots that hold what somebody wrote
_TEXT_LIMIT = 500  # what the gateway gives Rasa of a message
_SENTENCES = (
    "统计 {period} {unit}",
    "{period}{unit}满意率多少",
    "{unit} vs {unit} {period}",
    "排名 {period}",
    "/stats {period} {unit}",
    "休假 {period}",
    "休到{period}",
    "催 {case}",
    "/case {case}",
    "接 {case}",
    "{case} 转给 {unit} {words}",
    "延期 {case} {words}",
    "报表 {period}",
    "大屏 {unit}",
    "简报 {period}",
    "热点 {period} {unit}",
    "超期 {unit}",
    "记录 {badge} {period}",
    "代录 来电 {words} {phone}",
    "试算 {period}",
    "查询号 {words}",
    "为什么 {case}",
    "{words}",
    "/roster {words}",
)
_PERIODS = (
    "本月",
    "上个月",
    "去年",
    "今年以来",
    "近0天",
    "近99999999天",
    "2026年2月30日",
    "9999年",
    "0001年1月1日",
    "1月到13月",
    "第五季度",
    "12-31至01-01",
    "2026-11-20 到 2026-11-19",
    "上上上上周",
    "last 9999999 weeks",
    "十年前",
    "明年",
    "²³天",
    "近 99999999999999999999999 个月",
    "公元前3年",
    "0000-00-00",
    "10000年1月",
)


def _domain() -> dict[str, Any]:
    found: dict[str, Any] = {"responses": {}, "slots": {}}
    for path in sorted(_DOMAIN.glob("*.yml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        found["responses"] |= told.get("responses", {})
        found["slots"] |= told.get("slots", {})
    return found


class Calls(Posts):
    """Calls of any action by anybody, with nasty words, entities and slots of text."""

    def __init__(self, house: House, secret: str, speakers: Sequence[str]) -> None:
        super().__init__("actions: typed by people", self._make, inside=True)
        self._secret, self._speakers = secret, speakers
        executor = ActionExecutor()
        executor.register_package("actions.conversation")
        self._actions = sorted(executor.actions.keys() - _BEHIND)
        self._domain = _domain()

    def words(self, dice: Dice) -> str:
        """What somebody types, as every channel cleans it."""
        if dice.chance(0.4):
            return clean(dice.text())[:_TEXT_LIMIT]
        gaps = {
            "period": dice.choice((*_PERIODS, dice.text())),
            "unit": dice.choice(("桥西", "全市", dice.text())),
            "case": dice.choice(("Q26-0001", "Q26-9999", "Q٢٦-٠٠٠١", dice.text())),
            "words": dice.text(),
            "badge": dice.choice(("Y10101", dice.text())),
            "phone": dice.phone(),
        }
        return clean(dice.choice(_SENTENCES).format(**gaps))[:_TEXT_LIMIT]

    def _make(self, dice: Dice) -> Sending:
        action, words = dice.choice(self._actions), self.words(dice)
        names = dice.sample(_TYPED, dice.randrange(3))
        entities = [{"entity": n, "value": self._value(dice), "start": 0, "end": 1} for n in names]
        slots: dict[str, Any] = dict.fromkeys(self._domain["slots"])
        slots |= {name: self.words(dice) for name in dice.sample(_WRITTEN, dice.randrange(4))}
        slots["language"] = dice.choice(("zh", "en", None))
        message = {
            "text": words,
            "message_id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            "intent": {"name": "x", "confidence": 0.9},
            "entities": entities,
            "metadata": {"channel": "wechat", "language": "zh"},
        }
        speaker = dice.choice(self._speakers)
        tracker = {
            "sender_id": speaker,
            "slots": slots,
            "latest_message": message,
            "events": [],
            "paused": False,
            "latest_action_name": None,
            "active_loop": {},
            "latest_event_time": 1.0,
            "followup_action": None,
            "latest_input_channel": "huiyin",
        }
        call = {
            "next_action": action,
            "sender_id": speaker,
            "tracker": tracker,
            "domain": self._domain,
            "version": "3",
        }
        return Sending("POST", "/webhook", as_json(call), _headers(self._secret))

    def _value(self, dice: Dice) -> str:
        return dice.choice(
            (clean(dice.text())[:_TEXT_LIMIT], "Q26-0001", "1", "satisfied", "accept", "Y10101")
        )


def _headers(secret: str) -> dict[str, str | bytes]:
    return {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


def strangers(house: House) -> Posts:
    def make(dice: Dice) -> Sending:
        secret = house.environ["ACTIONS_SECRET"]
        given: Any = dice.choice(
            (
                b"",
                b"Bearer ",
                b"\xff\xfe\x80",
                dice.word()[:900],
                f"Bearer {secret[:-1]}",
                f"bearer {secret}",
                secret,
            )
        )
        body = dice.choice(
            (b"{}", b"", nested(100_000), as_json({"next_action": "action_case", "tracker": {}}))
        )
        path = dice.choice(
            ("/webhook", "/webhook", "/actions", "/health/..", "/webhook?token=" + secret)
        )
        return Sending(
            "POST", path, body, {"Authorization": given, "Content-Type": "application/json"}
        )

    return Posts("actions, forged", make, forged=True, inside=True)


def malformed(house: House) -> Posts:
    def make(dice: Dice) -> Sending:
        call = {
            "next_action": dice.choice(("action_mine", "action_help", dice.text())),
            "tracker": dice.value(),
            "domain": dice.value(),
        }
        body = dice.choice(
            (b"", b"[]", b"1", b"\xff", nested(100_000), as_json(dice.value()), as_json(call))
        )
        headers = _headers(house.environ["ACTIONS_SECRET"])
        if dice.chance(0.1):
            headers["Content-Type"] = "application/json; charset=nosuch"
        return Sending("POST", "/webhook", body, headers)

    return Posts("actions: not of Rasa", make, inside=True)


async def edges(house: House) -> list[Posts]:
    numbers = await badges(house.bot)
    speakers = [house.chats[badge] for badge in numbers]
    speakers += [await conversation_of(house.bot, "wechat", f"o{n}") for n in range(5)]
    secret = house.environ["ACTIONS_SECRET"]
    return [Calls(house, secret, speakers), malformed(house), strangers(house)]
