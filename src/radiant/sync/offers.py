"""Rows of external models made of what providers and public catalogs say of them."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from radiant import wording
from radiant.catalog.fields import model_from_facts
from radiant.catalog.precedence import trusted
from radiant.catalog.rows import external_row
from radiant.claims.reading import Refusal
from radiant.domain.external import ExternalModel
from radiant.public_catalogs.provider_ids import litellm_prefix
from radiant.registry import catalog_tables as tables
from radiant.registry import doubts, facts, lists
from radiant.registry.database import Connection

from .aliases import Names, names_told, with_names
from .doubting import carried, decided
from .seed import by_subject

#: What stands in a row of which nothing but names is known.
NAMED: Final = ("provider_id", "model_id", "aliases")


async def offers(
    connection: Connection,
    subjects: Collection[tuple[str, str]],
    origin: str,
    *,
    refused: list[Refusal],
    variants: bool,
    there: Collection[tuple[str, ...]] = (),
) -> tuple[list[dict[str, Any]], Names]:
    """A row of `models` for each of `subjects` (provider and model id), and the names that public catalogs tell.

    Each field is what the precedence of sources says. Without `variants`, what only prices a size, a quality or a place
    of another model and nobody can call makes no row, nor does another name of a model. What evidence deprecated stays
    so. What cannot be a row is appended to `refused`. Of models that are `there` and of which nobody says anything any
    longer, as of one that left a public catalog, only the names are in a row: the rest stays what was said last.
    """
    wanted = set(subjects)
    told = by_subject(await facts.public_facts(connection, wanted))
    doubted, settled = await doubts.about(connection, wanted), await decided(connection)
    over = await lists.ended(connection)
    rows = []
    for provider, model_id in sorted(wanted):
        said, remarks = trusted(told.get((provider, model_id), ()), doubted)
        if not variants and is_no_model(said):
            continue
        model = described(provider, model_id, said)
        if isinstance(model, Refusal):
            refused.append(model)
            continue
        deprecated = bool(said.get("deprecated")) or (provider, model_id) in over
        doubtful = carried(remarks, settled.get((provider, model_id), ()))
        row = external_row(provider, model_id, model)
        if not said and (provider, model_id) in there:
            rows.append({**{name: row[name] for name in NAMED}, "origin": origin})
        else:
            rows.append({**row, "origin": origin, "deprecated": deprecated, "doubts": doubtful})
    names = await names_told(connection, [(row["provider_id"], row["model_id"]) for row in rows])
    prefixes = await tables.litellm_prefixes(connection)
    return [with_names(_callable(row, prefixes), names) for row in rows], names


async def said_of(connection: Connection, provider: str, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the provider and the public catalogs say of models, by id."""
    subjects = {(provider, id) for id in ids}
    if not subjects:
        return {}
    told = by_subject(await facts.public_facts(connection, subjects))
    doubted = await doubts.about(connection, subjects)
    return {id: trusted(told.get((provider, id), ()), doubted)[0] for id in ids}


def described(provider: str, model_id: str, said: Mapping[str, Any]) -> ExternalModel | Refusal:
    """The model that this is said of, or why there can be none of it. Pure."""
    try:
        return model_from_facts(model_id, said)
    except (msgspec.ValidationError, ValueError) as error:
        return Refusal(entry=f"{provider}/{model_id}", problem=wording.sentence(error))


def why_none(refusal: Refusal) -> str:
    """What people are told of a model that waits on, though somebody approved it."""
    return f"it cannot be a model of the registry: {refusal.problem}"


def is_no_model(said: Mapping[str, Any]) -> bool:
    return "alias_of" in said or ("variant_of" in said and not ("region" in said and "litellm_id" in said))


def _callable(row: dict[str, Any], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """The row with the id that LiteLLM calls the model by, where a source or the provider's prefix tells it."""
    if "litellm_id" not in row:
        return row
    provider, known = row["provider_id"], row["litellm_id"]
    prefix = prefixes.get(provider) or litellm_prefix(provider)
    return row if known or prefix is None else {**row, "litellm_id": f"{prefix}/{row['model_id']}"}
