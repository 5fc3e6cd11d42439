"""Whether the catalog is right as a whole: references, licenses, sources, plausibility. Offline."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
from license_expression import ExpressionError, Licensing, get_spdx_licensing

from radiant.domain.errors import CatalogError
from radiant.domain.external import ExternalModel, Price, Provider
from radiant.domain.license import Rights
from radiant.domain.self_hosted import SelfHostedModel, Source
from radiant.domain.vocabulary import Category, CommercialUse, Task

from .default_check import default_problems
from .expiring import Ending, expiring
from .fields import facts_of, is_ours, references_of
from .load import OURS, Catalog, read_catalog, shown_path
from .price_check import price_problems
from .rows import gpu_memory_gb
from .toml import line_of

#: Beyond these a number is a slip of the unit, not a fact.
LARGEST_CONTEXT = 20_000_000
FASTEST_TPS = Decimal(20_000)

_NAME = re.compile(r"^[a-z0-9][a-z0-9_]*$")
_FORMAT = re.compile(r"^[a-z0-9][a-z0-9_.+-]*$")
_URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")

#: A released package that ships the fact, as a package URL: `pkg:pypi/litellm@1.106.2`.
_PACKAGE = re.compile(r"^pkg:[a-z]+/[^\s@]+@[^\s]+$")

#: Facts of a self-hosted model that stand in the file, or in its `unknown`.
_EXPECTED = ("parameters", "benchmark")
_EXPECTED_OF_LANGUAGE = ("context_window",)

Problem = tuple[str | None, str]


class CheckReport(msgspec.Struct, frozen=True):
    """How many entries were read, what is wrong with them, and what ends within 90 days of the day of the check."""

    providers: int
    external: int
    self_hosted: int
    problems: tuple[str, ...]
    expiring: tuple[Ending, ...] = ()


def check_catalog(extra: Path | None = None, *, today: dt.date | None = None) -> CheckReport:
    """Read and check our catalog and, on top of it, the folder `extra`; with `today`, say also what ends soon."""
    catalog, unreadable = read_catalog(extra)
    problems = [*unreadable, *_problems(catalog, extra)]
    return CheckReport(
        providers=len(catalog.providers),
        external=len(catalog.external),
        self_hosted=len(catalog.self_hosted),
        problems=tuple(str(it) for it in problems),
        expiring=() if today is None else expiring(catalog, today),
    )


def _problems(catalog: Catalog, extra: Path | None) -> Iterator[CatalogError]:
    for (kind, name), path in sorted(catalog.files.items()):
        for key, problem in _of(kind, name, catalog):
            yield _located(path, extra, key, problem)
    for task, problem in default_problems(catalog):
        file = catalog.files.get(("default", task))
        if file is None:
            yield CatalogError("catalog/defaults.toml", None, task, problem)
        else:
            yield _located(file, extra, task, problem)


def _located(path: Path, extra: Path | None, key: str | None, problem: str) -> CatalogError:
    root = extra if extra is not None and path.is_relative_to(extra) else OURS
    line = line_of(path.read_text("utf-8"), key or "") or 1
    return CatalogError(shown_path(path, root), line, key, problem)


def _of(kind: str, name: str, catalog: Catalog) -> Iterator[Problem]:
    if kind == "provider":
        yield from _provider(catalog.providers[name])
    elif kind == "external":
        provider, _, model = name.partition("/")
        yield from _external(catalog.external[provider, model])
    elif kind == "self_hosted":
        yield from _self_hosted(catalog.self_hosted[name], catalog, catalog.categories[name])


def _provider(provider: Provider) -> Iterator[Problem]:
    for field in ("api_base_url", "docs_url", "website", "pricing_url", "status_url", "models_url"):
        yield from _url(field, getattr(provider, field))
    for number, item in enumerate(provider.compliance):
        yield from _url(f"compliance[{number}].url", item.url)
        if item.standard == "HIPAA" and not re.search("BAA|Business Associate", item.note or ""):
            yield f"compliance[{number}].note", "HIPAA stands only where the provider signs a BAA; say so with the page"
    if not provider.regions:
        yield "regions", 'names no region; write ["global"] where there is one address for all'
    yield from _sources(provider.sources)


def _external(model: ExternalModel) -> Iterator[Problem]:
    yield from _words(model.description, model.capabilities)
    if not model.input_modalities or not model.output_modalities:
        yield "input_modalities", "every model takes and gives something"
    yield from _limits(model.context_window, model.max_output, model.max_input)
    if model.successor == "":
        yield "successor", "is empty; name the model that takes its place, or leave it out"
    for key, value in (("class", model.model_class), ("price", model.price)):
        if value is None and key not in model.unknown:
            yield key, "is missing; write it, or name it in `unknown`"
    if model.throughput_tps is not None and not 0 < model.throughput_tps <= FASTEST_TPS:
        yield "throughput_tps", f"is {model.throughput_tps}; expected up to {FASTEST_TPS:,} output tokens per second"
    if model.price is not None:
        yield from price_problems(model.price)
    yield from _sources(model.sources)
    yield from _unsourced(model)
    yield from _unknown(model)


def _self_hosted(model: SelfHostedModel, catalog: Catalog, category: Category) -> Iterator[Problem]:
    yield from _words(model.description, model.capabilities)
    if not model.input_modalities or not model.output_modalities:
        yield "input_modalities", "every model takes and gives something"
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
    yield from _hardware(model, catalog)
    if model.license.code is None and model.license.weights is None:
        yield "license", "neither code nor weights have a license; use LicenseRef-NotStated where there is none"
    if model.license.weights is None and not model.license.note:
        yield "license.note", "say why there is no license of weights"
    for artifact in ("code", "weights"):
        rights: Rights | None = getattr(model.license, artifact)
        if rights is not None:
            yield from _rights(f"license.{artifact}", rights)
    yield from _url("upstream.repository", model.upstream.repository)
    yield from _sources(model.sources)
    yield from _unsourced(model)
    yield from _unknown(model)


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
    if model.serving.container not in catalog.containers:
        allowed = ", ".join(sorted(catalog.containers))
        yield "serving.container", f"{model.serving.container} is not in containers.toml; expected one of: {allowed}"


def _rights(key: str, rights: Rights) -> Iterator[Problem]:
    for symbol in _license_problems(rights.license):
        yield f"{key}.license", symbol
    if "LicenseRef-" in rights.license and not rights.name:
        yield f"{key}.name", "a LicenseRef needs the license's name"
    yield from _url(f"{key}.url", rights.url)
    if rights.commercial_use is CommercialUse.CONDITIONAL and not rights.conditions:
        yield f"{key}.conditions", "say which conditions"
    if rights.commercial_use is CommercialUse.YES and rights.conditions:
        yield f"{key}.commercial_use", "there are conditions; then it is `conditional`"
    for number, condition in enumerate(rights.conditions):
        if (condition.limit is None) != (condition.unit is None):
            yield f"{key}.conditions[{number}].unit", "a limit and its unit go together"
    if rights.attribution and not rights.attribution_required:
        yield f"{key}.attribution", "an attribution text that is not required; set attribution_required"


def _license_problems(expression: str) -> Iterator[str]:
    try:
        unknown = _licensing().unknown_license_keys(expression)
    except ExpressionError as error:
        yield f"{expression!r} is no SPDX expression: {error}"
        return
    for symbol in unknown:
        if not re.match(r"^LicenseRef-[A-Za-z0-9.-]+$", symbol):
            yield f"{symbol} is no SPDX license; write LicenseRef-… with a name where SPDX has none"


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


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
    for capability in capabilities:
        if not _NAME.match(capability):
            yield "capabilities", f"{capability!r} is not written in a-z, 0-9 and _"


def _unsourced(model: SelfHostedModel | ExternalModel) -> Iterator[Problem]:
    said = facts_of(model)
    read = references_of(model.sources, said)
    for field in said:
        if field not in read and not is_ours(field):
            yield field, "no source supports it; name it in the `fields` of one"


def _sources(sources: tuple[Source, ...]) -> Iterator[Problem]:
    if not sources:
        yield "sources", "a fact without a source is a guess"
    for number, source in enumerate(sources):
        if not _PACKAGE.match(source.url):
            yield from _url(f"sources[{number}].url", source.url)
        if not source.fields:
            yield f"sources[{number}].fields", "name the facts this source supports"


def _unknown(model: SelfHostedModel | ExternalModel) -> Iterator[Problem]:
    for field in model.unknown:
        parent: object = model
        *path, last = field.split(".")
        for step in path:
            parent = getattr(parent, step, None)
        keys = _keys(parent) if isinstance(parent, msgspec.Struct) else {}
        if last not in keys:
            yield "unknown", f"{field} is no key of this file"
        elif _says_something(getattr(parent, keys[last])):
            yield "unknown", f"{field} is named unknown, but the file has it"


def _keys(struct: msgspec.Struct) -> dict[str, str]:
    """The keys of a file, each with the field that holds it."""
    return dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))


def _says_something(value: object) -> bool:
    """A price with nothing but a note, or rights that are unknown, leave the question open."""
    if isinstance(value, Price):
        return value != Price(note=value.note)
    if isinstance(value, Rights):
        return value.commercial_use is not CommercialUse.UNKNOWN
    return value not in (None, (), {})


def _url(key: str, url: str | None) -> Iterator[Problem]:
    if url is not None and not _URL.match(url):
        yield key, f"{url!r} is no http(s) address"
