"""The sentences on paper, read from wording.yml beside this file or one of the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from actions.errors import ConfigurationError

SHIPPED = Path(__file__).with_name("wording.yml")
FORM_NAMES = ("a4", "sticker", "badge")  # of bot/print/forms.py, which loads reportlab


class PrintWording:
    """Sentences by form and key."""

    def __init__(self, path: Path = SHIPPED) -> None:
        """Raises ConfigurationError when the file does not have the sentences of the shipped one."""
        self._forms = _read(path)
        if path == SHIPPED:
            return
        for form, sentences in _read(SHIPPED).items():
            lacking = sorted(sentences.keys() - self._forms.get(form, {}).keys())
            if lacking:
                raise ConfigurationError(
                    f"{path.name} lacks {form}: {', '.join(lacking)}; see bot/print/wording.yml."
                )

    def say(self, form: str, key: str, **params: str) -> str:
        """The sentence, filled. Raises ConfigurationError when it asks for something unknown."""
        try:
            return self._forms[form][key].format(**params)
        except (KeyError, IndexError, ValueError) as error:
            raise ConfigurationError(
                f"The sentence {form}.{key} on the sheets cannot be filled: {error}."
            ) from error

    def keys(self, form: str) -> list[str]:
        """The keys of a form's sentences."""
        return list(self._forms[form])


def _read(path: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} cannot be read as YAML text: {error}.") from error
    shaped = isinstance(found, dict) and all(
        isinstance(form, dict) and all(isinstance(text, str) for text in form.values())
        for form in found.values()
    )
    if not shaped:
        raise ConfigurationError(f"{path.name} must hold forms, each with its sentences.")
    return found  # type: ignore[no-any-return]
