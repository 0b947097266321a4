"""Methods about the bot itself: who it is, how it gets updates, its commands, its files."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.telegram.bot import Bot, Webhook
from bot.simulator.telegram.errors import bad_request
from bot.simulator.telegram.params import Params
from bot.simulator.telegram.updates import Updates

LARGEST_DOWNLOAD = 20 << 20
LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Setup:
    """Each method takes the call's parameters and returns its `result`, or raises ApiError."""

    def __init__(self, bot: Bot, updates: Updates) -> None:
        self._bot = bot
        self._updates = updates

    def methods(self) -> dict[str, Any]:
        return {
            "getMe": self.get_me,
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "getChat": self.get_chat,
            "getFile": self.get_file,
        }

    async def get_me(self, params: Params) -> dict[str, Any]:
        return self._bot.me() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def get_updates(self, params: Params) -> list[dict[str, Any]]:
        if "allowed_updates" in params.values:
            self._bot.webhook.allowed_updates = list(params.tree("allowed_updates") or [])
        seconds = min(max(params.integer("timeout"), 0), LONGEST_POLL)
        return await self._updates.poll(
            params.integer("offset"), params.integer("limit", 100), seconds
        )

    async def set_webhook(self, params: Params) -> bool:
        """Telegram itself takes https only; the fake takes http too, or it could not be used."""
        url, secret = params.text("url"), params.text("secret_token")
        if url and not re.match(r"https?://[^/\s]+", url):
            raise bad_request("bad webhook: invalid url specified")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._bot.webhook = Webhook(
            url,
            secret,
            list(params.tree("allowed_updates") or self._bot.webhook.allowed_updates),
            params.integer("max_connections", 40),
        )
        return await self._renew(params)

    async def delete_webhook(self, params: Params) -> bool:
        self._bot.webhook = Webhook(allowed_updates=self._bot.webhook.allowed_updates)
        return await self._renew(params)

    async def get_webhook_info(self, params: Params) -> dict[str, Any]:
        webhook = self._bot.webhook
        info: dict[str, Any] = {
            "url": webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": self._updates.pending,
            "max_connections": webhook.max_connections,
        }
        if webhook.allowed_updates:
            info["allowed_updates"] = webhook.allowed_updates
        if webhook.last_error:
            info["last_error_date"] = webhook.last_error_at
            info["last_error_message"] = webhook.last_error
        return info

    async def set_my_commands(self, params: Params) -> bool:
        commands = params.tree("commands") or []
        for row in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(row.get("command", ""))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(row.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._bot.commands = commands
        self._bot.transcript.announce("commands", {"commands": commands})
        return True

    async def get_my_commands(self, params: Params) -> list[dict[str, str]]:
        return self._bot.commands

    async def delete_my_commands(self, params: Params) -> bool:
        self._bot.commands = []
        return True

    async def get_chat(self, params: Params) -> dict[str, Any]:
        chat = self._bot.addressee(params.text("chat_id"))
        return chat.shape() | {"accent_color_id": 0, "max_reaction_count": 11}

    async def get_file(self, params: Params) -> dict[str, Any]:
        item = self._bot.shelf.get(params.text("file_id"))
        if item is None:
            raise bad_request("invalid file_id")
        if len(item.data) > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": item.key,
            "file_unique_id": item.key[:16],
            "file_size": len(item.data),
            "file_path": f"files/{item.key}",
        }

    async def _renew(self, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self._updates.drop()
        await self._updates.restart()
        return True
