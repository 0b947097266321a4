"""Sealing: what is sealed opens again with its key, keys can be rotated, hashes need the key."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from actions.privacy.vault import Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
HASH = "h" * 32
VAULT = Vault(OLD, HASH)

anything = st.text(st.characters())  # lone surrogates too: platforms send them


@given(anything)
def test_what_is_sealed_opens(text: str) -> None:
    sealed = VAULT.seal(text)
    assert VAULT.open(sealed) == text
    assert VAULT.open(memoryview(sealed)) == text  # type: ignore[arg-type]  # as drivers give it


@given(st.binary(max_size=200))
def test_bytes_too(content: bytes) -> None:
    assert VAULT.open_bytes(VAULT.seal_bytes(content)) == content


@pytest.mark.parametrize("value", [{"what": "等太久"}, [], None, 0, {"a": ["\ud83d", 1.5, True]}])
def test_and_structures(value: Any) -> None:
    assert VAULT.open_json(VAULT.seal_json(value)) == value


def test_a_seal_shows_nothing() -> None:
    sealed = VAULT.seal("13900000000")
    assert b"139" not in sealed
    assert VAULT.seal("13900000000") != sealed  # nor that two are the same


def test_the_newest_key_seals_and_all_open() -> None:
    rotated = Vault(f"{NEW},{OLD}", HASH)
    assert rotated.open(VAULT.seal("旧的")) == "旧的"
    sealed = rotated.seal("新的")
    assert Vault(NEW, HASH).open(sealed) == "新的"
    with pytest.raises(InvalidToken):
        VAULT.open(sealed)


def test_without_the_old_key_the_old_is_lost() -> None:
    with pytest.raises(InvalidToken):
        Vault(NEW, HASH).open(VAULT.seal("旧的"))


@pytest.mark.parametrize("keys", [f" {NEW} , {OLD} ", f"{NEW},{OLD},", f"{NEW}, ,{OLD}"])
def test_keys_may_be_written_with_spaces_and_gaps(keys: str) -> None:
    assert Vault(keys, HASH).open(VAULT.seal("x")) == "x"


def test_what_was_tampered_with_does_not_open() -> None:
    sealed = bytearray(VAULT.seal("满意"))
    sealed[-3] ^= 1
    with pytest.raises(InvalidToken):
        VAULT.open(bytes(sealed))


@given(anything, anything)
def test_a_digest_is_the_same_for_the_same_text_alone(one: str, other: str) -> None:
    assert (VAULT.digest(one) == VAULT.digest(other)) == (one == other)
    assert len(VAULT.digest(one)) == 32


def test_a_digest_needs_the_hash_key_and_no_other() -> None:
    assert Vault(OLD, "x" * 32).digest("13900000000") != VAULT.digest("13900000000")
    assert Vault(NEW, HASH).digest("13900000000") == VAULT.digest("13900000000")
