"""Personal data at rest: sealed with Fernet, found again by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Seals and opens texts. The first key seals, all of them open, so keys can be rotated."""

    def __init__(self, data_keys: str, hash_key: str) -> None:
        """`data_keys`: Fernet keys, comma-separated, newest first. `hash_key`: any long text."""
        self._keys = [Fernet(key.strip()) for key in data_keys.split(",") if key.strip()]
        self._fernet = MultiFernet(self._keys)
        self._hash_key = hash_key.encode()
        self.audit_key = hmac.digest(self._hash_key, b"audit chain", hashlib.sha256)

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes) -> str:
        """The text again. Raises cryptography.fernet.InvalidToken when no key fits."""
        return self._fernet.decrypt(bytes(sealed)).decode("utf-8", "surrogatepass")

    def seal_json(self, value: Any) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def open_json(self, sealed: bytes) -> Any:
        return json.loads(self.open(sealed))

    def seal_bytes(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        return self._fernet.decrypt(bytes(sealed))

    def key_of(self, sealed: bytes) -> int | None:
        """Which key has sealed it: 0 for the newest; None when none fits."""
        for number, key in enumerate(self._keys):
            try:
                key.decrypt(bytes(sealed))
            except InvalidToken:
                continue
            return number
        return None

    def reseal(self, sealed: bytes) -> bytes:
        """The same under the newest key. Raises cryptography.fernet.InvalidToken."""
        return self._fernet.rotate(bytes(sealed))

    def digest(self, text: str) -> bytes:
        """32 bytes, the same for the same text and key: for look-ups and unique indexes."""
        return hmac.digest(self._hash_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
