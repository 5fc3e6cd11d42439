"""Whether the catalog is right as a whole: references, licenses, sources, plausibility. Offline."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec

from radiant.domain.errors import CatalogError
from radiant.domain.external import ExternalModel, Provider
from radiant.domain.license import Rights
from radiant.domain.offering import Offering, offered, repeated
from radiant.domain.self_hosted import SelfHostedModel
from radiant.domain.vocabulary import Category, Task

from .compliance_check import compliance_problems
from .default_check import default_problems
from .disagreements import FILE, explained, explanation_problems
from .doubt_check import doubtful
from .expiring import Ending, expiring
from .license_check import rights_problems
from .litellm import problems as litellm_problems
from .load import OURS, Catalog, read_catalog, shown_path
from .numbers_check import number_problems
from .price_check import price_problems
from .rows import gpu_memory_gb
from .serving_check import serving_problems, task_problems
from .shelf import PREFIX, shelf_names
from .source_check import Problem, source_problems, unknown_problems, unsourced, url_problems
from .toml import line_of
from .words_check import aging_words

#: Beyond these a number is a slip of the unit, not a fact.
LARGEST_CONTEXT = 20_000_000
FASTEST_TPS = Decimal(20_000)

_NAME = re.compile(r"^[a-z0-9][a-z0-9_]*$")
_FORMAT = re.compile(r"^[a-z0-9][a-z0-9_.+-]*$")

#: Facts of a self-hosted model that stand in the file, or in its `unknown`.
_EXPECTED = ("parameters", "benchmark")
_EXPECTED_OF_LANGUAGE = ("context_window",)


class CheckReport(msgspec.Struct, frozen=True):
    """How many entries were read, what is wrong with them, and what ends within 90 days of the day of the check.

    `shelves` are the models of each shelf, which `self_hosted` does not count.
    """

    providers: int
    external: int
    self_hosted: int
    problems: tuple[str, ...]
    expiring: tuple[Ending, ...] = ()
    shelves: dict[str, int] = {}


def check_catalog(extra: Path | None = None, *, today: dt.date | None = None) -> CheckReport:
    """Read and check our catalog and, on top of it, the folder `extra`; with `today`, say also what ends soon."""
    catalog, unreadable = read_catalog(extra, shelves=shelf_names())
    problems = [*unreadable, *_problems(catalog, extra)]
    owners = Counter(catalog.owner("self_hosted", id) for id in catalog.self_hosted)
    shelves = {name: owners.pop(f"{PREFIX}{name}", 0) for name in shelf_names()}
    return CheckReport(
        providers=len({provider for provider, _ in catalog.external}),
        external=len(catalog.external),
        self_hosted=owners.total(),
        problems=tuple(str(it) for it in problems),
        expiring=() if today is None else expiring(catalog, today),
        shelves=shelves,
    )


def _problems(catalog: Catalog, extra: Path | None) -> Iterator[CatalogError]:
    for (kind, name), path in sorted(catalog.files.items()):
        for key, problem in _of(kind, name, catalog):
            yield _located(path, extra, key, problem)
    for (provider, id), key, problem in doubtful(catalog, alone=extra is None):
        yield _located(catalog.files["external", f"{provider}/{id}"], extra, key, problem)
    for task, problem in default_problems(catalog):
        file = catalog.files.get(("default", task))
        if file is None:
            yield CatalogError("catalog/defaults.toml", None, task, problem)
        else:
            yield _located(file, extra, task, problem)
    if extra is None:
        try:
            entries = explained(OURS)
        except CatalogError as error:
            yield error
            return
        for key, problem in explanation_problems(catalog, entries):
            yield _located(OURS / FILE, extra, key, problem)


def _located(path: Path, extra: Path | None, key: str | None, problem: str) -> CatalogError:
    root = extra if extra is not None and path.is_relative_to(extra) else OURS
    line = line_of(path.read_text("utf-8"), key or "") or 1
    return CatalogError(shown_path(path, root), line, key, problem)


def _of(kind: str, name: str, catalog: Catalog) -> Iterator[Problem]:
    if kind == "provider":
        yield from _provider(catalog.providers[name])
        served = [model for provider, model in catalog.external if provider == name]
        yield from compliance_problems(catalog.providers[name], served)
    elif kind == "external":
        provider, _, model = name.partition("/")
        if external := catalog.external.get((provider, model)):
            yield from _external(external)
        if (offering := catalog.offerings.get((provider, model))) and offering.offers in catalog.models:
            for key in repeated(offering, catalog.models[offering.offers]):
                yield key, f"is what models/{offering.offers}.toml says already; leave it out"
    elif kind == "litellm" and catalog.litellm is not None:
        yield from litellm_problems(catalog.litellm, {str(it.litellm_id) for it in catalog.external.values()})
    elif kind == "model":
        yield from _shared(name, catalog)
    elif kind == "self_hosted":
        yield from _self_hosted(catalog.self_hosted[name], catalog, catalog.categories[name])


def _provider(provider: Provider) -> Iterator[Problem]:
    for field in ("api_base_url", "docs_url", "website", "pricing_url", "status_url", "models_url"):
        yield from url_problems(field, getattr(provider, field))
    for number, item in enumerate(provider.compliance):
        yield from url_problems(f"compliance[{number}].url", item.url)
    if not provider.regions:
        yield "regions", 'names no region; write ["global"] where there is one address for all'
    yield from source_problems(provider.sources)


def _external(model: ExternalModel) -> Iterator[Problem]:
    yield from _words(model.description, model.capabilities)
    if not model.input_modalities or not model.output_modalities:
        yield "input_modalities", "every model takes and gives something"
    yield from task_problems(model)
    yield from _limits(model.context_window, model.max_output, model.max_input)
    for key, value in (("class", model.model_class), ("price", model.price)):
        if value is None and key not in model.unknown:
            yield key, "is missing; write it, or name it in `unknown`"
    if model.throughput_tps is not None and not 0 < model.throughput_tps <= FASTEST_TPS:
        yield "throughput_tps", f"is {model.throughput_tps}; expected up to {FASTEST_TPS:,} output tokens per second"
    if model.price is not None:
        yield from price_problems(model.price)
    yield from source_problems(model.sources)
    yield from unsourced(model)
    yield from unknown_problems(model)


def _shared(name: str, catalog: Catalog) -> Iterator[Problem]:
    """The facts of a shared model are checked as those of an offering that adds nothing to them."""
    if not any(offering.offers == name for offering in catalog.offerings.values()):
        yield None, "no provider offers it; an offering says `offers`"
    alone = offered(Offering(offers=name, sources=(), unknown=("price",)), catalog.models[name])
    yield from _external(msgspec.structs.replace(alone, sources=catalog.models[name].sources))


def _self_hosted(model: SelfHostedModel, catalog: Catalog, category: Category) -> Iterator[Problem]:
    yield from _words(model.description, model.capabilities)
    if not model.input_modalities or not model.output_modalities:
        yield "input_modalities", "every model takes and gives something"
    yield from task_problems(model)
    if not _NAME.match(model.specialty):
        yield "specialty", "is one word in a-z, 0-9 and _"
    for field in ("input_formats", "output_formats"):
        for item in getattr(model, field):
            if not _FORMAT.match(item):
                yield field, f"{item!r} is no short format name such as wav or geotiff"
    yield from _limits(model.context_window, model.max_output)
    expected = _EXPECTED + (_EXPECTED_OF_LANGUAGE if category is Category.LLM else ())
    if model.task in (Task.CHAT, Task.COMPLETION):
        expected += ("max_output",)
    if model.task is Task.EMBEDDING:
        expected += ("embedding_dimension",)
    for field in expected:
        if getattr(model, field) is None and field not in (*model.unknown, *model.not_applicable):
            yield field, "is missing; write it, or name it in `unknown` or `not_applicable`"
    yield from number_problems(model)
    yield from _hardware(model, catalog)
    if model.license.code is None and model.license.weights is None:
        yield "license", "neither code nor weights have a license; use LicenseRef-NotStated where there is none"
    if model.license.weights is None and not model.license.note:
        yield "license.note", "say why there is no license of weights"
    for artifact in ("code", "weights"):
        rights: Rights | None = getattr(model.license, artifact)
        if rights is not None:
            yield from rights_problems(f"license.{artifact}", rights)
    yield from url_problems("upstream.repository", model.upstream.repository)
    yield from source_problems(model.sources)
    yield from unsourced(model)
    yield from unknown_problems(model)


def _hardware(model: SelfHostedModel, catalog: Catalog) -> Iterator[Problem]:
    instance = catalog.instances.get(model.hardware.instance_type)
    needed = gpu_memory_gb(model)
    if instance is None:
        yield "hardware.instance_type", f"{model.hardware.instance_type} is not in instances.toml"
    elif needed is not None and needed > instance.gpu_memory_gb:
        yield (
            "hardware.instance_type",
            f"{model.hardware.instance_type} has {instance.gpu_memory_gb} GB of GPU memory, the model needs {needed}",
        )
    if needed is None and "hardware.gpu_memory_gb" not in (*model.unknown, *model.not_applicable):
        yield (
            "hardware.gpu_memory_gb",
            "cannot be computed without `parameters`; write it with its basis, or name it in `unknown`",
        )
    if (model.hardware.gpu_memory_gb is None) != (model.hardware.gpu_memory_basis is None):
        yield "hardware.gpu_memory_basis", "a measured need and its basis go together"
    yield from serving_problems(model, catalog)


def _limits(context_window: int | None, max_output: int | None, max_input: int | None = None) -> Iterator[Problem]:
    if max_input is not None and not 0 < max_input <= (context_window or LARGEST_CONTEXT):
        yield "max_input", f"is {max_input}; expected 1 to the context window ({context_window or LARGEST_CONTEXT:,})"
    if context_window is not None and context_window > LARGEST_CONTEXT:
        yield "context_window", f"is {context_window}; expected 1 to {LARGEST_CONTEXT:,} tokens"
    if max_output is not None and max_output > LARGEST_CONTEXT:
        yield "max_output", f"is {max_output}; expected 1 to {LARGEST_CONTEXT:,} tokens"


def _words(description: str, capabilities: tuple[str, ...]) -> Iterator[Problem]:
    if not 1 <= len(description) <= 200:
        yield "description", f"has {len(description)} characters; one sentence of up to 200"
    yield from aging_words(description)
    for capability in capabilities:
        if not _NAME.match(capability):
            yield "capabilities", f"{capability!r} is not written in a-z, 0-9 and _"
