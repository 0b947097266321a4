"""Runs the model's steps one after another, in an order worked out once.

Rasa hands its graph to dask at every prediction, which plans and queues anew each time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Step = Tuple[str, List[str]]  # a node and the nodes or inputs that it needs


class DirectRunner:
    """Stands in for a loaded DaskGraphRunner, with the same nodes and the same results."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema = loaded._graph_schema
        self._nodes = loaded._instantiated_nodes
        self._plans: Dict[Tuple[str, ...], List[Step]] = {}

    def run(
        self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
    ) -> Dict[str, Any]:
        """The targets' outputs."""
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = plan(self._schema.minimal_graph_schema(list(wanted)))
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plans[wanted]:
            done[name] = self._nodes[name](*(done[need] for need in needs))
        return {name: done[name][1] for name in wanted}


def plan(schema: GraphSchema) -> List[Step]:
    """The nodes in an order in which each comes after those it needs."""
    steps: List[Step] = []
    seen = set()

    def visit(name: str) -> None:
        if name in seen or name not in schema.nodes:
            return
        seen.add(name)
        needs = list(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        steps.append((name, needs))

    for name in schema.nodes:
        visit(name)
    return steps
