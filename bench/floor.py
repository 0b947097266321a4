"""The floor: the least that an official account can do, bare aiohttp and wechatpy.

`python -m bench.floor PORT TOKEN AES_KEY APP_ID` opens each callback and says its words back.
"""

from __future__ import annotations

import sys

from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply


def create_app(token: str, aes_key: str, app_id: str) -> web.Application:
    """The echo at /wechat."""
    crypto = WeChatCrypto(token, aes_key, app_id)

    async def deliver(request: web.Request) -> web.Response:
        query = request.query
        asked = query["timestamp"], query["nonce"]
        xml = crypto.decrypt_message(await request.text(), query["msg_signature"], *asked)
        message = parse_message(xml)
        words = message.content if message.type == "text" else message.scene_id
        reply = TextReply(content=words, message=message).render()
        return web.Response(text=crypto.encrypt_message(reply, *reversed(asked)))

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.add_routes([web.post("/wechat", deliver), web.get("/health", health)])
    return app


async def application(token: str, aes_key: str, app_id: str) -> web.Application:
    return create_app(token, aes_key, app_id)


if __name__ == "__main__":
    port, *account = sys.argv[1:]
    web.run_app(
        application(*account), host="127.0.0.1", port=int(port), print=None, access_log=None
    )
