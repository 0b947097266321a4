"""What every part of the API's document is made of: contents, refusals, records, batches, outcomes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

MOST_AT_ONCE = 500  # records of one request

WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def content(schema: str) -> dict[str, Any]:
    """A body of JSON with the schema of that name."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def refused(description: str) -> dict[str, Any]:
    """A response that names the mistakes."""
    return {"description": description, "content": content("Errors")}


def texts(
    longest: Mapping[str, int], required: Collection[str], about: Mapping[str, str]
) -> dict[str, Any]:
    """The properties of a record whose fields are texts, `longest` in characters."""
    properties: dict[str, Any] = {
        name: {
            "type": "string" if name in required else ["string", "null"],
            "maxLength": most,
            "description": about[name],
        }
        for name, most in longest.items()
    }
    for name in required:
        properties[name]["minLength"] = 1
    properties["language"] |= {"enum": ["zh", "en", None]}
    return properties


def closed(required: Iterable[str], properties: dict[str, Any]) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


def batch(name: str, schema: str) -> dict[str, Any]:
    """Records of that schema, sent at once under `name`."""
    items = {"$ref": f"#/components/schemas/{schema}"}
    listed = {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": items}
    return closed([name], {name: listed})


def counted(outcomes: Iterable[str], name: str, told: dict[str, Any]) -> dict[str, Any]:
    """How many came to each outcome, and under `name` what became of each."""
    counts = {outcome: {"type": "integer", "minimum": 0} for outcome in outcomes}
    return {
        "type": "object",
        "required": [*counts, name],
        "properties": {**counts, name: {"type": "array", "items": told}},
    }
