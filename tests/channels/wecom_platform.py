"""WeCom's side of a callback and of the API, written apart from our code."""

from __future__ import annotations

from typing import Any

from channel_stubs import NOW, StubPlatform
from wechat_platform import KEY_NEW, KEY_OLD, seal, sha1

CORP_ID = "ww0123456789abcdef"
AGENT_ID = 1000002
TOKEN = "wecom-test-token"
OFFICER = "JingGuan.Li_01"  # as the company writes it; we know it in lower case
LOWER = OFFICER.lower()
SETTINGS: dict[str, Any] = {
    "corp_id": CORP_ID,
    "agent_id": AGENT_ID,
    "secret": "app-secret",
    "token": TOKEN,
    "aes_keys": (KEY_NEW, KEY_OLD),
}


class WeComPlatform(StubPlatform):
    """The HTTP interface, with a token that counts up and a code for each card."""

    def __init__(self) -> None:
        super().__init__()
        self.token = 1
        self.cards = 0

    def default(self, call: str) -> Any:
        if call == "gettoken":
            return {"errcode": 0, "access_token": f"token-{self.token}", "expires_in": 7200}
        if call == "media/upload":
            return {"errcode": 0, "type": "image", "media_id": "media-1", "created_at": "1"}
        if call == "message/send":
            return self._sent(self.seen[-1].body["msgtype"])
        return {**super().default(call), "invaliduser": []}

    def _sent(self, kind: str) -> dict[str, Any]:
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m-1"}
        if kind == "template_card":
            self.cards += 1
            answer["response_code"] = f"code-{self.cards}"
        return answer


def sealed(xml: str, key: str = KEY_NEW, receiver: str = CORP_ID) -> str:
    return seal(xml, key, receiver)


def query(
    encrypt: str, timestamp: float = NOW, nonce: str = "n1", token: str = TOKEN
) -> dict[str, str]:
    stamp = str(int(timestamp))
    signature = sha1(token, stamp, nonce, encrypt)
    return {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}


def body(encrypt: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName>"
        f"<AgentID><![CDATA[{AGENT_ID}]]></AgentID><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    )


def message(
    kind: str = "text",
    inside: str = "",
    created: int = int(NOW),
    sender: str = OFFICER,
    agent: int | str = AGENT_ID,
) -> str:
    """The XML of a message or an event from the officer."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inside}"
        f"<AgentID>{agent}</AgentID></xml>"
    )


def text_message(text: str = "接了", msg_id: str = "7012345678901234567", **more: Any) -> str:
    inside = f"<Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId>"
    return message("text", inside, **more)


def event(name: str, inside: str = "", **more: Any) -> str:
    return message("event", f"<Event><![CDATA[{name}]]></Event>{inside}", **more)


def tap(key: str, task_id: str = "task-1", code: str = "fresh-code", **more: Any) -> str:
    inside = (
        f"<EventKey><![CDATA[{key}]]></EventKey><TaskId><![CDATA[{task_id}]]></TaskId>"
        "<CardType><![CDATA[button_interaction]]></CardType>"
        f"<ResponseCode><![CDATA[{code}]]></ResponseCode><SelectedItems></SelectedItems>"
    )
    return event("template_card_event", inside, **more)
