"""Looking for what may not be found: strings in every spelling that files and databases use."""

from __future__ import annotations

import base64
import gzip
import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

PIECE = 64 * 1024 * 1024  # bytes searched at once
LONGEST = 4096  # of a string in any spelling


@dataclass(slots=True)
class Place:
    """One place that was searched. `found`: names of strings that were there, with where."""

    name: str
    bytes: int = 0
    found: dict[str, set[str]] = field(default_factory=dict)


def spellings(text: str | bytes) -> set[bytes]:
    """The bytes of the string as UTF-8 and UTF-16, escaped as in JSON and in addresses, as hex and
    inside base64 at each of its three places.
    """
    plain = text if isinstance(text, bytes) else text.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for shift in range(3):  # without the characters that its neighbours have a part in
        coded = base64.b64encode(bytes(shift) + plain).rstrip(b"=")
        inner = coded[-(-shift * 8 // 6) : len(coded) - 1]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    if isinstance(text, str):
        found |= {text.encode("utf-16-le"), json.dumps(text)[1:-1].encode(), quote(text).encode()}
    return {each for each in found if len(each) >= 6}


class Search:
    """Strings by name; what is found is told by name, never by itself."""

    def __init__(self, strings: Mapping[str, str | bytes]) -> None:
        self._spellings = {name: spellings(string) for name, string in strings.items()}
        self.places: list[Place] = []

    def place(self, name: str) -> Place:
        self.places.append(Place(name))
        return self.places[-1]

    def look(self, place: Place, content: bytes, where: str) -> None:
        place.bytes += len(content)
        for name, written in self._spellings.items():
            if any(each in content for each in written):
                place.found.setdefault(name, set()).add(where)

    def files(self, name: str, root: Path, leave_out: Iterable[str] = ()) -> None:
        """Every file below `root`; archives also unpacked."""
        place, left_out = self.place(name), set(leave_out)
        for path in sorted(root.rglob("*") if root.is_dir() else [root]):
            if left_out.isdisjoint(path.relative_to(root).parts) and path.is_file():
                for where, content in _contents(path):
                    self.look(place, content, where)

    def tables(self, address: str) -> None:
        """Every row of every table as text: also what is compressed in the files."""
        place = self.place("every row, as text")
        with psycopg.connect(address) as connection:
            query = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'"
            for schema, table in connection.execute(query).fetchall():
                rows = connection.execute(f'SELECT t::text FROM "{schema}"."{table}" AS t')  # type: ignore[arg-type]
                for (row,) in rows:
                    self.look(place, row.encode(), table)

    def keys(self, address: str) -> None:
        """Every key of Redis with all that it holds."""
        place = self.place("Redis, keys and values")
        client = redis.Redis.from_url(address)
        for key in client.scan_iter(count=1000):
            value = _value(client, key)
            where = key.split(b":")[0].decode(errors="replace")
            self.look(place, key + b"\n" + value, where[:24])
        client.close()


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """The file in pieces that overlap, and what is packed in it."""
    with path.open("rb") as file:
        before = b""
        while piece := file.read(PIECE):
            yield path.name, before + piece
            before = piece[-LONGEST:]
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                inner = archive.extractfile(member) if member.isfile() else None
                if inner is not None:
                    yield f"{path.name}/{member.name}", inner.read()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                yield f"{path.name}/{name}", bundle.read(name)
    elif path.suffix == ".gz":
        yield f"{path.name}, unpacked", gzip.decompress(path.read_bytes())


def _value(client: redis.Redis, key: bytes) -> bytes:
    kind = client.type(key)
    match kind:
        case b"string":
            parts = [client.get(key)]
        case b"hash":
            parts = [part for pair in client.hgetall(key).items() for part in pair]  # type: ignore[union-attr]
        case b"list":
            parts = client.lrange(key, 0, -1)  # type: ignore[assignment]
        case b"set":
            parts = list(client.smembers(key))  # type: ignore[arg-type]
        case b"zset":
            parts = client.zrange(key, 0, -1)  # type: ignore[assignment]
        case b"stream":
            parts = [repr(client.xrange(key)).encode()]
        case _:
            parts = []
    return b"\n".join(part for part in parts if isinstance(part, bytes))
