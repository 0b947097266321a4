"""Mapping files: a shipped one by its name, or one's own by its path; read again when changed."""

from __future__ import annotations

from pathlib import Path

from actions.errors import ConfigurationError
from actions.feeds.mapping import CategoryMap, read_mapping

SHIPPED = Path(__file__).parents[2] / "data" / "sources"


class Mappings:
    """Reads each file once, and again when it has changed."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[int, CategoryMap]] = {}

    def load(self, name_or_path: str) -> CategoryMap:
        """The mapping meant. Raises ConfigurationError, a sentence a mistake."""
        path = find_mapping(name_or_path)
        try:
            changed = path.stat().st_mtime_ns
            kept = self._read.get(path)
            if kept is None or kept[0] != changed:
                kept = changed, read_mapping(path.read_bytes().decode("utf-8-sig"), path.name)
                self._read[path] = kept
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
        except OSError as error:
            raise ConfigurationError(f"{path.name} cannot be read ({error.strerror}).") from error
        return kept[1]


def find_mapping(name_or_path: str) -> Path:
    """The file meant. Raises ConfigurationError when there is none."""
    shipped = {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}
    if name_or_path in shipped:
        return shipped[name_or_path]
    path = Path(name_or_path)
    if path.is_file():
        return path.resolve()
    known = ", ".join(shipped)
    raise ConfigurationError(
        f"{name_or_path}: there is no such mapping file; name a file, or one of {known}."
    )
