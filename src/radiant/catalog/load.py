"""Read the catalog: our folder, the shelves that were asked for, and on top a folder of the user's own."""

import difflib
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import msgspec

from radiant.domain.errors import CatalogError, CatalogInvalid
from radiant.domain.external import ExternalModel, Provider
from radiant.domain.hardware import Container, Instance, Runtime
from radiant.domain.offering import Offering, SharedModel, offered
from radiant.domain.self_hosted import SelfHostedModel
from radiant.domain.vocabulary import Category, Task

from . import shelf
from .bounds import impossible
from .litellm import LiteLLMMap, read_map
from .toml import line_of, read_entries, read_toml

OURS = Path(__file__).parent

_TOP = ("catalog.toml", "instances.toml", "containers.toml", "runtimes.toml", "defaults.toml", "litellm.toml")

#: How the file of an offering is told from one that says everything itself.
_OFFERS = re.compile(rb"^\s*offers\s*=", re.MULTILINE)

_PROVIDER_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,49}$")


#: The name of the catalog that comes with Radiant.
SHIPPED = "radiant"

RELEASE = version("radiant-registry")


class Catalog(msgspec.Struct):
    """Everything curated, by id. `files` names the file of each entry, by (kind, id) as errors show it; `folder` is a
    folder of the user's own that was read on top, `name` what that catalog is called, `version` that of the program our
    own catalog came with; `shelves` names those that were read. `external` has the offerings of `models` too, each with
    the facts of its model."""

    providers: dict[str, Provider] = {}
    external: dict[tuple[str, str], ExternalModel] = {}
    models: dict[str, SharedModel] = {}
    offerings: dict[tuple[str, str], Offering] = {}
    self_hosted: dict[str, SelfHostedModel] = {}
    categories: dict[str, Category] = {}
    instances: dict[str, Instance] = {}
    containers: dict[str, Container] = {}
    runtimes: dict[str, Runtime] = {}
    defaults: dict[Task, str] = {}
    successors: dict[Task, str | None] = {}
    litellm: LiteLLMMap | None = None
    files: dict[tuple[str, str], Path] = {}
    folder: Path | None = None
    name: str | None = None
    version: str = RELEASE
    shelves: tuple[str, ...] = ()

    def owner(self, kind: str, id: str) -> str:
        """The name of the catalog that an entry comes from."""
        path = self.files.get((kind, id))
        if path is not None and path.is_relative_to(shelf.FOLDER):
            return f"{shelf.PREFIX}{path.relative_to(shelf.FOLDER).parts[0]}"
        own = self.folder is not None and path is not None and path.is_relative_to(self.folder)
        return self.name if own and self.name is not None else SHIPPED


class Default(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `defaults.toml`: the model of last resort for a task, and what takes its place when it goes."""

    model: str
    successor: str | None = None


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalog.toml` in a folder of one's own: what that catalog is called in every registry, wherever it lies."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


def load_catalog(extra: Path | None = None, *, host: str = "", shelves: Sequence[str] = ()) -> Catalog:
    """Read everything. `host` is where `extra` lies; a folder without a name of its own is called by host and path.

    Raises CatalogInvalid with all that is wrong, UnknownFilterValue for a shelf there is not.
    """
    catalog, problems = read_catalog(extra, host=host, shelves=shelves)
    if problems:
        raise CatalogInvalid(problems)
    return catalog


def read_catalog(
    extra: Path | None = None, *, host: str = "", shelves: Sequence[str] = ()
) -> tuple[Catalog, list[CatalogError]]:
    """Read everything that can be read, and say what cannot.

    An entry of `extra` adds to ours or replaces the one of the same id; one of a shelf only adds.
    """
    name = f"{host}:{extra}".lstrip(":") if extra else None
    catalog, problems = Catalog(folder=extra, name=name, shelves=tuple(shelves)), []
    for root in (OURS, *map(shelf.shelf_folder, shelves), extra):
        if root is None:
            continue
        if not root.is_dir():
            problems.append(CatalogError(str(root), None, None, "is not a folder; RADIANT_CATALOG names a folder"))
            continue
        for path in _files(root):
            try:
                _read(path, root, catalog)
            except CatalogError as error:
                problems.append(error)
            except CatalogInvalid as error:
                problems.extend(error.problems)
    problems.extend(_offer(catalog, extra))
    for provider in sorted({provider for provider, _ in catalog.external} - set(catalog.providers)):
        path = next(
            catalog.files["external", f"{provider}/{model}"] for name, model in catalog.external if name == provider
        )
        folder = _shown_folder(path, provider, extra)
        problems.append(CatalogError(folder, None, None, "has models but no provider.toml"))
    return catalog, problems


def load_provider(id: str) -> Provider | None:
    """One provider of our own catalog, None where it has none of that id. Raises CatalogError."""
    path = OURS / "providers" / id / "provider.toml"
    return read_toml(path, Provider, shown=shown_path(path, OURS)) if path.is_file() else None


def _files(root: Path) -> Iterator[Path]:
    for top in _TOP:
        if (root / top).is_file():
            yield root / top
    for folder in ("models", "providers", "self_hosted"):
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file() and path.name[0] != ".")
    if root != OURS:
        places = {*_TOP, "models", "providers", "self_hosted", "profiles"}
        yield from sorted(path for path in root.rglob("*.toml") if path.relative_to(root).parts[0] not in places)


def _read(path: Path, root: Path, catalog: Catalog) -> None:
    shown = shown_path(path, root)
    parts = path.relative_to(root).parts
    if path.suffix != ".toml":
        raise CatalogError(shown, None, None, "does not belong here; the catalog holds .toml files")
    match parts:
        case ("catalog.toml",):
            catalog.name = read_toml(path, Identity, shown=shown).name
        case ("instances.toml",):
            instances = read_entries(path, Instance, shown=shown)
            _refuse_impossible(path, shown, [(f'"{name}"', name, it) for name, it in instances.items()])
            catalog.instances |= instances
        case ("containers.toml",):
            catalog.containers |= read_entries(path, Container, shown=shown)
        case ("runtimes.toml",):
            catalog.runtimes |= read_entries(path, Runtime, shown=shown)
        case ("defaults.toml",):
            defaults = _defaults(path, shown)
            catalog.defaults |= {task: it.model for task, it in defaults.items()}
            catalog.successors |= {task: it.successor for task, it in defaults.items()}
            catalog.files |= {("default", task.value): path for task in defaults}
        case ("litellm.toml",):
            catalog.litellm = read_map(path, shown=shown)
            catalog.files["litellm", ""] = path
        case ("models", maker, _):
            shared = read_toml(path, SharedModel, shown=shown)
            catalog.models[f"{maker}/{path.stem}"] = shared
            catalog.files["model", f"{maker}/{path.stem}"] = path
        case ("self_hosted", folder, _):
            _read_self_hosted(path, folder, shown, catalog)
        case ("providers", provider, "provider.toml"):
            if not _PROVIDER_ID.match(provider):
                raise CatalogError(
                    shown, None, None, "a provider's folder is named in a-z, 0-9, _ . -, at most 50 characters"
                )
            company = read_toml(path, Provider, shown=shown)
            _refuse_impossible(path, shown, [("", provider, company)])
            catalog.providers[provider] = company
            catalog.files["provider", provider] = path
        case ("providers", "self_hosted", *rest) if rest:
            raise CatalogError(shown, None, None, "is self-hosted; expected self_hosted/<category>/<model>.toml")
        case ("providers", provider, *rest) if rest:
            model = "/".join(rest).removesuffix(".toml")
            catalog.offerings.pop((provider, model), None)
            if _OFFERS.search(path.read_bytes()):
                catalog.offerings[provider, model] = read_toml(path, Offering, shown=shown)
            else:
                external = read_toml(path, ExternalModel, shown=shown)
                _refuse_impossible(path, shown, [("", model, external)])
                catalog.external[provider, model] = external
            catalog.files["external", f"{provider}/{model}"] = path
        case _:
            raise CatalogError(
                shown,
                None,
                None,
                "is in no place of the catalog; expected providers/<provider>/<model>.toml, "
                "models/<maker>/<model>.toml, "
                "self_hosted/<category>/<model>.toml, instances.toml, containers.toml, runtimes.toml or defaults.toml",
            )


def _offer(catalog: Catalog, extra: Path | None) -> Iterator[CatalogError]:
    """Put every offering among the external models, with the facts of what it offers; yield what offers nothing."""
    for (provider, id), offering in catalog.offerings.items():
        path = catalog.files["external", f"{provider}/{id}"]
        shown = shown_path(path, extra if extra is not None and path.is_relative_to(extra) else OURS)
        model = catalog.models.get(offering.offers)
        if model is None:
            close = difflib.get_close_matches(offering.offers, catalog.models, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            line = line_of(path.read_text("utf-8"), "offers")
            yield CatalogError(shown, line, "offers", f"there is no models/{offering.offers}.toml{hint}")
            continue
        whole = offered(offering, model)
        try:
            _refuse_impossible(path, shown, [("", id, whole)])
        except CatalogInvalid as error:
            yield from error.problems
        else:
            catalog.external[provider, id] = whole


def _defaults(path: Path, shown: str) -> dict[Task, Default]:
    read = read_entries(path, Default, shown=shown)
    tasks = {task.value for task in Task}
    for key in read:
        if key not in tasks:
            line = line_of(path.read_text("utf-8"), key)
            raise CatalogError(shown, line, key, f"is no task; expected one of: {', '.join(Task)}")
    return {Task(key): it for key, it in read.items()}


def _read_self_hosted(path: Path, folder: str, shown: str, catalog: Catalog) -> None:
    model = path.stem
    try:
        category = Category(folder)
    except ValueError:
        allowed = ", ".join(Category)
        raise CatalogError(shown, None, None, f"{folder} is no category; expected one of: {allowed}") from None
    before = catalog.files.get(("self_hosted", model))
    adding = path.is_relative_to(shelf.FOLDER)
    if before is not None and before != path and (adding or before.is_relative_to(path.parent.parent)):
        raise CatalogError(
            shown, None, None, f"model {model} is already described in {before.parent.name}/{before.name}"
        )
    described = read_toml(path, SelfHostedModel, shown=shown)
    _refuse_impossible(path, shown, [("", model, described)])
    catalog.self_hosted[model] = described
    catalog.categories[model] = category
    catalog.files["self_hosted", model] = path


def _refuse_impossible(
    path: Path, shown: str, entries: list[tuple[str, str, Provider | ExternalModel | SelfHostedModel | Instance]]
) -> None:
    """Raise CatalogInvalid where the registry could not hold one of (key, id, entry) of a file."""
    found = [
        (f"{above}.{key}".strip(".") if key else None, problem)
        for above, id, entry in entries
        for key, problem in impossible(entry, id)
    ]
    if found:
        text = path.read_text("utf-8")
        raise CatalogInvalid(
            [CatalogError(shown, line_of(text, key) if key else None, key, problem) for key, problem in found]
        )


def _shown_folder(path: Path, provider: str, extra: Path | None) -> str:
    root = extra if extra is not None and path.is_relative_to(extra) else OURS
    return shown_path(root / "providers" / provider, root)


def shown_path(path: Path, root: Path) -> str:
    """Ours are shown from the catalog's own folder, a user's in full."""
    if path.is_relative_to(shelf.FOLDER):
        return str(Path("catalog") / path.relative_to(shelf.FOLDER.parent))
    return str(Path("catalog") / path.relative_to(root)) if root == OURS else str(path)
