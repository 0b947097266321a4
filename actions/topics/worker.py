"""Finds groups in a process of its own: `python -m actions.topics.worker`, JSON in, JSON out.

In: {"now": [text, …], "before": [text, …]}. Out: the groups, each [name, now, before, typical] as
`FoundGroup` has them. The texts are nowhere but in the pipes, and the memory is given back at the end.
"""

from __future__ import annotations

import json
import os
import sys

from actions.topics.finding import find_groups


def main() -> None:
    os.nice(5)  # whoever chats goes first
    given = json.load(sys.stdin)
    found = find_groups(given["now"], given["before"])
    json.dump([[each.name, each.now, each.before, each.typical] for each in found], sys.stdout)


if __name__ == "__main__":
    main()
