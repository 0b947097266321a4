"""Methods that write in a chat."""

from __future__ import annotations

from typing import Any

from bot.simulator.shelf import Item
from bot.simulator.telegram.bot import CHANNEL, Bot, Chat
from bot.simulator.telegram.errors import bad_request
from bot.simulator.telegram.formatting import cut_parts, read_formatted, utf16
from bot.simulator.telegram.keyboard import read_keyboard
from bot.simulator.telegram.params import Params
from bot.simulator.telegram.users import document, photo_sizes
from bot.simulator.transcript import Entry

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 << 20
LARGEST_FILE = 50 << 20


class Messages:
    """Each method takes the call's parameters and returns its `result`, or raises ApiError."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def methods(self) -> dict[str, Any]:
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendDocument": self.send_document,
            "sendChatAction": self.send_chat_action,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "answerCallbackQuery": self.answer_callback_query,
        }

    async def send_message(self, params: Params) -> dict[str, Any]:
        text, entities = _words(params, "text", LONGEST_TEXT)
        if not text.strip():
            raise bad_request("message text is empty")
        body = {"text": text} | ({"entities": entities} if entities else {})
        return self._send(params, body, text=text, parts=cut_parts(text, entities))

    async def send_photo(self, params: Params) -> dict[str, Any]:
        item = self._file(params, "photo", LARGEST_PHOTO)
        caption, _ = _words(params, "caption", LONGEST_CAPTION)
        body: dict[str, Any] = {"photo": photo_sizes(item)}
        body |= {"caption": caption} if caption else {}
        return self._send(params, body, kind="image", text=caption, media=item.key)

    async def send_document(self, params: Params) -> dict[str, Any]:
        item = self._file(params, "document", LARGEST_FILE)
        caption, _ = _words(params, "caption", LONGEST_CAPTION)
        body: dict[str, Any] = {"document": document(item)}
        body |= {"caption": caption} if caption else {}
        return self._send(params, body, kind="file", text=caption or item.name, media=item.key)

    async def send_chat_action(self, params: Params) -> bool:
        chat = self._bot.addressee(params.text("chat_id"))
        self._bot.transcript.announce(
            "typing", {"channel": CHANNEL, "person": chat.name, "on": True}
        )
        return True

    async def edit_message_text(self, params: Params) -> dict[str, Any]:
        message, entry = self._own_message(params, "message to edit not found")
        text, entities = _words(params, "text", LONGEST_TEXT)
        if not text.strip():
            raise bad_request("message text is empty")
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        before = (message["text"], message.get("reply_markup"))
        markup = params.tree("reply_markup")
        choices = read_keyboard(markup)
        if before == (text, markup):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message["text"] = text
        self._edited(message, markup)
        if entry:
            parts = cut_parts(text, entities)
            self._bot.transcript.change(entry, text=text, parts=parts, choices=choices)
        return message

    async def edit_message_reply_markup(self, params: Params) -> dict[str, Any]:
        message, entry = self._own_message(params, "message to edit not found")
        markup = params.tree("reply_markup")
        choices = read_keyboard(markup)
        if message.get("reply_markup") == (markup or None):
            raise bad_request("message is not modified")
        self._edited(message, markup)
        if entry:
            self._bot.transcript.change(entry, choices=choices)
        return message

    async def delete_message(self, params: Params) -> bool:
        message, entry = self._own_message(params, "message to delete not found")
        chat = self._bot.addressee(params.text("chat_id"))
        del chat.messages[message["message_id"]]
        if entry:
            self._bot.transcript.change(entry, state="deleted", choices=[])
        return True

    async def answer_callback_query(self, params: Params) -> bool:
        """Ends the button's waiting. Words are seen by who tapped, in the chat of the button: for a
        moment, or as an alert until it is closed.
        """
        query = self._bot.open_queries.pop(params.text("callback_query_id"), None)
        if query is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        text = params.text("text")
        if len(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        if text:
            self._bot.transcript.add(
                CHANNEL,
                query.chat.name,
                "received",
                kind="alert" if params.flag("show_alert") else "toast",
                text=text,
                via="bot",
                member="" if query.chat.is_private else query.member,
            )
        return True

    def _send(self, params: Params, body: dict[str, Any], **shown: Any) -> dict[str, Any]:
        chat = self._bot.addressee(params.text("chat_id"))
        markup = params.tree("reply_markup")
        choices = read_keyboard(markup)
        self._bot.count_message(chat)
        message = {
            "message_id": chat.next_id(),
            "from": self._bot.me(),
            "chat": chat.shape(),
            "date": self._bot.clock.seconds(),
            **body,
        }
        if isinstance(markup, dict) and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        chat.keep(message)
        self._bot.transcript.add(
            CHANNEL,
            chat.name,
            "received",
            choices=choices,
            message_id=str(message["message_id"]),
            via="bot",
            **shown,
        )
        return message

    def _own_message(self, params: Params, missing: str) -> tuple[dict[str, Any], Entry | None]:
        chat: Chat = self._bot.addressee(params.text("chat_id"))
        message = chat.messages.get(params.integer("message_id"))
        if message is None or not message["from"]["is_bot"]:
            raise bad_request(missing)
        number = str(message["message_id"])
        return message, self._bot.transcript.by_message(CHANNEL, chat.name, number)

    def _edited(self, message: dict[str, Any], markup: Any) -> None:
        message["edit_date"] = self._bot.clock.seconds()
        if markup:
            message["reply_markup"] = markup
        else:
            message.pop("reply_markup", None)

    def _file(self, params: Params, name: str, largest: int) -> Item:
        upload = params.upload(name)
        if upload is None:
            known = self._bot.shelf.get(params.text(name))
            if known is None:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return known
        data, content_type, title = upload
        if len(data) > largest:
            raise bad_request("file is too big")
        if not data:
            raise bad_request("file must be non-empty")
        return self._bot.shelf.put(data, content_type, title)


def _words(params: Params, name: str, longest: int) -> tuple[str, list[dict[str, Any]]]:
    """The words after formatting, and their entities. Raises 400 when they are too long."""
    text, entities = read_formatted(params.text(name), params.text("parse_mode"))
    entities = entities or params.tree("entities") or []
    if utf16(text) > longest:
        raise bad_request(
            "message is too long" if name == "text" else "message caption is too long"
        )
    return text, entities
