"""Bot API errors: `{"ok": false, "error_code": …, "description": …}` with that HTTP status."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """The call is refused. `retry_after` seconds come with 429; `migrate_to_chat_id` is where a
    group went that became a supergroup.
    """

    def __init__(
        self,
        code: int,
        description: str,
        retry_after: int | None = None,
        *,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to_chat_id is not None:
            answer["parameters"] = {"migrate_to_chat_id": self.migrate_to_chat_id}
        return answer


def bad_request(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: {why}")


def too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)
