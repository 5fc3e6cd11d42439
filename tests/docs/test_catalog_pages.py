"""What is generated about the catalog is current, and the schemas fit its files."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from radiant.catalog.load import OURS
from tools.catalog_page import catalog_md
from tools.schemas import SCHEMAS

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_the_page_about_the_catalog_is_current() -> None:
    assert (ROOT / "docs/reference/catalog.md").read_text("utf-8") == catalog_md(), "run `make generated`"


@pytest.mark.long
def test_the_page_about_the_catalog_does_not_change_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Later":
            return cls(2027, 12, 31, tzinfo=tz)

    class Day(dt.date):
        @classmethod
        def today(cls) -> "Day":
            return cls(2027, 12, 31)

    monkeypatch.setattr(dt, "datetime", Later)
    monkeypatch.setattr(dt, "date", Day)
    assert (ROOT / "docs/reference/catalog.md").read_text("utf-8") == catalog_md()


@pytest.mark.parametrize("file", SCHEMAS)
def test_the_schemas_are_current(file: str) -> None:
    assert (ROOT / file).read_text("utf-8") == SCHEMAS[file](), "run `make generated`"


def schema_for(path: Path) -> str | None:
    match path.relative_to(OURS).parts:
        case ("self_hosted", _, _):
            return "self-hosted-model"
        case ("providers", _, "provider.toml"):
            return "provider"
        case ("models", _, _):
            return "shared-model"
        case ("providers", *_):
            return "offering" if "offers" in tomllib.loads(path.read_text("utf-8")) else "external-model"
        case ("instances.toml" | "containers.toml",):
            return path.stem
    return None


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return str(value) if isinstance(value, dt.date) else value


def test_every_catalog_file_fits_its_schema() -> None:
    validators = {
        name: jsonschema.Draft202012Validator(json.loads(SCHEMAS[f"docs/reference/schemas/{name}.json"]()))
        for name in (
            "self-hosted-model",
            "external-model",
            "offering",
            "shared-model",
            "provider",
            "instances",
            "containers",
        )
    }
    fitted = 0
    for path in OURS.rglob("*.toml"):
        if name := schema_for(path):
            validators[name].validate(as_json(tomllib.loads(path.read_text("utf-8"))))
            fitted += 1
    assert fitted > 280


def test_a_schema_refuses_an_unknown_key() -> None:
    schema = json.loads(SCHEMAS["docs/reference/schemas/provider.json"]())
    with pytest.raises(jsonschema.ValidationError, match="additional"):
        jsonschema.validate({"display_name": "X", "licence": "MIT"}, schema | {"required": []})
