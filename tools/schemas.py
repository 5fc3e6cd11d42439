"""JSON schemas of the catalog's files, for editors."""

import json
from typing import Any

import msgspec

from radiant.domain.external import ExternalModel, Provider
from radiant.domain.hardware import Container, Instance, Runtime
from radiant.domain.offering import Offering, SharedModel
from radiant.domain.self_hosted import SelfHostedModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(shape: type[Any], title: str, *, table: bool = False) -> str:
    """The schema of a file of one `shape`, or with `table` of one `shape` per key."""
    (root,), definitions = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    whole: dict[str, Any] = {"type": "object", "additionalProperties": root} if table else dict(root)
    document = {"$schema": DIALECT, "title": title, **whole, "$defs": _in_toml(definitions)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _in_toml(node: Any) -> Any:
    """In TOML a decimal is a bare number, not a string, and there is no null."""
    if isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") == "decimal":
            return {"type": "number", **{key: value for key, value in node.items() if key not in ("type", "format")}}
        choices = node.get("anyOf")
        if isinstance(choices, list) and {"type": "null"} in choices:
            rest = [_in_toml(choice) for choice in choices if choice != {"type": "null"}]
            others = {key: _in_toml(value) for key, value in node.items() if key not in ("anyOf", "default")}
            return {**(rest[0] if len(rest) == 1 else {"anyOf": rest}), **others}
        return {key: _in_toml(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_in_toml(item) for item in node]
    return node


SCHEMAS = {
    "docs/reference/schemas/self-hosted-model.json": lambda: schema(
        SelfHostedModel, "self_hosted/<category>/<model>.toml"
    ),
    "docs/reference/schemas/external-model.json": lambda: schema(ExternalModel, "providers/<provider>/<model>.toml"),
    "docs/reference/schemas/shared-model.json": lambda: schema(SharedModel, "models/<maker>/<model>.toml"),
    "docs/reference/schemas/offering.json": lambda: schema(Offering, "providers/<provider>/<model>.toml with `offers`"),
    "docs/reference/schemas/provider.json": lambda: schema(Provider, "providers/<provider>/provider.toml"),
    "docs/reference/schemas/instances.json": lambda: schema(Instance, "instances.toml", table=True),
    "docs/reference/schemas/containers.json": lambda: schema(Container, "containers.toml", table=True),
    "docs/reference/schemas/runtimes.json": lambda: schema(Runtime, "runtimes.toml", table=True),
}
