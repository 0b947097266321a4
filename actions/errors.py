"""The error tree.

HuiyinError
├── Refusal          a person asked for what may not or cannot be; told in one sentence, not logged
└── ConfigurationError   a setting or file is wrong; one sentence at start, exit code 2

Anything else that rises is a fault of ours: the turn or job fails and is tried again.
"""

from __future__ import annotations

from collections.abc import Sequence


class HuiyinError(Exception):
    """Base of all errors that carry a decision."""


class Refusal(HuiyinError):  # noqa: N818 - not an error, an answer
    """`key` names the sentence (response `utter_refused_<key>`), `params` fill it.

    `may` names the verbs that are possible instead, on the case whose `number` is among the params.
    """

    def __init__(self, key: str, *, may: Sequence[str] = (), **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.may = tuple(may)
        self.params = params


class WhichUnit(Refusal):
    """Several units are called so; `labels` tell them apart, each by the station it belongs to."""

    def __init__(self, words: str, labels: Sequence[str]) -> None:
        super().__init__("which_unit", text=words, names="、".join(labels))
        self.labels = tuple(labels)


class ConfigurationError(HuiyinError):
    """Its text is a sentence for the administrator that says what to do."""
