"""The backup's file: a zip with the dump, the policy that was lived by, and what they are.

It holds no key. Personal data in it is sealed as it is in the database; `Manifest.keys` lets a
restore see whether the keys at hand are those that open it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet, InvalidToken

from actions.errors import ConfigurationError
from actions.privacy.vault import Vault

FORMAT = 1
DUMP, POLICY, MANIFEST = "database.dump", "policy.yml", "manifest.json"
CHUNK = 1024 * 1024
_CANARY = "huiyin backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`rows`: of each table, in the very snapshot that was dumped. `keys`: a word sealed with each
    of DATA_KEYS; `hash_key`: its digest. `made_at`: UTC, ISO. `sha256`: of the dump.
    """

    made_at: str
    schema: str
    rows: Mapping[str, int]
    keys: tuple[str, ...]
    hash_key: str
    policy: str
    sha256: str = ""
    format: int = FORMAT


def canaries(data_keys: str, vault: Vault) -> tuple[tuple[str, ...], str]:
    """`Manifest.keys` and `Manifest.hash_key` of these keys."""
    keys = [key.strip() for key in data_keys.split(",") if key.strip()]
    sealed = tuple(Fernet(key).encrypt(_CANARY.encode()).decode() for key in keys)
    return sealed, vault.digest(_CANARY).hex()


def wrong_keys(manifest: Manifest, vault: Vault) -> str:
    """One sentence when these keys cannot open everything in the backup, else ""."""
    for number, sealed in enumerate(manifest.keys, 1):
        try:
            vault.open(sealed.encode())
        except InvalidToken:
            return (
                f"DATA_KEYS lacks key {number} of the {len(manifest.keys)} that the backup was made "
                "with; add it, or what it sealed can never be read again."
            )
    if vault.digest(_CANARY).hex() != manifest.hash_key:
        return "HASH_KEY is not the one that the backup was made with; nobody would be found again."
    return ""


def write_dump(archive: zipfile.ZipFile, dump: IO[bytes]) -> str:
    """Adds the dump, read up to its end, and gives its SHA-256."""
    digest = hashlib.sha256()
    with archive.open(DUMP, "w", force_zip64=True) as member:
        while chunk := dump.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """The last member: a file without it was not finished."""
    archive.writestr(MANIFEST, json.dumps(dataclasses.asdict(manifest), indent=1))


def read_manifest(file: Path) -> Manifest:
    """Raises ConfigurationError, one sentence, for what is no finished backup of ours."""
    try:
        with zipfile.ZipFile(file) as archive:
            told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if told.get("format") != FORMAT:
            raise ConfigurationError(f"{file} was written by a newer version; restore with that.")
        return Manifest(**{**told, "keys": tuple(told["keys"])})
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file} does not exist.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{file} is no finished backup of Huiyin.") from error


def chunks(file: Path) -> Iterator[bytes]:
    """The dump, piece by piece."""
    with zipfile.ZipFile(file) as archive, archive.open(DUMP) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def check_whole(file: Path, manifest: Manifest) -> None:
    """Reads the dump once. Raises ConfigurationError when it is not what was written."""
    digest = hashlib.sha256()
    try:
        for chunk in chunks(file):
            digest.update(chunk)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError) as error:
        raise ConfigurationError(f"{file} is damaged; take another copy.") from error
    if digest.hexdigest() != manifest.sha256:
        raise ConfigurationError(f"{file} is damaged; take another copy.")
