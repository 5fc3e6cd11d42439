"""How LiteLLM is told of a model that its own map does not have, or has with other prices."""

from decimal import Decimal
from typing import Any

import msgspec

from radiant.catalog.fields import field_of_column
from radiant.catalog.litellm import LiteLLMMap, read_map
from radiant.catalog.load import OURS
from radiant.domain.errors import NoLiteLLMId
from radiant.domain.fact import Claim
from radiant.domain.registry_model import RegistryModel
from radiant.public_catalogs.litellm_entry import entry_of
from radiant.registry import compliance
from radiant.registry.database import Database

from .facts import Facts


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One model in LiteLLM's words: `entry` for its map, as Python and as a part of a proxy's `config.yaml`.

    `known` says whether the newest map of LiteLLM that was looked into (that of `release`) has the id, None where
    nobody looked.
    """

    model_id: str
    provider_id: str
    litellm_id: str
    known: bool | None
    release: str
    entry: dict[str, Any]
    python: str
    proxy: str


class LiteLLM:
    """Reads models with the facts that hold."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database, self._facts = database, facts

    async def registrations(self, name: str) -> list[Registration]:
        """The models called `name`, of each provider that LiteLLM serves. Raises ModelNotFound, NoLiteLLMId."""
        told = [(model, claims) for model, claims in await self._facts.claims(name) if model.litellm_id is not None]
        if not told:
            raise NoLiteLLMId(name)
        async with self._database.connection() as connection:
            keys = {
                model.provider_id: await compliance.key_variables(connection, model.provider_id) for model, _ in told
            }
        release = release_looked_into()
        return [_registration(model, claims, keys[model.provider_id], release) for model, claims in told]


def release_looked_into() -> str:
    """The release of LiteLLM that our catalog was held against."""
    found: LiteLLMMap = read_map(OURS / "litellm.toml", shown="catalog/litellm.toml")
    return f"{found.release} ({found.read})"


def _registration(model: RegistryModel, claims: list[Claim], keys: list[str], release: str) -> Registration:
    id = str(model.litellm_id)
    entry = entry_of(id, facts_held(model, claims))
    return Registration(
        model_id=model.model_id,
        provider_id=model.provider_id,
        litellm_id=id,
        known=model.litellm_known,
        release=release,
        entry={key: float(value) if isinstance(value, Decimal) else value for key, value in entry.items()},
        python=_python(id, entry),
        proxy=_proxy(model.model_id, id, keys, entry),
    )


def facts_held(model: RegistryModel, claims: list[Claim]) -> dict[str, Any]:
    """By field, what holds: what stands in the row, and what only facts say, such as the price of a cache write."""
    held = {claim.field: claim.value for claim in claims if claim.holds}
    for column, value in msgspec.structs.asdict(model).items():
        field, factor = field_of_column("class" if column == "model_class" else column)
        if value is not None and value != []:
            held[field] = value if factor is None else Decimal(value) * factor
    return held


def _python(id: str, entry: dict[str, Any]) -> str:
    lines = [f"        {_quoted(key)}: {_literal(value)}," for key, value in entry.items()]
    inner = "\n".join([f"    {_quoted(id)}: {{", *lines, "    },"])
    return f"import litellm\n\nlitellm.register_model({{\n{inner}\n}})\n"


def _proxy(name: str, id: str, keys: list[str], entry: dict[str, Any]) -> str:
    key = [f"      api_key: os.environ/{keys[0]}"] if keys else []
    info = [f"      {name}: {_yaml(value)}" for name, value in entry.items() if name != "litellm_provider"]
    head = [f"  - model_name: {_quoted(name)}", "    litellm_params:", f"      model: {_quoted(id)}", *key]
    return "\n".join(["model_list:", *head, "    model_info:", *info]) + "\n"


def _literal(value: Any) -> str:
    """Prices are written out: YAML takes `1e-07` for text."""
    if isinstance(value, str):
        return _quoted(value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else repr(value)


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _literal(value)


def _quoted(text: str) -> str:
    """A string that is one in Python, JSON and YAML."""
    return msgspec.json.encode(text).decode()
