"""A gateway that plays one small part: a rating, a case, its acceptance, the figures."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp import web
from stub_gateway import StubGateway

from bot.simulator import SimulatorConfig

REASONS = ["态度", "太慢", "没办成", "没讲清", "办错了", "别的"]
GREETING = "您在评价：桥西分局明德里派出所 · 户籍 2 号窗口。这次办得怎么样？"
CARD = "<b>Q26-0017 不满意</b> · 户籍 2 号窗口 · 太慢\n“等了俩小时没人理”\n今天 18:00 前回电"
KEYS = {
    "inline_keyboard": [
        [
            {"text": "接单", "callback_data": "t-accept"},
            {"text": "看详情", "callback_data": "t-show"},
        ],
        [{"text": "直接答复", "callback_data": "t-answer"}],
    ]
}
LATER_KEYS = {
    "inline_keyboard": [
        [
            {"text": "直接答复", "callback_data": "t-answer"},
            {"text": "看详情", "callback_data": "t-show"},
        ]
    ]
}


class ScriptedGateway(StubGateway):
    """Answers callbacks by passive reply, pushes the rest through the simulator's APIs."""

    def __init__(self, config: SimulatorConfig) -> None:
        super().__init__(config.wechat)
        self.simulator_url = f"http://127.0.0.1:{config.port}"
        self._config = config
        self._officers: dict[str, int] = {}
        self._citizen = ""
        self._work: set[asyncio.Task[None]] = set()
        self.answer = self.converse

    async def start(self, webhook: str) -> None:
        self._session = aiohttp.ClientSession()
        await self.bot("setWebhook", url=webhook, secret_token="s1")

    async def stop(self) -> None:
        await asyncio.gather(*self._work)
        await self._session.close()

    async def bot(self, method: str, **params: Any) -> Any:
        url = f"{self.simulator_url}/telegram/bot{self._config.telegram.bot_token}/{method}"
        async with self._session.post(url, json=params) as response:
            return (await response.json()).get("result")

    async def wechat(self, kind: str, content: dict[str, Any]) -> None:
        wechat = self._config.wechat
        grant = {"grant_type": "client_credential", "appid": wechat.app_id}
        grant["secret"] = wechat.app_secret
        base = f"{self.simulator_url}/wechat/cgi-bin"
        async with self._session.post(f"{base}/stable_token", json=grant) as response:
            token = (await response.json())["access_token"]
        body = {"touser": self._citizen, "msgtype": kind, kind: content}
        query = {"access_token": token}
        async with self._session.post(
            f"{base}/message/custom/send", params=query, json=body
        ) as response:
            assert (await response.json())["errcode"] == 0

    def converse(self, fields: dict[str, Any]) -> Any:
        self._citizen = fields["FromUserName"]
        words = fields.get("Content") or fields.get("EventKey") or fields["MsgType"]
        if fields.get("Event") in ("SCAN", "subscribe"):
            rows = ["满意", "基本满意", "不满意"]
            items = [{"id": f"g{n}", "content": label} for n, label in enumerate(rows)]
            self._start(self.wechat("msgmenu", {"head_content": GREETING, "list": items}))
            return b"success"
        if words == "不满意":
            links = "　".join(
                f'<a href="weixin://bizmsgmenu?msgmenucontent={r}&msgmenuid=r{n}">{n + 1} {r}</a>'
                for n, r in enumerate(REASONS)
            )
            return f"抱歉，没办好。主要是哪方面？\n{links}"
        if words in REASONS:
            return "明白了。能说一句是怎么回事吗？回“跳过”也行。"
        if words == "等了俩小时没人理":
            return (
                "记下了（“等了俩小时没人理”）。要回电话给您吗？"
                "留手机号，只有回访人员看得到；不留也照办。"
            )
        if words.startswith("138"):
            self._start(self.announce())
            return (
                "收到，编号 Q26-0017。今天 18:00 前给您回电话，25 日（周三）前给您结果。\n"
                "回“进度”随时能查；换手机、发短信都行，凭码 7K3M。"
            )
        return f"您说：{words}"

    async def announce(self) -> None:
        for chat in self._officers.values():
            await self.bot(
                "sendMessage", chat_id=chat, text=CARD, parse_mode="HTML", reply_markup=KEYS
            )

    async def update(self, request: web.Request) -> web.Response:
        response = await super().update(request)
        update = self.updates[-1]
        if "message" in update:
            self._start(self.on_words(update["message"]))
        elif "callback_query" in update:
            self._start(self.on_press(update["callback_query"]))
        return response

    async def on_words(self, message: dict[str, Any]) -> None:
        chat, words = message["chat"]["id"], message.get("text", "")
        if words.startswith("/bind"):
            if "LI" in words:
                self._officers[message["chat"]["first_name"]] = chat
            await self.bot("sendMessage", chat_id=chat, text="绑定好了。新件会发到这里。")
        elif words.startswith("/stats"):
            text = (
                "<b>桥西分局 今天</b>：14 条有效评价\n满意 12　基本满意 1　不满意 1\n"
                "满意率 92.9%（68.5–98.7%）\n办件：新增 1　在办 1　办结 0\n截至 11-21 14:05"
            )
            await self.bot("sendMessage", chat_id=chat, text=text, parse_mode="HTML")
        else:
            await self.bot("sendMessage", chat_id=chat, text="记下了。")

    async def on_press(self, query: dict[str, Any]) -> None:
        await self.bot("answerCallbackQuery", callback_query_id=query["id"], text="接单成功")
        message = query["message"]
        await self.bot(
            "editMessageText",
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
            text=f"{CARD}\n\n已接单 14:02",
            parse_mode="HTML",
            reply_markup=LATER_KEYS,
        )
        await self.wechat("text", {"content": "Q26-0017：李警官 14:02 接了您的事。"})

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
