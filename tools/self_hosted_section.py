"""The part of the catalog's page about self-hosted models: what each serves, on what, and what it needs."""

from collections.abc import Iterator

from radiant.catalog.load import SHIPPED, Catalog, load_catalog
from radiant.catalog.rows import warmup_seconds
from radiant.catalog.shelf import PREFIX, shelf_names
from radiant.domain.self_hosted import Readiness, SelfHostedModel


def self_hosted_section() -> Iterator[str]:
    """Lines of the page: counts, our models, and each shelf."""
    catalog = load_catalog(shelves=shelf_names())
    ours = _of(catalog, SHIPPED)
    ready = sum(it.serving.readiness is Readiness.READY for it in ours.values())
    gated = sum(bool(it.serving.key_variables) for it in ours.values())
    rounded = sum("parameters" in it.approximate for it in ours.values())
    yield "\n## Self-hosted models\n"
    yield f"Of {len(ours)} models, {ready} are served by their container as it is; for {len(ours) - ready} you bring"
    yield f"your own inference code. {gated} are gated: the variable named has to be set. {rounded} parameter counts"
    yield "are rounded (~). *Window* is what the endpoint serves, in brackets what the model itself could take. A"
    yield "warm-up is an estimate: what the runtime takes to start, and the time to load the weights."
    yield from _table(catalog, ours)
    for name in shelf_names():
        models = _of(catalog, f"{PREFIX}{name}")
        yield f"\n### The shelf `{name}`\n"
        yield f"{len(models)} more, in a registry only after `radiant catalog shelf add {name}`."
        yield from _table(catalog, models)


def _of(catalog: Catalog, owner: str) -> dict[str, SelfHostedModel]:
    return {id: it for id, it in sorted(catalog.self_hosted.items()) if catalog.owner("self_hosted", id) == owner}


def _table(catalog: Catalog, models: dict[str, SelfHostedModel]) -> Iterator[str]:
    yield "\n| model | task | window | parameters | serving | container | set | warm-up |"
    yield "|---|---|--:|--:|---|---|---|--:|"
    for id, model in models.items():
        serving = model.serving
        ready = "ready" if serving.readiness is Readiness.READY else "own code"
        seconds = warmup_seconds(model, catalog.runtimes.get(serving.runtime))
        yield (
            f"| `{id}` | {model.task} | {_window(model)} | {_parameters(model)} | {ready} "
            f"| {serving.container or 'own image'} | {', '.join(f'`{it}`' for it in serving.key_variables)} "
            f"| {round(seconds / 60)} min |"
        )


def _window(model: SelfHostedModel) -> str:
    served = f"{model.context_window:,}" if model.context_window else ""
    return f"{served} ({model.model_context_window:,})" if model.model_context_window else served


def _parameters(model: SelfHostedModel) -> str:
    if model.parameters is None:
        return ""
    return f"{'~' if 'parameters' in model.approximate else ''}{model.parameters:,}"
