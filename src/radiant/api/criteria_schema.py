"""The JSON schema of criteria: what their types say, and the ranges and names that only the reader checks."""

from typing import Any

import msgspec

from radiant.domain.criteria import Criteria
from radiant.selection.order.profile import shipped_profiles
from radiant.selection.reading.criteria_reader import PLACES, USAGE_RANGES, ranges

#: Fields whose names the registry itself checks, and what they are names of.
_NAMES = {
    "prefer_providers": "provider",
    "only_providers": "provider",
    "exclude_providers": "provider",
    "required_capabilities": "capability",
}


def criteria_schema() -> tuple[dict[str, Any], dict[str, Any]]:
    """A reference to the schema of one request, and the definitions it needs."""
    (schema,), definitions = msgspec.json.schema_components([Criteria], ref_template="#/components/schemas/{name}")
    for owner, bounded in (("Criteria", ranges(Criteria)), ("Usage", USAGE_RANGES)):
        properties = definitions[owner]["properties"]
        for name, (_, most) in bounded.items():
            empty = [{"type": "null"}] if {"type": "null"} in properties[name]["anyOf"] else []
            properties[name] = {"anyOf": [*_decimal(int(most)), *empty], "default": properties[name]["default"]}
    for name, format in _NAMES.items():
        definitions["Criteria"]["properties"][name]["items"] = {"type": "string", "format": format}
    definitions["Criteria"]["properties"]["profile"] = {"enum": sorted(shipped_profiles()), "default": "ready-first"}
    return schema, definitions


def _decimal(most: int) -> list[dict[str, Any]]:
    """A number from 0 to `most` with less than PLACES decimal places; as text it is exact."""
    digits = len(str(most)) - 1
    below = rf"[0-9]{{1,{digits}}}(\.[0-9]{{1,{PLACES - 1}}})?" if digits else rf"0(\.[0-9]{{1,{PLACES - 1}}})?"
    return [
        {"type": "string", "pattern": rf"^({below}|{most}(\.0{{1,{PLACES - 1}}})?)$", "examples": ["0.01"]},
        {"const": 0},
        {"type": "number", "minimum": float(f"1e-{PLACES - 1}"), "maximum": most},
    ]
